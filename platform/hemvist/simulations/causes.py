"""What differs between two versions, and the new version with one difference taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from hemvist.policy import Label, Node, Pack, PolicyError, as_json
from hemvist.policy.params import ParamValue
from hemvist.policy.what_if import what_if

PARAMETER, RULE, FACT = "parameter", "rule", "fact"


@dataclass(frozen=True, slots=True)
class Cause:
    """One difference. ``before`` and ``after`` are JSON data; None where a version has nothing.

    ``back`` is the new version as it would be without this difference, or None where the two are
    too far apart for that.
    """

    kind: str
    name: str
    label: Label
    cite: tuple[str, ...]
    before: Any
    after: Any
    back: Pack | None

    @property
    def key(self) -> str:
        """``parameter:name`` and the like."""
        return f"{self.kind}:{self.name}"


def causes(old: Pack, new: Pack, on: date) -> tuple[Cause, ...]:
    """Parameters with another value on the day, rules with another content, facts asked anew."""
    return (*_params(old, new, on), *_rules(old, new), *_facts(old, new))


def _params(old: Pack, new: Pack, on: date) -> Iterator[Cause]:
    for name in dict.fromkeys([*new.params, *old.params]):
        before, after = _value(old, name, on), _value(new, name, on)
        if before == after:
            continue
        param = new.params.get(name) or old.params[name]
        yield Cause(
            PARAMETER,
            name,
            param.label or Label(name, name),
            param.cite,
            as_json(before),
            as_json(after),
            _with_param(new, name, before) if after is not None else None,
        )


def _value(pack: Pack, name: str, on: date) -> ParamValue | None:
    return pack.params[name].on(on) if name in pack.params else None


def _with_param(new: Pack, name: str, before: ParamValue | None) -> Pack | None:
    if before is None:
        return None
    try:
        return what_if(new, {name: before})
    except PolicyError:
        # The value is of another type, or could overflow in a leaf of the new version.
        return None


def _rules(old: Pack, new: Pack) -> Iterator[Cause]:
    for id in dict.fromkeys([*new.rules, *old.rules]):
        before, after = old.rules.get(id), new.rules.get(id)
        if _meaning(before) == _meaning(after):
            continue
        rule = after or before
        assert rule is not None
        back = _with_rule(old, new, before) if before is not None and after is not None else None
        yield Cause(
            RULE,
            id,
            rule.label,
            rule.cite,
            None if before is None else _leaves(before),
            None if after is None else _leaves(after),
            back,
        )


def _meaning(node: Node | None) -> object:
    """What decides a node's answer: nothing of its words and sources."""
    if node is None:
        return None
    return (
        node.op,
        node.active,
        node.decides,
        node.leaf.text if node.leaf is not None else None,
        node.ref,
        tuple(_meaning(one) for one in node.children if one.active),
        tuple(_meaning(one) for one in node.unless if one.active),
    )


def _leaves(node: Node) -> list[str]:
    """The conditions of a rule as they are written, for people who compare."""
    own = [node.leaf.text] if node.leaf is not None else []
    own += [f"rule {node.ref}"] if node.ref is not None else []
    below = [text for one in (*node.children, *node.unless) if one.active for text in _leaves(one)]
    return own + below


def _with_rule(old: Pack, new: Pack, rule: Node) -> Pack | None:
    """The new version with a rule as it was, where everything that it names is still there."""
    nodes, params = [rule], dict(new.params)
    while nodes:
        node = nodes.pop()
        nodes += [*node.children, *node.unless]
        if node.ref is not None and node.ref not in new.rules:
            return None
        if node.leaf is None:
            continue
        if any(not _same_fact(old, new, fact) for fact in node.leaf.facts):
            return None
        for name in node.leaf.params:
            if name in new.params and new.params[name].type is not old.params[name].type:
                return None
            params.setdefault(name, old.params[name])
    rules: Mapping[str, Node] = MappingProxyType({**new.rules, rule.id: rule})
    if rule.id in _reached(rules, rule):
        return None
    return replace(new, rules=rules, params=MappingProxyType(params))


def _reached(rules: Mapping[str, Node], start: Node) -> set[str]:
    """Every rule that ``start`` leads to."""
    found: set[str] = set()
    nodes = [start]
    while nodes:
        node = nodes.pop()
        nodes += [*node.children, *node.unless]
        if node.ref is not None and node.ref not in found:
            found.add(node.ref)
            nodes.append(rules[node.ref])
    return found


def _same_fact(old: Pack, new: Pack, name: str) -> bool:
    return name in new.facts and new.facts[name].type is old.facts[name].type


def _facts(old: Pack, new: Pack) -> Iterator[Cause]:
    """Questions that only the new version puts: until they are answered they make it unknown."""
    for name, fact in new.facts.items():
        if name not in old.facts:
            yield Cause(FACT, name, fact.label, fact.cite, None, fact.type.value, None)
