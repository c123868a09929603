"""Cells that numbers were told of together, brought into one division for a picture of several figures.

One indicator may be told of two programmes by themselves and another of both together. A picture that
shows both shows the two as one: nothing is divided that was told whole.
"""

from __future__ import annotations

from collections.abc import Iterable


def joined(parts: Iterable[Iterable[str]]) -> list[tuple[str, ...]]:
    """The finest division that each of ``parts`` fits in, in the order in which codes come."""
    group: dict[str, list[str]] = {}
    for part in parts:
        codes = list(part)
        whole: list[str] = []
        for code in codes:
            whole += [one for one in group.get(code, [code]) if one not in whole]
        for code in whole:
            group[code] = whole
    found: list[tuple[str, ...]] = []
    for whole in group.values():
        if tuple(whole) not in found:
            found.append(tuple(whole))
    return found
