"""Staff of a support provider against the whole schema: their commission, and nothing else.

The attack is made from the schema and the tables: whatever type a later concept adds is tried.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull, get_named_type

from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.commissions import reporting
from hemvist.commissions import service as commissions
from hemvist.commissions.models import Commission
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups import service as follow_ups
from hemvist.follow_ups.models import FollowUp
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.incidents import service as incidents
from hemvist.letters import service as letters
from hemvist.notices.models import Notice
from hemvist.support_plans import drafting
from hemvist.tenancy import Owned
from hemvist_api import ask, command, everything_of, execute, mutation
from hemvist_api_inputs import named_by
from hemvist_commissions import REPORT, commissioned, provided
from hemvist_goteborg import CASEWORKER, housing_first, in_phase_1, sign
from hemvist_graphql.ids import global_id
from hemvist_graphql.reading import Node, readable, readable_names
from hemvist_graphql.schema import executable_schema
from hemvist_world import World

SCHEMA = executable_schema()
MOVED_IN = today() - timedelta(days=40)
SENT_ON = MOVED_IN - timedelta(days=60)
#: Written by the department where the provider may not read.
SECRET = "ENDASTFÖRHANDLÄGGAREN"
#: What a provider sees of its own commission.
OPEN = {
    *("Commission", "SupportReport", "SupportPlan", "PlanGoal", "PlanReview", "Obligation"),
    *("FollowUp", "Household", "Person", "SupportProvider"),
}
#: For everybody in the kommun.
COMMON = {"PackVersion", "Simulation", "CaseMigration", "SavedFilter"}
PLAN = {
    "formulated_by_participant": True,
    "own_goals": "Sova på nätterna.",
    "how_and_when": "Tisdagar.",
}


@dataclass
class Scene:
    """One case with the kommun's own provider, one with a procured one, each with all there is."""

    world: World
    theirs: Case
    other: Case

    @property
    def provider(self) -> Actor:
        """Staff of the kommun's own provider."""
        return self.world["own staff"]


@pytest.fixture(scope="module")
def scene(database: str) -> Scene:
    """Both cases have gone on until today."""
    world = provided(housing_first())
    return Scene(world, _case(world), _case(world, procured=True))


def _case(world: World, *, procured: bool = False) -> Case:
    case, referral = in_phase_1(world, MOVED_IN)
    row = commissioned(world, case, SENT_ON, procured=procured)
    contract = sign(world, referral, MOVED_IN)
    staff = "procured staff" if procured else "own staff"
    plan = world.act(
        staff,
        drafting.draft_plan,
        case_id=case.id,
        content=PLAN,
        own_words="Jag vill ha lugn och ro.",
        goals=[{"goal": "Sova", "parts": [{"goal": "Mörkläggningsgardin"}]}],
        review_on=today() + timedelta(days=30),
        drafted_on=today(),
    )
    world.act(staff, drafting.agree_plan, plan_id=plan.id, expected_version=plan.version)
    [late, *_] = world.read(
        lambda session: list(reporting.reports_due(session, world.again(case), today()))
    )
    world.act(
        staff,
        reporting.write_report,
        commission_id=row.id,
        obligation_id=late.id,
        content=REPORT,
    )
    visits = sorted(
        world.rows(Obligation, case_id=case.id, code="home_visit", state="open"),
        key=lambda one: one.due_on,
    )
    visited: dict[str, Any] = {"departments": [], "resident_took_part": True, "in_the_home": True}
    world.act(
        staff,
        follow_ups.record_follow_up,
        obligation_id=visits[0].id,
        held_on=visits[0].due_on,
        expected_version=visits[0].version,
        **visited,
    )
    world.act(
        CASEWORKER,
        follow_ups.record_follow_up,
        obligation_id=visits[1].id,
        held_on=visits[1].due_on,
        expected_version=visits[1].version,
        notes=SECRET,
        **visited | {"departments": ["SF-SV"]},
    )
    world.act(
        CASEWORKER,
        incidents.report,
        case_id=case.id,
        kind="disturbance",
        reported_by="neighbour",
        channel="phone",
        what=SECRET,
        happened_on=today(),
    )
    world.act(
        "property",
        letters.draft,
        case_id=case.id,
        kind="contract",
        subject_id=contract.id,
        own_words=SECRET,
    )
    with world.session() as session:
        session.save(
            Notice(
                case_id=case.id,
                kind="referral_submitted",
                role="caseworker",
                department="SF-SV",
                subject_type="case",
                subject_id=case.id,
                source_id=new_id(),
                created_at=now(),
            )
        )
    return case


def _ids(scene: Scene) -> Iterator[tuple[str, Any, str]]:
    """Every row of the kommun that is a node: its type, the row, its id."""
    for name in sorted(readable_names()):
        cls: Any = readable(name)
        model = cls.reading.model if issubclass(cls, Node) else None
        if model is None or not isinstance(model.__table__.info["tenancy"], Owned):
            continue
        for row in scene.world.rows(model):
            yield name, row, global_id(name, row.id)


def test_of_every_row_of_the_kommun_only_the_commission_is_found(scene: Scene) -> None:
    """``node`` of every row there is: rows of the other provider's case and of the file are not there."""
    seen: dict[str, list[Any]] = {}
    tried = set()
    for name, row, row_id in _ids(scene):
        tried.add(name)
        found = ask(scene.provider, "query Q($id: ID!) { node(id: $id) { id } }", id=row_id)
        if found["node"] is not None:
            seen.setdefault(name, []).append(row)
    assert set(seen) - COMMON <= OPEN
    hidden = {"Case", "Assessment", "Decision", "Referral", "Offer", "Contract", "Letter", "Unit"}
    assert hidden <= tried - set(seen) | {"Assessment"}
    for name, rows in seen.items():
        for row in rows:
            case_id = getattr(row, "case_id", None)
            assert case_id in (None, scene.theirs.id), name
    assert [row.id for row in seen["Household"]] == [scene.theirs.household_id]
    assert {row.code for row in seen["SupportProvider"]} == {"BF-STOD"}
    assert all("support_worker" in row.by for row in seen["Obligation"])
    assert all("BF-STOD" in row.departments for row in seen["FollowUp"])
    assert len(scene.world.rows(FollowUp, case_id=scene.theirs.id)) == len(seen["FollowUp"]) + 1


def test_the_whole_commission_shows_no_word_of_the_file(scene: Scene) -> None:
    """Field by field to the bottom: no case, no number, no reason, no note of others."""
    [row] = scene.world.rows(Commission, case_id=scene.theirs.id, state="sent")
    assert SCHEMA.query_type is not None
    fields = everything_of(SCHEMA.query_type.fields["commission"].type, 2)
    document = f"query Q($id: ID!) {{ commission(id: $id) {{ {fields} }} }}"
    shown = ask(scene.provider, document, id=global_id("Commission", row.id))["commission"]
    told = json.dumps(shown, ensure_ascii=False)
    assert shown["caseNumber"] == scene.theirs.number
    assert "Sova på nätterna." in told and "Vill ha hjälp med räkningarna" in told
    assert SECRET not in told and "Bedömt i samtal" not in told
    assert _all(shown, "case") == {None}
    people = """query Q($id: ID!) { commission(id: $id) { household { cases { id } members {
        person { givenName personalNumber registeredKommun } } } } }"""
    home = ask(scene.provider, people, id=global_id("Commission", row.id))["commission"]
    assert _all(home, "personalNumber") | _all(home, "registeredKommun") == {None}
    assert _all(home, "givenName") - {None}
    assert _all(home, "cases") == {()}


def _all(value: Any, key: str) -> set[Any]:
    """Every value of a key at any depth; a list as a tuple of nothing when empty."""
    found: set[Any] = set()
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                found.add(tuple(inner) if isinstance(inner, list) else inner)
            found |= _all(inner, key)
    elif isinstance(value, list):
        for inner in value:
            found |= _all(inner, key)
    return found


def test_lists_hold_their_commission_or_are_refused(scene: Scene) -> None:
    assert SCHEMA.query_type is not None
    other = [row_id for _, row, row_id in _ids(scene) if _of(row) == scene.other.id]
    refused = 0
    for name, field in SCHEMA.query_type.fields.items():
        if "first" not in field.args or any(
            isinstance(arg.type, GraphQLNonNull) for arg in field.args.values()
        ):
            continue
        answer = execute(scene.provider, f"{{ {name}(first: 50) {{ edges {{ node {{ id }} }} }} }}")
        if answer.get("errors"):
            refused += 1
            continue
        shown = json.dumps(answer["data"])
        assert not [row_id for row_id in other if row_id in shown], name
        if name in ("cases", "decisions", "referrals", "offers", "incidents"):
            assert answer["data"][name]["edges"] == [], name
    assert refused >= 8
    found = ask(scene.provider, "{ commissions { edges { node { caseNumber } } } }")
    assert [one["node"]["caseNumber"] for one in found["commissions"]["edges"]] == [
        scene.theirs.number
    ]


def _of(row: Any) -> Any:
    return row.id if isinstance(row, Case) else getattr(row, "case_id", None)


#: What the provider's staff may do in their own commission, and in no other.
THEIR_ACTS = {
    *("draftPlan", "revisePlan", "agreePlan", "discardPlan", "signPlan", "reviewPlan"),
    *("followGoal", "recordFollowUp", "writeSupportReport", "sendSupportReport"),
}
_PLAIN = {"String": "x", "Int": 1, "Boolean": True, "Date": "2026-01-01", "Json": {}, "Float": 1.0}


@pytest.mark.parametrize("whose", ["theirs", "other"])
def test_no_command_reaches_the_file(scene: Scene, whose: str) -> None:
    """Every command with ids of a case, by the provider's staff: not found, or not theirs to do."""
    case: Case = getattr(scene, whose)
    ids: dict[str, str] = {}
    for name, row, row_id in _ids(scene):
        if _of(row) in (case.id, None):
            ids.setdefault(name, row_id)
    assert SCHEMA.mutation_type is not None
    tried = 0
    for name, field in SCHEMA.mutation_type.fields.items():
        if whose == "theirs" and name in THEIR_ACTS:
            continue
        given = get_named_type(field.args["input"].type)
        assert isinstance(given, GraphQLInputObjectType)
        body, named = _body(given, ids)
        if not named:
            continue
        answer = execute(
            scene.provider,
            mutation(name, "__typename"),
            {"input": {**body, "idempotencyKey": f"provider-{whose}-{name}"}},
        )
        result = (answer.get("data") or {}).get(name)
        if result is None or name in _OF_ONES_OWN:
            continue
        assert result["__typename"] in ("NotFound", "NotAllowed", "ValidationFailed"), (
            name,
            result,
        )
        tried += 1
    assert tried > 60


#: About the caller and nobody's case.
_OF_ONES_OWN = {"saveFilter", "changeFilter", "removeFilter"}


def _body(given: GraphQLInputObjectType, ids: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    body: dict[str, Any] = {}
    named = []
    for key, item in given.fields.items():
        kind: Any = get_named_type(item.type)
        needed = isinstance(item.type, GraphQLNonNull)
        if kind.name == "ID":
            refers = named_by(key)
            if refers in ids:
                named.append(refers)
                body[key] = [ids[refers]] if "[" in str(item.type) else ids[refers]
        elif needed and isinstance(kind, GraphQLInputObjectType):
            inner, more = _body(kind, ids)
            named += more
            body[key] = [inner] if "[" in str(item.type) else inner
        elif needed:
            value = _PLAIN.get(kind.name, "x")
            body[key] = [value] if "[" in str(item.type) else value
    return body, named


def test_duties_of_others_in_the_case_are_not_theirs(scene: Scene) -> None:
    """A follow-up that the department has to hold is nothing that the provider records."""
    others = next(
        one
        for one in scene.world.rows(Obligation, case_id=scene.theirs.id, state="open")
        if "support_worker" not in one.by
    )
    answer = command(
        scene.provider,
        "recordFollowUp",
        {
            "obligationId": global_id("Obligation", others.id),
            "departments": ["SF-SV", "BF"],
            "residentTookPart": True,
            "inTheHome": True,
            "expectedVersion": others.version,
        },
        "followUp { id }",
    )
    assert answer["__typename"] == "NotFound"


def test_when_the_commission_ends_nothing_is_seen_any_more(scene: Scene) -> None:
    """The last test: it ends the procured provider's commission."""
    world = scene.world
    staff = world["procured staff"]
    query = "{ commissions { edges { node { id plan { id } } } } }"
    [edge] = ask(staff, query)["commissions"]["edges"]
    assert edge["node"]["plan"] is not None
    [row] = world.rows(Commission, case_id=scene.other.id, state="sent")
    world.act(
        CASEWORKER,
        commissions.end_commission,
        commission_id=row.id,
        reason="other_provider",
        on=today(),
        expected_version=row.version,
    )
    assert ask(staff, query)["commissions"]["edges"] == []
    for name, one, row_id in _ids(scene):
        if _of(one) != scene.other.id:
            continue
        found = ask(staff, "query Q($id: ID!) { node(id: $id) { id } }", id=row_id)
        assert found["node"] is None, name
