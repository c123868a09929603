"""Rows for several tables written by one statement.

Each INSERT becomes a part of it. What a row refers to may be written by another part: PostgreSQL looks
at references when the statement ends. No part sees what another writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

#: More at once are too seldom the same ones again to be worth a plan of their own.
_MOST = 8


class Waiting(NamedTuple):
    """A statement that nobody waits for. ``row`` says that it is one INSERT of given values."""

    text: Any
    params: Any
    row: bool


class Sending(NamedTuple):
    """What is sent as one statement, and the texts of which it was made."""

    text: Any
    params: Any
    made_of: tuple[Any, ...]


def joined(waiting: Sequence[Waiting]) -> Iterator[Sending]:
    """The statements to send, in their order: rows that stand beside each other as one."""
    together: list[Waiting] = []
    for one in waiting:
        if not _fits(one, together):
            yield from _sent(together)
            together = []
        together.append(one)
    yield from _sent(together)


def _fits(one: Waiting, together: Sequence[Waiting]) -> bool:
    if not together:
        return True
    # The same row many times is a loop's, whose length is another every time.
    return (
        one.row
        and together[-1].row
        and len(together) < _MOST
        and all(one.text != other.text for other in together)
    )


def _sent(together: Sequence[Waiting]) -> Iterator[Sending]:
    if len(together) < 2:
        for text, params, _ in together:
            yield Sending(text, params, (text,))
        return
    texts = tuple(one.text for one in together)
    values: dict[str, Any] = {}
    for number, one in enumerate(together):
        given: Mapping[str, Any] = one.params
        for name, value in given.items():
            values[f"{number}_{name}"] = value
    yield Sending(_text(texts), values, texts)


@lru_cache(maxsize=1024)
def _text(texts: tuple[str, ...]) -> str:
    *before, last = [text.replace("%(", f"%({number}_") for number, text in enumerate(texts)]
    parts = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(before))
    # Statements of ours, whose values are parameters.
    return f"WITH {parts} {last}"
