"""In the portal: events recorded, contracts and decisions before the law, without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.decisions.models import Decision
from hemvist.identity import get_directory
from hemvist.milestones.models import Milestone
from hemvist.offers.models import Offer
from hemvist_graphql.ids import global_id
from hemvist_law import law_installed
from hemvist_milestones import milestones_installed
from hemvist_visits import Visit
from hemvist_world import BASIS, MUNICIPAL, SUPPORT, World, peopled

LogIn = Callable[..., Visit]
CASEWORKER, OFFICER = "aida.lindqvist", "ingrid.falk"


@pytest.fixture
def world(portal: FastAPI) -> World:
    """The kommun of the demo, where the portal's people work."""
    return peopled(get_directory().tenant_id("helsingborg"))


@pytest.fixture
def with_law() -> Iterator[None]:
    with law_installed():
        yield


@pytest.fixture
def with_milestones() -> Iterator[None]:
    with milestones_installed():
        yield


def page_of(kind: str, row: Any) -> str:
    return f"/helsingborg/{kind}/{global_id(kind.capitalize().rstrip('s'), row.id)}"


def text(day: date) -> str:
    return day.isoformat()


@pytest.mark.usefixtures("with_law")
def test_a_contract_that_the_law_warns_of(world: World, visit: LogIn) -> None:
    """Warned first, with nothing saved and nothing typed lost; signed with a reason, and shown."""
    case = world.case()
    offer: Offer = world.accepted(case, world.registered(case))
    officer, path = visit(OFFICER), f"{page_of('offers', offer)}/contract"
    status, form = officer.get(path)
    assert status == 200
    assert "Följer insatsen" in form and "Drogfrihet" not in form
    assert "Avståendet står i en egen handling" in form
    assert "Varför ni går vidare ändå" not in form
    day = text(today())
    fields: dict[str, str | list[str]] = {
        "signedOn": day,
        "startsOn": day,
        "toldOfLinkOn": day,
        "ownerNotifiedOn": day,
        "waiver.own_document": "true",
        "waiver.needs_approval": "false",
        # The empty row is skipped, and the second one keeps its words.
        "clauses[0].kind": "",
        "clauses[0].text": "",
        "clauses[1].kind": "other",
        "clauses[1].text": "Cykelrum ingår.",
    }
    status, warned, _ = officer.post(path, **fields)
    assert status != 303
    assert "Varför ni går vidare ändå" in warned
    assert "kortare än lagens" in warned
    assert "Cykelrum ingår." in warned
    assert world.rows(Contract, offer_id=offer.id) == []
    fields |= {"wentOnBecause": "Lagens tid gäller ändå.", "idempotencyKey": f"second-{case.id}"}
    status, page, target = officer.post(path, **fields)
    assert status == 303, page
    [contract] = world.rows(Contract, offer_id=offer.id)
    assert contract.waiver == {"own_document": True, "needs_approval": False}
    assert [one["text"] for one in contract.clauses] == ["Följer insatsen", "Cykelrum ingår."]
    _, shown = officer.get(target)
    assert "Lag och riktlinje" in shown and "Strider mot lagen" in shown
    assert "Lagens tid gäller ändå." in shown and "Cykelrum ingår." in shown
    assert "Tidigaste lagliga dag" in shown


@pytest.mark.usefixtures("with_law")
def test_a_clause_that_is_forbidden_is_told_with_its_source(world: World, visit: LogIn) -> None:
    case = world.case()
    offer: Offer = world.accepted(case, world.registered(case))
    officer, path = visit(OFFICER), f"{page_of('offers', offer)}/contract"
    day = text(today())
    status, refused, _ = officer.post(
        path,
        signedOn=day,
        startsOn=day,
        toldOfLinkOn=day,
        **{"clauses[0].kind": "home_visits", "clauses[0].text": "Besök varje vecka."},
    )
    assert status != 303
    assert "Lagen tillåter inte detta." in refused
    assert "JO 8958-2020" in refused and "Besök varje vecka." in refused
    _, english, _ = Visit(officer.client, officer.csrf, {"accept-language": "en"}).post(
        path, signedOn=day, startsOn=day, toldOfLinkOn=day, idempotencyKey=f"x-{case.id}",
        **{"clauses[0].kind": "home_visits", "clauses[0].text": "Besök varje vecka."},
    )  # fmt: skip
    assert "JO 8958-2020" in english


@pytest.mark.usefixtures("with_law")
def test_a_condition_needs_a_reason_and_stands_in_the_decision(world: World, visit: LogIn) -> None:
    case: Case = world.case()
    caseworker, path = visit(CASEWORKER), f"{page_of('cases', case)}/decision"
    fields: dict[str, str | list[str]] = {
        "kind": SUPPORT,
        "programme": MUNICIPAL,
        "outcome": "granted",
        "legalBasis": [BASIS],
        "motivation": "Behovet kan inte tillgodoses på annat sätt.",
        "validFrom": text(today()),
        "on": text(today()),
        "conditions[0].kind": "sobriety",
        "conditions[0].text": "Ska vara drogfri.",
    }
    status, warned, _ = caseworker.post(path, **fields)
    assert status != 303
    assert "Bistånd får inte villkoras med nykterhet." in warned
    fields |= {"wentOnBecause": "Den enskildes egen önskan.", "idempotencyKey": f"second-{case.id}"}
    status, page, target = caseworker.post(path, **fields)
    assert status == 303, page
    [decision] = world.rows(Decision, case_id=case.id)
    assert decision.went_on_because == "Den enskildes egen önskan."
    _, shown = caseworker.get(target)
    assert "Ska vara drogfri." in shown and "Den enskildes egen önskan." in shown
    assert "Strider mot lagen" in shown


@pytest.mark.usefixtures("with_milestones")
def test_an_event_is_recorded_from_the_case(world: World, visit: LogIn) -> None:
    """Offered among the next steps, recorded on its form, and shown on the case."""
    case: Case = world.case()
    world.grant(case)
    caseworker, own = visit(CASEWORKER), page_of("cases", case)
    _, before = caseworker.get(own)
    assert "Registrera en händelse" in before
    status, choose = caseworker.get(f"{own}/milestone")
    assert status == 200 and "Välj vad som har hänt." in choose
    _, form = caseworker.get(f"{own}/milestone?milestone=planning")
    assert "Planeringsmöte" in form and "Den boende" in form and "Mål" in form
    fields: dict[str, str | list[str]] = {
        "programme": MUNICIPAL,
        "milestone": "planning",
        "happenedOn": text(today()),
        "agendaDone": ["goals"],
        "notes": "Mål för våren.",
    }
    status, wrong, _ = caseworker.post(f"{own}/milestone", **fields)
    assert status != 303 and "Mål för våren." in wrong
    fields |= {"parties": ["referring", "resident"], "idempotencyKey": f"second-{case.id}"}
    status, page, target = caseworker.post(f"{own}/milestone", **fields)
    assert (status, target) == (303, own), page
    assert [row.code for row in world.rows(Milestone, case_id=case.id)] == ["planning"]
    _, after = caseworker.get(own)
    assert "Händelsen är registrerad." in after and "Mål för våren." in after
    # Sent twice, recorded once.
    assert caseworker.post(f"{own}/milestone", **fields)[0] == 303
    assert len(world.rows(Milestone, case_id=case.id)) == 1


@pytest.mark.usefixtures("with_milestones")
def test_a_step_of_the_order_leads_to_its_form(world: World, visit: LogIn) -> None:
    case: Case = world.case()
    caseworker, own = visit(CASEWORKER), page_of("cases", case)
    assert "milestone?milestone=planning" not in caseworker.get(own)[1]
    from hemvist.assessments import service as assessments

    world.act(
        "caseworker SOF-VUX",
        assessments.conclude,
        case_id=case.id,
        rule="entitled",
        conclusion=True,
        reason="Uppfyller villkoren.",
    )
    world.grant(case)
    assert "milestone?milestone=planning" in caseworker.get(own)[1]


@pytest.mark.usefixtures("with_milestones")
def test_a_notice_is_given_on_the_lease(world: World, visit: LogIn) -> None:
    case: Case = world.case()
    world.housed(case)
    officer, own = visit(OFFICER), page_of("cases", case)
    [lease] = world.rows(Contract, case_id=case.id)
    # A notice of a lease that is kept here is given on it: the event leads there.
    answer = officer.client.get(f"{own}/milestone?milestone=notice", headers=officer.headers)
    assert answer.status_code == 303
    there = answer.headers["location"]
    assert there == f"{page_of('contracts', lease)}/act/notice"
    _, form = officer.get(there)
    assert "Vem säger upp" in form and "Särskilt allvarlig misskötsamhet" in form
    status, refused, _ = officer.post(
        f"{own}/milestone",
        programme=MUNICIPAL,
        milestone="notice",
        happenedOn=text(today()),
        parties=["property"],
        **{"notice.given_by": "tenant"},
    )
    assert status == 409
    assert "Registrera uppsägningen på avtalets sida." in refused
    assert world.rows(Milestone, case_id=case.id) == []


def test_a_programme_without_events_has_no_form(world: World, visit: LogIn) -> None:
    case: Case = world.case()
    caseworker, own = visit(CASEWORKER), page_of("cases", case)
    assert caseworker.get(f"{own}/milestone")[0] == 404
    assert "Registrera en händelse" not in caseworker.get(own)[1]


def test_the_laws_clocks_stand_on_the_case(world: World, visit: LogIn) -> None:
    """Granted 150 days ago and not carried out."""
    case: Case = world.case()
    caseworker, own = visit(CASEWORKER), page_of("cases", case)
    assert "Lagens tider och gränser" not in caseworker.get(own)[1]
    world.grant(case)
    _, page = caseworker.get(own)
    assert "Lagens tider och gränser" in page
    assert "rapporteras till IVO" in page
