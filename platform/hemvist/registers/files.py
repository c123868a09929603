"""A register in a file, such as a delivery from Navet that somebody has put in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hemvist.clock import today
from hemvist.registers import navet
from hemvist.registers.answers import Answer, NoAnswer

MAX_BYTES = 200_000_000


@dataclass
class FileRegister:
    """Answers from a file with Navet's term codes. Read anew when the file is another one."""

    path: Path
    name: str
    left_out_means_no: bool = False
    _read: tuple[float, int] | None = field(default=None, repr=False)
    _answers: dict[str, Answer] = field(default_factory=dict, repr=False)

    def look_up(self, numbers: Sequence[str]) -> Mapping[str, Answer]:
        """As ``Register.look_up``. A file that does not say its day, or a day to come, answers nothing."""
        self._refresh()
        return {number: self._answers[number] for number in numbers if number in self._answers}

    def _refresh(self) -> None:
        try:
            found = self.path.stat()
            state = (found.st_mtime, found.st_size)
            if state == self._read:
                return
            if found.st_size > MAX_BYTES:
                raise NoAnswer("too_large")
            lines = self.path.read_bytes().decode("latin-1").splitlines()
        except OSError as error:
            raise NoAnswer("no_file") from error
        self._answers = read(lines, left_out_means_no=self.left_out_means_no)
        self._read = state


def read(lines: Sequence[str], *, left_out_means_no: bool) -> dict[str, Answer]:
    """The answers in a delivery. Raises ``NoAnswer`` where its day is not known or has not come."""
    day = navet.made_on(lines)
    if day is None:
        raise NoAnswer("no_day")
    if day > today():
        raise NoAnswer("day_to_come")
    return navet.answers(lines, day, left_out_means_no=left_out_means_no)
