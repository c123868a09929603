"""What a kommun does beside the main line: needs, matching, appeals, money, letters, absence.

One act of each kind, so that the API has shown an id of every type there is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hemvist.clock import today
from hemvist_api_arrears import in_arrears
from hemvist_api_away import asked_of_another_kommun, has_to_move, kept_secret, on_its_way_out
from hemvist_api_landlords import agreed, let_in, matched, shown_and_reported
from hemvist_api_office import Office
from hemvist_api_steering import compared, formed, log_reviewed, thinned
from hemvist_api_ways import Way, said
from hemvist_commissions import given_support
from hemvist_graphql.ids import require_row_id
from hemvist_not_held import visited
from hemvist_world import PLAN, SUPPORT


def further(office: Office, home: Way, lease: Way) -> None:
    """Beside ``home``, which has a municipal contract, and ``lease``, with a guarantee."""
    matched(office)
    _questioned(office, home)
    asked_of_another_kommun(office, home)
    has_to_move(office)
    kept_secret(office, home)
    on_its_way_out(office, home)
    _claimed_on(office, lease)
    _reported(office, home)
    visited(office.ledger.tenant_id, require_row_id("Case", home.case))
    _in_trouble(office, home)
    _planned(office, home)
    _supported(office, home)
    in_arrears(office, home)
    shown_and_reported(office)
    let_in(office, home)
    agreed(office)
    log_reviewed(office)
    thinned(office, home)
    compared(office)


def _questioned(office: Office, way: Way) -> None:
    """An appeal, an effort to carry the decision out, the quarter's report, and a letter."""
    voice, manager = office[way.caseworker], office[way.manager]
    query = (
        "query Q($id: ID!) { case(id: $id) { decisions { id kind decidedOn } contracts { id } } }"
    )
    case = voice.ask(query, id=way.case)["case"]
    decision = next(one for one in case["decisions"] if one["kind"] == SUPPORT)
    voice.do(
        "receiveAppeal",
        "appeal { id state }",
        decisionId=decision["id"],
        how="letter",
        asks=said("Vill bo kvar."),
    )
    voice.do(
        "recordExecutionEffort",
        "executionEffort { id }",
        decisionId=decision["id"],
        kind="other",
        obstacle="other",
        notes=said("Ringde värden."),
    )
    decided = date.fromisoformat(decision["decidedOn"])
    manager.do(
        "requestExecutionReport",
        "executionReport { id quarter }",
        department=way.department,
        quarter=f"{decided.year}-Q{(decided.month + 2) // 3}",
    )
    formed(office, way)
    office["officer"].do(
        "draftLetter",
        "letter { id kind }",
        caseId=way.case,
        kind="contract",
        subjectId=case["contracts"][0]["id"],
    )


def _claimed_on(office: Office, way: Way) -> None:
    """The landlord's claim, paid, asked back of the household, a part of it to be written off."""
    officer, manager = office["officer"], office[way.manager]
    query = "query Q($id: ID!) { case(id: $id) { guarantees { id version startsOn rentOre } } }"
    guarantee = officer.ask(query, id=way.case)["case"]["guarantees"][0]
    money, on = guarantee["rentOre"], guarantee["startsOn"]
    claim: dict[str, Any] = officer.do(
        "registerGuaranteeClaim",
        "guaranteeClaim { id version }",
        guaranteeId=guarantee["id"],
        kind="rent",
        amountOre=money,
        periodFrom=on,
        periodTo=way.day(75),
        documents=[{"kind": "rent_statement", "title": said("Hyresavi")}],
    )
    claim = manager.do(
        "decideGuaranteeClaim",
        "guaranteeClaim { id version }",
        guaranteeClaimId=claim["id"],
        outcome="approved",
        approvedOre=money,
        motivation=said("Hyran är obetald."),
        expectedVersion=claim["version"],
    )
    officer.do(
        "payGuaranteeClaim",
        "guaranteeClaim { id version }",
        guaranteeClaimId=claim["id"],
        amountOre=money,
        expectedVersion=claim["version"],
    )
    guarantee = officer.ask(query, id=way.case)["case"]["guarantees"][0]
    owed = officer.do(
        "demandRecourse",
        "guaranteeRecourse { id version }",
        guaranteeId=guarantee["id"],
        amountOre=money,
        instalments=[{"dueOn": way.day(400), "amountOre": money}],
        expectedVersion=guarantee["version"],
    )
    officer.do(
        "proposeWriteOff",
        "guaranteeWriteOff { id }",
        guaranteeRecourseId=owed["id"],
        amountOre=1_000,
        reason=said("Saknar betalningsförmåga."),
        expectedVersion=owed["version"],
    )


def _planned(office: Office, way: Way) -> None:
    """Another version of the plan with a goal, agreed and gone through."""
    voice = office[way.caseworker]
    plan = voice.do(
        "draftPlan",
        "supportPlan { id version goals { id } }",
        caseId=way.case,
        content=PLAN,
        ownWords=said("Jag vill bo kvar."),
        goals=[{"goal": said("Sova"), "parts": [{"goal": said("Lugna kvällar")}]}],
    )
    plan = voice.do(
        "agreePlan",
        "supportPlan { id version goals { id } }",
        planId=plan["id"],
        expectedVersion=plan["version"],
    )
    voice.do(
        "reviewPlan",
        "planReview { id }",
        planId=plan["id"],
        outcome="to_be_changed",
        parties=["resident", "caseworker"],
        expectedVersion=plan["version"],
    )


def _supported(office: Office, way: Way) -> None:
    """A provider's commission and its report, as the caseworker reads them."""
    given_support(office.ledger.tenant_id, require_row_id("Case", way.case))
    query = """query Q($id: ID!) { case(id: $id) { commissions {
        id provider { id name } reports { id state } } } }"""
    [commission] = office[way.caseworker].ask(query, id=way.case)["case"]["commissions"]
    assert commission["provider"] and commission["reports"]


def _reported(office: Office, way: Way) -> None:
    """A landlord's report of a disturbance, judged, with the promise that it starts."""
    voice = office[way.caseworker]
    incident = voice.do(
        "reportIncident",
        "incident { id version clocks { id } }",
        caseId=way.case,
        kind="disturbance",
        reportedBy="landlord",
        channel="phone",
        what=said("Hög musik om nätterna."),
        happenedOn=way.day(85),
    )
    voice.do(
        "assessIncident",
        "incident { id severity }",
        incidentId=incident["id"],
        severity="minor",
        reason=said("Första gången."),
        childrenNote=said("Inga barn var hemma."),
        expectedVersion=incident["version"],
    )


def _in_trouble(office: Office, way: Way) -> None:
    """A ladder with a meeting that is called, an action of a plan, another landlord's eviction."""
    officer = office["officer"]
    ladder = officer.do(
        "openLadder",
        "ladder { id version }",
        caseId=way.case,
        ground="misconduct",
        severity="serious",
        severityReason=said("Tre anmälningar på en vecka."),
        about=said("Hög musik om nätterna."),
        openedOn=way.day(86),
    )

    def step(command: str, selection: str, **given: Any) -> Any:
        now = officer.ask("query Q($id: ID!) { ladder(id: $id) { version } }", id=ladder["id"])
        version = now["ladder"]["version"]
        return officer.do(
            command, selection, ladderId=ladder["id"], expectedVersion=version, **given
        )

    step(
        "callMeeting",
        "jointMeeting { id }",
        called=["resident", "property"],
        meetsOn=way.day(92),
        calledOn=way.day(88),
        place=said("Rådhuset"),
    )
    step(
        "makeActionPlan",
        "ladder { actions { id } }",
        actions=[{"what": said("Sänker volymen."), "owner": "resident", "dueOn": way.day(99)}],
        agreedOn=way.day(92),
    )
    applied = step("applyForEviction", "eviction { id version }", byLandlord=True)
    officer.do(
        "setEvictionDate",
        "eviction { id }",
        evictionId=applied["id"],
        evictsOn=str(today() + timedelta(days=30)),
        expectedVersion=applied["version"],
    )
    # It is to be confirmed the same day.
    query = "query Q($id: ID!) { case(id: $id) { serviceClocks { id code } } }"
    assert office[way.caseworker].ask(query, id=way.case)["case"]["serviceClocks"]
