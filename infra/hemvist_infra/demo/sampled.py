"""Cases of the kommuner whose guideline comes with example households: its ``cases.yaml``.

Each case is given the answers of one sentence about an entry rule, so that the demo shows what the
pack's author thought of: households within, without and on the edge, and some where facts lack.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from random import Random
from typing import Any
from uuid import UUID

import yaml

from hemvist.assessments import service as assessments
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.policy import Pack, evaluate, load_pack
from hemvist.policy.facts import FactKind
from hemvist.policy.registry import pack_folders
from hemvist.policy.sentences import CASES
from hemvist.tenancy import TenantSession
from hemvist_infra.demo import words
from hemvist_infra.demo.people import Staff
from hemvist_infra.demo.population import PlannedHousehold

#: How many of the households have a case; the rest have only been met.
SHARE = 0.6
#: How many of the cases that the engine can answer have been concluded.
_CONCLUDED = 0.7
_SPREAD = (50, 80, 100, 100, 120, 150)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a sentence says of a household: the rule it is about, and the answers of a person."""

    rule: str
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SampledCase:
    """A household's case, the day it was opened, and the answers to give."""

    household: PlannedHousehold
    opened_on: date
    sample: Sample
    concluded: bool


def sampled_cases(
    households: Sequence[PlannedHousehold], pack: str, today: date
) -> list[SampledCase]:
    """The cases of a population. The same households have the same answers, whatever the day."""
    samples = _samples(pack)
    found = []
    for household in households:
        dice = Random(f"sample:{household.slug}:{household.position}")  # noqa: S311 - repeatable
        sample, ago = dice.choice(samples), dice.randrange(3, 420)
        if dice.random() < SHARE:
            spread = Sample(sample.rule, _spread(sample.given, dice))
            concluded = dice.random() < _CONCLUDED
            found.append(SampledCase(household, today - timedelta(days=ago), spread, concluded))
    return found


def live(
    session: TenantSession, staff: Staff, planned: SampledCase, household_id: UUID, today: date
) -> Case:
    """Open the case, answer, and draw the conclusion where the engine has one."""
    department = planned.household.department
    caseworker = staff.caseworker(department)
    dice = Random(f"sampled life:{planned.household.position}")  # noqa: S311 - repeatable
    case = cases.open_case(
        session,
        caseworker,
        household_id=household_id,
        department=department,
        opened_on=planned.opened_on,
    )
    day = min(planned.opened_on + timedelta(days=4), today)
    given = dict(planned.sample.given)
    if given:
        assessments.answer_all(
            session,
            caseworker,
            case_id=case.id,
            answers=words.as_answers(given, dice, effective_on=day),
        )
    day = min(day + timedelta(days=5), today)
    pack = _packs()[case.pack]
    answer = evaluate(
        pack, planned.sample.rule, assessments.facts_of(session, case, day), day
    ).outcome
    if planned.concluded and answer != "unknown":
        assessments.conclude(
            session,
            caseworker,
            case_id=case.id,
            rule=planned.sample.rule,
            conclusion=answer == "true",
            on=day,
        )
    return case


@lru_cache(maxsize=1)
def _packs() -> dict[str, Pack]:
    folders = pack_folders(files("hemvist_policy_packs"))
    return {pack.name: pack for pack in map(load_pack, folders)}


@lru_cache(maxsize=16)
def _samples(name: str) -> tuple[Sample, ...]:
    """The sentences of the pack's entry rules, with what a person answers in them."""
    for folder in pack_folders(files("hemvist_policy_packs")):
        pack = load_pack(folder)
        if pack.name == name:
            written = yaml.safe_load(folder.joinpath(CASES).read_text("utf-8"))
            break
    else:
        raise LookupError(f"{name} is not installed")
    rules = {programme.entry for programme in pack.programmes.values()}
    bases = written.get("households", {}) if isinstance(written, dict) else {}
    sentences = written["cases"] if isinstance(written, dict) else written
    return tuple(
        Sample(one["rule"], answers)
        for one in sentences
        if one.get("rule") in rules
        for given in [{**bases.get(one.get("household"), {}), **one.get("given", {})}]
        for answers in [_asked(pack, given)]
        if answers
    )


def _asked(pack: Pack, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a person answers: not what the record tells, and nothing that is not known."""
    return {
        name: _plain(value)
        for name, value in given.items()
        if value is not None and pack.facts[name].kind is not FactKind.DERIVED
    }


def _plain(value: Any) -> Any:
    """JSON data: YAML makes dates of what looks like one."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


def _spread(given: Mapping[str, Any], dice: Random) -> dict[str, Any]:
    """The answers with sums of money made a little larger or smaller."""
    return {name: _scaled(value, dice) for name, value in given.items()}


def _scaled(value: Any, dice: Random) -> Any:
    # Sums are in öre: smaller numbers are counts, and stay what they are.
    if isinstance(value, int) and not isinstance(value, bool) and value >= 10_000:
        return value * dice.choice(_SPREAD) // 100
    if isinstance(value, list):
        return [_scaled(one, dice) for one in value]
    if isinstance(value, dict):
        return {key: _scaled(one, dice) for key, one in value.items()}
    return value
