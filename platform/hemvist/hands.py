"""Threads that do blocking work for an event loop, one piece each.

What a general thread pool adds to a piece of work (limits, cancellation, a shared queue that wakes
whoever it likes) costs more CPU than handing it over: measured, 150 µs against 75. Here the thread
that was busy last is asked first, so its stack and connection are still warm, and how many there are
follows from how many pieces are let in at once (``hemvist.serving``), since each waits for none.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Awaitable, Callable
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

ResultT = TypeVar("ResultT")

#: Threads that are kept when nothing is going on.
KEPT_THREADS = 64

Piece = tuple[asyncio.Future[Any], Context, Callable[[], Any]]


class Hands:
    """The threads of one event loop. Only that loop's own thread may ask them."""

    def __init__(self) -> None:
        self._idle: list[SimpleQueue[Piece | None]] = []

    def run(self, work: Callable[[], ResultT]) -> Awaitable[ResultT]:
        """Do ``work`` in a thread, in the present context. It is carried through even if nobody
        waits for it any more."""
        waiting: asyncio.Future[ResultT] = asyncio.get_running_loop().create_future()
        self._hand().put((waiting, copy_context(), work))
        return waiting

    def _hand(self) -> SimpleQueue[Piece | None]:
        if self._idle:
            return self._idle.pop()
        pieces: SimpleQueue[Piece | None] = SimpleQueue()
        name = "hemvist-hand"
        threading.Thread(target=self._serve, args=(pieces,), name=name, daemon=True).start()
        return pieces

    def _serve(self, pieces: SimpleQueue[Piece | None]) -> None:
        while True:
            piece = pieces.get()
            if piece is None:
                return
            waiting, context, work = piece
            result: Any = None
            failure: BaseException | None = None
            try:
                result = context.run(work)
            except BaseException as error:
                failure = error
            try:
                loop = waiting.get_loop()
                loop.call_soon_threadsafe(self._done, pieces, waiting, result, failure)
            except RuntimeError:
                # The loop is closed, and with it whoever waited.
                return
            # Nothing of this piece is kept until the next one comes.
            del piece, waiting, context, work, result, failure, loop

    def _done(
        self,
        pieces: SimpleQueue[Piece | None],
        waiting: asyncio.Future[Any],
        result: Any,
        failure: BaseException | None,
    ) -> None:
        if len(self._idle) < KEPT_THREADS:
            self._idle.append(pieces)
        else:
            pieces.put(None)
        if waiting.done():
            return
        if failure is None:
            waiting.set_result(result)
        elif isinstance(failure, StopIteration):
            # A future does not take it.
            waiting.set_exception(RuntimeError("work raised StopIteration"))
        else:
            waiting.set_exception(failure)

    def dismiss(self) -> None:
        """Let the idle threads end."""
        while self._idle:
            self._idle.pop().put(None)


_hands: WeakKeyDictionary[asyncio.AbstractEventLoop, Hands] = WeakKeyDictionary()


def hands() -> Hands:
    """The threads of the running event loop."""
    loop = asyncio.get_running_loop()
    found = _hands.get(loop)
    if found is None:
        found = _hands[loop] = Hands()
        weakref.finalize(loop, found.dismiss)
    return found
