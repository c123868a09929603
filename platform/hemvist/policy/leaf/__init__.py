"""Leaves: the small expressions inside rules, a typed subset of CEL.

Text → tokens (``lexer``) → syntax (``parser``) → typed tree (``checker``, ``tree``) → closures
(``compiler``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hemvist.policy.leaf.checker import Scope, check
from hemvist.policy.leaf.compiler import Compiled, Env, Values, compile_tree
from hemvist.policy.leaf.lexer import LeafError
from hemvist.policy.leaf.parser import parse
from hemvist.policy.leaf.tree import (
    Arithmetic,
    Compare,
    Element,
    ElementField,
    Fact,
    Junction,
    Negate,
    Not,
    Parameter,
    Quantifier,
    Shift,
    Size,
    Total,
    Tree,
    Within,
)

__all__ = ["Env", "Leaf", "LeafError", "Scope", "Tree", "Values", "compile_leaf"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A checked expression. ``facts`` and ``params`` are the names it mentions, in order."""

    text: str
    tree: Tree
    facts: tuple[str, ...]
    params: tuple[str, ...]
    _compiled: Compiled = field(repr=False, compare=False)

    def value(self, env: Env) -> bool | None:
        """True, false, or ``None`` for unknown."""
        return self.run(env.values)

    def ask(self, env: Env) -> tuple[str, ...]:
        """The missing facts that would settle an unknown answer; empty when it is known."""
        asked: dict[str, None] = {}
        if self.value(env) is None:
            self.add_asked(env.values, asked)
        return tuple(asked)

    @property
    def run(self) -> Callable[[Values], bool | None]:
        """``value`` of facts and parameters laid out as ``Values``, for an engine's inner loop."""
        return self._compiled.run

    def add_asked(self, values: Values, asked: dict[str, None]) -> None:
        """Add what would settle the leaf, where it is unknown, to the keys of ``asked``."""
        self._compiled.ask(values, asked)


def compile_leaf(text: str, scope: Scope) -> Leaf:
    """Parse, check and compile. Raises ``LeafError`` with the offset of the first fault."""
    tree = check(parse(text), scope)
    facts: dict[str, None] = {}
    params: dict[str, None] = {}
    _names(tree, facts, params)
    return Leaf(text, tree, tuple(facts), tuple(params), compile_tree(tree))


def _names(tree: Tree, facts: dict[str, None], params: dict[str, None]) -> None:
    match tree:
        case Fact(name=name):
            facts[name] = None
        case Parameter(name=name):
            params[name] = None
        case Element(source=name) | ElementField(source=name):
            facts[name] = None
        case _:
            for child in _children(tree):
                _names(child, facts, params)


def _children(tree: Tree) -> tuple[Tree, ...]:
    match tree:
        case Not(operand=operand) | Negate(operand=operand):
            return (operand,)
        case Junction(parts=parts):
            return parts
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Within(item=item, container=container):
            return (item, container)
        case Shift(day=day, count=count):
            return (day, count)
        case Size(source=source):
            return (source,)
        case Quantifier(source=fact, body=body) | Total(source=fact, body=body):
            return (fact, body)
        case _:
            return ()
