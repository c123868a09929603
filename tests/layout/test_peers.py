"""The benchmark's peers stay in the benchmark, and its twelve rules have one meaning there too."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hemvist.policy import evaluate
from hemvist.policy.columns import evaluate_columns

ROOT = Path(__file__).parents[2]
PRODUCT = ("platform", "tenants", "policy_packs", "graphql", "portal", "workers", "infra")
PEERS = {"cel_expr_python", "zen", "openfisca_core", "atheris", "hypothesis"}


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module.partition(".")[0]


def test_the_product_never_imports_a_peer_or_a_test_tool() -> None:
    files = [file for folder in PRODUCT for file in (ROOT / folder).rglob("*.py")]
    assert len(files) > 100
    assert {file: found for file in files if (found := PEERS & set(_imports(file)))} == {}


def test_the_twelve_rules_have_one_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "bench")
    import policy_cases
    from policy_cel import Cel

    pack, columns = policy_cases.twelve_rules(), policy_cases.table(400)
    rules, on = policy_cases.RULES, policy_cases.ON
    judged = evaluate_columns(pack, rules, columns, on, missing=True)
    assert judged.refused == {}
    oracle = Cel()
    asked: dict[str, int] = {}
    truth = {"false": False, "unknown": None, "true": True}
    for index, case in enumerate(policy_cases.answers(columns)):
        found = evaluate(pack, "entitled", case, on)
        outcomes = {node.path: truth[node.outcome] for node in found.trace}
        mine = tuple(outcomes[rule] for rule in rules)
        assert mine == tuple((False, None, True)[judged.rules[rule][index]] for rule in rules)
        assert mine == oracle.judge(oracle.ready(case))
        for fact in found.ask:
            asked[fact] = asked.get(fact, 0) + 1
    assert asked == judged.missing["entitled"]
    for name in [name for name in sys.modules if name.startswith("policy_")]:
        del sys.modules[name]
