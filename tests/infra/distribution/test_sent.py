"""What commands and workers send to a database on many machines stays with their kommun.

The same check over everything that the tests send: ``hemvist citus check --statements`` (docs/growing.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from hemvist.by_value import by_value
from hemvist.clock import today
from hemvist.settings import get_settings
from hemvist_api import command
from hemvist_graphql.compiled.execution import forget
from hemvist_graphql.ids import global_id
from hemvist_infra.distribution.crossing import CROSSING
from hemvist_infra.distribution.sent import Sent, problems
from hemvist_statements import Noted, noting
from hemvist_workers import chores
from hemvist_world import SUPPORT, answers, manager_of, new_world

WHO = "caseworker SOF-VUX"


@pytest.fixture
def spread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The platform as it is on a database over many machines."""
    monkeypatch.setattr(get_settings(), "database_distributed", True)
    monkeypatch.setattr(get_settings(), "compiled_reads", True)
    forget()
    yield
    forget()


def told(noted: Noted) -> list[str]:
    """What Citus would refuse of what the platform sent."""
    sent = [Sent(role, place, text) for (role, text), place in noted.found.items()]
    assert sum(one.place != "tests" for one in sent) > 20
    return [str(one) for one in problems(sent)]


def test_a_case_from_its_opening_to_a_decision(database: str, spread: None) -> None:
    world, noted = new_world(), Noted()
    household = world.household()
    with noting(noted):
        given: dict[str, Any] = {
            "householdId": global_id("Household", household.id),
            "department": "SOF-VUX",
        }
        opened = command(world[WHO], "openCase", given, "case { id number }")
        case = world.case()
        some = [
            {"fact": one.fact, "value": one.value, "reason": "Omprövat.", "source": "samtal"}
            for one in answers("SOF-VUX")[:5]
        ]
        given = {"caseId": global_id("Case", case.id), "answers": some}
        command(world[WHO], "answerQuestions", given, "case { id }")
        proposal = world.propose(case)
        given = {
            "decisionId": global_id("Decision", proposal.id),
            "expectedVersion": proposal.version,
        }
        decided = command(world[manager_of("SOF-VUX")], "decide", given, "decision { id kind }")
    assert opened["case"]["number"]
    assert decided["decision"]["kind"] == SUPPORT
    assert told(noted) == []


def test_the_chores_of_a_night(database: str, spread: None) -> None:
    world, noted = new_world(), Noted()
    case = world.case()
    world.housed(case)
    with noting(noted):
        later = today() + timedelta(days=400)
        assert chores.mark_overdue(world.tenant_id, later)
        chores.expire_referrals(world.tenant_id, later)
        chores.expire_offers(world.tenant_id, later)
        chores.prune(world.tenant_id)
        chores.watch_takeovers(world.tenant_id)
        chores.watch_guarantees(world.tenant_id, later)
        chores.withhold_stale(world.tenant_id, later)
        chores.escalate_clocks(world.tenant_id)
    assert told(noted) == []


def test_what_crosses_says_how_and_why() -> None:
    assert len({one.name for one in CROSSING}) == len(CROSSING)
    assert all(one.reason and one.way.value and (one.role or one.place) for one in CROSSING)


def test_both_sides_get_the_value() -> None:
    tenant = uuid4()
    query = "SELECT 1 FROM a WHERE EXISTS (SELECT FROM b WHERE b.tenant_id = a.tenant_id OR b.x)"
    becomes = f"b.tenant_id = a.tenant_id AND b.tenant_id = '{tenant}' AND a.tenant_id = '{tenant}'"
    assert by_value(query, tenant) == query.replace("b.tenant_id = a.tenant_id", becomes)
    assert by_value(b"SELECT 1", tenant) == b"SELECT 1"
    assert by_value("SELECT x.tenant_id = %s", tenant) == "SELECT x.tenant_id = %s"
