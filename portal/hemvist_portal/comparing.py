"""Two texts beside each other, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import zip_longest

#: Where the list of sources begins at the end of a rule in words.
_SOURCES = ("Källor:", "Sources:")


def beside(before: str | None, after: str | None) -> list[tuple[str, str, bool]]:
    """Rows of the text before, the text after, and whether they differ."""
    left, right = list(_lines(before)), list(_lines(after))
    rows: list[tuple[str, str, bool]] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        pairs = zip_longest(left[a:b], right[c:d], fillvalue="")
        rows.extend((one, other, tag != "equal") for one, other in pairs)
    return rows


def _lines(text: str | None) -> Iterable[str]:
    """The rule's own lines: neither the version's name above them nor the sources below."""
    lines = (text or "").split("\n")[2:]
    for line in lines:
        if line in _SOURCES:
            return
        if line.strip():
            yield line


def excerpt(text: str, line: int, around: int = 1) -> list[tuple[int, str]]:
    """Numbered lines of a file about one of them."""
    lines = text.split("\n")
    first = max(1, line - around)
    return [
        (number, lines[number - 1]) for number in range(first, min(len(lines), line + around) + 1)
    ]
