"""A check of protection grows old: then nobody is known to be unprotected."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from hemvist.cases.facts import household_facts
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.households.models import Person
from hemvist.households.protection import is_protected, unprotected
from hemvist.tenancy import TenantSession
from hemvist_protection import looked_up, rely_for
from hemvist_world import World, adult, as_owner, new_world


@pytest.fixture
def fresh(database: str) -> World:
    return new_world()


def how(world: World, case: Case) -> tuple[bool, bool, str]:
    """Whether the household is protected, whether a person is in SQL, and what a guideline is told."""

    def read(session: TenantSession) -> tuple[bool, bool, str]:
        row = session.find(Case, case.id)
        clear = session.scalar(select(unprotected(today())).select_from(Person)) or False
        facts = household_facts(session, row, today())
        return is_protected(session, row.household_id), not clear, str(facts["protection"])

    found: tuple[bool, bool, str] = world.read(read)
    return found


@pytest.mark.parametrize(("days_ago", "known"), [(0, True), (90, True), (91, False), (400, False)])
def test_a_check_is_relied_on_for_so_many_days(fresh: World, days_ago: int, known: bool) -> None:
    case = fresh.case(adult())
    rely_for(fresh.tenant_id, 90)
    looked_up(fresh.tenant_id, case.household_id, days_ago)
    (person,) = fresh.rows(Person)
    assert person.unprotected_until == today() - timedelta(days=days_ago - 90)
    assert person.is_protected is not known
    assert how(fresh, case) == ((False, False, "none") if known else (True, True, "unknown"))


def test_the_kommuns_days_count_for_checks_made_before(fresh: World) -> None:
    case = fresh.case(adult())
    rely_for(fresh.tenant_id, 90)
    looked_up(fresh.tenant_id, case.household_id, 40)
    assert how(fresh, case) == (False, False, "none")
    rely_for(fresh.tenant_id, 30)
    assert how(fresh, case) == (True, True, "unknown")
    rely_for(fresh.tenant_id, 60)
    assert how(fresh, case) == (False, False, "none")


def test_nobody_can_write_the_day_themselves(fresh: World) -> None:
    """Whoever writes: the day follows from the level and the check, and from nothing else."""
    fresh.case(adult(protection="secrecy_mark"))
    with as_owner(fresh.tenant_id) as connection:
        connection.execute("UPDATE persons SET unprotected_until = '2999-01-01'")
    (person,) = fresh.rows(Person)
    assert person.unprotected_until is None and person.is_protected


@pytest.mark.parametrize(
    "level", ["secrecy_mark", "protected_registration", "fictitious", "unknown"]
)
def test_no_other_level_is_ever_unprotected(fresh: World, level: str) -> None:
    case = fresh.case(adult(protection=level, protection_checked_on=today()))
    assert how(fresh, case) == (True, True, level)
