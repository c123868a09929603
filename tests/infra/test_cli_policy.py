"""``hemvist policy``: the stable interface, its JSON and its exit statuses."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from hemvist_infra.cli_policy import app

EXAMPLE = Path(__file__).parents[1] / "platform" / "policy" / "packs" / "example"


def _run(*args: str) -> Result:
    return CliRunner().invoke(app, args, catch_exceptions=False)


def _json(*args: str) -> Any:
    result = _run(*args, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def _refused(*args: str) -> str:
    result = _run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    return result.stderr.strip()


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A file of facts to write to."""
    return tmp_path / "facts.json"


def _evaluate(facts: Path, on: str = "2026-09-01", rule: str = "no_own_lease") -> list[str]:
    return ["evaluate", str(EXAMPLE), "--rule", rule, "--facts", str(facts), "--on", on]


def test_list_names_every_installed_pack() -> None:
    for pack in _json("list"):
        assert {"pack", "version", "title", "in_force", "programmes", "rules"} <= set(pack)
        assert len(pack["sha256"]) == 64
        assert f"{pack['pack']}  {pack['version']}" in _run("list").stdout


def test_facts() -> None:
    found = {fact["name"]: fact for fact in _json("facts", str(EXAMPLE))}
    assert found["child_at_risk"]["kind"] == "assessment"
    assert found["child_at_risk"]["ask_when"] == "h.children_under_18 > 0"
    assert found["group"]["options"]["other"] == {"sv": "Annan", "en": "Other"}
    assert [field["name"] for field in found["debts"]["fields"]] == ["kind", "amount", "since"]
    assert found["registered_kommun"]["computed_from"]["sv"]
    assert "has_own_lease  bool  asked" in _run("facts", str(EXAMPLE)).stdout


def test_evaluate_gives_outcome_questions_version_and_trace(facts: Path) -> None:
    facts.write_text('{"has_own_lease": true, "department": "SOF-BUF", "child_at_risk": null}')
    found = _json(*_evaluate(facts))
    assert (found["outcome"], found["ask"], found["version"]) == (
        *("unknown", ["child_at_risk"]),
        "2026.2.0",
    )
    for node in found["trace"]:
        assert {"id", "cite", "outcome", "value", "because"} <= set(node)
    text = _run(*_evaluate(facts)).stdout
    assert "no_own_lease: unknown" in text and "ask: child_at_risk" in text


def test_the_date_selects_the_parameters(facts: Path) -> None:
    facts.write_text('{"group": "disability"}')
    assert _json(*_evaluate(facts, "2026-12-31", "target_group"))["outcome"] == "true"
    assert _json(*_evaluate(facts, "2027-01-01", "target_group"))["outcome"] == "false"


def test_an_installed_pack_is_found_by_name(facts: Path) -> None:
    pack = _json("list")[0]
    facts.write_text("{}")
    args = ["--rule", pack["rules"][0], "--facts", str(facts), "--on", pack["in_force"]["from"]]
    assert _json("evaluate", pack["pack"], *args)["version"] == pack["version"]
    assert _json("facts", f"{pack['pack']}@{pack['version']}") == _json("facts", pack["pack"])


def test_schedule() -> None:
    args = ["--programme", "municipal_contract", "--anchor", "decision_granted=2026-08-31"]
    found = _json("schedule", str(EXAMPLE), *args, "--until", "2027-03-31")
    assert [(due["obligation"], due["due_on"]) for due in found] == [
        ("first_follow_up", "2026-09-30"),
        ("follow_up", "2026-11-30"),
        ("follow_up", "2027-02-28"),
    ]
    assert found[0]["by"] == ["referring", "property"] and found[0]["cite"] == ["RL §1"]
    text = _run("schedule", str(EXAMPLE), *args, "--until", "2027-03-31").stdout
    assert "2026-09-30  Första uppföljning" in text


def test_the_schedule_of_one_department() -> None:
    args = ["--programme", "municipal_contract", "--anchor", "moved_in=2026-08-31"]
    pack = "helsingborg/bostadssociala-lagenheter"
    for department, days in (("AMF", ["2026-11-30"]), ("VOF", [])):
        found = _json("schedule", pack, *args, "--until", "2026-12-31", "--department", department)
        assert [due["due_on"] for due in found] == days
    refused = _refused("schedule", pack, *args, "--until", "2026-12-31", "--department", "AMFF")
    assert "did you mean 'AMF'" in refused


def test_explain() -> None:
    assert "Saknar eget kontrakt [RL §2]" in _run("explain", str(EXAMPLE), "no_own_lease").stdout
    english = _run("explain", str(EXAMPLE), "no_own_lease", "--lang", "en").stdout
    assert "No own lease [RL §2]" in english


def test_check_passes_and_says_what_it_did(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    copytree(EXAMPLE, folder)
    (folder / "cases.yaml").write_text(
        "- {name: a, rule: for_adults, as_of: 2026-09-01, expect: unknown, ask: [group]}\n"
    )
    result = _run("check", str(tmp_path))
    assert result.exit_code == 0
    assert "11 rules" in result.stdout and "1 cases, 0 failed" in result.stdout
    assert "1 dead ends" in result.stdout
    assert "no case judges the rule entitled" in result.stdout
    assert "no case judges the rule for_adults" not in result.stdout
    assert "no_own_lease can stay unknown for want of child_at_risk" in result.stdout


def test_check_names_each_case_that_fails(tmp_path: Path) -> None:
    copytree(EXAMPLE, tmp_path / "pack")
    cases = tmp_path / "pack" / "cases.yaml"
    cases.write_text(
        "- {name: wrong, rule: for_adults, as_of: 2026-09-01, expect: true}\n"
        "- {name: right, rule: for_adults, as_of: 2026-09-01, expect: unknown, ask: [group]}\n"
        "- {name: also wrong, rule: for_adults, as_of: 2026-09-01, expect: false}\n"
    )
    result = _run("check", str(tmp_path / "pack"))
    assert result.exit_code == 2
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{cases}:1:3: wrong: expected true, found unknown")
    assert lines[1].startswith(f"{cases}:3:3: also wrong:")
    assert "3 cases, 2 failed" in result.stdout


def test_check_fails_when_a_locked_version_answers_otherwise(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    copytree(EXAMPLE, folder)
    cases = folder / "cases.yaml"
    cases.write_text(
        "- {name: a, given: {group: other}, rule: target_group, as_of: 2026-09-01, expect: false}\n"
    )
    assert "2026.2.0 is not locked yet" in _run("check", str(folder)).stdout
    assert _run("lock", str(folder)).stdout.endswith("2026.2.0: locked\n")
    assert _run("lock", str(folder)).stdout.endswith("2026.2.0: locked already\n")
    assert "not locked" not in _run("check", str(folder)).stdout
    head = folder / "pack.yaml"
    changed = head.read_text("utf-8").replace("[addiction, ", "[other, addiction, ")
    assert changed != head.read_text("utf-8")
    head.write_text(changed, "utf-8")
    cases.write_text(cases.read_text().replace("expect: false", "expect: true"))
    refused = _run("check", str(folder))
    assert refused.exit_code == 2
    fault = "outcomes.lock:1:1: a: was 'false' when 2026.2.0 was locked, now 'true'"
    assert fault in refused.stderr
    assert "the files have changed since 2026.2.0 was locked" in refused.stdout
    assert "raise the version" in _refused("lock", str(folder))
    assert _run("lock", str(folder), "--force").exit_code == 0
    assert _run("check", str(folder)).exit_code == 0


def test_check_names_file_line_and_column(tmp_path: Path) -> None:
    copytree(EXAMPLE, tmp_path / "pack")
    rules = tmp_path / "pack" / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("h.roofless}", "h.rooflss}"), "utf-8")
    message = _refused("check", str(tmp_path))
    assert message.startswith(f"{rules}:22:")
    assert "did you mean 'roofless'" in message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{\n  "has_own_lease": "yes"}', ":2:3: has_own_lease must be true or false"),
        ('{"x": 1,\n\n "debts": [{"kind": "rent"}, {}]}', ":1:2: example/homes has no fact 'x'"),
        ('{"debts":\n [{"kind": "rent"}, {}]}', ":1:2: debts[1].kind is missing"),
        ('{"roofless": true,\n "roofless": false}', ":1:2: 'roofless' is written twice"),
        ('{"a": \n tru}', ":2:2: not valid JSON"),
        ("[1, 2]", ":1:1: the facts must be one JSON object"),
        ("[" * 100_000, ":1:1: nested too deep"),
        ('{"a": ' + "9" * 5000 + "}", ":1:1: cannot be read"),
        ("\x00", ":1:1: not valid JSON"),
        (" " * 1_000_001, ":1:1: the file is larger"),
    ],
)
def test_bad_facts_are_named_with_their_place(facts: Path, content: str, message: str) -> None:
    facts.write_text(content)
    assert f"{facts}{message}" in _refused(*_evaluate(facts))


def test_facts_that_are_not_there_or_not_text(facts: Path) -> None:
    assert f"{facts}:1:1: cannot be read" in _refused(*_evaluate(facts))
    facts.write_bytes(b"\xff\xfe")
    assert f"{facts}:1:1: cannot be read" in _refused(*_evaluate(facts))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["facts", "no/such"], "no policy pack 'no/such'"),
        (["explain", str(EXAMPLE), "entitle"], "did you mean 'entitled'"),
        (["explain", str(EXAMPLE), "entitled", "--lang", "de"], "--lang is sv or en"),
        (["check", "nowhere"], "nowhere holds no pack.yaml"),
    ],
)
def test_bad_arguments(args: list[str], message: str) -> None:
    assert message in _refused(*args)


@pytest.mark.parametrize(
    ("programme", "anchor", "until", "message"),
    [
        ("municipal", "moved_in=2026-01-01", "2027-01-01", "did you mean 'municipal_contract'"),
        ("municipal_contract", "moved=2026-01-01", "2027-01-01", "no event 'moved'"),
        ("municipal_contract", "moved_in", "2027-01-01", "--anchor is NAME=YYYY-MM-DD"),
        ("municipal_contract", "moved_in=2026-02-30", "2027-01-01", "--anchor moved_in must be"),
        ("municipal_contract", "moved_in=2026-02-01", "soon", "--until must be a date"),
    ],
)
def test_bad_schedules(programme: str, anchor: str, until: str, message: str) -> None:
    args = ["--programme", programme, "--anchor", anchor, "--until", until]
    assert message in _refused("schedule", str(EXAMPLE), *args)


def test_bad_dates(facts: Path) -> None:
    facts.write_text("{}")
    assert "--on must be a date" in _refused(*_evaluate(facts, "2026-13-01"))
    assert "in force from 2026-07-01" in _refused(*_evaluate(facts, "2026-06-30"))
