"""``hemvist policy simulate``: its figures, its exit statuses, and where bad input is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from hemvist.audit import AuditEntry
from hemvist_infra import cli_simulate
from hemvist_infra.cli_policy import app
from hemvist_rows import owner_engine
from hemvist_simulations import NEW, OLD, indebted, new_version, starts
from hemvist_world import PACK, World, new_world

ENTRY = "entry:rent_guarantee"
#: Meets every condition of the guarantee but for the debts.
READY = {
    "registered_kommun": "1283",
    "department": "SOF-VUX",
    "age": 40,
    "children_under_18": 0,
    "need_met_otherwise": False,
    "assistance_reasonable": True,
    "manages_home": "with_support",
    "has_own_contract": False,
    "lacks_roof": True,
    "current_housing": "no_home",
    "combined_difficulties": True,
    "own_ways_exhausted": True,
    "searched_other_kommuner": True,
    "searched_second_hand": True,
    "has_guarantor": False,
    "vulnerable_groups": ["addiction"],
    "manages_first_hand_lease": True,
    "low_debts": False,
    "property_dialogue_done": False,
}


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a version that lets debts up to a limit be."""
    return new_version(tmp_path_factory.mktemp("packs"))


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A file of facts to write to."""
    return tmp_path / "facts.ndjson"


def write(facts: Path, *rows: Any) -> None:
    facts.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, ["simulate", *map(str, args)], catch_exceptions=False)


def told(*args: str | Path) -> Any:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(*args: str | Path) -> str:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, ""), result.stdout
    assert "Traceback" not in result.stderr
    return result.stderr.strip().splitlines()[-1]


def row_of(found: Any, subject: str = ENTRY) -> Any:
    return next(row for row in found["rows"] if row["subject"] == subject)


def test_a_file_of_facts(new: Path, facts: Path) -> None:
    """Every line counts, however few, and is named: whoever has the file has the facts."""
    write(
        facts,
        {**READY, "debts_ore": 0},
        {**READY, "debts_ore": 1_000_000},
        {**READY, "debts_ore": None},
        {**READY, "debts_ore": 1_500_001, "department": "AMF"},
    )
    found = told(f"{PACK}@{OLD}", new, "--facts", facts, "--on", str(starts()))
    assert (found["old"]["version"], found["new"]["version"]) == (OLD, NEW)
    assert (found["cases"], found["judged_on"]) == (4, str(starts()))
    row = row_of(found)
    assert row["counts"] == {
        "gain": 1,
        "loss": 0,
        "newly_unknown": 0,
        "newly_known": 0,
        "unchanged": 3,
    }
    assert row["lines"] == {"gain": [2]}
    assert row["causes"] == [{"cause": "rule:debts_allow_guarantee", "answers": 1}]
    [department] = [one for one in row["dimensions"] if one["dimension"] == "department"]
    assert {one["code"]: one["counts"]["gain"] for one in department["groups"]} == {
        "SOF-VUX": 1,
        "AMF": 0,
    }
    assert found["checked"] > 0
    back = told(new, f"{PACK}@{OLD}", "--facts", facts, "--on", str(starts()))
    assert row_of(back)["counts"]["loss"] == 1


def test_lines_are_counted_with_empty_ones_and_over_several_parts(
    new: Path, facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_simulate, "PART", 2)
    one = json.dumps({**READY, "debts_ore": 1_000_000})
    facts.write_text("\n".join([one, "", one, one, "  ", "", one, one]) + "\n", "utf-8")
    row = row_of(told(f"{PACK}@{OLD}", new, "--facts", facts))
    assert row["lines"] == {"gain": [1, 3, 4, 7, 8]}
    assert row["counts"]["gain"] == 5


def test_only_some_rules(new: Path, facts: Path) -> None:
    write(facts, {**READY, "debts_ore": 0})
    args = [f"{PACK}@{OLD}", new, "--facts", facts]
    found = told(*args, "--rule", "entitled", "--rule", "guarantee_ready")
    assert [row["subject"] for row in found["rows"]] == ["rule:entitled", "rule:guarantee_ready"]
    found = told(*args, "--programme", "rent_guarantee")
    assert found["rows"][0]["subject"] == ENTRY
    assert "no_such" in refused(*args, "--rule", "no_such")


def test_as_text(new: Path, facts: Path) -> None:
    write(facts, {**READY, "debts_ore": 1_000_000})
    result = run(f"{PACK}@{OLD}", new, "--facts", facts)
    assert result.exit_code == 0
    assert "gain 1" in result.stdout and "rule:debts_allow_guarantee makes 1" in result.stdout


@pytest.mark.parametrize(
    ("lines", "place", "word"),
    [
        (['{"age": 3}', "{"], "2:2", "not valid JSON"),
        (["[1]"], "1:1", "one JSON object"),
        (['{"age": 3}', "", '{"debts_ore": 0, "agee": 3}'], "3:18", "did you mean 'age'"),
        (['{"age": 3}', '{"lacks_roof": "ja"}'], "2:2", "must be true or false"),
        (['{"age": 3, "age": 4}'], "1:2", "written twice"),
        (['{"decision_date": "2020-01-01"}'], "1:2", "another day"),
        (["[" * 100_000], "1:1", "not valid JSON"),
        (['{"age": 1e999}'], "1:2", "whole number"),
        (['{"age": 3}', '{"x": "' + "y" * 1_000_001 + '"}'], "2:1", "longer"),
    ],
)
def test_bad_lines_are_told_with_their_place(
    new: Path, facts: Path, lines: list[str], place: str, word: str
) -> None:
    facts.write_text("\n".join(lines) + "\n", "utf-8")
    said = refused(f"{PACK}@{OLD}", new, "--facts", facts)
    assert said.startswith(f"{facts}:{place}: "), said[:300]
    assert word in said


def test_a_file_that_is_no_text_or_not_there(new: Path, facts: Path, tmp_path: Path) -> None:
    facts.write_bytes(b'{"age": 3}\n{"age": \xff}\n')
    assert refused(f"{PACK}@{OLD}", new, "--facts", facts) == f"{facts}:2:9: is not UTF-8"
    gone = tmp_path / "gone.ndjson"
    assert refused(f"{PACK}@{OLD}", new, "--facts", gone).startswith(f"{gone}:1:1: cannot be read")


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ([], "either --tenant or --facts"),
        (["--facts", "x", "--tenant", "y"], "either --tenant or --facts"),
        (["--facts", "x", "--on", "yesterday"], "--on must be a date"),
        (["--facts", "x", "--on", "2019-01-01"], "in force from"),
    ],
)
def test_bad_arguments(new: Path, args: list[str], word: str) -> None:
    assert word in refused(f"{PACK}@{OLD}", new, *args)


def test_versions_that_are_not_there_or_of_two_guidelines(new: Path, facts: Path) -> None:
    write(facts, {})
    assert "no version 1.2.3" in refused(f"{PACK}@1.2.3", new, "--facts", facts)
    other = "karlstad/sociala-kontrakt"
    assert "different guidelines" in refused(other, new, "--facts", facts)


def slug_of(world: World) -> str:
    with owner_engine().connect() as connection:
        return str(
            connection.exec_driver_sql(
                "SELECT slug FROM tenants WHERE id = %s", (world.tenant_id,)
            ).scalar_one()
        )


def test_a_kommuns_cases(database: str, new: Path) -> None:
    """Its snapshot is brought up to date; small groups are kept back and nobody is named."""
    world, other = new_world(), new_world()
    indebted(other, 1_000_000)
    for _ in range(6):
        indebted(world, 1_000_000)
    indebted(world, 1_000_000, department="AMF")
    for _ in range(5):
        indebted(world, 0, department="AMF")
    found = told(f"{PACK}@{OLD}", new, "--tenant", slug_of(world))
    row = row_of(found)
    assert (found["cases"], row["counts"]["gain"]) == (12, 7)
    [department] = [one for one in row["dimensions"] if one["dimension"] == "department"]
    assert [one["counts"]["gain"] for one in department["groups"]] == [None, None]
    assert "lines" not in row
    [entry] = world.rows(AuditEntry, action="policy.simulate")
    assert entry.details["cases"] == 12
    assert other.rows(AuditEntry, action="policy.simulate") == []
    few = told(f"{PACK}@{OLD}", new, "--tenant", slug_of(other))
    assert few["cases"] is None and row_of(few)["counts"] is None
    text = run(f"{PACK}@{OLD}", new, "--tenant", slug_of(world)).stdout
    assert "gain 7" in text and "gain -" in text


def test_the_snapshot_is_made_anew(database: str) -> None:
    world = new_world()
    for _ in range(3):
        world.case()
    args = ["snapshot", "--tenant", slug_of(world)]
    for more, said in (
        ([], "3 cases in the snapshot, 3 of them looked at now"),
        ([], "3 cases in the snapshot, 0 of them looked at now"),
        (["--rebuild"], "3 cases in the snapshot, 3 of them looked at now"),
    ):
        result = CliRunner().invoke(app, [*args, *more], catch_exceptions=False)
        assert (result.exit_code, result.stdout.strip()) == (0, said)
