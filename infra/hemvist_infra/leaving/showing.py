"""How far it has come, on the operator's screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from hemvist_infra.dev.progress import Step, Steps


@contextmanager
def shown() -> Iterator[Callable[[str, int, int], None]]:
    """A function that is told what is done, how much of it and of how much."""
    with Steps(Console(stderr=True)).step("rows") as step:
        yield _told(step)


def _told(step: Step) -> Callable[[str, int, int], None]:
    return lambda _what, done, total: step.advance(done, total)
