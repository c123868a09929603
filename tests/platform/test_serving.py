"""A gate lets so many through, lets so many wait, and loses no place whatever ends the waiting."""

from __future__ import annotations

import asyncio

import pytest

from hemvist.outages import Busy
from hemvist.serving import Gate


async def inside(gate: Gate, order: list[str], name: str, until: asyncio.Event) -> None:
    async with gate.place():
        order.append(name)
        await until.wait()


def test_places_are_given_in_turn() -> None:
    async def run() -> None:
        gate, order, until = Gate("t", 1, 10, 5), [], asyncio.Event()
        tasks = [asyncio.create_task(inside(gate, order, str(n), until)) for n in range(4)]
        await asyncio.sleep(0)
        assert order == ["0"]
        until.set()
        await asyncio.gather(*tasks)
        assert order == ["0", "1", "2", "3"]

    asyncio.run(run())


def test_more_than_may_wait_are_refused_at_once() -> None:
    async def run() -> None:
        gate, until = Gate("t", 1, 1, 5), asyncio.Event()
        tasks = [asyncio.create_task(inside(gate, [], str(n), until)) for n in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            async with gate.place():
                pass
        until.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_nobody_waits_longer_than_the_patience_lasts() -> None:
    async def run() -> None:
        gate, until = Gate("t", 1, 5, 0.05), asyncio.Event()
        holder = asyncio.create_task(inside(gate, [], "0", until))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            async with gate.place():
                pass
        until.set()
        await holder
        # Who gave up stands in nobody's way.
        async with gate.place():
            pass

    asyncio.run(run())


def test_a_place_that_comes_as_the_waiting_is_cut_short_goes_to_the_next() -> None:
    async def run() -> None:
        gate, order, rest = Gate("t", 1, 5, 5), [], asyncio.Event()
        await gate._enter()
        leaving = asyncio.create_task(inside(gate, order, "leaving", rest))
        staying = asyncio.create_task(inside(gate, order, "staying", rest))
        await asyncio.sleep(0)
        # In one step: the place is handed on, and before it is taken the taker is cancelled.
        gate._leave()
        leaving.cancel()
        rest.set()
        await asyncio.wait_for(staying, 2)
        assert order == ["staying"]
        async with gate.place():
            pass

    asyncio.run(run())


def test_a_quarter_is_kept_from_each_share() -> None:
    async def run() -> None:
        gate, order, until = Gate("t", 8, 20, 5), [], asyncio.Event()

        async def of(share: str, name: str) -> None:
            async with gate.place(share):
                order.append(name)
                await until.wait()

        noisy = [asyncio.create_task(of("noisy", f"n{n}")) for n in range(12)]
        await asyncio.sleep(0)
        assert order == [f"n{n}" for n in range(6)]
        # There is room at once for another, and for who says no share.
        other = asyncio.create_task(of("other", "o"))
        nobody = asyncio.create_task(inside(gate, order, "nobody", until))
        await asyncio.sleep(0)
        assert order[6:] == ["o", "nobody"]
        until.set()
        await asyncio.gather(*noisy, other, nobody)

    asyncio.run(run())


def test_who_has_the_fewest_inside_goes_first() -> None:
    async def run() -> None:
        gate, order = Gate("t", 2, 20, 5), []

        async def of(share: str, name: str) -> None:
            async with gate.place(share):
                order.append(name)
                await asyncio.sleep(0)

        tasks = [asyncio.create_task(of("noisy", f"n{n}")) for n in range(10)]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(of("other", f"o{n}")) for n in range(3)]
        await asyncio.gather(*tasks)
        # Of what comes free they get half, though ten stood there before them.
        assert order[:2] == ["n0", "n1"]
        assert order.index("o2") < 10
        assert [one for one in order if one[0] == "o"] == ["o0", "o1", "o2"]
        assert [one for one in order if one[0] == "n"] == [f"n{n}" for n in range(10)]

    asyncio.run(run())


def test_a_share_fills_three_quarters_of_the_waiting_and_no_more() -> None:
    async def run() -> None:
        gate, until = Gate("t", 2, 8, 5), asyncio.Event()

        async def of(share: str) -> None:
            async with gate.place(share):
                await until.wait()

        tasks = [asyncio.create_task(of("noisy")) for _ in range(2 + 6)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await of("noisy")
        tasks += [asyncio.create_task(of("other")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await of("third")
        until.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_no_place_is_lost_whoever_gives_up() -> None:
    async def run() -> None:
        gate, until = Gate("t", 4, 50, 0.05), asyncio.Event()

        async def of(share: str) -> None:
            async with gate.place(share):
                await until.wait()

        tasks = [asyncio.create_task(of("ab"[n % 2])) for n in range(20)]
        await asyncio.sleep(0)
        for task in tasks[4:8]:
            task.cancel()
        ended = await asyncio.gather(*tasks[4:], return_exceptions=True)
        assert {type(one) for one in ended} == {asyncio.CancelledError, Busy}
        until.set()
        await asyncio.gather(*tasks[:4])
        # All four, and nobody else is thought to be there.
        until.clear()
        again = [asyncio.create_task(of(share)) for share in "abcd"]
        await asyncio.sleep(0)
        assert gate._free == 0
        assert gate._queued == 0
        until.set()
        await asyncio.gather(*again)
        assert (gate._free, gate._inside, gate._queues) == (4, {}, {})

    asyncio.run(run())
