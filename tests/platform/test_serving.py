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
