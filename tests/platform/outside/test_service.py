"""A package for a kommun that is not on the platform, and its answer."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from hemvist.audit import AuditEntry
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.households.models import Household, HouseholdMember, Person
from hemvist.households.service import open_number
from hemvist.identity import Membership, Role
from hemvist.kommun_requests import service as requests
from hemvist.kommun_requests.models import KommunRequest
from hemvist.outside import service
from hemvist.outside.packages import ANSWER_FILE, MAX_ANSWER, REQUEST_FILE, read_answer
from hemvist.tenancy import tenant_session
from hemvist_world import World, new_world

CASEWORKER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"
COLLEAGUE = "another caseworker SOF-VUX"
ADDRESS = "0203:stod@vasteras.example"


@pytest.fixture(scope="module")
def world(database: str) -> World:
    made = new_world()
    made.add(COLLEAGUE, Membership(Role.CASEWORKER, "SOF-VUX"))
    return made


@pytest.fixture
def request_(world: World) -> KommunRequest:
    """A request that was sent five days ago."""
    day = today() - timedelta(days=5)
    case = world.case()
    drafted = world.act(
        CASEWORKER,
        requests.open_request,
        case_id=case.id,
        kind="takeover",
        direction="outgoing",
        counterpart="1980",
        function_address=ADDRESS,
        reasons="Hotet finns här.",
        wish="wants",
        on=day,
    )
    return world.act(  # type: ignore[no-any-return]
        MANAGER,
        requests.send,
        request_id=drafted.id,
        expected_version=drafted.version,
        on=day,
        arrived_on=day,
    )


def exported(world: World, request: KommunRequest, who: str = CASEWORKER) -> service.Package:
    return world.act(who, service.export, request_id=request.id)  # type: ignore[no-any-return]


def files(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def filled(content: bytes, **answers: Any) -> bytes:
    form = json.loads(files(content)[ANSWER_FILE])
    return json.dumps({**form, **answers}).encode()


def taken(world: World, request: KommunRequest, content: bytes, who: str = CASEWORKER) -> Any:
    return world.act(
        who,
        service.take_answer,
        request_id=request.id,
        content=content,
        expected_version=world.again(request).version,
    )


def test_out_and_in(world: World, request_: KommunRequest) -> None:
    sent = exported(world, request_)
    assert sent.function_address == ADDRESS
    assert exported(world, request_).content == sent.content
    said = json.loads(files(sent.content)[REQUEST_FILE])
    assert (said["to"], said["section"], said["reasons"]) == (
        *("1980", "SoL 29:10"),
        "Hotet finns här.",
    )
    answer = filled(sent.content, agreed=False, reasons="Ingen plats", answered_on=str(today()))
    answered = taken(world, request_, answer)
    assert (answered.state, answered.answer_reasons) == ("refused", "Ingen plats")
    for act in (lambda: exported(world, request_), lambda: taken(world, request_, answer)):
        with pytest.raises(Conflict):
            act()
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        logged = session.query(AuditEntry).filter_by(subject_id=request_.id).all()
    events = [one.details.get("event") for one in logged]
    assert events.count("exported") == 2 and events.count("answer_taken_in") == 1


def test_it_does_not_say_who_it_is_about(world: World, request_: KommunRequest) -> None:
    sent = exported(world, request_)
    case = world.rows(Case, id=request_.case_id)[0]
    household = world.rows(Household, id=case.household_id)[0]
    secrets = [household.alias, case.number, str(request_.id), str(case.id)]
    for member in world.rows(HouseholdMember, household_id=household.id):
        person = world.rows(Person, id=member.person_id)[0]
        secrets += [person.given_name, person.family_name, open_number(person)]
    whole = sent.name + "".join(files(sent.content).values())
    for secret in secrets:
        assert secret not in whole


def test_only_its_circle(world: World, request_: KommunRequest) -> None:
    content = filled(exported(world, request_).content, agreed=True, answered_on=str(today()))
    for act in (
        lambda: exported(world, request_, COLLEAGUE),
        lambda: taken(world, request_, content, COLLEAGUE),
    ):
        with pytest.raises(NotFound):
            act()
    assert exported(world, request_, MANAGER).function_address == ADDRESS


def test_an_answer_is_to_the_very_request(world: World, request_: KommunRequest) -> None:
    other = filled(exported(world, request_).content, reference="0" * 20, agreed=True)
    with pytest.raises(ValidationFailed) as refused:
        taken(world, request_, other)
    assert [one.rule for one in refused.value.problems] == ["other_request"]
    early = filled(
        exported(world, request_).content,
        agreed=True,
        answered_on=str(today() - timedelta(days=6)),
    )
    with pytest.raises(ValidationFailed):
        taken(world, request_, early)
    assert world.again(request_).state == "waiting"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 60_000,
        b"x" * (MAX_ANSWER + 1),
        b'{"schema": "hemvist-kommun-answer/1"}',
        *(
            json.dumps(
                {
                    "schema": "hemvist-kommun-answer/1",
                    "reference": "R",
                    "agreed": True,
                    "reasons": "",
                    "answered_on": "2026-11-20",
                    **wrong,
                }
            ).encode()
            for wrong in (
                {"agreed": "yes"},
                {"agreed": None},
                {"agreed": 1},
                {"reasons": 3},
                {"answered_on": "20 november"},
                {"answered_on": None},
            )
        ),
    ],
)
def test_what_is_no_answer_is_said_so(content: bytes) -> None:
    with pytest.raises(ValidationFailed):
        read_answer(content, "R")
