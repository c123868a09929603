"""Every example of GraphQL in the documents: held by its schema, and those of the examples' page sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import parse, validate

from hemvist.identity import get_directory
from hemvist_api_office import Office, open_office
from hemvist_docs import ROOT, Block, blocks, documents
from hemvist_figures import write_told
from hemvist_graphql.landlord.schema import executable_schema as landlord_schema
from hemvist_graphql.schema import executable_schema
from hemvist_kommun import Kommun

EXAMPLES = ROOT / "docs" / "api-examples.md"
_SENT = re.compile(r"-d '(\{.*?\})'", re.S)


def faults(block: Block) -> list[str]:
    """What a schema has against an example: the landlords' own in the pages about theirs."""
    of_landlords = "landlord" in block.page
    schema = landlord_schema() if of_landlords else executable_schema()
    return [error.message for error in validate(schema, parse(block.text))]


def of(language: str) -> list[Block]:
    """The blocks of one language in all documents."""
    return [one for path in documents() for one in blocks(path) if one.language == language]


@pytest.mark.parametrize("block", of("graphql"), ids=lambda one: f"{one.page}:{one.line}")
def test_an_example_is_held_by_its_schema(block: Block) -> None:
    assert faults(block) == []


def test_a_planted_wrong_field_is_found() -> None:
    wrong = Block(
        "docs/api.md", 1, "graphql", "query A { cases(first: 1) { edges { node { numbr } } } }"
    )
    assert faults(wrong) == ["Cannot query field 'numbr' on type 'Case'. Did you mean 'number'?"]
    assert faults(Block("docs/landlord-api.md", 1, "graphql", "query A { cases { totalCount } }"))


def differences(said: Any, came: Any, at: str = "") -> Iterator[str]:
    """Where an answer has another shape than the one that a document shows.

    Names of keys, kinds of values, and words that are codes (``__typename``, ``rule``, ``code``,
    ``state``) must be the same; of a list each row is like the first. An error's place in its document
    need not be told of.
    """
    if isinstance(said, dict) and isinstance(came, dict):
        for name in sorted((said.keys() ^ came.keys()) - _beside(said, came)):
            yield f"{at}.{name} is {'missing' if name in said else 'not told of'}"
        for name in said.keys() & came.keys():
            if name in ("__typename", "rule", "code", "state") and said[name] != came[name]:
                yield f"{at}.{name} is {came[name]!r}, not {said[name]!r}"
            yield from differences(said[name], came[name], f"{at}.{name}")
    elif isinstance(said, list) and isinstance(came, list):
        if bool(said) is not bool(came):
            yield f"{at} has {len(came)} rows"
        for row in came:
            yield from differences(said[0], row, f"{at}[]") if said else ()
    elif type(said) is not type(came):
        yield f"{at} is {came!r}, not like {said!r}"


def _beside(said: dict[str, Any], came: dict[str, Any]) -> set[str]:
    """What stands beside an error and in it that a page may leave out."""
    if "errors" in said and came.get("data") is None:
        return {"data"} - said.keys()
    return {"path", "locations"} - said.keys() if "extensions" in said else set()


def test_a_planted_wrong_answer_is_found() -> None:
    said = {"data": {"case": {"id": "Case_1", "version": 1, "state": "open", "rows": [{"a": 1}]}}}
    assert list(differences(said, said)) == []
    for planted in (
        {"data": {"case": {"id": "Case_1", "version": "1", "state": "open", "rows": [{"a": 1}]}}},
        {"data": {"case": {"id": "Case_1", "version": 1, "state": "shut", "rows": [{"a": 1}]}}},
        {"data": {"case": {"id": "Case_1", "version": 1, "state": "open", "rows": [{"b": 1}]}}},
        {"data": {"case": {"id": "Case_1", "version": 1, "state": "open", "rows": []}}},
        {"data": {"case": None}},
    ):
        assert list(differences(said, planted)), planted


@dataclass
class Told:
    """An example: a document, its variables and the answer that the page shows."""

    line: int
    document: str
    answer: dict[str, Any]
    variables: dict[str, Any] = field(default_factory=dict)


def examples(found: list[Block]) -> list[Told]:
    """The examples of a page: after a document come variables, if any, and an answer; perhaps others."""
    made, document, variables = [], "", {}
    for block in found:
        if block.language == "graphql":
            document, variables = block.text, {}
        elif block.language == "json" and document:
            held = json.loads(block.text)
            if "variables" in held:
                variables = held["variables"]
            else:
                made.append(Told(block.line, document, held, variables))
    return made


@pytest.fixture(scope="module")
def office(database: str) -> Iterator[Office]:
    """The served platform, and its people's tokens."""
    with open_office() as office:
        helsingborg = Kommun(get_directory().tenant_id("helsingborg"))
        # What the worker tells at night.
        write_told(helsingborg, "waiting", facts=25)
        yield office


def filled(value: Any, ids: dict[str, Any]) -> Any:
    """``<case>`` as the id of the case that an answer before gave, ``<version>`` as the last one."""
    text = re.sub(r'"<(\w+)>"', lambda name: json.dumps(ids[name[1]]), json.dumps(value))
    return json.loads(text)


def ids_in(value: Any) -> Iterator[tuple[str, Any]]:
    """The ids of an answer, by the name of what has them."""
    if isinstance(value, dict):
        for name, inside in value.items():
            if isinstance(inside, dict) and "id" in inside:
                yield name, inside["id"]
            if name == "version":
                yield name, inside
            yield from ids_in(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from ids_in(inside)


def test_the_examples_answer_as_the_page_says(office: Office) -> None:
    told = examples(list(blocks(EXAMPLES)))
    assert len(told) >= 9
    ids: dict[str, Any] = {}
    found = {}
    for one in told:
        came = office["caseworker"].post(one.document, **filled(one.variables, ids)).json()
        ids.update(ids_in(came))
        if shown := list(differences(one.answer, came)):
            found[one.line] = shown
    assert found == {}


def test_what_curl_sends_in_the_documents_is_answered(office: Office) -> None:
    sent = 0
    for path in documents():
        for block in blocks(path):
            for body in _SENT.findall(block.text) if block.language == "sh" else ():
                held = json.loads(body)
                if "/export" in block.text:
                    assert validate(executable_schema(), parse(held["query"])) == []
                else:
                    given = held.get("variables", {})
                    came = office["caseworker"].post(held["query"], **given).json()
                    assert "errors" not in came, (block.page, came)
                sent += 1
    assert sent >= 3
