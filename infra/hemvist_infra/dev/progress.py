"""What ``make run`` is doing: a line per step, and a clock for those that take time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

#: Steps shorter than this need no time beside them.
_NOTICEABLE = 2.0
#: Between two lines of the same step where there is no screen to redraw.
_PAUSE = 5.0
#: A structured line of a process that only tells of its daily work.
_ROUTINE = re.compile(r'"level": "(?:debug|info)"')


class Steps:
    """Tells on ``console`` what is going on."""

    def __init__(self, console: Console) -> None:
        self._console = console
        #: Whether nobody can see the screen any more, as after ``make run | head``.
        self.closed = False

    def say(self, line: str) -> None:
        """One line."""
        try:
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        except SystemExit:
            # Rich's way of telling a broken pipe; here only the supervisor ends a run.
            self.closed = True

    def show(self, name: str, line: str) -> None:
        """One line of the process ``name``, unless it only says that all goes as it should.

        Those stand in the process's log; on the screen they would wash the logins away.
        """
        if not _ROUTINE.search(line):
            self.say(f"{name:<6} | {line}")

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """A step that may take time; shows a moving bar on a screen and plain lines elsewhere."""
        began = time.monotonic()
        if self._console.is_terminal:
            with Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(bar_width=30),
                TextColumn("{task.fields[count]}"),
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
            ) as progress:
                yield _Bar(progress, title)
        else:
            self.say(f"{title} …")
            yield _Lines(self, title)
        took = time.monotonic() - began
        if self._console.is_terminal or took > _NOTICEABLE:
            self.say(f"{title}: done" + (f" in {took:.1f} s" if took > _NOTICEABLE else ""))


class Step:
    """How far a step has come."""

    def advance(self, done: int, total: int) -> None:
        """``done`` of ``total`` things are done."""


class _Bar(Step):
    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=None, count="")

    def advance(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total, count=f"{done} of {total}")


class _Lines(Step):
    def __init__(self, steps: Steps, title: str) -> None:
        self._steps = steps
        self._title = title
        self._last = time.monotonic()

    def advance(self, done: int, total: int) -> None:
        if time.monotonic() - self._last > _PAUSE:
            self._last = time.monotonic()
            self._steps.say(f"{self._title}: {done} of {total}")
