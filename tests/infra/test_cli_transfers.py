"""``hemvist transfers clear``: the plan, its proof, and what is wrong with an instance."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from hemvist.clearing import Certificate, Move, Objective, Plan, check, instance_from_json
from hemvist_infra.cli_transfers import app

INSTANCES = Path(__file__).parent.parent / "platform" / "clearing" / "instances"
STRICT = INSTANCES / "strict.json"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["clear", *map(str, arguments)], catch_exceptions=False)


@pytest.mark.parametrize("name", ["small", "strict"])
def test_the_proven_optimum_with_its_proof(name: str) -> None:
    file = INSTANCES / f"{name}.json"
    told = json.loads(run("--instance", file, "--seed", "7", "--json").stdout)
    answer = json.loads((INSTANCES / f"{name}.answer.json").read_text(encoding="utf-8"))
    assert told["objective"] == answer["objective"]
    proof = told["certificate"]
    certificate = Certificate(proof["municipalities"], proof["requests"], proof["vacancies"])
    moves = tuple(Move(*pair) for pair in told["moves"])
    plan = Plan(Objective(*told["objective"]), moves, 0, certificate)
    assert check(instance_from_json(file.read_bytes()), plan) == []


def test_the_order_in_the_file_changes_nothing(tmp_path: Path) -> None:
    of = json.loads(STRICT.read_text(encoding="utf-8"))
    for name in ("municipalities", "requests", "vacancies"):
        of[name].reverse()
    mixed = tmp_path / "mixed.json"
    mixed.write_text(json.dumps(of), encoding="utf-8")
    first = json.loads(run("--instance", STRICT, "--json").stdout)
    assert json.loads(run("--instance", mixed, "--json").stdout)["moves"] == first["moves"]
    assert run("--instance", STRICT).stdout.splitlines()[2] == f"moves  {first['objective'][2]}"


def without(name: str) -> Callable[[dict[str, Any]], None]:
    def change(of: dict[str, Any]) -> None:
        del of[name]

    return change


def put(kind: str, name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(of: dict[str, Any]) -> None:
        of[kind][1][name] = value

    return change


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (without("vacancies"), "vacancies"),
        (put("municipalities", "debt_limit", -1), "municipalities[1].debt_limit"),
        (put("municipalities", "take_cap", 1.5), "municipalities[1].take_cap"),
        (put("municipalities", "balance", "0"), "municipalities[1].balance"),
        (put("municipalities", "services", "school"), "municipalities[1].services"),
        (put("requests", "urgency", 4), "requests[1].urgency"),
        (put("requests", "waiting_weeks", True), "requests[1].waiting_weeks"),
        (put("requests", "origin", "nowhere"), "requests[1].origin"),
        (put("requests", "forbidden", ["nowhere"]), "requests[1].forbidden"),
        (put("requests", "needs", {"min_rooms": 2}), "requests[1].needs.max_extra_rooms"),
        (put("vacancies", "id", ""), "vacancies[1].id"),
        (put("vacancies", "municipality", "nowhere"), "vacancies[1].municipality"),
        (put("vacancies", "step_free", 0), "vacancies[1].step_free"),
    ],
)
def test_an_instance_that_does_not_hold(
    change: Callable[[dict[str, Any]], None], field: str, tmp_path: Path
) -> None:
    of = json.loads(STRICT.read_text(encoding="utf-8"))
    change(of)
    file = tmp_path / "instance.json"
    file.write_text(json.dumps(of), encoding="utf-8")
    found = run("--instance", file, "--json")
    assert found.exit_code == 2 and f" {field}: " in found.stderr and found.stdout == ""


@pytest.mark.parametrize("content", ["", "[]", "{", '{"requests": [], "requests": []}', "NaN"])
def test_no_instance_at_all(content: str, tmp_path: Path) -> None:
    file = tmp_path / "instance.json"
    file.write_text(content, encoding="utf-8")
    assert run("--instance", file).exit_code == 2
    assert run("--instance", tmp_path / "absent.json").exit_code == 2
