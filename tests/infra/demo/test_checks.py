"""The demo's people stay known as unprotected, whenever it is shown; nobody else becomes it."""

from __future__ import annotations

from datetime import timedelta

from hemvist.clock import today
from hemvist.households.models import Person
from hemvist_infra.demo import checks
from hemvist_protection import rely_for
from hemvist_world import adult, new_world


def test_whom_the_demo_made_is_looked_up_again(database: str) -> None:
    world = new_world()
    rely_for(world.tenant_id, 90)
    day = today()
    for name, level, source, days in (
        ("Old", "none", checks.SOURCE, 400),
        ("Recent", "none", checks.SOURCE, 10),
        ("Byhand", "none", "Pass", 400),
        ("Marked", "secrecy_mark", checks.SOURCE, 400),
    ):
        world.household(
            adult(
                given_name=name,
                protection=level,
                protection_source=source,
                protection_checked_on=day - timedelta(days=days),
            )
        )
    checks.renew(world.tenant_id)
    until = {one.given_name: one.unprotected_until for one in world.rows(Person)}
    assert until == {
        "Old": day + timedelta(days=90),
        "Recent": day + timedelta(days=80),
        "Byhand": day - timedelta(days=310),
        "Marked": None,
    }
