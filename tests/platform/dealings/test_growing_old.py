"""What landlords were shown is taken back when a check of protection has grown too old."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hemvist.clock import today
from hemvist.dealings.landlord_views import OFFERS, TENANCIES
from hemvist.dealings.models import Disclosure
from hemvist_dealings import new_dealings
from hemvist_protection import looked_up, rely_for
from hemvist_workers import chores
from hemvist_world import GUARANTEE, adult

MARK = "Skyddadsson"


@pytest.mark.parametrize(("age", "shown"), [(89, True), (90, True), (91, False)])
def test_the_sweep_takes_back_what_is_too_old(age: int, shown: bool, database: str) -> None:
    world = new_dealings()
    case = world.case(adult(family_name=MARK))
    offer = world.household_yes(case, world.accepted(case, world.registered(case, GUARANTEE)))
    world.contract(offer, told_of_link_on=None, guarantee_months=12)
    world.names_due(case)
    agent = world.landlord()
    assert agent.rows(TENANCIES)[0].sealed_name is not None
    # The day passes by itself: nobody writes the person's row.
    rely_for(world.tenant_id, 90)
    looked_up(world.tenant_id, case.household_id, 0)
    later = today() + timedelta(days=age)
    assert chores.withhold_stale(world.tenant_id, later) == (0 if shown else 1)
    assert (agent.rows(TENANCIES)[0].sealed_name is not None) is shown
    assert (agent.rows(OFFERS)[0].adults is not None) is shown
    (kept,) = world.rows(Disclosure)
    assert kept.withheld == (None if shown else "protected")
    assert chores.withhold_stale(world.tenant_id, later) == 0
