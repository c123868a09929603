"""The sentences of the Helsingborg pack through the command, as a pack author would run them."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from hemvist_infra.cli_policy import app

NAME = "helsingborg/bostadssociala-lagenheter"
FOLDER = files("hemvist_policy_packs").joinpath("helsingborg")
BOOK: dict[str, Any] = yaml.safe_load(FOLDER.joinpath("cases.yaml").read_text(encoding="utf-8"))


def _run(*words: str) -> Any:
    """The command's JSON; it must have done its work."""
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def _evaluate(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    """``hemvist policy evaluate`` on the case's facts, written to a file."""
    given = {**BOOK["households"].get(case.get("household"), {}), **case.get("given", {})}
    file = folder / "facts.json"
    file.write_text(json.dumps(given, default=str), encoding="utf-8")
    day = str(case["as_of"])
    answer: dict[str, Any] = _run(
        "evaluate", NAME, "--rule", case["rule"], "--facts", str(file), "--on", day
    )
    return answer


def test_the_command_gives_what_the_sentences_say(tmp_path: Path) -> None:
    """Every unknown case with what to ask, and every third of the others; each loads the packs."""
    rules = [case for case in BOOK["cases"] if "rule" in case]
    unknown = [case for case in rules if case["expect"] == "unknown"]
    cases = unknown + [case for case in rules if case not in unknown][::3]

    for case in cases:
        answer = _evaluate(case, tmp_path)
        assert answer["outcome"] == str(case["expect"]).lower(), case["name"]
        assert sorted(answer["ask"]) == sorted(case.get("ask", [])), case["name"]
        assert answer["version"] == "2026.3.0"
        assert answer["trace"][0]["id"] == case["rule"]
        assert all(node["cite"] for node in answer["trace"]), case["name"]
    assert len(cases) >= 40


def test_a_changed_date_changes_the_answer(tmp_path: Path) -> None:
    """The same facts on the last day of the old act and on the first day of the new one."""
    case = {"given": {"legal_basis": "sol_2001_4_1"}, "rule": "legal_basis_in_force"}

    answers = [
        _evaluate({**case, "as_of": day}, tmp_path)["outcome"]
        for day in ("2025-06-30", "2025-07-01")
    ]

    assert answers == ["true", "false"]


def test_the_schedule_of_a_municipal_contract() -> None:
    """Month one by both departments, then quarterly by the referring one, with the source."""
    found = _run(
        *("schedule", NAME, "--programme", "municipal_contract"),
        *("--anchor", "decision_granted=2026-08-31", "--until", "2027-02-28"),
    )

    assert [(due["due_on"], due["by"]) for due in found] == [
        ("2026-09-30", ["referring", "property"]),
        ("2026-11-30", ["referring"]),
        ("2027-02-28", ["referring"]),
    ]
    assert {cite for due in found for cite in due["cite"]} == {"RL §4.1"}
