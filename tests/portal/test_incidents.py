"""In the portal: a report taken in, its clock counting, judged, answered, told back and closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME, now
from hemvist.identity import Membership, Role, get_directory
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.clocks import start_clocks
from hemvist.incidents.models import Incident
from hemvist_graphql.ids import global_id
from hemvist_incidents import social_contract
from hemvist_visits import Visit
from hemvist_world import World, peopled

LogIn = Callable[..., Visit]
OFFICE = "sanna.tervo"
NEIGHBOUR = "Grannen Greta Grind"
REPORT = {
    "kind": "disturbance",
    "what": "Hög musik hela natten.",
    "happenedOn": "2025-12-22",
    "happenedTime": "23:30",
    "receivedOn": "2025-12-23",
    "receivedTime": "16:00",
    "reportedBy": "landlord",
    "reporterName": NEIGHBOUR,
    "channel": "phone",
}


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    """Karlstad of the demo, with the people of the tests beside its own."""
    made = peopled(get_directory().tenant_id("karlstad"), {"ASF": ""})
    made.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    return made


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    """A household with a social contract."""
    return social_contract(world)


def test_a_report_from_the_telephone_to_the_end(world: World, case: Case, visit: LogIn) -> None:
    caseworker = visit("petra.solberg", "karlstad")
    own = f"/karlstad/cases/{global_id('Case', case.id)}"
    assert f"{own}/incident" in caseworker.get(own)[1]
    status, form = caseworker.get(f"{own}/incident")
    assert status == 200 and "Anmälarens namn" in form

    status, wrong, _ = caseworker.post(f"{own}/incident", **{**REPORT, "receivedTime": "16.77"})
    assert status == 422 and "TT:MM" in wrong and "Hög musik hela natten." in wrong
    status, wrong, _ = caseworker.post(f"{own}/incident", **{**REPORT, "happenedOn": "2025-12-24"})
    assert status == 422 and "efter att det anmäldes" in wrong
    status, _, page = caseworker.post(f"{own}/incident", **REPORT)
    assert status == 303 and "/incidents/" in page
    row = world.rows(Incident, case_id=case.id)[0]
    [clock] = world.rows(ServiceClock, incident_id=row.id)

    shown = caseworker.get(page)[1]
    assert "2025-12-25 16:00" in shown and "Gick ut för" in shown and "clock--stop" in shown
    assert "Inte bedömd" in shown and NEIGHBOUR in shown
    listed = caseworker.get("/karlstad/incidents")[1]
    assert page in listed and "Tidsgränser att besvara" in listed and NEIGHBOUR not in listed
    assert page not in caseworker.get("/karlstad/incidents?which=closed")[1]
    assert caseworker.get(f"/karlstad/clocks/{global_id('ServiceClock', clock.id)}")[0] == 303

    def act(name: str, **fields: str | list[str]) -> tuple[int, str, str]:
        given = {"expectedVersion": str(world.again(row).version), "on": "2025-12-24"}
        return caseworker.post(f"{page}/{name}", **given, time="09:15", **fields)

    assert act("assess", severity="serious", reason="")[0] == 422
    assert act("assess", severity="serious", reason="Andra gången.")[0] == 303
    status, wrong, _ = act("close", outcome="corrected", confirmed="yes", note="Klart.")
    assert status == 409 and "tidsgräns" in wrong
    done = {"kind": "called_out", "notes": "Var på plats och talade med hyresgästen."}
    answered = act("act", **done, serviceClockIds=[global_id("ServiceClock", clock.id)])
    assert answered[0] == 303, answered[1]
    shown = caseworker.get(page)[1]
    assert "Hållen, 1 dygn 6 timmar före" in shown and "clock--go" in shown

    said = {"words": ["received", "not_confirmed"], "ground": "necessity", "toldHow": "phone"}
    assert act("tell", **said, groundNote="Värden ska veta att vi kom.")[0] == 422
    said["words"] = ["received", "been_there", "under_way"]
    assert act("tell", **said)[0] == 422
    assert act("tell", **said, groundNote="Värden ska veta att vi kom.")[0] == 303
    shown = caseworker.get(page)[1]
    assert "Vi har tagit emot er anmälan. Vi arbetar med den. Vi har varit på plats." in shown

    assert act("close", outcome="corrected", note="Lugnt sedan dess.")[0] == 422
    assert act("close", outcome="corrected", confirmed="yes", note="Lugnt sedan dess.")[0] == 303
    assert "Händelsen är avslutad." in caseworker.get(page)[1]
    assert page in caseworker.get("/karlstad/incidents?which=closed&kind=disturbance")[1]


def test_a_clock_that_counts_nothing_is_taken_away_with_a_reason(
    world: World, case: Case, visit: LogIn
) -> None:
    caseworker = visit("petra.solberg", "karlstad")
    own = f"/karlstad/cases/{global_id('Case', case.id)}"
    page = caseworker.post(f"{own}/incident", idempotencyKey="second", **REPORT)[2]
    [clock] = world.rows(ServiceClock, case_id=case.id, state="running")
    path = f"{page}/clocks/{global_id('ServiceClock', clock.id)}"
    assert caseworker.post(path, expectedVersion=str(clock.version), reason="")[0] == 422
    assert caseworker.post(path, expectedVersion=str(clock.version), reason="Dubblett.")[0] == 303
    assert world.again(clock).state == "cancelled"
    shown = caseworker.get(page)[1]
    assert "Borttagen" in shown and "Dubblett." in shown


def test_the_property_office_sees_what_it_was_let_know_of(
    world: World, case: Case, visit: LogIn
) -> None:
    caseworker, office = visit("petra.solberg", "karlstad"), visit(OFFICE, "karlstad")
    own = f"/karlstad/cases/{global_id('Case', case.id)}"
    page = caseworker.post(f"{own}/incident", idempotencyKey="third", **REPORT)[2]
    assert office.get(page)[0] == 404
    row = next(one for one in world.rows(Incident) if global_id("Incident", one.id) in page)
    shared = {"ground": "consent", "consentedOn": "2025-12-23"}
    status, _, _ = caseworker.post(f"{page}/share", expectedVersion=str(row.version), **shared)
    assert status == 303
    status, seen = office.get(page)
    assert status == 200 and "Visas bara för den förvaltning" in seen
    assert NEIGHBOUR not in seen and "Hög musik" not in seen


def test_a_home_leads_to_who_lives_there(world: World, case: Case, visit: LogIn) -> None:
    office = visit(OFFICE, "karlstad")
    unit = world.rows(Incident, case_id=case.id)[0].unit_id
    path = f"/karlstad/units/{global_id('Unit', unit)}/incident"
    assert "Anmälan kopplas till det hushåll" in office.get(path)[1]
    status, _, page = office.post(path, **{**REPORT, "reportedBy": "patrol"})
    assert status == 303
    status, seen = office.get(page)
    assert status == 200 and NEIGHBOUR in seen and "Hög musik" in seen


def test_a_clock_of_the_law_has_a_page_of_its_own(world: World, case: Case, visit: LogIn) -> None:
    """It would keep the case from being closed: it is answered, or taken away with a reason."""
    caseworker = visit("petra.solberg", "karlstad")
    actor = world["caseworker ASF"]
    began = now() - timedelta(hours=2)
    with world.session(actor) as session:
        [dated] = start_clocks(session, actor, case, "eviction_dated", began, "case", case.id)
        [rent] = start_clocks(session, actor, case, "rent_unpaid", began, "case", case.id)
    path = f"/karlstad/clocks/{global_id('ServiceClock', rent.id)}"
    status, page = caseworker.get(path)
    assert status == 200 and "Hyresskulden kan betalas" in page and "kvar" in page
    assert path in caseworker.get(f"/karlstad/cases/{global_id('Case', case.id)}")[1]
    early = {"on": "2025-01-01", "time": "12:00", "expectedVersion": "1"}
    status, page, _ = caseworker.post(f"{path}/answer", **early)
    assert status == 422 and "får inte vara före" in page
    local = (now() - timedelta(hours=1)).astimezone(SWEDISH_TIME)
    done = {"on": local.date().isoformat(), "time": local.strftime("%H:%M"), "expectedVersion": "1"}
    assert caseworker.post(f"{path}/answer", idempotencyKey="a", **done)[0] == 303
    assert world.again(rent).state == "kept"
    other = f"/karlstad/clocks/{global_id('ServiceClock', dated.id)}"
    assert caseworker.post(f"{other}/cancel", expectedVersion="1", reason="")[0] == 422
    gone = {"expectedVersion": "1", "reason": "Ansökan är återkallad."}
    assert caseworker.post(f"{other}/cancel", idempotencyKey="b", **gone)[0] == 303
    assert "Ansökan är återkallad." in caseworker.get(other)[1]
