"""The official CEL implementation as an oracle: leaves and rules written as CEL, cases as its data.

Days are their ordinals. What is unknown is a missing key, which is an error to CEL; its ``&&``,
``||``, ``all`` and ``exists`` treat errors as Kleene treats the unknown. Only a list that is empty
needs words of its own: nothing is in it, not even what is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from cel_expr_python import cel

from hemvist.policy.leaf.tree import (
    Arithmetic,
    Compare,
    Constant,
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
from hemvist.policy.pack import Pack
from hemvist.policy.rules import Node, Op
from hemvist_policy_oracle import months_later

_INT, _DYN = cel.Type.INT, cel.Type.DYN


def _months(day: int, count: int) -> int:
    return months_later(date.fromordinal(day), count).toordinal()


def _sum(values: list[Any]) -> int:
    return sum(value if isinstance(value, int) else value.value() for value in values)


def _function(name: str, impl: Any, *types: Any) -> Any:
    overload = cel.Overload(f"{name}_of_these", _INT, list(types), False, impl)
    return cel.FunctionDecl(name, [overload])


_ENV = cel.NewEnv(
    variables={name: cel.Type.Map(cel.Type.STRING, _DYN) for name in ("h", "p")},
    functions=[
        _function("addMonths", _months, _INT, _INT),
        _function("addDays", lambda day, count: day + count, _INT, _INT),
        _function("sum", _sum, cel.Type.List(_DYN)),
    ],
)


class Oracle:
    """One expression in CEL."""

    def __init__(self, text: str) -> None:
        self.expression = _ENV.compile(text)

    def value(self, data: Mapping[str, Any]) -> bool | None:
        """True, false, or ``None`` for unknown."""
        found = self.expression.eval(data=data).value()
        if isinstance(found, bool):
            return found
        # Any other error would be a fault of the translation.
        assert "Key not found" in str(found), found
        return None


def data(facts: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Checked facts and parameters as CEL reads them."""
    return {"h": _plain(facts), "p": _plain(params)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def rule(pack: Pack, node: Node) -> str:
    """A node with everything under it as one CEL expression."""
    body = _body(pack, node)
    exceptions = [rule(pack, child) for child in node.unless if child.decides]
    return _joined(" || ", [body, *exceptions])


def _body(pack: Pack, node: Node) -> str:
    if node.leaf is not None:
        return tree(node.leaf.tree)
    if node.ref is not None:
        return rule(pack, pack.rules[node.ref])
    parts = [rule(pack, child) for child in node.children if child.decides]
    match node.op:
        case Op.ALL:
            return _joined(" && ", parts)
        case Op.ANY:
            return _joined(" || ", parts)
        case _:
            return f"!{parts[0]}"


def _joined(operator: str, parts: list[str]) -> str:
    return f"({operator.join(parts)})"


def tree(part: Tree) -> str:
    """A leaf as CEL."""
    match part:
        case Constant(value=value):
            return json.dumps(value, ensure_ascii=False)
        case Fact(name=name):
            return f"h.{name}"
        case Parameter(name=name):
            return f"p.{name}"
        case Element():
            return "x"
        case ElementField(field=field):
            return f"x.{field}"
        case Not(operand=operand):
            return f"!({tree(operand)})"
        case Negate(operand=operand):
            return f"-({tree(operand)})"
        case Junction(every=every, parts=parts):
            return _joined(" && " if every else " || ", [tree(one) for one in parts])
        case Compare(op=op, left=left, right=right) | Arithmetic(op=op, left=left, right=right):
            return f"({tree(left)} {op} {tree(right)})"
        case Within(item=item, container=container):
            found = tree(container)
            return f"(size({found}) != 0 && {tree(item)} in {found})"
        case Size(source=source):
            return f"size({tree(source)})"
        case Total(source=source, body=body):
            return f"sum({tree(source)}.map(x, {tree(body)}))"
        case Quantifier(every=every, source=source, body=body):
            return f"{tree(source)}.{'all' if every else 'exists'}(x, {tree(body)})"
        case Shift(unit=unit, day=day, count=count):
            return f"add{unit.capitalize()}({tree(day)}, {tree(count)})"
