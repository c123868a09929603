"""Authorities' forms through the API: for who prepares them, down to the cases behind a figure."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.authority_forms.models import AuthorityForm, AuthorityFormLine
from hemvist.authority_forms.running import count
from hemvist.cases.models import Case
from hemvist.circles import service as circles
from hemvist.clock import today
from hemvist.identity import Membership, Role
from hemvist.tenancy import Audience, tenant_session
from hemvist_api import ask, command, execute
from hemvist_graphql.ids import global_id, require_row_id
from hemvist_world import World, new_world

WHO, MANAGER, OFFICER = "caseworker SOF-VUX", "manager SOF-VUX", "property"
KINDS = """{ authorityFormKinds { code authority label(lang: "en") note confirm sources reaches file
  periods { code firstDay lastDay opensOn closesOn due source confirmed } } }"""
LIST = "{ authorityForms { totalCount edges { node { id code department state } } } }"
FORM = """query Q($id: ID!) { node(id: $id) { ... on AuthorityForm { code state version reach countedAt
  kind { label(lang: "en") } questions { code how unit number text yes answeredOn missing
  label(lang: "en") note(lang: "en") source } } } }"""
LINES = """query Q($id: ID!, $question: String) {
  authorityFormLines(authorityFormId: $id, question: $question) { totalCount edges { node {
    question onDay amount subjectId fields { name value label(lang: "en") } case { id number }
    form { code } } } } }"""


@pytest.fixture
def world(database: str) -> World:
    """A kommun with one household in a municipal contract."""
    world = new_world()
    world.add("steering", Membership(Role.STEERING))
    world.add("outside", Membership(Role.CASEWORKER, "SOF-VUX"))
    world.housed(world.case())
    return world


def prepared(world: World, who: str = WHO, department: str = "SOF-VUX") -> str:
    """A form of this year, counted."""
    given = {"form": "boverket_market", "department": department, "period": str(today().year)}
    answer = command(world[who], "prepareAuthorityForm", given, "authorityForm { id state }")
    assert answer["authorityForm"]["state"] == "counting"
    form_id: str = answer["authorityForm"]["id"]
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        count(session, require_row_id("AuthorityForm", form_id))
    return form_id


def lines(
    world: World, who: str, form_id: str, question: str | None = None
) -> list[dict[str, Any]]:
    found = ask(world[who], LINES, id=form_id, question=question)["authorityFormLines"]
    return [edge["node"] for edge in found["edges"]]


def test_the_forms_there_are(world: World) -> None:
    found = {one["code"]: one for one in ask(world[WHO], KINDS)["authorityFormKinds"]}
    assert set(found) == {
        *("boverket_market", "boverket_grant", "socialstyrelsen_mapping", "ivo_unexecuted"),
    }
    assert found["ivo_unexecuted"]["file"] == "execution_report"
    grant = found["boverket_grant"]["periods"]
    assert {one["due"] for one in grant} == {"later", "open", "closed"}
    assert all(one["source"] and one["opensOn"] <= one["closesOn"] for one in grant)
    assert ask(world["steering"], KINDS) == {"authorityFormKinds": []}


def test_a_form_shows_its_questions_and_what_is_missing(world: World) -> None:
    form_id = prepared(world)
    node = ask(world[WHO], FORM, id=form_id)["node"]
    assert (node["state"], node["reach"]) == ("draft", "own")
    told = {one["code"]: one for one in node["questions"]}
    assert (told["sublet_homes"]["number"], told["sublet_homes"]["missing"]) == (1, False)
    assert (told["lacks_homes"]["yes"], told["lacks_homes"]["missing"]) == (None, True)
    assert told["remarks"]["missing"] is False
    given = {"authorityFormId": form_id, "question": "lacks_homes", "value": "no"}
    answer = command(
        world[WHO],
        "answerAuthorityForm",
        given | {"expectedVersion": node["version"]},
        "authorityForm { questions { code yes missing answeredOn } version }",
    )["authorityForm"]
    [answered] = [one for one in answer["questions"] if one["code"] == "lacks_homes"]
    assert answered == {
        "code": "lacks_homes",
        "yes": False,
        "missing": False,
        "answeredOn": str(today()),
    }


def test_from_a_figure_to_its_cases(world: World) -> None:
    form_id = prepared(world)
    [line] = lines(world, WHO, form_id, "sublet_homes")
    assert line["case"]["number"]
    assert line["subjectId"].startswith("Contract_")
    assert (line["amount"], line["form"]["code"]) == (1, "boverket_market")
    assert lines(world, WHO, form_id, "evicted") == []
    assert len(lines(world, WHO, form_id)) == len(world.rows(AuthorityFormLine))


def test_whose_case_is_closed_counts_and_is_not_shown_outside_the_circle(world: World) -> None:
    form_id = prepared(world)
    [line] = lines(world, "outside", form_id, "sublet_homes")
    case_id = require_row_id("Case", line["case"]["id"])
    [case] = world.rows(Case, id=case_id)
    world.act(
        MANAGER,
        circles.close,
        case_id=case_id,
        members=[world[WHO].principal_id],
        reason="Threats",
        expected_version=case.version,
    )
    assert lines(world, "outside", form_id) == []
    assert len(lines(world, WHO, form_id, "sublet_homes")) == 1
    # Counted anew by somebody outside, the authority is told the same.
    assert prepared(world, "outside") == form_id
    node = ask(world["outside"], FORM, id=form_id)["node"]
    told = {one["code"]: one["number"] for one in node["questions"]}
    assert told["sublet_homes"] == 1


@pytest.mark.parametrize("who", ["caseworker AMF", OFFICER, "steering"])
def test_other_departments_and_the_steering_group_see_none_of_it(world: World, who: str) -> None:
    form_id = prepared(world)
    assert ask(world[who], FORM, id=form_id) == {"node": None}
    for document in (LIST, LINES):
        variables = {"id": form_id} if document is LINES else {}
        answer = execute(world[who], document, variables)
        if who == "steering":
            assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
        else:
            [found] = answer["data"].values()
            assert found == {"totalCount": 0, "edges": []}
    given = {"authorityFormId": form_id, "question": "remarks", "value": "x", "expectedVersion": 2}
    refused = command(world[who], "answerAuthorityForm", given, "authorityForm { id }")
    assert refused["__typename"] == "NotFound"


def test_another_kommun_finds_nothing(world: World) -> None:
    form_id = prepared(world)
    other = new_world()
    assert ask(other[MANAGER], FORM, id=form_id) == {"node": None}
    assert ask(other[MANAGER], LINES, id=form_id)["authorityFormLines"]["totalCount"] == 0
    given = {"authorityFormId": form_id, "expectedVersion": 2}
    for name in ("readyAuthorityForm", "markAuthorityFormSent"):
        refused = command(other[MANAGER], name, given, "authorityForm { id }")
        assert refused["__typename"] == "NotFound"


def test_the_property_office_prepares_of_what_lies_open_to_it(world: World) -> None:
    form_id = prepared(world, OFFICER, "FF")
    node = ask(world[OFFICER], FORM, id=form_id)["node"]
    assert node["reach"] == "disclosed"
    assert len(lines(world, OFFICER, form_id, "sublet_homes")) == 1
    assert ask(world[WHO], FORM, id=form_id) == {"node": None}


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"form": "x"}, "form"), ({"period": "1999"}, "period"), ({"period": "2026-Q9"}, "period")],
)
def test_bad_input_names_its_field(world: World, changes: dict[str, str], field: str) -> None:
    given = {"form": "boverket_market", "department": "SOF-VUX", "period": str(today().year)}
    answer = command(
        world[WHO],
        "prepareAuthorityForm",
        given | changes,
        "authorityForm { id }",
    )
    assert answer["__typename"] == "ValidationFailed"
    assert [one["field"] for one in answer["problems"]] == [field]
    assert world.rows(AuthorityForm) == []


def test_the_same_key_prepares_once(world: World) -> None:
    given = {"form": "boverket_market", "department": "SOF-VUX", "period": str(today().year)}
    document = """mutation M($input: PrepareAuthorityFormInput!) { result: prepareAuthorityForm(
      input: $input) { __typename ... on PrepareAuthorityFormDone { authorityForm { id version } } } }"""
    told = [
        ask(world[WHO], document, input=given | {"idempotencyKey": "once"})["result"]
        for _ in range(2)
    ]
    assert told[0] == told[1]
    assert told[0]["authorityForm"]["id"] == global_id(
        "AuthorityForm", world.rows(AuthorityForm)[0].id
    )


def test_only_who_releases_makes_ready(world: World) -> None:
    form_id = prepared(world)
    given = {"authorityFormId": form_id, "expectedVersion": 2}
    refused = command(world[WHO], "readyAuthorityForm", given, "authorityForm { id }")
    assert (refused["__typename"], refused["action"]) == ("NotAllowed", "authority_form.release")
    early = command(world[MANAGER], "readyAuthorityForm", given, "authorityForm { id }")
    assert (early["__typename"], early["rule"]) == ("Conflict", "form_not_open_yet")
