"""Requests between kommuner: the month, the Inspectorate, the data that go over, the circle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hemvist.audit.models import AuditEntry
from hemvist.cases import handling
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.kommun_requests import following
from hemvist.kommun_requests import service as requests
from hemvist.kommun_requests.models import KommunRequest, KommunRequestStep
from hemvist.outbox import OutboxEvent
from hemvist_world import World, as_owner, new_world

CASEWORKER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"
COLLEAGUE = "another caseworker SOF-VUX"
OTHER_KOMMUN = "1980"
WORDS = {
    "counterpart": OTHER_KOMMUN,
    "function_address": "0203:stod@vasteras.example",
    "reasons": "Familjen finns där.",
    "wish": "wants",
}
NEEDED = {"ground": "sol_29_12", "fields": ["identity", "investigation"]}


@pytest.fixture(autouse=True, scope="module")
def colleague(world: World) -> None:
    """Somebody else in the same department, with the same rights."""
    world.add(COLLEAGUE, Membership(Role.CASEWORKER, "SOF-VUX"))


@pytest.fixture
def case(world: World) -> Case:
    return world.case()


def opened(world: World, case: Case, who: str = CASEWORKER, **more: Any) -> KommunRequest:
    values = {"kind": "takeover", "direction": "outgoing", **WORDS, **more}
    return world.act(who, requests.open_request, case_id=case.id, **values)  # type: ignore[no-any-return]


def act(
    world: World, verb: Callable[..., Any], request: KommunRequest, who: str, **more: Any
) -> KommunRequest:
    seen = world.again(request)
    values = {"request_id": seen.id, "expected_version": seen.version, **more}
    world.act(who, verb, **values)
    return world.again(request)  # type: ignore[no-any-return]


def sent(world: World, case: Case, days_ago: int, **more: Any) -> KommunRequest:
    day = today() - timedelta(days=days_ago)
    request = opened(world, case, on=day, **more)
    return act(world, requests.send, request, MANAGER, on=day, arrived_on=day)


@pytest.mark.parametrize(
    ("arrived", "last"),
    [
        (date(2026, 3, 2), date(2026, 4, 2)),
        # The second of May is a Saturday.
        (date(2026, 4, 2), date(2026, 5, 4)),
        # February has no 31st: its last day, a Saturday.
        (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2026, 5, 19), date(2026, 6, 22)),
    ],
)
def test_a_month_or_the_next_working_day(arrived: date, last: date) -> None:
    assert requests.answer_deadline(arrived) == last


def test_all_the_way_over(world: World, case: Case) -> None:
    request = sent(world, case, 10)
    assert (request.state, request.answer_by) == (
        "waiting",
        requests.answer_deadline(today() - timedelta(days=10)),
    )
    with pytest.raises(Conflict) as early:
        act(world, following.note_help, request, CASEWORKER, kind="data_handed_over", **NEEDED)
    assert early.value.rule == "not_to_carry_over"
    request = act(world, requests.answer, request, CASEWORKER, agreed=True, reasons="")
    with pytest.raises(Conflict) as without:
        act(world, following.carry_over, request, CASEWORKER)
    assert without.value.rule == "data_not_handed_over"
    act(world, following.note_help, request, CASEWORKER, kind="data_handed_over", **NEEDED)
    request = act(world, following.carry_over, request, CASEWORKER)
    assert (request.state, request.carried_over_on) == ("carried_over", today())
    steps = world.rows(KommunRequestStep, request_id=request.id)
    assert [step.kind for step in steps] == [
        *("opened", "sent", "agreed", "data_handed_over", "carried_over"),
    ]
    [told] = [step for step in steps if step.ground]
    assert (told.ground, told.fields, told.recipient) == (
        "sol_29_12",
        ["identity", "investigation"],
        WORDS["function_address"],
    )


def test_the_inspectorate_after_a_refusal_or_a_month_of_silence(world: World, case: Case) -> None:
    request = sent(world, case, 20)
    with pytest.raises(Conflict) as early:
        act(world, following.refer_to_ivo, request, MANAGER)
    assert early.value.rule == "answer_not_due"
    request = act(world, requests.answer, request, CASEWORKER, agreed=False, reasons="Nej.")
    request = act(world, following.refer_to_ivo, request, MANAGER)
    assert (request.state, request.ivo_applied_on) == ("with_ivo", today())
    request = act(
        world, following.note_ivo, request, CASEWORKER, outcome="dismissed", number="8.1-1/2026"
    )
    assert (request.state, request.ivo_outcome) == ("kept_by_ivo", "dismissed")
    # It is over: the case can be asked over anew, and this time nobody answers.
    silent = sent(world, case, 45)
    assert requests.is_late(silent, today())
    assert not requests.is_late(silent, silent.answer_by or today())
    silent = act(world, following.refer_to_ivo, silent, MANAGER)
    silent = act(world, following.note_ivo, silent, CASEWORKER, outcome="moved", number="8.1-2")
    assert silent.state == "moved_by_ivo"
    with pytest.raises(Conflict):
        act(world, requests.withdraw, silent, CASEWORKER, reasons="")


def test_while_the_inspectorate_has_it_the_kommuner_may_agree(world: World, case: Case) -> None:
    request = act(world, following.refer_to_ivo, sent(world, case, 45), MANAGER)
    request = act(world, requests.answer, request, CASEWORKER, agreed=True, reasons="")
    assert request.state == "agreed"


def test_without_the_day_it_came_in_no_month_runs(world: World, case: Case) -> None:
    day = today() - timedelta(days=60)
    request = opened(world, case)
    request = act(world, requests.send, request, MANAGER, on=day)
    assert request.answer_by is None
    with pytest.raises(Conflict) as unknown:
        act(world, following.refer_to_ivo, request, MANAGER)
    assert unknown.value.rule == "answer_not_due"
    request = act(world, requests.note_arrival, request, CASEWORKER, arrived_on=day)
    assert request.answer_by == requests.answer_deadline(day)
    with pytest.raises(Conflict) as twice:
        act(world, requests.note_arrival, request, CASEWORKER, arrived_on=day)
    assert twice.value.rule == "arrival_noted"


def test_what_comes_in_is_answered_by_a_manager_who_did_not_register_it(
    world: World, case: Case
) -> None:
    day = today() - timedelta(days=5)
    request = opened(world, case, direction="incoming", on=day)
    assert (request.state, request.answer_by) == ("waiting", requests.answer_deadline(day))
    with pytest.raises(NotAllowed):
        act(world, requests.answer, request, CASEWORKER, agreed=True, reasons="")
    with pytest.raises(ValidationFailed) as unreasoned:
        act(world, requests.answer, request, MANAGER, agreed=False, reasons=" ")
    assert unreasoned.value.problems[0].field == "reasons"
    request = act(world, requests.answer, request, MANAGER, agreed=True, reasons="")
    request = act(world, following.note_help, request, CASEWORKER, kind="data_received")
    assert act(world, following.carry_over, request, CASEWORKER).state == "carried_over"
    registered = opened(world, world.case(), MANAGER, direction="incoming")
    with pytest.raises(NotAllowed):
        act(world, requests.answer, registered, MANAGER, agreed=True, reasons="")


def test_nobody_sends_a_case_away_alone(world: World, case: Case) -> None:
    request = opened(world, case)
    with pytest.raises(NotAllowed):
        act(world, requests.send, request, CASEWORKER)
    managers_own = opened(world, world.case(), MANAGER)
    with pytest.raises(NotAllowed):
        act(world, requests.send, managers_own, MANAGER)
    assert world.again(request).state == "drafted"


def test_an_application_is_the_persons_own_and_has_no_month(world: World, case: Case) -> None:
    here = opened(world, case, kind="application")
    there = opened(world, case, kind="application", counterpart="0380")
    here = act(world, requests.send, here, CASEWORKER, arrived_on=today())
    assert (here.state, here.answer_by) == ("waiting", None)
    with pytest.raises(ValidationFailed) as not_theirs:
        act(world, following.refer_to_ivo, here, MANAGER)
    assert not_theirs.value.problems[0].rule == "not_a_takeover"
    act(world, following.note_help, here, CASEWORKER, kind="assistance_asked")
    help_given = {"ground": "consent", "fields": ["investigation"], "consent_on": today()}
    act(world, following.note_help, here, CASEWORKER, kind="assistance_given", **help_given)
    here = act(world, requests.answer, here, CASEWORKER, agreed=True, reasons="")
    assert act(world, following.carry_over, here, CASEWORKER).state == "carried_over"
    assert act(world, requests.withdraw, there, CASEWORKER, reasons="Väljer den andra.").state == (
        "withdrawn"
    )


@pytest.mark.parametrize(
    ("kind", "told", "field"),
    [
        ("assistance_given", {}, "ground"),
        ("assistance_given", {"ground": "sol_29_9"}, "fields"),
        ("assistance_given", {"ground": "sol_29_9", "fields": ["address"]}, "fields"),
        ("assistance_given", {"ground": "consent", "fields": ["health"]}, "consentOn"),
        (
            "assistance_given",
            {"ground": "consent", "fields": ["health"], "consent_on": date(2199, 1, 1)},
            "consentOn",
        ),
        ("assistance_asked", {"ground": "sol_29_9", "fields": ["health"]}, "ground"),
        ("address_told", {}, "kind"),
    ],
)
def test_what_is_told_says_why_and_what(
    world: World, case: Case, kind: str, told: dict[str, Any], field: str
) -> None:
    request = sent(world, case, 3)
    with pytest.raises(ValidationFailed) as refused:
        act(world, following.note_help, request, CASEWORKER, kind=kind, **told)
    assert field in {problem.field for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"counterpart": "19A0"}, "counterpart"),
        ({"counterpart": "¹980"}, "counterpart"),
        ({"counterpart": ""}, "counterpart"),
        ({"function_address": " "}, "functionAddress"),
        ({"reasons": ""}, "reasons"),
        ({"reasons": "x" * 10_001}, "reasons"),
        ({"wish": "maybe"}, "wish"),
        ({"kind": "gift"}, "kind"),
        ({"direction": "sideways"}, "direction"),
    ],
)
def test_what_a_request_says(world: World, case: Case, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        opened(world, case, **wrong)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_not_to_oneself(world: World, case: Case) -> None:
    from hemvist.tenancy import Tenant

    own = world.read(lambda session: session.get(Tenant, world.tenant_id).kommun_code)
    if not own.isdigit():
        pytest.skip("the made-up kommun has no code of digits")
    with pytest.raises(ValidationFailed) as refused:
        opened(world, case, counterpart=own)
    assert refused.value.problems[0].rule == "own_kommun"


def test_one_kommun_at_a_time_is_asked_to_take_a_case_over(world: World, case: Case) -> None:
    first = opened(world, case)
    with pytest.raises(Conflict) as second:
        opened(world, case, counterpart="0380")
    assert second.value.rule == "takeover_already_asked"
    act(world, requests.withdraw, first, CASEWORKER, reasons="")
    opened(world, case, counterpart="0380")


def test_only_the_circle_knows(world: World, case: Case) -> None:
    """A colleague who reads the case, even takes it over, finds no request; nor does the property office."""
    request = sent(world, case, 3)
    taken = world.again(case)
    world.act(COLLEAGUE, handling.take_over, case_id=case.id, expected_version=taken.version)
    for stranger in (COLLEAGUE, "property", "caseworker AMF", "manager AMF"):
        with pytest.raises(NotFound) as hidden:
            act(world, requests.answer, request, stranger, agreed=True, reasons="")
        assert hidden.value.kind == "KommunRequest"
    new = world[COLLEAGUE].principal_id
    with pytest.raises(NotAllowed):
        act(world, following.name_handler, request, CASEWORKER, handler_id=new)
    request = act(world, following.name_handler, request, MANAGER, handler_id=new)
    assert (
        act(world, requests.answer, request, COLLEAGUE, agreed=True, reasons="").state == "agreed"
    )
    with pytest.raises(NotFound):
        act(world, following.carry_over, request, CASEWORKER)


def test_only_somebody_who_may_is_named(world: World, case: Case) -> None:
    request = opened(world, case)
    for nobody in ("property", "caseworker AMF"):
        with pytest.raises(ValidationFailed) as refused:
            act(
                world,
                following.name_handler,
                request,
                MANAGER,
                handler_id=world[nobody].principal_id,
            )
        assert refused.value.problems[0].rule == "not_a_handler"


def test_nothing_outside_the_circle_tells_of_it(world: World, case: Case) -> None:
    """The timeline, the log and the events name no kommun, no address and no reason."""
    lines = len(world.rows(CaseEvent, case_id=case.id))
    request = sent(world, case, 3, reasons="MÄRKT")
    assert len(world.rows(CaseEvent, case_id=case.id)) == lines
    [*_, entry] = world.rows(AuditEntry, case_id=case.id)
    assert (entry.subject_type, entry.subject_id) == ("kommun_request", request.id)
    events = [one for one in world.rows(OutboxEvent) if one.type == "kommun_request_moved"]
    written = f"{[vars(entry)]} {[one.payload for one in events]}"
    for secret in (OTHER_KOMMUN, WORDS["function_address"], "MÄRKT"):
        assert f"'{secret}'" not in written
    assert events


def test_another_kommun_finds_nothing(world: World, case: Case) -> None:
    request = sent(world, case, 3)
    other = new_world()
    with pytest.raises(NotFound):
        other.act(
            CASEWORKER,
            requests.answer,
            request_id=request.id,
            expected_version=request.version,
            agreed=True,
            reasons="",
        )


def test_a_line_is_never_changed(world: World, case: Case) -> None:
    request = sent(world, case, 3)
    change = "UPDATE kommun_request_steps SET notes_sealed = '\\x01' WHERE request_id = :id"
    with world.session() as session, pytest.raises(DBAPIError, match="denied|only added"):
        session.execute(
            text(change),
            {"id": request.id},
        )


def test_the_tables_hold_none_of_it_in_clear(world: World, case: Case) -> None:
    request = sent(world, case, 3, reasons="MÄRKT", function_address="märkt@kommun.example")
    act(
        world,
        following.note_help,
        request,
        CASEWORKER,
        kind="assistance_given",
        notes="MÄRKT",
        **{**NEEDED, "ground": "sol_29_9"},
    )
    with as_owner(world.tenant_id) as connection:
        kept = connection.execute(
            "SELECT r::text, s::text FROM kommun_requests r JOIN kommun_request_steps s"
            " ON s.tenant_id = r.tenant_id AND s.request_id = r.id WHERE r.id = %s",
            (request.id,),
        ).fetchall()
    assert len(kept) == 3
    # As a dump writes it: bytes as hexadecimal digits.
    whole = str(kept)
    for secret in ("MÄRKT", "märkt", WORDS["reasons"]):
        assert secret not in whole
        assert secret.encode().hex() not in whole
    assert f",{OTHER_KOMMUN}," not in whole


def test_two_at_once(world: World, case: Case) -> None:
    request = sent(world, case, 3)
    act(world, requests.answer, request, CASEWORKER, agreed=True, reasons="")
    with pytest.raises(Conflict) as stale:
        world.act(
            MANAGER,
            requests.answer,
            request_id=request.id,
            expected_version=request.version,
            agreed=False,
            reasons="Nej.",
        )
    assert stale.value.rule == "stale_version"
