"""Homes delivered on quotas, over random agreements and lives of homes, beside an oracle in SQL."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from hemvist.agreements import versions
from hemvist.agreements.models import AgreementVersion
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.identity import Membership, Role
from hemvist.indicators import of_homes
from hemvist.indicators.models import IndicatorSnapshot
from hemvist.indicators.snapshots import month_of
from hemvist.quotas.service import place_home
from hemvist.tenancy import tenant_session
from hemvist.units import states
from hemvist.units.models import Unit
from hemvist.vacancies import service as vacancies
from hemvist_agreements import NUMBER, OFFICER, confirmed, opened, with_quota
from hemvist_delivered_oracle import delivered
from hemvist_vacancies import flat, landlord_id
from hemvist_world import World, as_owner, new_world

SECOND = "property 2"
AREAS, PROPERTIES = ("Norr", "Söder"), ("Nyhuset 1", "Gamla 2", "Gamla 3")
CODES = ("first", "second", "third")
worlds = st.integers(0, 2**48).map(Random)


def a_day(world: Random, first: date, last: date) -> date:
    """Any day between two."""
    return first + timedelta(days=world.randint(0, max((last - first).days, 0)))


def a_quota(world: Random, code: str, per: str) -> dict[str, Any]:
    """What a version says of a quota; the third may lie within the first."""
    inside = code == "third" and world.random() < 0.8
    where = world.choice((*("any",) * 4, "new", "existing"))
    return {
        "code": code,
        "kind": world.choice(("number", "owner_directive", "beside_requirements")),
        "per": per,
        "homes": world.randint(0, 20),
        "counts": world.choice(("let", "taken_in")),
        "excluded_areas": world.sample(AREAS, world.choice((0, 0, 0, 1))),
        "delivered_in": where,
        "properties": [] if where == "any" and world.random() < 0.8 else [PROPERTIES[0]],
        "within_code": "first" if inside else None,
    }


def an_agreement(
    town: World, world: Random, first: date, turning: list[date]
) -> list[tuple[UUID, str]]:
    """In force, in one or two versions with up to three quotas; the quotas to place homes in.

    The days on which something begins to hold are put into ``turning``.
    """
    starts = a_day(world, first, first + timedelta(days=300))
    ends = world.choice((None, a_day(world, starts + timedelta(days=200), today())))
    agreement, draft = opened(town, starts_on=starts, ends_on=ends)
    pers = {code: world.choice(("year", "half_year", "agreement", "standing")) for code in CODES}
    codes = CODES[: world.choice((1, 2, 3, 3))]
    turning.append(starts)
    for code in codes:
        with_quota(town, draft, **a_quota(world, code, pers[code]))
    confirmed(town, draft, SECOND)
    if world.random() < 0.5:
        turning.append(a_day(world, starts + timedelta(days=1), ends or today()))
        town.act(
            OFFICER,
            versions.draft_version,
            agreement_id=agreement.id,
            holds_from=turning[-1],
            because="Ny överenskommelse.",
            expected_version=town.again(agreement).version,
        )
        [later] = town.rows(AgreementVersion, agreement_id=agreement.id, state="draft")
        code = world.choice(codes)
        with_quota(town, later, **a_quota(world, code, pers[code]))
        confirmed(town, later, SECOND)
    return [(agreement.id, code) for code in codes]


def a_life(town: World, world: Random, first: date, turning: list[date]) -> UUID | None:
    """A home that the landlord offers, and that may be let, given back and offered again."""
    owner = town.read(lambda session: landlord_id(session, NUMBER.replace("-", "")))
    said = flat(area=world.choice(AREAS), property_designation=world.choice(PROPERTIES))
    day = a_day(world, first, today() - timedelta(days=300))
    unit_id: UUID | None = None
    if world.random() < 0.5:
        # Offered before something begins to hold, and taken in after it.
        day = min(world.choice(turning), today()) - timedelta(days=world.randint(1, 12))

    def later(most: int) -> bool:
        nonlocal day
        day += timedelta(days=world.randint(1, most))
        return day <= today()

    for _ in range(world.randint(1, 3)):
        said |= {"available_from": day}
        row = town.act(OFFICER, vacancies.report, landlord_id=owner, on=day, **said)
        if not later(30):
            break
        answered = {"vacancy_id": row.id, "expected_version": row.version, "on": day}
        if world.random() < 0.15:
            town.act(OFFICER, vacancies.decline, code="too_expensive", **answered)
            continue
        unit_id = town.act(OFFICER, vacancies.take_in, **answered).unit_id
        assert unit_id is not None
        for _ in range(world.choice((0, 1, 1, 2))):
            if later(60):
                _to(town, unit_id, day, "offered", "reserved", "let")
            if later(300):
                _to(town, unit_id, day, "vacant")
        if later(60):
            _to(town, unit_id, day, "returned")
        if not later(90):
            break
    return unit_id


def _to(town: World, unit_id: UUID, day: date, *through: str) -> None:
    """The home comes into states, one after another on a day."""
    causes = {"offered": "offer_made", "reserved": "offer_accepted", "let": "contract_signed"}
    with town.session(town[OFFICER]) as session:
        unit = session.find(Unit, unit_id)
        session.lock(unit)
        for state in through:
            cause = causes.get(state, "contract_ended")
            states.move(session, town[OFFICER], unit, state, on=day, cause=cause)


# Not shrunk: each world is drawn from one number, and a smaller number is no simpler world.
@pytest.mark.timeout(300)
@settings(max_examples=25, deadline=None, phases=[Phase.generate])
@given(worlds)
def test_what_is_delivered_is_what_the_oracle_says(database: str, world: Random) -> None:
    town = new_world()
    town.add(SECOND, Membership(Role.PROPERTY_OFFICER, "FF"))
    first = date(today().year - 4, 1, 1)
    turning: list[date] = []
    quotas = [
        one for _ in range(world.randint(1, 2)) for one in an_agreement(town, world, first, turning)
    ]
    homes = [a_life(town, world, first, turning) for _ in range(world.randint(4, 12))]
    for home in homes:
        if home is not None and world.random() < 0.3:
            agreement, code = world.choice((*quotas, (None, None)))
            town.act(
                OFFICER,
                place_home,
                unit_id=home,
                agreement_id=agreement,
                code=code,
                because="Enligt överenskommelse.",
            )
    # Kept in two turns, as months go by.
    for day in sorted({a_day(world, first, today()), today()}):
        with tenant_session(Audience.WORKER, town.tenant_id) as session:
            of_homes.keep(session, day, ())
    kept = Counter(
        {row.month: row.facts for row in town.rows(IndicatorSnapshot, indicator=of_homes.DELIVERED)}
    )
    with as_owner(town.tenant_id) as owner:
        expected = delivered(owner, month_of(today()) - timedelta(days=1))
    event(f"delivered: {min(sum(expected.values()), 3)}")
    assert +kept == Counter(expected)
