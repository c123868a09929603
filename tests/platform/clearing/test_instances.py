"""Two instances whose optimum is known, and what a certificate is worth."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hemvist.clearing import Instance, Objective, check, clear, commitment, instance_from_json

INSTANCES = Path(__file__).parent / "instances"


def instance(name: str) -> Instance:
    return instance_from_json((INSTANCES / f"{name}.json").read_bytes())


def known(name: str) -> Objective:
    answer = json.loads((INSTANCES / f"{name}.answer.json").read_text(encoding="utf-8"))
    return Objective(*answer["objective"])


@pytest.mark.parametrize("name", ["small", "strict"])
@pytest.mark.parametrize("seed", [0, 1, b"another"])
def test_the_known_optimum(name: str, seed: int | bytes) -> None:
    plan = clear(instance(name), seed)
    assert plan.objective == known(name)
    assert check(instance(name), plan) == []


def test_a_lawful_plan_that_is_not_the_best_is_not_proved() -> None:
    of = instance("strict")
    plan = clear(of, 1)
    nobody = Objective(0, 0, 0, sum(abs(one.balance) for one in of.municipalities), 0, 0)
    faults = check(of, replace(plan, moves=(), objective=nobody))
    assert faults and all("better" in fault for fault in faults)


def test_a_plan_beyond_a_debt_is_not_lawful() -> None:
    of = instance("strict")
    plan = clear(of, 1)
    assert any("net" in fault for fault in check(of, replace(plan, moves=plan.moves[1:])))


def test_the_checker_recounts_the_numbers() -> None:
    of = instance("small")
    plan = clear(of, 1)
    numbers = plan.objective._replace(imbalance=plan.objective.imbalance - 1)
    assert any("objective" in fault for fault in check(of, replace(plan, objective=numbers)))


def test_a_certificate_of_other_prices_proves_nothing() -> None:
    of = instance("strict")
    plan = clear(of, 1)
    free = dict.fromkeys(plan.certificate.requests, (0,) * 7)
    assert check(of, replace(plan, certificate=replace(plan.certificate, requests=free))) != []


def test_a_seed_is_committed_to_without_being_told() -> None:
    assert commitment(7) == commitment(b"7") != commitment(8)
    assert len(commitment(b"x" * 32)) == 64
