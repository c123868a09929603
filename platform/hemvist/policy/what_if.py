"""A pack with other parameter values: what the rules would say, without a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeGuard

from hemvist.policy.errors import PolicyError
from hemvist.policy.leaf import Leaf, LeafError, Scope, compile_leaf
from hemvist.policy.pack import Pack
from hemvist.policy.params import Param, ParamType, ParamValue
from hemvist.policy.rules import Node

#: As large as a parameter written in a pack may be.
_MAX_NUMBER = 10**13
_MAX_MEMBERS = 1000


def what_if(pack: Pack, params: Mapping[str, ParamValue]) -> Pack:
    """The pack with these values of parameters, whatever the date. Only its rules follow.

    Raises ``PolicyError`` on an unknown parameter, a value of another type, or one that a rule
    cannot be judged with (an option that does not exist, a number that grows too large).
    """
    changed = dict(pack.params)
    for name, value in params.items():
        param = pack.params.get(name)
        if param is None:
            raise PolicyError(
                f"{pack.name} has no parameter {name[:60]!r}", rule="unknown_parameter"
            )
        if not _suits(param, value):
            raise PolicyError(f"the parameter {name} cannot be that", rule="wrong_type")
        changed[name] = replace(param, values=((param.values[0][0], value),))
    scope = Scope(pack.facts, changed)
    rules = {id: _node(rule, params, scope) for id, rule in pack.rules.items()}
    return replace(pack, params=MappingProxyType(changed), rules=MappingProxyType(rules))


def _node(node: Node, params: Mapping[str, ParamValue], scope: Scope) -> Node:
    leaf = node.leaf
    if leaf is not None and not params.keys().isdisjoint(leaf.params):
        leaf = _leaf(leaf, node.path, scope)
    return replace(
        node,
        leaf=leaf,
        children=tuple(_node(child, params, scope) for child in node.children),
        unless=tuple(_node(child, params, scope) for child in node.unless),
    )


def _leaf(leaf: Leaf, path: str, scope: Scope) -> Leaf:
    try:
        return compile_leaf(leaf.text, scope)
    except LeafError as error:
        raise PolicyError(f"{path}: {error.message}", rule="parameter_unfit") from None


def _suits(param: Param, value: object) -> bool:
    match param.type:
        case ParamType.BOOL:
            return isinstance(value, bool)
        case ParamType.TEXT:
            return isinstance(value, str)
        case ParamType.TEXT_LIST:
            return _is_list(value) and all(isinstance(one, str) for one in value)
        case ParamType.INT_LIST | ParamType.MONTHS_LIST:
            return _is_list(value) and all(_is_number(one) for one in value)
        case ParamType.DATE:
            return type(value) is date
        case _:
            return _is_number(value)


def _is_list(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple) and 1 <= len(value) <= _MAX_MEMBERS


def _is_number(value: object) -> bool:
    return type(value) is int and abs(value) <= _MAX_NUMBER
