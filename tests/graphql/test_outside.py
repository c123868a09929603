"""Kommuner outside the platform, at the API: a package to fetch, and the answer that is taken in."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import Any

import pytest

from hemvist.audit import AuditEntry
from hemvist.clock import today
from hemvist.identity import Membership, Role
from hemvist.kommun_requests import service as requests
from hemvist.outside.packages import ANSWER_FILE
from hemvist_api import ask, command
from hemvist_graphql.ids import global_id
from hemvist_world import World, new_world

CASEWORKER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"
COLLEAGUE = "another caseworker SOF-VUX"
ADDRESS = "0203:stod@vasteras.example"
PACKAGE = """query Q($id: ID!) {
  kommunRequestPackage(kommunRequestId: $id) { name functionAddress content } }"""


@pytest.fixture(scope="module")
def world(database: str) -> World:
    made = new_world()
    made.add(COLLEAGUE, Membership(Role.CASEWORKER, "SOF-VUX"))
    return made


@pytest.fixture
def waiting(world: World) -> dict[str, Any]:
    """What names a request that was sent, in a command."""
    drafted = world.act(
        CASEWORKER,
        requests.open_request,
        case_id=world.case().id,
        kind="takeover",
        direction="outgoing",
        counterpart="1980",
        function_address=ADDRESS,
        reasons="Familjen finns där.",
        wish="wants",
    )
    sent = world.act(
        MANAGER,
        requests.send,
        request_id=drafted.id,
        expected_version=drafted.version,
        arrived_on=today(),
    )
    return {
        "kommunRequestId": global_id("KommunRequest", sent.id),
        "expectedVersion": sent.version,
    }


def form(world: World, waiting: dict[str, Any]) -> dict[str, Any]:
    """The form for the answer that lies in the package."""
    package = ask(world[CASEWORKER], PACKAGE, id=waiting["kommunRequestId"])["kommunRequestPackage"]
    assert package["functionAddress"] == ADDRESS and package["name"].endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(package["content"]))) as archive:
        found: dict[str, Any] = json.loads(archive.read(ANSWER_FILE))
    return found


def encoded(answer: dict[str, Any]) -> str:
    """As a file is sent to the API."""
    return base64.b64encode(json.dumps(answer).encode()).decode()


def test_out_and_in(world: World, waiting: dict[str, Any]) -> None:
    filled = {**form(world, waiting), "agreed": True, "answered_on": str(today())}
    taken = command(
        world[CASEWORKER],
        "takeKommunRequestAnswer",
        {**waiting, "contentBase64": encoded(filled)},
        "kommunRequest { state }",
    )
    assert taken["kommunRequest"]["state"] == "agreed"
    gone = ask(world[CASEWORKER], PACKAGE, id=waiting["kommunRequestId"])
    assert gone == {"kommunRequestPackage": None}
    events = [one.details.get("event") for one in world.rows(AuditEntry)]
    assert events.count("exported") == events.count("answer_taken_in") == 1


def test_only_its_circle(world: World, waiting: dict[str, Any]) -> None:
    for who in (COLLEAGUE, "caseworker AMF", "property"):
        found = ask(world[who], PACKAGE, id=waiting["kommunRequestId"])
        assert found == {"kommunRequestPackage": None}
        given = {**waiting, "contentBase64": encoded({})}
        result = command(world[who], "takeKommunRequestAnswer", given, "__typename")
        assert result["__typename"] == "NotFound"


@pytest.mark.parametrize("content", ["%", "", base64.b64encode(b"{").decode()])
def test_what_is_no_answer(world: World, waiting: dict[str, Any], content: str) -> None:
    given = {**waiting, "contentBase64": content}
    result = command(world[CASEWORKER], "takeKommunRequestAnswer", given, "__typename")
    assert [one["rule"] for one in result["problems"]] == ["unreadable"]


def test_an_answer_to_another_request(world: World, waiting: dict[str, Any]) -> None:
    other = {**form(world, waiting), "reference": "0" * 20, "agreed": True}
    given = {**waiting, "contentBase64": encoded(other)}
    result = command(world[CASEWORKER], "takeKommunRequestAnswer", given, "__typename")
    assert [one["rule"] for one in result["problems"]] == ["other_request"]
