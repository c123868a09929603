"""Reading: pages both ways, filters, and as many statements as relations, never as rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import pytest
from sqlalchemy import event

from hemvist.db import Audience, engine
from hemvist_api import ask, everything_of, failure
from hemvist_graphql.ids import global_id
from hemvist_graphql.schema import executable_schema
from hemvist_world import World, adult, child, new_world

WHO = "caseworker SOF-VUX"
PAGE = """
  query Page($first: Int, $after: String, $last: Int, $before: String) {
    cases(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      edges { cursor node { id number } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }"""
HOMES = """{ cases(first: 100) { edges { node {
  number stage departmentName household { alias anyoneProtected members { role
    person { givenName personalNumber isProtected } } }
  handler { name } timeline { label } referrals { state } decisions { state }
} } } }"""

DEEPER = """
  household { members { person { givenName } } }
  referrals { offers { unit { landlord { name } } } }
"""


@pytest.fixture(scope="module")
def many(database: str) -> World:
    """A kommun with twelve cases."""
    world = new_world()
    for number in range(12):
        world.case(*((adult(), child()) if number % 3 else (adult(),)), days_ago=200 - number // 2)
    return world


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that the staff's connections run meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    staff = engine(Audience.STAFF)
    event.listen(staff, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(staff, "before_cursor_execute", note)


def page(world: World, **arguments: Any) -> dict[str, Any]:
    found: dict[str, Any] = ask(world[WHO], PAGE, **arguments)["cases"]
    return found


def ids_of(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in found["edges"]]


def test_pages_forward_hold_every_row_once(many: World) -> None:
    whole = ids_of(page(many, first=100))
    assert len(whole) == 12
    after, walked = None, []
    for expected_more in (True, True, False):
        found = page(many, first=5, after=after)
        assert found["totalCount"] == 12
        assert found["pageInfo"]["hasNextPage"] is expected_more
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        after = found["pageInfo"]["endCursor"]
        walked += ids_of(found)
    assert walked == whole


def test_pages_backward_hold_every_row_once(many: World) -> None:
    whole = ids_of(page(many, first=100))
    before, walked = None, []
    for expected_more in (True, True, False):
        found = page(many, last=5, before=before)
        assert found["pageInfo"]["hasPreviousPage"] is expected_more
        before = found["pageInfo"]["startCursor"]
        walked = ids_of(found) + walked
    assert walked == whole


def test_a_page_between_two_cursors(many: World) -> None:
    edges = page(many, first=100)["edges"]
    found = page(many, first=100, after=edges[2]["cursor"], before=edges[6]["cursor"])
    assert ids_of(found) == [edge["node"]["id"] for edge in edges[3:6]]


def test_an_empty_page(many: World) -> None:
    found = page(many, first=0)
    assert found["edges"] == []
    assert found["pageInfo"]["startCursor"] is None
    assert found["pageInfo"]["hasNextPage"] is True


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"first": 101}, "BAD_PAGE"),
        ({"first": -1}, "BAD_PAGE"),
        ({"last": 101}, "BAD_PAGE"),
        ({"first": 1, "last": 1}, "BAD_PAGE"),
        ({"after": "x"}, "BAD_CURSOR"),
        ({"before": ""}, "BAD_CURSOR"),
        ({"first": "five"}, "BAD_INPUT"),
        ({"first": 2**31}, "BAD_INPUT"),
    ],
)
def test_a_page_that_does_not_hold(many: World, arguments: dict[str, Any], code: str) -> None:
    assert failure(many[WHO], PAGE, **arguments)["extensions"]["code"] == code


def test_a_cursor_of_another_list_or_kommun(many: World, world: World) -> None:
    cursor = page(many, first=1)["edges"][0]["cursor"]
    households = "query Q($after: String) { households(after: $after) { totalCount } }"
    assert failure(many[WHO], households, after=cursor)["extensions"]["code"] == "BAD_CURSOR"
    assert failure(world[WHO], PAGE, after=cursor)["extensions"]["code"] == "BAD_CURSOR"


def test_filters(many: World) -> None:
    document = (
        "query Q($filter: CaseFilter) { cases(filter: $filter) { edges { node { number } } } }"
    )

    def numbers(**filter: Any) -> list[str]:
        edges = ask(many[WHO], document, filter=filter)["cases"]["edges"]
        return [edge["node"]["number"] for edge in edges]

    whole = numbers()
    assert len(whole) == 12
    assert numbers(number=whole[3]) == [whole[3]]
    assert numbers(state="open", department="SOF-VUX", mine=True) == whole
    assert numbers(state="closed") == numbers(department="AMF") == numbers(programme="x") == []
    assert (
        failure(many[WHO], document, filter={"number": "a\0"})["extensions"]["code"] == "BAD_INPUT"
    )


def test_as_many_statements_as_relations(many: World) -> None:
    with statements() as twelve:
        ask(many[WHO], HOMES)
    with statements() as three:
        ask(many[WHO], HOMES.replace("100", "3"))
    assert len(twelve) == len(three) <= 16


def test_the_same_relation_under_two_names_is_read_once(many: World) -> None:
    once = "{ cases(first: 5) { edges { node { household { alias } } } } }"
    twice = once.replace("household {", "household { department } again: household {")
    with statements() as one:
        ask(many[WHO], once)
    with statements() as two:
        ask(many[WHO], twice)
    assert len(one) == len(two)


def test_everything_of_a_case_can_be_read(housed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # At once it costs more than anybody may ask for.
    monkeypatch.setattr("hemvist_graphql.limits.MAX_COST", 100_000)
    selection = everything_of(executable_schema().get_type("Case"), 2)
    document = f"query Q($id: ID!) {{ case(id: $id) {{ {selection} {DEEPER} }} }}"
    case = ask(housed.world[WHO], document, id=global_id("Case", housed.case.id))["case"]
    assert case["programme"] == "municipal_contract"
    assert case["stage"] == "Boende med uppföljning"
    assert case["household"]["members"][0]["person"]["givenName"] == "Alva"
    [referral] = case["referrals"]
    assert {item["id"]: item["value"] for item in referral["content"]}["home_size"]
    assert referral["offers"][0]["unit"]["landlord"]["name"] == "Testvärden AB"
    kinds = {(one["kind"], one["outcome"], one["state"]) for one in case["decisions"]}
    assert kinds == {
        ("support_to_obtain_housing", "granted", "decided"),
        ("housing", "granted", "decided"),
    }
    assert case["decisions"][0]["legalBasis"][0]["label"]
    [contract] = case["contracts"]
    assert (contract["form"], contract["kind"]) == ("kommunalt_kontrakt", "sublease")
    assert contract["formLabel"] != contract["form"]
    assert {one["code"] for one in case["obligations"]} >= {"first_follow_up", "follow_up"}
    first = next(one for one in case["obligations"] if one["code"] == "first_follow_up")
    by_follow_up = {one["code"]: one["byFollowUp"] for one in case["obligations"]}
    assert by_follow_up["first_follow_up"] and not by_follow_up["execute_decision"]
    assert first["createsPlan"] is True and first["agenda"] and first["label"]
    assert all(line["label"] != line["kind"] for line in case["timeline"])
    assert [one["code"] for one in case["nextSteps"]] == ["follow_up", "propose_support"]


def test_any_rule_of_the_pack_can_be_tried(world: World) -> None:
    case = global_id("Case", world.case().id)
    choices = ask(
        world[WHO],
        "query Q($id: ID!) { case(id: $id) { criteria { rule } rulesToTry { rule label cite } } }",
        id=case,
    )["case"]
    assert all(one["label"] != one["rule"] and one["cite"] for one in choices["rulesToTry"])
    assert not {one["rule"] for one in choices["criteria"]} & {
        one["rule"] for one in choices["rulesToTry"]
    }
    document = """
      query Q($id: ID!, $rule: String!) { case(id: $id) {
        criterion(rule: $rule) { rule outcome ask { fact } trace { path } }
        questions(all: true, rule: $rule) { fact }
      } }"""
    for one in choices["rulesToTry"]:
        tried = ask(world[WHO], document, id=case, rule=one["rule"])["case"]
        assert tried["criterion"]["trace"][0]["path"] == one["rule"]
        asked = {question["fact"] for question in tried["questions"]}
        assert {question["fact"] for question in tried["criterion"]["ask"]} <= asked
    nothing = ask(world[WHO], document, id=case, rule="no_such_rule")["case"]
    assert nothing == {"criterion": None, "questions": []}


def test_questions_and_criteria_say_what_is_to_be_asked(world: World) -> None:
    case = world.case(has_own_contract=None)
    document = """
      query Q($id: ID!) { case(id: $id) {
        questions { fact type kind group groupEn: group(lang: "en") label(lang: "en")
          relevant value fromRecord reason answeredBy { name } }
        criteria { rule outcome ask { fact } trace { path parent outcome label because { fact value } } }
        nextSteps { code ready because role }
      } }"""
    found = ask(world[WHO], document, id=global_id("Case", case.id))["case"]
    questions = {one["fact"]: one for one in found["questions"]}
    assert questions["has_own_contract"]["value"] is None
    assert questions["lacks_roof"]["value"] is True
    assert questions["lacks_roof"]["group"] == "Var hushållet bor"
    assert questions["lacks_roof"]["groupEn"] == "Where the household lives"
    assert questions["registered_kommun"]["group"] is None
    headings = [one["group"] for one in found["questions"] if one["group"]]
    assert list(dict.fromkeys(headings)) == [one for one, _ in groupby(headings)]
    assert questions["lacks_roof"]["answeredBy"] == {"name": WHO}
    assert any(one["fromRecord"] for one in found["questions"])
    entitled = next(one for one in found["criteria"] if one["rule"] == "entitled")
    assert entitled["outcome"] == "unknown"
    assert [one["fact"] for one in entitled["ask"]] == ["has_own_contract"]
    assert entitled["trace"][0]["path"] == "entitled"
    assert {one["outcome"] for one in entitled["trace"]} >= {"true", "unknown"}
    steps = {one["code"]: one for one in found["nextSteps"]}
    assert "has_own_contract" in steps["answer_questions"]["because"]
    assert steps["conclude_assessment"]["ready"] is False


def test_the_nodes_of_a_case_are_found_by_their_ids(housed: Any) -> None:
    document = """query Q($id: ID!) { case(id: $id) {
      id household { id members { person { id } } } referrals { id } decisions { id }
      offers { id unit { id } } contracts { id } obligations { id } } }"""
    case = ask(housed.world[WHO], document, id=global_id("Case", housed.case.id))["case"]
    for node_id in _ids(case):
        found = ask(
            housed.world[WHO], "query Q($id: ID!) { node(id: $id) { __typename id } }", id=node_id
        )["node"]
        assert found["id"] == node_id


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _ids(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "id":
                yield item
            else:
                yield from _ids(item)


def test_packs_are_those_that_the_kommun_works_by(world: World) -> None:
    document = """{ packs { name version title programmes { id label order decisionKinds offerMode
      contractForm contractKind guaranteeMonths declineReasons { code label }
      legalBases(kind: "housing", on: "2026-09-01") { id } planItems { id required } }
      rules { id label cite text(lang: "en") } } }"""
    [pack] = ask(world[WHO], document)["packs"]
    assert pack["name"] == "helsingborg/bostadssociala-lagenheter"
    programmes = {one["id"]: one for one in pack["programmes"]}
    assert programmes["municipal_contract"]["contractKind"] == "sublease"
    assert programmes["rent_guarantee"]["guaranteeMonths"]
    assert programmes["municipal_contract"]["legalBases"] != []
    assert all(rule["text"] for rule in pack["rules"])
    other = new_world(pack=None)
    assert ask(other[WHO], document)["packs"] == []
    named = 'query Q { pack(name: "helsingborg/bostadssociala-lagenheter") { version } }'
    assert ask(other[WHO], named)["pack"] is None
    assert ask(world[WHO], named)["pack"] == {"version": pack["version"]}
    gone = named.replace('")', '", version: "1.0.0")')
    assert ask(world[WHO], gone)["pack"] is None


def test_a_day_before_the_guideline_is_bad_input(world: World) -> None:
    case = global_id("Case", world.case().id)
    document = "query Q($id: ID!, $on: Date) { case(id: $id) { criteria(on: $on) { rule } } }"
    error = failure(world[WHO], document, id=case, on="1990-01-01")
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert error["path"] == ["case", "criteria"]
    assert ask(world[WHO], document, id=case, on="2026-09-01")["case"]["criteria"]


def test_a_duty_that_a_decision_carries_out_is_no_follow_up_to_hold(world: World) -> None:
    case = world.case()
    world.grant(case)
    document = """query Q($id: ID!) { case(id: $id) {
      obligations { code state } nextSteps { code } } }"""
    found = ask(world[WHO], document, id=global_id("Case", case.id))["case"]
    assert found["obligations"] == [{"code": "execute_decision", "state": "open"}]
    codes = [one["code"] for one in found["nextSteps"]]
    assert "draft_referral" in codes and "follow_up" not in codes
