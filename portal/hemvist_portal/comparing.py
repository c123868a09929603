"""Two texts beside each other, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import zip_longest

#: Where the list of sources begins at the end of a rule in words.
_SOURCES = ("Källor:", "Sources:")
#: A word with what stands behind it; an amount with its thousands is one word.
_WORD = re.compile(r"[\d\N{NO-BREAK SPACE}]+\s?|\w+\s*|\s+|[^\w\s]+\s*")


#: A piece of a line and whether it differs.
Piece = tuple[str, bool]


def beside(before: str | None, after: str | None) -> list[tuple[list[Piece], list[Piece], bool]]:
    """Rows of the text before and the text after in pieces, and whether the row differs."""
    left, right = list(_lines(before)), list(_lines(after))
    rows: list[tuple[list[Piece], list[Piece], bool]] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for one, other in zip_longest(left[a:b], right[c:d], fillvalue=""):
            rows.append((*_pieces(one, other), tag != "equal"))
    return rows


def _pieces(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Two lines in pieces, word by word."""
    if not one or not other:
        return [(one, True)], [(other, True)]
    left, right = _WORD.findall(one), _WORD.findall(other)
    found: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for side, words in zip(found, (left[a:b], right[c:d]), strict=True):
            if words:
                side.append(("".join(words), tag != "equal"))
    return found


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
