"""Today's page in one statement: every list says and logs what the ordinary path does."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.deadlines.models import Obligation
from hemvist.identity import Actor, Membership, Role
from hemvist.notices import service as notices
from hemvist.pack_versions.models import PackVersion, PackVersionEvent
from hemvist.referrals import signing
from hemvist.tenancy import TenantSession
from hemvist_graphql import today as heading
from hemvist_graphql.compiled import Why
from hemvist_graphql.compiled.execution import forget
from hemvist_paths import Told, ordinary, planned
from hemvist_world import World, adult, new_world

TODAY = """query Today($lang: String! = "sv") { today { __typename
  overdue { ...T } dueSoon { ...T } toSign { ...T } toDecide { ...T } toRegister { ...T }
  toAnswer { ...T } drafts { ...T } toContinue { id number openedOn household { alias } }
  toApprove { id pack number inForceFrom submittedAt submittedBy { name } }
  notices { id kind createdAt subjectType subjectId case { number } }
  again: drafts { __typename kind }
} }
fragment T on Task {
  __typename kind dueOn subjectType subjectId label(lang: $lang) english: label(lang: "en")
  case { id number household { alias anyoneProtected members { role
    person { givenName familyName personalNumber } } } } }"""
HEADINGS = (
    *("overdue", "dueSoon", "toSign", "toDecide", "toRegister", "toAnswer", "drafts"),
    *("toContinue", "toApprove", "notices"),
)
WHO = "caseworker SOF-VUX"


@pytest.fixture(scope="module")
def busy(database: str) -> World:
    """A kommun in which something stands under every heading, also of protected households."""
    world = new_world()
    for department in ("SOF-VUX", "AMF"):
        for protection in ("none", "secrecy_mark"):
            _fill(world, department, protection)
    world.add("policy", Membership(Role.POLICY_OFFICER, ""))
    world.add("other policy", Membership(Role.POLICY_OFFICER, ""))
    world.add("admin", Membership(Role.TENANT_ADMIN, ""))
    world.add("nobody")
    world.add("everything", *(Membership(role, "SOF-VUX") for role in Role))
    world.add(
        "two departments",
        Membership(Role.DEPARTMENT_MANAGER, "SOF-VUX"),
        Membership(Role.CASEWORKER, "AMF"),
        Membership(Role.PROPERTY_OFFICER, "FF"),
    )
    case = world.rows(Case)[0]
    with world.session() as session:
        for number, (made_by, wrote) in enumerate(
            [("policy", None), ("other policy", "policy"), ("admin", "admin"), (None, None)]
        ):
            _version(session, world, case.pack, f"2199.{number}.0", made_by, wrote)
    return world


def _fill(world: World, department: str, protection: str) -> None:
    worker = f"caseworker {department}"
    case = world.case(adult(protection=protection), department=department)

    def other() -> Case:
        return world.case(department=department)

    world.housed(other())
    world.submitted(world.case(adult(protection=protection), department=department))
    world.offer(world.registered(other()), answer_by=today() + dt.timedelta(days=3))
    world.propose(other())
    draft = world.draft(case)
    world.act(
        worker,
        signing.record_resident_signature,
        referral_id=draft.id,
        person_id=world.applicant(case),
        signed_on=draft.drafted_on,
        expected_version=draft.version,
    )
    other()
    with world.session() as session:
        for role in ("caseworker", "department_manager"):
            notices.notify(
                session,
                kind="offer_made",
                role=role,
                department=department,
                case_id=case.id,
                subject_type="referral",
                subject_id=draft.id,
                source_id=case.id,
            )


def _version(
    session: TenantSession,
    world: World,
    pack: str,
    number: str,
    made_by: str | None,
    wrote: str | None,
) -> None:
    made = session.save(
        PackVersion(
            pack=pack,
            number=number,
            in_force_from=today(),
            content_hash="0" * 64,
            based_on="2026.1.0",
            made_at=now(),
            made_by=world[made_by].principal_id if made_by else None,
            state="submitted",
            submitted_at=now(),
        )
    )
    for kind in ("changed", "checked"):
        session.save(
            PackVersionEvent(
                pack_version_id=made.id,
                at=now(),
                kind=kind,
                state="draft",
                content_hash="0" * 64,
                # Who has only checked it has not prepared it.
                principal_id=world[wrote if kind == "changed" else "other policy"].principal_id
                if wrote
                else None,
                actor_name="",
            )
        )


def same(actor: Actor, **variables: Any) -> dict[str, Any]:
    """Today's lists; both paths must tell and log the same."""
    by_plan = planned(actor, TODAY, variables)
    assert isinstance(by_plan, Told), by_plan
    assert by_plan == ordinary(actor, TODAY, variables)
    found: dict[str, Any] = json.loads(by_plan.data)["today"]
    return found


def test_everybody_reads_their_day_alike(busy: World) -> None:
    seen: set[str] = set()
    for actor in busy.people.values():
        for lang in ("sv", "en", "xx"):
            found = same(actor, lang=lang)
        seen |= {name for name in HEADINGS if found[name]}
    assert seen == {*HEADINGS}


def test_what_stands_under_the_headings(busy: World) -> None:
    found = same(busy["manager SOF-VUX"])
    assert [one["kind"] for one in found["toSign"]] == ["sign_referral"] * 2
    protected = [one["case"]["household"]["anyoneProtected"] for one in found["toSign"]]
    assert protected == [False, True]
    assert found["toSign"][0]["label"] != found["toSign"][0]["english"]
    assert found["toSign"][0]["subjectType"] == "Referral"
    assert found["drafts"] == found["toRegister"] == found["again"] == []
    assert len(found["toDecide"]) == 2 and len(found["notices"]) == 2
    assert [one["dueOn"] for one in same(busy[WHO])["toAnswer"]] == [
        str(today() + dt.timedelta(days=3))
    ] * 2
    nothing = same(busy["nobody"])
    assert all(nothing[name] == [] for name in HEADINGS)


def test_a_protected_household_is_masked_for_whom_it_was_disclosed_to(busy: World) -> None:
    tasks = same(busy["property"])["toRegister"]
    assert {one["kind"] for one in tasks} == {"register_referral"}
    names = {
        (home["anyoneProtected"], member["person"]["givenName"])
        for home in (one["case"]["household"] for one in tasks)
        for member in home["members"]
    }
    assert names == {(False, "Alva"), (True, None)}


def test_nobody_is_asked_to_approve_what_they_prepared(busy: World) -> None:
    def numbers(who: str) -> list[str]:
        return [one["number"] for one in same(busy[who])["toApprove"]]

    assert numbers("policy") == ["2199.2.0", "2199.3.0"]
    assert numbers("other policy") == ["2199.0.0", "2199.2.0", "2199.3.0"]
    assert numbers("admin") == ["2199.0.0", "2199.1.0", "2199.3.0"]
    assert numbers(WHO) == []


def test_one_plan_serves_everybody_with_the_same_roles(busy: World) -> None:
    """The ids of who asks are given anew: two with the same roles have their own drafts."""
    second = busy.add("second", Membership(Role.CASEWORKER, "SOF-VUX"))
    forget()
    assert len(same(busy[WHO])["drafts"]) == 2
    assert same(second)["drafts"] == same(second)["toContinue"] == []


def test_a_heading_ends_at_its_limit(busy: World) -> None:
    case = busy.case()
    busy.housed(case)
    [first, *_] = busy.rows(Obligation, case_id=case.id, code="first_follow_up")
    values = {
        key.name: getattr(first, key.name)
        for key in Obligation.__table__.columns
        if key.name not in ("id", "ordinal", "due_on")
    }
    with busy.session() as session:
        for ordinal in range(heading.MOST + 5):
            day = today() - dt.timedelta(days=1 + ordinal // 3)
            session.add(Obligation(**values, ordinal=1000 + ordinal, due_on=day))
    tasks = same(busy[WHO])["overdue"]
    assert len(tasks) == heading.MOST
    assert [one["dueOn"] for one in tasks] == sorted(one["dueOn"] for one in tasks)


def test_it_is_one_statement(busy: World) -> None:
    assert planned(
        busy[WHO], "{ today { toSign { subjectId } }  again: today { drafts { kind } } }"
    )
    assert planned(busy[WHO], "{ today { __typename } }") == Told(
        '{"today":{"__typename":"Today"}}', None
    )
    assert planned(busy[WHO], "{ __typename today { __typename } }") is not Why.COMPUTED
