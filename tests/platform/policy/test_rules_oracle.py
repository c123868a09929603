"""Whole rules against a second meaning: random trees of nodes, advice, exceptions, references."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hemvist.policy import Pack, evaluate, load_pack

_FACTS = tuple(f"f{n}" for n in range(6))
_ON = date(2026, 9, 1)
_VALUES = {"false": 0, "unknown": 1, "true": 2}
_HEAD = """
pack: a/b
version: 1.0.0
in_force: {from: 2026-01-01}
title: {sv: a, en: b}
sources: {S: {title: s}}
"""

Tree = dict[str, Any]


class _Maker:
    """Rules ``r0`` … as plain data; a rule refers only to earlier ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.count = 0
        self.rules: list[Tree] = []
        for number in range(self.random.randrange(1, 5)):
            self.rules.append(self.node(3) | {"id": f"r{number}", "advice": False})

    def node(self, depth: int) -> Tree:
        self.count += 1
        node: Tree = {"id": f"n{self.count}", "advice": self.random.random() < 0.15}
        kind = self.random.randrange(8 if depth else 3)
        if kind < 2 or (kind == 2 and not self.rules):
            fact, sign = self.random.choice(_FACTS), self.random.choice(("", "!"))
            node |= {"op": "when", "leaf": (sign, fact)}
        elif kind == 2:
            node |= {"op": "rule", "ref": self.random.randrange(len(self.rules))}
        elif kind == 3:
            node |= {"op": "not", "children": [self.node(depth - 1) | {"advice": False}]}
        else:
            children = [self.node(depth - 1) for _ in range(self.random.randrange(1, 4))]
            children[0]["advice"] = False
            node |= {"op": "all" if kind < 6 else "any", "children": children}
        if depth and self.random.random() < 0.25:
            node["unless"] = [self.node(0) for _ in range(self.random.randrange(1, 3))]
        return node


def _written(node: Tree) -> str:
    parts = [f"id: {node['id']}", "label: {sv: a, en: b}"]
    if node["advice"]:
        parts.append("force: advice")
    match node["op"]:
        case "when":
            parts.append(f'when: "{node["leaf"][0]}h.{node["leaf"][1]}"')
        case "rule":
            parts.append(f"rule: r{node['ref']}")
            # A reference takes the force of its rule, which here is always must.
        case "not":
            parts.append(f"not: {_written(node['children'][0])}")
        case op:
            parts.append(f"{op}: [{', '.join(map(_written, node['children']))}]")
    if "unless" in node:
        parts.append(f"unless: [{', '.join(map(_written, node['unless']))}]")
    return "{" + ", ".join(parts) + "}"


def _pack(maker: _Maker, folder: Path) -> Pack:
    facts = "".join(f"  {name}: {{type: bool, label: {{sv: a, en: b}}}}\n" for name in _FACTS)
    rules = "".join(f"  - {{cite: S, {_written(rule).removeprefix('{')}\n" for rule in maker.rules)
    (folder / "pack.yaml").write_text(f"{_HEAD}facts:\n{facts}rules:\n{rules}", "utf-8")
    return load_pack(folder)


def _three(maker: _Maker, node: Tree, known: dict[str, bool]) -> int:
    body = _body(maker, node, known)
    exceptions = [_three(maker, one, known) for one in node.get("unless", ()) if not one["advice"]]
    return max([body, *exceptions])


def _body(maker: _Maker, node: Tree, known: dict[str, bool]) -> int:
    match node["op"]:
        case "when":
            sign, fact = node["leaf"]
            if fact not in known:
                return 1
            return 2 * int(known[fact] is not (sign == "!"))
        case "rule":
            return _three(maker, maker.rules[node["ref"]], known)
        case "not":
            return 2 - _three(maker, node["children"][0], known)
    deciding = [_three(maker, one, known) for one in node["children"] if not one["advice"]]
    return min(deciding) if node["op"] == "all" else max(deciding)


def _wholes(known: dict[str, bool], names: set[str]) -> Iterator[dict[str, bool]]:
    missing = sorted(names - set(known))
    for values in product((True, False), repeat=len(missing)):
        yield known | dict(zip(missing, values, strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder, written anew for every example."""
    return tmp_path_factory.mktemp("rules")


@given(st.integers(0, 2**48))
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_outcomes_hold_and_questions_are_true(folder: Path, seed: int) -> None:
    maker = _Maker(seed)
    pack = _pack(maker, folder)
    top = f"r{len(maker.rules) - 1}"
    rule = maker.rules[-1]
    known = {name: maker.random.random() < 0.5 for name in _FACTS if maker.random.random() < 0.5}
    found = evaluate(pack, top, known, _ON)
    outcome = _three(maker, rule, known)
    assert _VALUES[found.outcome] == outcome
    everything = set(_FACTS)
    if outcome != 1:
        assert found.ask == ()
        for whole in _wholes(known, everything):
            assert _three(maker, rule, whole) == outcome
        return
    assert found.ask and not set(found.ask) & set(known)
    for answered in _wholes(known, set(found.ask) | set(known)):
        settled = _three(maker, rule, answered)
        assert settled != 1
        for whole in _wholes(answered, everything):
            assert _three(maker, rule, whole) == settled


@given(st.integers(0, 2**48))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_node_of_the_trace_has_the_outcome_it_has_alone(folder: Path, seed: int) -> None:
    maker = _Maker(seed)
    pack = _pack(maker, folder)
    known = {name: maker.random.random() < 0.5 for name in _FACTS[::2]}
    nodes: dict[str, Tree] = {}
    waiting = list(maker.rules)
    while waiting:
        node = waiting.pop()
        nodes[node["id"]] = node
        waiting += [*node.get("children", ()), *node.get("unless", ())]
    for trace in evaluate(pack, f"r{len(maker.rules) - 1}", known, _ON).trace:
        assert _VALUES[trace.outcome] == _three(maker, nodes[trace.id], known)
