"""Threads for an event loop: results, errors, context, who goes first, and that none is left over."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from contextvars import ContextVar

import pytest

from hemvist.hands import hands

_said: ContextVar[str] = ContextVar("said", default="nothing")


def test_results_errors_and_context_come_through() -> None:
    async def main() -> None:
        _said.set("outside")
        assert await hands().run(_said.get) == "outside"
        assert await hands().run(threading.get_ident) != threading.get_ident()
        with pytest.raises(ZeroDivisionError):
            await hands().run(lambda: 1 // 0)
        with pytest.raises(RuntimeError):
            await hands().run(lambda: next(iter(())))

    asyncio.run(main())


def test_one_after_the_other_is_one_thread() -> None:
    async def main() -> set[int]:
        return {await hands().run(threading.get_ident) for _ in range(20)}

    assert len(asyncio.run(main())) == 1


def test_pieces_at_once_do_not_wait_for_each_other() -> None:
    async def main() -> None:
        together = threading.Barrier(5)
        pieces = [hands().run(lambda: together.wait(5)) for _ in range(5)]
        assert sorted(await asyncio.gather(*pieces)) == [0, 1, 2, 3, 4]

    asyncio.run(main())


def test_work_is_carried_through_when_nobody_waits() -> None:
    done = threading.Event()

    def slow() -> None:
        time.sleep(0.1)
        done.set()

    async def main() -> None:
        waiting = asyncio.ensure_future(hands().run(slow))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await hands().run(lambda: "next") == "next"

    asyncio.run(main())
    assert done.wait(20)


def test_threads_end_with_their_loop() -> None:
    async def main() -> list[threading.Thread]:
        together = threading.Barrier(4)

        def meet() -> threading.Thread:
            together.wait(5)
            return threading.current_thread()

        return await asyncio.gather(*(hands().run(meet) for _ in range(4)))

    threads = asyncio.run(main())
    assert len(set(threads)) == 4
    gc.collect()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
