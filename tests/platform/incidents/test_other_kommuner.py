"""The same register under other guidelines: Nynäshamn acts the same day, Jönköping counts what was
confirmed, the law's clocks run everywhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hemvist.assessments import by_choice
from hemvist.cases.models import CaseDisclosure
from hemvist.clock import SWEDISH_TIME, today
from hemvist.errors import Conflict
from hemvist.incidents import clocks, service
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.models import Incident
from hemvist.policy import PolicyError
from hemvist_incidents import at
from hemvist_pack_cases import Walk
from hemvist_world import World

NYNASHAMN = {"reasons": "Ägarna har sagt nej.", "household": "En vuxen.", "home_needed": "En etta."}
SIGNED_ON = date(2025, 11, 3)
OWNER_CALLS: dict[str, Any] = {
    "kind": "disturbance",
    "reported_by": "landlord",
    "channel": "phone",
    "what": "Högt ljud.",
}


def act(world: World, who: str, verb: Any, incident: Incident, **given: Any) -> Any:
    """One act on the incident by its present version."""
    version = world.again(incident).version
    return world.act(who, verb, incident_id=incident.id, expected_version=version, **given)


def test_nynashamns_consultant_acts_the_same_day_and_is_told_at_once(database: str) -> None:
    """NYN-25: the owner calls; the clock is the property side's, which therefore knows of it."""
    walk = Walk.of("nynashamn/andrahandskontrakt", "SOC", "BT", "0192", NYNASHAMN)
    case = walk.opened(
        SIGNED_ON - timedelta(days=60),
        refused_by_owners=True,
        only_economic_problems=False,
        will_manage=True,
    )
    walk.taken(case, "second_hand_contract", SIGNED_ON)
    incident = walk.world.act(
        walk.caseworker,
        service.report,
        case_id=case.id,
        happened_on=date(2025, 12, 5),
        received_at=at("2025-12-05 23:30"),
        **OWNER_CALLS,
    )
    [clock] = walk.world.rows(ServiceClock, incident_id=incident.id)
    assert (clock.code, clock.departments) == ("disturbance", ["BT"])
    assert clock.due_at == datetime(2025, 12, 6, tzinfo=SWEDISH_TIME)
    assert incident.shared_on == date(2025, 12, 5)
    line = walk.world.rows(CaseDisclosure, case_id=case.id, department="BT")[-1]
    assert line.ground.startswith("OSL 10:2")
    done = {"kind": "called_out", "notes": "Ringde på.", "service_clock_ids": [clock.id]}
    act(walk.world, "property", service.act, incident, at=at("2025-12-05 23:59"), **done)
    assert walk.world.again(clock).state == "kept"


@pytest.mark.parametrize(("confirmed", "outcome"), [(True, "false"), (False, "unknown")])
def test_jonkoping_recommends_nobody_with_a_confirmed_disturbance(
    database: str, confirmed: bool, outcome: str
) -> None:
    """JKP-26: what the register confirms decides; where it does not, the other conditions are asked."""
    walk = Walk.of("jonkoping/sociala-kontrakt", "SOC", "TK", "0680", {})
    day = today() - timedelta(days=30)
    case = walk.opened(day)

    def said() -> str:
        found = walk.world.read(
            lambda session: by_choice.try_rule(session, case, "may_be_recommended", today())
        )
        assert found is not None
        return str(found.outcome.value)

    assert said() == "unknown"
    incident = walk.world.act(
        walk.caseworker, service.report, case_id=case.id, happened_on=day, **OWNER_CALLS
    )
    act(walk.world, walk.caseworker, service.assess, incident, severity="minor", reason="Första.")
    for clock in walk.world.rows(ServiceClock, incident_id=incident.id):
        pytest.fail(f"Jönköping promises no time: {clock.code}")
    ended = {"outcome": "corrected", "note": "Lugnt.", "confirmed": confirmed}
    act(walk.world, walk.caseworker, service.close, incident, **ended)
    assert said() == outcome


def test_the_laws_clocks_run_in_every_kommun_and_once(database: str) -> None:
    """SOF 11:3 and JB 12:44, started on any subject; told twice, they are the same clocks."""
    walk = Walk.of("jonkoping/sociala-kontrakt", "SOC", "TK", "0680", {})
    case, world = walk.opened(SIGNED_ON), walk.world
    actor = world[walk.caseworker]

    def start(event: str, when: str) -> list[ServiceClock]:
        with world.session(actor) as session:
            return clocks.start_clocks(session, actor, case, event, at(when), "case", case.id)

    [same_day] = start("eviction_dated", "2026-02-10 10:00")
    assert same_day.due_at == datetime(2026, 2, 11, tzinfo=SWEDISH_TIME)
    assert (same_day.source, same_day.departments) == ("law/sweden", ["SOC"])
    assert start("eviction_dated", "2026-02-11 10:00") == []
    [arrears] = start("rent_unpaid", "2026-02-10 10:00")
    assert arrears.due_on == date(2026, 3, 3)
    with pytest.raises(PolicyError):
        start("noise", "2026-02-10 10:00")

    with world.session(actor) as session:
        found = clocks.clocks_of(session, case.id, event="rent_unpaid", unanswered=True)
        clocks.stop_clock(session, actor, case, found[0], at("2026-03-03 23:59"))
    with world.session(actor) as session, pytest.raises(Conflict):
        clocks.cancel_clock(session, actor, case, world.again(arrears), "Betald.")
    assert world.again(arrears).state == "kept"
