"""Residents of the demo: a newcomer sees takeovers on their way, and what is disputed."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import select

from hemvist.appeals.models import Appeal
from hemvist.clock import today
from hemvist.guarantees.models import GuaranteeClaim
from hemvist.policy import add_days, add_months
from hemvist.takeovers.models import Absence, Takeover
from hemvist.tenancy import Audience, tenant_session
from hemvist_infra import demo
from hemvist_infra.demo.kommuner import KOMMUNER
from hemvist_infra.demo.population import population
from hemvist_infra.demo.residents import resident_cases
from hemvist_infra.demo.tenancies import TENANCIES
from hemvist_registry import discovered
from hemvist_tenants import load_tenants
from hemvist_testing import owner_connection

SMALL = {"helsingborg": 90, "goteborg": 60}


@pytest.fixture(scope="module")
def seeded(database: str) -> dict[str, UUID]:
    """Two kommuner of the demo; their ids by slug."""
    demo.seed(lambda done, total: None, SMALL)
    with owner_connection() as connection:
        rows = connection.execute("SELECT slug, id FROM tenants").fetchall()
    return {slug: tenant_id for slug, tenant_id in rows if slug in SMALL}


@pytest.mark.parametrize("slug", sorted(TENANCIES))
def test_every_planned_resident_has_a_household_and_a_programme(slug: str) -> None:
    planned = resident_cases(population(slug, KOMMUNER[slug].size), slug, today())
    (pack,) = load_tenants()[slug].policy_packs
    assert [one.tenancy for one in planned] == list(TENANCIES[slug])
    assert len({one.household.position for one in planned}) == len(planned)
    for one in planned:
        assert one.household.department == one.tenancy.department
        assert one.tenancy.programme in discovered().get(pack).programmes


def test_takeovers_stand_at_every_point_of_their_way(seeded: dict[str, UUID]) -> None:
    """One can be asked for today, one has forty days of absence to wait, one was refused."""
    with tenant_session(Audience.STAFF, seeded["goteborg"]) as session:
        rows = session.scalars(select(Takeover)).all()
        (away,) = session.scalars(select(Absence)).all()
    assert Counter(row.state for row in rows) == {
        "waiting": 2,
        "asked": 1,
        "refused": 1,
        "done": 1,
    }
    waiting = sorted(row.eligible_on for row in rows if row.state == "waiting" and row.eligible_on)
    assert waiting[0] <= today() < waiting[1] <= add_months(today(), 6)
    moved_in = add_months(today(), -15)
    assert waiting[1] == add_days(add_months(moved_in, 18), 40)
    assert (away.ended_on - away.began_on).days == 39


def test_an_appeal_runs_and_a_landlord_has_claimed(seeded: dict[str, UUID]) -> None:
    with tenant_session(Audience.STAFF, seeded["helsingborg"]) as session:
        (appeal,) = session.scalars(select(Appeal)).all()
        (claim,) = session.scalars(select(GuaranteeClaim)).all()
    assert appeal.timely and appeal.state == "received" and appeal.received_on <= today()
    assert claim.state == "received" and claim.amount_ore > 0
