"""A protected household whose data are words that stand nowhere else, and the search for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hemvist.assessments import service as assessments
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups import service as follow_ups
from hemvist.offers import service as offers
from hemvist.referrals import service as referrals
from hemvist_dump import forms
from hemvist_letters import letter_said
from hemvist_told import answers, content
from hemvist_world import HOUSING, PLAN, World, a_number, adult, caseworker_of

DEPARTMENT = "SOF-VUX"
ME = caseworker_of(DEPARTMENT)
NUMBER, CHILDS_NUMBER = a_number(date(1988, 9, 17)), a_number(date(2014, 2, 11))
#: The days of birth, of her and of the child.
BORN = tuple(date.fromisoformat(one[:8]) for one in (NUMBER, CHILDS_NUMBER))
PHONE = "070-998 41 41"
#: What stands nowhere but in this household's records.
GIVEN, CHILD, FAMILY = "Qvibyxa", "Qvibyxin", "Qvibyxsson"
STREET, DESIGNATION = "Wruntzgatan 41", "Wruntzkvarnen 7"
WORDS = "Ploffskad av en bror som söker efter henne."

_MARKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "name": ("qvibyx", (GIVEN, CHILD, FAMILY)),
    "number": (
        "|".join(rf"{one[2:8]}[-+]?{one[8:]}" for one in (NUMBER, CHILDS_NUMBER)),
        (NUMBER, CHILDS_NUMBER, NUMBER[2:], CHILDS_NUMBER[2:]),
    ),
    "address": ("wruntz", (STREET, DESIGNATION)),
    "phone": (r"070[- ]?998 ?41 ?41", (PHONE,)),
    "words": ("ploffsk", (WORDS,)),
}
EVERY = frozenset(_MARKS)


def traces(said: bytes, kinds: frozenset[str] = EVERY) -> set[str]:
    """What of the household stands in ``said``: in clear, in hex or in base64."""
    return {
        kind
        for kind in kinds
        if re.search(_MARKS[kind][0].encode(), said, re.IGNORECASE)
        or any(form.encode() in said for form in forms(_MARKS[kind][1]))
    }


def written(words: str) -> str:
    """``words`` as somebody writes them of this household."""
    return f"{words} {WORDS} Nås på {PHONE}."


def life(world: World, landlord: str) -> tuple[Case, dict[str, bytes]]:
    """From the application to the first follow-up; what the letters say."""
    shielded = {
        "family_name": FAMILY,
        "protection": "protected_registration",
        "protection_source": written("Polisen."),
    }
    household = world.household(
        adult(given_name=GIVEN, personal_number=NUMBER, **shielded),
        adult("child", given_name=CHILD, personal_number=CHILDS_NUMBER, **shielded),
    )

    def ago(days: int) -> date:
        return today() - timedelta(days=days)

    def step(who: str, verb: Callable[..., Any], name: str, row: Any, **more: Any) -> Any:
        version = world.again(row).version
        return world.act(who, verb, **{name: row.id}, expected_version=version, **more)

    case: Case = world.act(
        ME,
        cases.open_case,
        household_id=household.id,
        department=DEPARTMENT,
        opened_on=ago(200),
    )
    told = answers(DEPARTMENT, children=True)
    world.act(
        ME,
        assessments.answer_all,
        case_id=case.id,
        answers=[replace(one, reason=written(one.reason)) for one in told],
    )
    weighed = {"child_assessment": written("Barnet får ett tryggt hem.")}
    decision = world.grant(case, motivation=f"Behovet är stort. {WORDS}", **weighed)
    said = {name: written(value) for name, value in content(children=True).items()}
    referral = world.sign(world.draft(case, content=said), case)
    step(ME, referrals.submit, "referral_id", referral, on=ago(130))
    step("property", referrals.register, "referral_id", referral, on=ago(120))
    flat = world.unit(
        street_address=STREET,
        property_designation=DESIGNATION,
        landlord_organisation_number=landlord,
        landlord_name="Björkbo Fastigheter AB",
        rooms=2,
    )
    offer = world.offer(world.again(referral), flat)
    step(ME, offers.accept, "offer_id", offer, on=ago(95))
    contract = world.contract(offer)
    world.grant(case, HOUSING, on=ago(88), motivation=f"Bostaden passar. {WORDS}", **weighed)
    (due,) = world.rows(Obligation, case_id=case.id, code="first_follow_up")
    world.act(
        ME,
        follow_ups.record_follow_up,
        obligation_id=due.id,
        held_on=ago(60),
        departments=[DEPARTMENT, "FF"],
        resident_took_part=True,
        in_the_home=True,
        notes=written("Hon mår bättre."),
        plan={k: written(v) if isinstance(v, str) else v for k, v in PLAN.items()},
        expected_version=due.version,
    )
    letters = {
        kind: letter_said(world, case, kind, world.again(row), who).encode()
        for kind, row, who in (
            ("decision", decision, ME),
            ("referral", referral, ME),
            ("offer", offer, "property"),
            ("contract", contract, "property"),
        )
    }
    return case, letters
