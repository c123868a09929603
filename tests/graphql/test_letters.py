"""Letters over the API: drafted, refused, mended, released once, fetched; seen by whom they concern."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest

from hemvist.documents.traces import text_of
from hemvist.identity import Actor
from hemvist_graphql import execute
from hemvist_graphql.ids import global_id
from hemvist_pdf import faults
from hemvist_world import World, adult, caseworker_of, new_world

ME = caseworker_of("SOF-VUX")
REFUSALS = '... on ValidationFailed { problems { field rule message(lang: "en") } } ... on Conflict { rule }'


@pytest.fixture(scope="module")
def world(database: str) -> World:
    return new_world()


def ask(who: Actor, text: str, **variables: Any) -> Any:
    answer = execute(who, text, variables, None)
    assert "errors" not in answer, answer
    return answer["data"]


def command(who: Actor, name: str, key: str, **values: Any) -> Any:
    kind = name[0].upper() + name[1:]
    text = (
        f"mutation M($input: {kind}Input!) {{ r: {name}(input: $input) {{ __typename"
        f" ... on {kind}Done {{ letter {{ id state version sha256 kind subjectType }} }} {REFUSALS} }} }}"
    )
    return ask(who, text, input={"idempotencyKey": key, **values})["r"]


def test_from_draft_to_file(world: World) -> None:
    case = world.case(
        adult(
            family_name="Hemlingsson",
            protection="secrecy_mark",
            protection_checked_on=date(2026, 1, 2),
        )
    )
    decision = world.grant(case)
    made = command(
        world[ME],
        "draftLetter",
        "d",
        caseId=global_id("Case", case.id),
        kind="decision",
        subjectId=global_id("Decision", decision.id),
        ownWords="Hej Hemlingsson!",
    )
    letter = made["letter"]
    assert (letter["state"], letter["subjectType"]) == ("draft", "Decision")
    preview = ask(
        world[ME],
        "query Q($id: ID!) { p: letterPreview(letterId: $id) { sheet protected traces { field kind } } }",
        id=letter["id"],
    )["p"]
    assert preview["protected"] and preview["traces"] == [{"field": "ownWords", "kind": "name"}]
    refused = command(
        world[ME], "releaseLetter", "r1", letterId=letter["id"], expectedVersion=letter["version"]
    )
    [problem] = refused["problems"]
    assert (problem["field"], problem["rule"]) == ("ownWords", "protected_name")
    assert "Hemlingsson" not in problem["message"]
    mended = command(
        world[ME],
        "reviseLetter",
        "v",
        letterId=letter["id"],
        ownWords="Hej!",
        expectedVersion=letter["version"],
    )["letter"]
    out = {"letterId": letter["id"], "expectedVersion": mended["version"]}
    released = command(world[ME], "releaseLetter", "r2", **out)
    # The same key again is the same answer, another key too late.
    assert command(world[ME], "releaseLetter", "r2", **out) == released
    assert command(world[ME], "releaseLetter", "r3", **out)["__typename"] == "Conflict"
    query = "query Q($id: ID!) { f: letterFile(letterId: $id) { name sha256 content } }"
    file = ask(world[ME], query, id=letter["id"])["f"]
    pdf = base64.b64decode(file["content"])
    assert file["sha256"] == released["letter"]["sha256"]
    assert faults(pdf) == [] and "Hemlingsson" not in text_of(pdf)

    other = new_world()
    for stranger in (world["property"], world[caseworker_of("AMF")], other[ME]):
        assert ask(stranger, query, id=letter["id"])["f"] is None
        seen = (
            "query Q($id: ID!) { letter(id: $id) { id } p: letterPreview(letterId: $id) { sheet } }"
        )
        assert ask(stranger, seen, id=letter["id"]) == {"letter": None, "p": None}
        gone = command(stranger, "discardLetter", "x", letterId=letter["id"], expectedVersion=1)
        assert gone["__typename"] in ("NotFound", "NotAllowed")


def test_a_letter_is_about_what_its_kind_is_about(world: World) -> None:
    case = world.case()
    decision = world.grant(case)
    wrong = command(
        world[ME],
        "draftLetter",
        "w",
        caseId=global_id("Case", case.id),
        kind="offer",
        subjectId=global_id("Decision", decision.id),
    )
    assert wrong["problems"][0]["rule"] == "no_such_letter"
    unknown = command(
        world[ME],
        "draftLetter",
        "u",
        caseId=global_id("Case", case.id),
        kind="poem",
        subjectId=global_id("Decision", decision.id),
    )
    assert unknown["problems"][0]["field"] == "kind"
