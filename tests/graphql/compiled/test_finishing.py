"""Computed fields in planned reads: worked out in Python, put where the executor puts them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hemvist.households.models import Person
from hemvist.households.service import FIND_BY_NUMBER, open_number
from hemvist.ids import new_id
from hemvist.settings import get_settings
from hemvist_graphql import telling
from hemvist_graphql.cases.types import Case
from hemvist_graphql.compiled import Why
from hemvist_graphql.execution import execute_text
from hemvist_graphql.ids import global_id
from hemvist_paths import Told, logged_since, ordinary, planned
from hemvist_versions import Hand, policy_people
from hemvist_world import PACK, as_owner, new_world

WHO = "caseworker SOF-VUX"


def same(actor: Any, document: str, **variables: Any) -> Told:
    """What both paths told, byte by byte; they must agree."""
    by_plan = planned(actor, document, variables)
    assert isinstance(by_plan, Told), by_plan
    told = ordinary(actor, document, variables)
    assert not told.failed, told.data[:500]
    assert by_plan.data == told.data
    assert by_plan.logged == told.logged
    return by_plan


def test_fields_of_a_case(housed: Any) -> None:
    same(
        housed.world[WHO],
        """query Q($id: ID!, $lang: String!) { me { name tenant { name code departments { name } }
          memberships { role department } actions may(action: "case.open") }
          case(id: $id) { number stage(lang: $lang) english: stage(lang: "en") departmentName
          programmeLabel hasMilestones timeline { kind label subjectType subjectId }
          obligations { label(lang: $lang) overdue agenda { code label } byFollowUp }
          referrals { programmeLabel signaturesRequired content { id } mayExtend missing { id label } }
          decisions { programmeLabel legalBasis { id label cite } conditions { text } }
          contracts { formLabel guarantee { months } clauses { text } } nextSteps { code label }
          criteria { rule outcome } questions(all: true) { fact value } } }""",
        id=global_id("Case", housed.case.id),
        lang="sv",
    )


def test_keys_keep_their_order_and_nothing_else_is_told(housed: Any) -> None:
    """Computed first, in between, last, and twice: as asked for, without an ingredient."""
    told = same(
        housed.world[WHO],
        "{ cases { edges { node { stage number a: departmentName state b: stage household { alias } "
        "b: stage __typename hasMilestones } cursor } totalCount } }",
    )
    node = json.loads(told.data)["cases"]["edges"][0]["node"]
    keys = ["stage", "number", "a", "state", "b", "household", "__typename", "hasMilestones"]
    assert list(node) == keys


def test_aliases_have_arguments_of_their_own(housed: Any) -> None:
    document = """query Q($id: ID!, $one: String!, $other: String! = "en") { case(id: $id) {
      a: stage(lang: $one) b: stage(lang: $other) c: stage d: stage(lang: "en")
      ... on Case { e: programmeLabel(lang: $other) } ... on Node { id } } }"""
    variables = {"id": global_id("Case", housed.case.id)}
    told = json.loads(same(housed.world[WHO], document, one="sv", **variables).data)["case"]
    assert told["a"] == told["c"] != told["b"] == told["d"]
    # The same plan, with other values.
    again = same(housed.world[WHO], document, one="en", other="sv", **variables)
    assert json.loads(again.data)["case"]["a"] == told["b"]


def test_lists_and_nulls(housed: Any) -> None:
    case = housed.world.case()
    told = same(
        housed.world[WHO],
        """query Q($id: ID!) { node(id: $id) { __typename id ... on Case { programme programmeLabel
          stage obligations { agenda { label } } ownPackVersion { number } criterion(rule: "no") { rule }
          rulesToTry { rule label __typename } } } }""",
        id=global_id("Case", case.id),
    )
    node = json.loads(told.data)["node"]
    assert node["criterion"] is None and node["stage"] is None and node["rulesToTry"]
    gone = same(housed.world[WHO], 'query { case(id: "x") { stage timeline { label } } }')
    assert json.loads(gone.data) == {"case": None} and gone.logged is None


def test_without_rows_there_is_no_session_and_no_entry(housed: Any) -> None:
    told = same(housed.world[WHO], '{ me { name tenant { slug } may(action: "x") } }')
    assert told.logged is None
    same(
        housed.world[WHO], "{ packs { name version title } me { memberships { role } } __typename }"
    )


def test_an_error_is_the_ordinary_paths_and_logged_once(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case pinned to a version that is gone: its label fails after the statement has logged."""
    world = new_world()
    case = world.case()
    world.housed(case)
    _pin(case, "1.0.0")
    document = "query Q($id: ID!) { case(id: $id) { number hasMilestones } }"
    variables = {"id": global_id("Case", case.id)}
    assert planned(world[WHO], document, variables) is Why.FINISHING
    monkeypatch.setattr(get_settings(), "compiled_reads", True)
    mark = new_id()
    text = execute_text(world[WHO], document, variables)
    # One entry, of the plan: the ordinary path laid no more open.
    assert logged_since(world[WHO], mark) is not None
    assert json.loads(text)["errors"][0]["path"] == ["case", "hasMilestones"]
    assert json.loads(text) == json.loads(ordinary(world[WHO], document, variables).data)
    assert json.loads(text)["data"]["case"] is None


def test_a_search_whose_answer_fails_is_logged_once(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search's own entry was written by the plan's statement, before a computed field failed."""
    world = new_world()
    case = world.case()
    world.housed(case)
    _pin(case, "1.0.0")
    (person, *_) = world.rows(Person, id=world.applicant(case))
    document = (
        "query Q($n: String!, $id: ID!) { personByNumber(personalNumber: $n) { id }"
        " case(id: $id) { hasMilestones } }"
    )
    monkeypatch.setattr(get_settings(), "compiled_reads", True)
    mark = new_id()
    variables = {"n": open_number(person), "id": global_id("Case", case.id)}
    answer = json.loads(execute_text(world[WHO], document, variables))
    assert answer["errors"][0]["path"] == ["case", "hasMilestones"]
    assert answer["data"]["case"] is None and len(answer["data"]["personByNumber"]) == 1
    searches = [one for one in logged_since(world[WHO], mark) or () if one[4] == FIND_BY_NUMBER]
    assert len(searches) == 1


def test_what_reads_for_itself_logs_with_the_statement_or_not_at_all(
    housed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = "query Q($id: ID!) { case(id: $id) { number nextSteps { code } } }"
    variables = {"id": global_id("Case", housed.case.id)}
    assert same(housed.world[WHO], document, **variables).logged is not None

    def fails(*_: Any) -> None:
        raise LookupError

    monkeypatch.setattr("hemvist_graphql.cases.types.next_steps", fails)
    # ``planned`` holds that nothing was logged.
    assert planned(housed.world[WHO], document, variables) is Why.FINISHING


def test_rows_of_one_place_are_one_cohort(housed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first of them reads, it reads for all."""
    cohorts: list[Any] = []
    real = Case.of.__func__  # type: ignore[attr-defined]

    def noting(cls: Any, row: Any, cohort: Any) -> Any:
        cohorts.append(cohort)
        return real(cls, row, cohort)

    housed.world.case()
    monkeypatch.setattr(Case, "of", classmethod(noting))
    planned(housed.world[WHO], "{ cases { edges { node { number nextSteps { code } } } } }")
    assert len(cohorts) > 1 and len({id(one) for one in cohorts}) == 1
    assert len(cohorts[0].members) == len(cohorts)


def test_an_own_version_holds_from_its_approval_and_for_its_kommun_alone(database: str) -> None:
    world, other = policy_people(new_world()), new_world()
    case, theirs = world.case(), other.case()
    document = """query Q($id: ID!, $pack: String!) { case(id: $id) { departmentName programmeLabel }
      pack(name: $pack) { version } knownPackVersions(pack: $pack) { number state } }"""
    officer = world[WHO]

    def told(actor: Any, one: Any) -> Any:
        return json.loads(same(actor, document, id=global_id("Case", one.id), pack=PACK).data)

    before = told(officer, case)
    hand = Hand.draft(world)
    assert told(officer, case) == before
    number = hand.approved().number
    after = told(officer, case)
    assert {one["number"] for one in after["knownPackVersions"]} == {
        *(one["number"] for one in before["knownPackVersions"]),
        number,
    }
    assert number not in json.dumps(told(other[WHO], theirs))
    # A case that is pinned to it is worded by it, in this kommun; in the other nobody has it.
    _pin(case, number)
    _pin(theirs, number)
    same(world[WHO], "{ cases { edges { node { departmentName stage hasMilestones } } } }")
    label = "query Q($id: ID!) { case(id: $id) { hasMilestones } }"
    assert planned(other[WHO], label, {"id": global_id("Case", theirs.id)}) is Why.FINISHING


def _pin(case: Any, version: str) -> None:
    with as_owner(case.tenant_id) as connection:
        connection.execute("UPDATE cases SET pack_version = %s WHERE id = %s", (version, case.id))


def test_the_share_of_plans_and_the_fields_finished_are_counted(
    housed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "compiled_reads", True)
    reads: dict[tuple[str, str], int] = {}
    fields: dict[str, int] = {}
    monkeypatch.setattr(telling, "_reads", reads)
    monkeypatch.setattr(telling, "_finished", fields)
    case = {"id": global_id("Case", housed.case.id)}
    execute_text(housed.world[WHO], "query Q($id: ID!) { case(id: $id) { number } }", case)
    assert (reads, fields) == ({("compiled", ""): 1}, {})
    execute_text(
        housed.world[WHO],
        "query Q($id: ID!) { me { name } case(id: $id) { stage s: stage } }",
        case,
    )
    execute_text(housed.world[WHO], "{ __schema { types { name } } }", {})
    # The one root field and the case's two.
    assert fields == {"compiled": 3}
    assert reads == {("compiled", ""): 2, ("ordinary", "introspection"): 1}
