"""In the portal: a plan made and signed, support commissioned, reported on and seen by its provider."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.commissions.models import Commission, SupportReport
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups.models import MissedFollowUp
from hemvist.identity import Membership, Role, get_directory
from hemvist.identity.support_providers import SupportProvider
from hemvist.support_plans.models import PlanGoal, SupportPlan
from hemvist_commissions import COMMISSION, REPORT
from hemvist_goteborg import housing_first, in_phase_1, sign
from hemvist_graphql.ids import global_id
from hemvist_incidents import social_contract
from hemvist_visits import Visit
from hemvist_world import World, peopled

LogIn = Callable[..., Visit]
MOVED_IN = today() - timedelta(days=40)
SENT_ON = MOVED_IN - timedelta(days=60)
PLAN = {
    "plan.formulated_by_participant": "true",
    "plan.own_goals": "Sova på nätterna och träffa folk.",
    "plan.how_and_when": "Tisdagar hemma.",
    "ownWords": "Jag vill ha lugn och ro.",
    "goals[0].goal": "Sova på nätterna",
    "goals[0].how": "Stödpersonalen hjälper till med gardiner",
    "goals[0].parts": "Mörkläggningsgardin\nIngen kaffe efter tre",
    "reviewOn": str(today() + timedelta(days=60)),
}


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    """Göteborg of the demo, with the people of the tests beside its own."""
    return housing_first(get_directory().tenant_id("goteborg"))


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    """Housed since a while, in phase 2."""
    made, referral = in_phase_1(world, MOVED_IN)
    sign(world, referral, MOVED_IN)
    return made


def written(document: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', document)
    assert found is not None, name
    return found[1]


def test_a_procured_provider_from_the_choice_to_a_report(
    world: World, case: Case, visit: LogIn
) -> None:
    """GBG-34 to GBG-38, GBG-62 to GBG-72: each by whom the routine says, on their own page."""
    place = f"/goteborg/cases/{global_id('Case', case.id)}/support"
    coordinator, caseworker = visit("irma.sjolund", "goteborg"), visit("gerd.malm", "goteborg")
    status, waiting = caseworker.get(place)
    assert status == 200 and "Väntar på samordnaren" in waiting
    status, page = coordinator.get(place)
    assert "Vem ger stödet?" in page and "Så fördelar sig uppdragen" in page
    status, _, page = coordinator.post(f"{place}/route", regime="procured", on=str(SENT_ON))
    assert status == 422
    routed = {"regime": "procured", "reason": "volume", "on": str(SENT_ON)}
    assert coordinator.post(f"{place}/route", **routed)[0] == 303
    assert "Väntar på att handläggaren väljer" in coordinator.get(place)[1]

    supplier = world.rows(SupportProvider, code="RAM-A")[0]
    chosen = {"providerId": global_id("SupportProvider", supplier.id), "reason": "wish"}
    assert caseworker.post(f"{place}/choose", **chosen, on=str(SENT_ON))[0] == 303
    [row] = world.rows(Commission, case_id=case.id)
    given = {"commissionId": global_id("Commission", row.id), "expectedVersion": str(row.version)}
    text = {f"content.{key}": str(value).lower() for key, value in COMMISSION.items()}
    text["content.wishes"] = "Någon att prata med."
    assert (
        caseworker.post(f"{place}/send", **given, ground="consent", sentOn=str(SENT_ON))[0] == 422
    )
    saved = caseworker.post(f"{place}/write", **given, **text, startsOn=str(SENT_ON))
    assert saved[0] == 303
    given["expectedVersion"] = str(world.again(row).version)
    sent = caseworker.post(f"{place}/send", **given, ground="consent", sentOn=str(SENT_ON))
    assert sent[0] == 303
    status, page = caseworker.get(place)
    assert "Någon att prata med." in page and "Utföraren har inte skickat uppföljningen" in page

    nils, mona = visit("nils.ferm", "goteborg"), visit("mona.dahlin", "goteborg")
    own = f"/goteborg/commissions/{given['commissionId']}"
    assert mona.get(own)[0] == 404
    status, listed = nils.get("/goteborg/commissions")
    assert status == 200 and case.number in listed and "saknas" in listed
    status, page = nils.get(own)
    assert status == 200 and "Någon att prata med." in page and "Fas 2" in page
    for hidden in (f"/goteborg/cases/{global_id('Case', case.id)}", place, "/goteborg/households"):
        assert nils.get(hidden)[0] in (403, 404), hidden
    reports = f"{own}/reports/"
    link = re.search(rf'{re.escape(reports)}([^"]+)"', page)
    assert link is not None
    report = {f"content.{key}": str(value) for key, value in REPORT.items()}
    half = {**report, "content.next_month": "", "act": "send", "expectedVersion": "0"}
    status, wanting, _ = nils.post(reports + link[1], **half)
    assert status == 422 and "Vad som planeras för nästa månad" in wanting
    whole = {**report, "act": "send", "expectedVersion": written(wanting, "expectedVersion")}
    again = {"idempotencyKey": nils.key(wanting)}
    assert nils.post(reports + link[1], **whole, **again)[0] == 303
    # A double click is carried out once.
    assert nils.post(reports + link[1], **whole, **again)[0] == 303
    [kept] = world.rows(SupportReport, case_id=case.id)
    assert kept.state == "sent"
    status, page = caseworker.get(place)
    assert "Betalplanen är klar." in page
    received = {"reportId": global_id("SupportReport", kept.id)}
    assert (
        caseworker.post(f"{place}/receive", **received, expectedVersion=str(kept.version))[0] == 303
    )
    assert world.again(kept).state == "received"
    # The property side sees that the support is given, and not what it is.
    status, page = coordinator.get(place)
    assert status == 200 and "Ramavtalsleverantör A" in page
    assert "Betalplanen är klar." not in page and "Någon att prata med." not in page


def test_the_provider_makes_the_plan_and_records_a_visit(
    world: World, case: Case, visit: LogIn
) -> None:
    """GBG-71, GBG-72, GBG-92; after the commission of the test before."""
    nils = visit("nils.ferm", "goteborg")
    [row] = world.rows(Commission, case_id=case.id)
    own = f"/goteborg/commissions/{global_id('Commission', row.id)}"
    assert nils.get(f"{own}/plan")[0] == 200
    assert nils.post(f"{own}/plan", **PLAN)[0] == 303
    [draft] = world.rows(SupportPlan, case_id=case.id)
    agreed = {"planId": global_id("SupportPlan", draft.id), "agreedOn": str(today())}
    saved = nils.post(f"{own}/plan/agree", **agreed, expectedVersion=str(draft.version))
    assert saved[0] == 303
    goals = sorted(world.rows(PlanGoal, plan_id=draft.id), key=lambda goal: goal.place)
    assert [goal.goal for goal in goals] == [
        "Sova på nätterna",
        "Mörkläggningsgardin",
        "Ingen kaffe efter tre",
    ]
    assert [goal.parent_id for goal in goals] == [None, goals[0].id, goals[0].id]
    due = min(
        world.rows(Obligation, case_id=case.id, code="home_visit", state="open"),
        key=lambda one: one.due_on,
    )
    place = f"{own}/visits/{global_id('Obligation', due.id)}"
    went = {"heldOn": str(due.due_on), "residentTookPart": "on", "notes": "Allt väl."}
    assert nils.post(place, **went, expectedVersion=str(due.version))[0] == 303
    assert world.again(due).state == "done"
    later = min(
        world.rows(Obligation, case_id=case.id, code="home_visit", state="open"),
        key=lambda one: one.due_on,
    )
    place = f"{own}/missed/{global_id('Obligation', later.id)}"
    lost = {"reason": "not_at_home", "happenedOn": str(later.due_on), "tried": "Ringde på."}
    assert nils.post(place, **lost, expectedVersion=str(later.version))[0] == 303
    assert world.again(later).state == "missed"
    [told] = world.rows(MissedFollowUp, obligation_id=later.id)
    # GBG-96: the development administration is notified.
    assert "EXF" in told.told


def test_the_plan_is_followed_gone_through_and_made_anew(
    world: World, case: Case, visit: LogIn
) -> None:
    gerd = visit("gerd.malm", "goteborg")
    place = f"/goteborg/cases/{global_id('Case', case.id)}/plan"
    status, page = gerd.get(place)
    assert status == 200
    for said in ("Jag vill ha lugn och ro.", "Stödet är aldrig ett villkor", "Fas 2", "Inom tiden"):
        assert said in page, said
    assert "JO 8958-2020" in page
    [plan] = world.rows(SupportPlan, case_id=case.id, state="agreed")
    goal = min(world.rows(PlanGoal, plan_id=plan.id), key=lambda one: one.place)
    reached = {"goal": f"{global_id('PlanGoal', goal.id)}:{goal.version}", "state": "reached"}
    assert gerd.post(f"{place}/goal", **reached)[0] == 303
    assert world.again(goal).state == "reached"
    review = {
        "planId": global_id("SupportPlan", plan.id),
        "heldOn": str(today()),
        "parties": ["resident", "caseworker"],
        "outcome": "goes_on",
        "expectedVersion": str(plan.version),
    }
    status, wrong, _ = gerd.post(f"{place}/review", **review)
    assert status == 422 and "Nästa genomgång" in wrong
    again = str(today() + timedelta(days=90))
    assert gerd.post(f"{place}/review", **review, nextOn=again)[0] == 303
    days = [
        (one.state, str(one.due_on))
        for one in world.rows(Obligation, case_id=case.id, code="plan_review")
    ]
    assert sorted(days) == [("done", str(today() + timedelta(days=60))), ("open", again)]
    status, form = gerd.get(f"{place}/draft")
    assert "Ingen kaffe efter tre" in form
    assert gerd.post(f"{place}/draft", **{**PLAN, "ownWords": "Nu sover jag."})[0] == 303
    draft = world.rows(SupportPlan, case_id=case.id, state="draft")[0]
    agreed = {"planId": global_id("SupportPlan", draft.id), "agreedOn": str(today())}
    assert gerd.post(f"{place}/agree", **agreed, expectedVersion=str(draft.version))[0] == 303
    states = {one.number: one.state for one in world.rows(SupportPlan, case_id=case.id)}
    assert states == {1: "replaced", 2: "agreed"}
    old = world.rows(Obligation, case_id=case.id, code="plan_review", state="cancelled")
    assert [str(one.due_on) for one in old] == [again]
    assert "Tidigare versioner" in gerd.get(place)[1]


def test_a_plan_of_three_parties_holds_when_all_have_signed(portal: FastAPI, visit: LogIn) -> None:
    """KSD-25 and KSD-26, in Karlstad: free headings, three signatures, then another version."""
    world = peopled(get_directory().tenant_id("karlstad"), {"ASF": ""})
    world.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    case = social_contract(world)
    petra = visit("petra.solberg", "karlstad")
    place = f"/karlstad/cases/{global_id('Case', case.id)}/plan"
    given = {
        "plan.agreed": "Hyran betalas den sista varje månad.",
        "sections[0].heading": "Husdjur",
        "sections[0].text": "Katten får följa med.",
        "ownWords": "Jag vill bo kvar.",
    }
    assert petra.post(f"{place}/draft", **given)[0] == 303
    [plan] = world.rows(SupportPlan, case_id=case.id)
    own = {"planId": global_id("SupportPlan", plan.id)}
    status, refused, _ = petra.post(
        f"{place}/agree", **own, agreedOn=str(today()), expectedVersion=str(plan.version)
    )
    assert status == 409 and "Parterna skriver under" in refused
    for party in ("resident", "landlord", "referring"):
        assert world.again(plan).state == "draft"
        signing = {**own, "party": party, "name": "Namn Namnsson", "signedOn": str(today())}
        version = str(world.again(plan).version)
        key = {"idempotencyKey": f"sign-{party}"}
        assert petra.post(f"{place}/sign", **signing, **key, expectedVersion=version)[0] == 303
    assert world.again(plan).state == "agreed"
    status, page = petra.get(place)
    assert page.count("Har skrivit under") == 3
    assert "Katten får följa med." in page and "Husdjur" in page
