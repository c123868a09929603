"""The typed leaf: one tree that every back end compiles from.

Numbers carry the smallest and largest value they can take, so that a leaf which could overflow
or leave the calendar is refused when the pack is loaded, and judging a case cannot fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a part of a leaf gives."""

    BOOL = "a truth value"
    INT = "a whole number"
    DATE = "a date"
    TEXT = "a text"
    TEXT_LIST = "a list of texts"
    INT_LIST = "a list of numbers"
    OPTIONS = "a list of options"
    RECORDS = "a list of records"


@dataclass(frozen=True, slots=True)
class Type:
    """A kind; ``options`` when a text is one of few; ``low`` and ``high`` of a number or, as
    ordinals, of a date."""

    kind: Kind
    options: frozenset[str] | None = None
    low: int = 0
    high: int = 0


BOOL = Type(Kind.BOOL)


@dataclass(frozen=True, slots=True)
class Constant:
    """A written value."""

    type: Type
    value: bool | int | str


@dataclass(frozen=True, slots=True)
class Fact:
    """``h.name``."""

    type: Type
    name: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """``p.name``."""

    type: Type
    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """The loop variable over a list of options; ``source`` is the fact looped over."""

    type: Type
    source: str


@dataclass(frozen=True, slots=True)
class ElementField:
    """A field of the loop variable over records."""

    type: Type
    source: str
    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """``!x``."""

    operand: Tree
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Junction:
    """``&&`` (``every``) or ``||`` over two or more parts."""

    every: bool
    parts: tuple[Tree, ...]
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Compare:
    """``== != < <= > >=``."""

    op: str
    left: Tree
    right: Tree
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Within:
    """``item in list``."""

    item: Tree
    container: Tree
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Negate:
    """``-x``."""

    type: Type
    operand: Tree


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+ - * /``; division is by a constant and truncates towards zero."""

    type: Type
    op: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Size:
    """``size(list)``."""

    type: Type
    source: Tree


@dataclass(frozen=True, slots=True)
class Total:
    """``sum(list.map(x, body))``."""

    type: Type
    source: Fact
    body: Tree


@dataclass(frozen=True, slots=True)
class Quantifier:
    """``list.all(x, body)`` (``every``) or ``list.exists(x, body)``."""

    every: bool
    source: Fact
    body: Tree
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Shift:
    """``addMonths(day, count)`` or ``addDays(day, count)``."""

    type: Type
    unit: str
    day: Tree
    count: Tree


Tree = (
    Constant
    | Fact
    | Parameter
    | Element
    | ElementField
    | Not
    | Junction
    | Compare
    | Within
    | Negate
    | Arithmetic
    | Size
    | Total
    | Quantifier
    | Shift
)
