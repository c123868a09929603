"""The parsed leaf before types: what was written, with the place of every part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A truth value, whole number or text."""

    offset: int
    value: bool | int | str


@dataclass(frozen=True, slots=True)
class Name:
    """``h``, ``p`` or a loop variable."""

    offset: int
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """``target.name``; the offset is that of the name."""

    offset: int
    target: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """``name(arguments)`` or ``target.name(arguments)``."""

    offset: int
    target: Expr | None
    name: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """``!x`` or ``-x``."""

    offset: int
    op: str
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """A comparison, ``in`` or arithmetic; the offset is that of the operator."""

    offset: int
    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Logic:
    """``a && b && c`` or ``a || b || c``, flat."""

    offset: int
    op: str
    parts: tuple[Expr, ...]


Expr = Literal | Name | Member | Call | Unary | Binary | Logic


def start(expression: Expr) -> int:
    """Offset of the expression's first character, parentheses aside."""
    match expression:
        case Member(target=first) | Call(target=Literal() | Name() | Member() | Call() as first):
            return start(first)
        case Binary(left=first):
            return start(first)
        case Logic(parts=(first, *_)):
            return start(first)
        case _:
            return expression.offset
