"""What each role is shown as theirs to do, and what a draft is filled in with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.guarantees.models import Guarantee
from hemvist.identity import Actor, Membership, Role
from hemvist.ids import new_id
from hemvist.notices import service as notices
from hemvist.notices.models import Notice
from hemvist.settings import get_settings
from hemvist.workdays import duties
from hemvist_api import ask, command, execute
from hemvist_graphql.context import Context
from hemvist_graphql.ids import global_id
from hemvist_world import GUARANTEE, World, adult, child, new_world

WHO = "caseworker SOF-VUX"
TODAY = """{ today {
  overdue { kind dueOn subjectId label(lang: "en") case { number } } dueSoon { dueOn }
  toSign { subjectId } toDecide { subjectId } toRegister { subjectId } toAnswer { subjectId dueOn }
  drafts { subjectType subjectId } notices { id kind label(lang: "en") subjectType subjectId }
} }"""
HEADINGS = (
    "overdue",
    "dueSoon",
    "toSign",
    "toDecide",
    "toRegister",
    "toAnswer",
    "drafts",
    "notices",
)


@pytest.fixture
def fresh(database: str) -> World:
    """A kommun in which nothing else waits."""
    return new_world()


def work(world: World, who: str) -> dict[str, Any]:
    """The headings under which something stands."""
    found = ask(world[who], TODAY)["today"]
    assert set(found) == set(HEADINGS)
    return {name: rows for name, rows in found.items() if rows}


def desk(world: World, who: str) -> dict[str, Any]:
    """``work`` without what the calendar brings."""
    found = work(world, who)
    return {name: rows for name, rows in found.items() if name not in ("overdue", "dueSoon")}


def test_nothing_to_do(fresh: World) -> None:
    assert all(work(fresh, who) == {} for who in fresh.people)


def test_a_referral_goes_from_desk_to_desk(fresh: World) -> None:
    case = fresh.case()
    proposal = fresh.propose(case)
    decision = {"subjectId": global_id("Decision", proposal.id)}
    assert desk(fresh, "manager SOF-VUX") == {"toDecide": [decision]}
    assert desk(fresh, WHO) == {}

    fresh = new_world()
    case = fresh.case()
    fresh.grant(case)
    draft = fresh.draft(case)
    referral = global_id("Referral", draft.id)
    assert desk(fresh, WHO) == {"drafts": [{"subjectType": "Referral", "subjectId": referral}]}
    assert desk(fresh, "manager SOF-VUX") == {}, "the resident has not signed"
    command(
        fresh[WHO],
        "recordResidentSignature",
        {
            "referralId": referral,
            "personId": global_id("Person", fresh.applicant(case)),
            "signedOn": str(draft.drafted_on),
            "expectedVersion": draft.version,
        },
        "referral { id }",
    )
    assert desk(fresh, "manager SOF-VUX") == {"toSign": [{"subjectId": referral}]}
    both = fresh.add(
        "both", Membership(Role.CASEWORKER, "AMF"), Membership(Role.DEPARTMENT_MANAGER, "AMF")
    )
    assert ask(both, TODAY)["today"]["toSign"] == []


def test_an_investigation_is_shown_while_nobody_else_can_go_on(fresh: World) -> None:
    def mine(who: str = WHO) -> list[str]:
        found = ask(fresh[who], "{ today { toContinue { number } } }")["today"]["toContinue"]
        return [one["number"] for one in found]

    later, first = fresh.case(), fresh.case(days_ago=230)
    assert mine() == [first.number, later.number], "oldest first"
    assert mine("caseworker AMF") == mine("manager SOF-VUX") == mine("property") == []
    fresh.propose(first)
    assert mine() == [later.number], "the manager decides"
    fresh.grant(later)
    assert mine() == [later.number], "the referral is to be written"
    fresh.draft(later)
    assert mine() == [], "what is being written stands among the drafts"


def test_submitted_and_offered(fresh: World) -> None:
    case = fresh.case()
    sent = fresh.submitted(case)
    assert desk(fresh, "property") == {
        "toRegister": [{"subjectId": global_id("Referral", sent.id)}]
    }
    other = fresh.case()
    offer = fresh.offer(fresh.registered(other), answer_by=today() + timedelta(days=2))
    assert desk(fresh, WHO) == {
        "toAnswer": [
            {"subjectId": global_id("Offer", offer.id), "dueOn": str(today() + timedelta(days=2))}
        ]
    }
    assert desk(fresh, "caseworker AMF") == {}


def test_obligations_of_both_sides(fresh: World) -> None:
    fresh.housed(fresh.case())
    own, theirs = work(fresh, WHO), work(fresh, "property")
    assert "first_follow_up" in [task["kind"] for task in own["overdue"]]
    assert [task["kind"] for task in theirs["overdue"]] == ["first_follow_up"]
    assert all(task["label"] and task["case"]["number"] for task in own["overdue"])
    days = [task["dueOn"] for task in own["overdue"]]
    assert days == sorted(days) and days[-1] < str(today())
    for task in own.get("dueSoon", []):
        assert str(today()) <= task["dueOn"] <= str(today() + timedelta(duties.SOON_DAYS))


def give_notice(world: World, case: Case, by: Actor | None = None) -> UUID:
    """Notice to the caseworkers of a case, of somebody's act where one is named; its source."""
    source = new_id()
    with world.session() as session:
        notices.notify(
            session,
            kind="offer_made",
            role="caseworker",
            department="SOF-VUX",
            case_id=case.id,
            subject_type="case",
            subject_id=case.id,
            source_id=source,
            caused_by=None if by is None else by.principal_id,
        )
    return source


def test_a_notice_is_read_once_for_all(fresh: World) -> None:
    case = fresh.case()
    give_notice(fresh, case)
    [notice] = work(fresh, WHO)["notices"]
    assert notice == {
        "id": notice["id"],
        "kind": "offer_made",
        "label": "Home offered",
        "subjectType": "Case",
        "subjectId": global_id("Case", case.id),
    }
    assert work(fresh, "manager SOF-VUX") == {}
    given = {"noticeId": notice["id"]}
    for who in ("manager SOF-VUX", "caseworker AMF", "property"):
        answer = command(fresh[who], "markNoticeRead", given, "notice { id }")
        assert answer["__typename"] == "NotFound"
    read = command(fresh[WHO], "markNoticeRead", given, "notice { readAt readBy { name } }")
    assert read["notice"]["readBy"] == {"name": WHO}
    assert work(fresh, WHO) == {}
    listed = "query Q($unread: Boolean) { notices(unreadOnly: $unread) { totalCount } }"
    assert ask(fresh[WHO], listed, unread=True) == {"notices": {"totalCount": 0}}
    assert ask(fresh[WHO], listed) == {"notices": {"totalCount": 1}}
    assert len(fresh.rows(Notice)) == 1


def test_ones_own_act_is_no_news(fresh: World) -> None:
    case = fresh.case()
    give_notice(fresh, case, fresh[WHO])
    another = give_notice(fresh, case, fresh["property"])
    [shown] = work(fresh, WHO)["notices"]
    [news] = fresh.rows(Notice, source_id=another)
    assert shown["id"] == global_id("Notice", news.id)
    assert ask(fresh[WHO], "{ notices { totalCount } }") == {"notices": {"totalCount": 1}}


def test_nobody_approves_their_own_and_is_told_why(fresh: World) -> None:
    fresh.add(
        "both", Membership(Role.CASEWORKER, "AMF"), Membership(Role.DEPARTMENT_MANAGER, "AMF")
    )
    case = fresh.case(department="AMF")
    proposed = command(
        fresh["both"],
        "proposeDecision",
        {
            "caseId": global_id("Case", case.id),
            "programme": "municipal_contract",
            "kind": "support_to_obtain_housing",
            "outcome": "granted",
            "legalBasis": ["sol_2025_11_1"],
            "motivation": "Behov.",
        },
        "decision { id version }",
    )["decision"]
    given = {"decisionId": proposed["id"], "expectedVersion": proposed["version"]}
    document = """mutation D($input: DecideInput!) { decide(input: $input) {
      ... on NotAllowed { message } } }"""
    answer = ask(fresh["both"], document, input={**given, "idempotencyKey": "own"})
    assert answer["decide"]["message"] == "Ingen godkänner det som hen själv har förberett."
    assert ask(fresh["both"], TODAY)["today"]["toDecide"] == []


def test_a_draft_is_filled_in_but_not_with_protected_names(fresh: World) -> None:
    case = fresh.case(adult(given_name="Hemlig", protection="fictitious"), child())
    draft = fresh.draft(case)
    document = "query Q($id: ID!) { node(id: $id) { ... on Referral { content { id prefill } } } }"
    found = ask(fresh[WHO], document, id=global_id("Referral", draft.id))["node"]["content"]
    filled = {item["id"]: item["prefill"] for item in found if item["prefill"]}
    assert "Skyddade personuppgifter, sökande" in filled["household"]
    # A child whose name is told leads to her as surely as her own.
    assert "Skyddade personuppgifter, barn" in filled["household"]
    assert "Hemlig" not in str(filled) and "Milo" not in str(filled)


def test_the_lease_shows_its_guarantee(fresh: World) -> None:
    case = fresh.case()
    offer = fresh.accepted(case, fresh.registered(case, GUARANTEE))
    given = {
        "offerId": global_id("Offer", offer.id),
        "signedOn": str(today() - timedelta(days=90)),
        "startsOn": str(today() - timedelta(days=80)),
    }
    selection = "contract { kind guarantee { months startsOn endsOn covers contract { id } } }"
    refused = command(fresh["property"], "signContract", given, selection)
    assert [one["rule"] for one in refused["problems"]] == ["guarantee_period"]
    months = command(
        fresh["property"], "signContract", {**given, "guaranteeMonths": 24}, selection
    )["contract"]
    assert months["kind"] == "first_hand"
    assert months["guarantee"]["months"] == 24
    assert months["guarantee"]["startsOn"] == given["startsOn"]
    assert len(fresh.rows(Guarantee)) == 1


@pytest.mark.parametrize("by_plan", [True, False])
def test_our_own_failure_tells_nothing_but_a_number(
    fresh: World,
    by_plan: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The database fails in the middle of a read, with personal data in its message."""
    monkeypatch.setattr(get_settings(), "compiled_reads", by_plan)
    row_id = global_id("Case", fresh.case().id)
    real = Context.session.fget
    assert real is not None

    def failing(context: Context) -> Any:
        session = real(context)
        session.execute(text("SELECT CAST(:name AS integer)"), {"name": "Alva Testsson"})
        return session

    monkeypatch.setattr(Context, "session", property(failing))
    answer = execute(
        fresh[WHO],
        "query Q($id: ID!) { me { name } case(id: $id) { number nextSteps { code } } }",
        {"id": row_id},
    )
    [error] = [one for one in answer["errors"] if one.get("path")]
    assert error["extensions"]["code"] == "INTERNAL"
    for word in ("Alva", "SELECT", "psycopg", "integer", "Traceback"):
        assert word not in str(answer)
    # Where a line goes depends on whether a process of the platform has been set up here before.
    screen = capsys.readouterr()
    logged = screen.out + screen.err + caplog.text
    assert error["extensions"]["requestId"] in logged
    assert "Alva" not in logged
