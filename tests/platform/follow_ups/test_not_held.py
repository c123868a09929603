"""Visits that did not take place, forms that are filled in and sent, and what rests meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.deadlines.models import Obligation, ObligationPause
from hemvist.errors import Conflict, NotAllowed, PolicyRefused, ValidationFailed
from hemvist.follow_ups import checklists, not_held, pausing
from hemvist.follow_ups import service as follow_ups
from hemvist.follow_ups.models import FilledChecklist, MissedFollowUp
from hemvist.notices.models import Notice
from hemvist.outbox import OutboxEvent
from hemvist_goteborg import CASEWORKER, housed, housing_first
from hemvist_workers.handlers import handle
from hemvist_world import World

FORM = {
    "condition": "worn",
    "condition.remark": "Sprucken ruta i köket.",
    **dict.fromkeys(("cleaning", "kitchen_and_bath", "smoke_alarm"), True),
    **dict.fromkeys(("shared_rooms", "neighbours", "rent_paid"), True),
}


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg, with a visit every week."""
    return housing_first()


@pytest.fixture
def case(world: World) -> Case:
    """In the flat for five weeks."""
    return housed(world, today() - timedelta(days=35))[0]


def due(world: World, case: Case, code: str = "home_visit", ordinal: int = 1) -> Any:
    return world.rows(Obligation, case_id=case.id, code=code, ordinal=ordinal)[0]


def miss(world: World, row: Any, who: str = CASEWORKER, **changes: Any) -> MissedFollowUp:
    values: dict[str, Any] = {
        "outcome": "missed",
        "reason": "not_at_home",
        "happened_on": row.due_on,
        "expected_version": world.again(row).version,
    }
    return world.act(  # type: ignore[no-any-return]
        who, not_held.record_not_held, obligation_id=row.id, **(values | changes)
    )


def review(world: World, case: Case, **changes: Any) -> FilledChecklist:
    row = due(world, case, "flat_review")
    values: dict[str, Any] = {
        "departments": ["SF-SV"],
        "resident_took_part": True,
        "in_the_home": True,
        "checklist": FORM,
        "expected_version": row.version,
    }
    world.act(CASEWORKER, follow_ups.record_follow_up, obligation_id=row.id, **(values | changes))
    return world.rows(FilledChecklist, case_id=case.id)[0]  # type: ignore[no-any-return]


def test_a_missed_week_is_told_and_over(world: World, case: Case) -> None:
    """GBG-96: the landlord's side learns that it did not take place, and no reason."""
    row = due(world, case)
    missed = miss(world, row, tried="Ringde två gånger.")
    now = world.again(row)
    assert (now.state, now.reason, now.not_held_on) == ("missed", "not_at_home", row.due_on)
    assert missed.told == ["EXF"] or "EXF" in missed.told
    [line] = world.rows(CaseEvent, case_id=case.id, kind="visit_missed")
    assert "reason" not in line.data
    for event in world.rows(OutboxEvent, type="visit_missed"):
        handle(world.tenant_id, event.id)
    told = {(one.role, one.department) for one in world.rows(Notice, kind="visit_missed")}
    assert ("property_officer", "EXF") in told
    for verb in (
        lambda: miss(world, row),
        lambda: miss(world, row, outcome="impossible", reason="away"),
    ):
        with pytest.raises(Conflict):
            verb()
    assert due(world, case, ordinal=2).state == "open"


def test_what_is_to_be_done_once_is_never_missed(world: World, case: Case) -> None:
    row = due(world, case, "watch_transfer")
    with pytest.raises(PolicyRefused) as refused:
        miss(world, row, happened_on=today())
    assert refused.value.rule == "done_once"
    assert (
        miss(world, row, outcome="impossible", reason="left_home", happened_on=today()).told == []
    )


def test_what_is_refused(world: World, case: Case) -> None:
    row = due(world, case)
    for wrong, problem in (
        ({"outcome": "forgotten"}, ("outcome", "unknown_choice")),
        ({"reason": "hospital"}, ("reason", "unknown_choice")),
        ({"reason": "other"}, ("notes", "required")),
        ({"happened_on": today() + timedelta(days=1)}, ("happenedOn", "future")),
        ({"notes": "x" * 4_001}, ("notes", "too_long")),
    ):
        with pytest.raises(ValidationFailed) as refused:
            miss(world, row, **wrong)
        assert [(one.field, one.rule) for one in refused.value.problems] == [problem]
    with pytest.raises(NotAllowed):
        miss(world, row, "manager SF-SV")
    assert world.again(row).state == "open"


def test_the_form_is_whole_and_sent_once(world: World, case: Case) -> None:
    """GBG-93, GBG-94."""
    row = due(world, case, "flat_review")
    for form, field in (
        ({**FORM, "weather": True}, "checklist.weather"),
        ({**FORM, "condition": "lovely"}, "checklist.condition"),
        ({**FORM, "smoke_alarm": "yes"}, "checklist.smoke_alarm"),
        (
            {name: value for name, value in FORM.items() if name != "rent_paid"},
            "checklist.rent_paid",
        ),
    ):
        with pytest.raises(ValidationFailed) as refused:
            review(world, case, checklist=form)
        assert [one.field for one in refused.value.problems] == [field]
    assert world.again(row).state == "open"
    form = review(world, case)
    kept = {line["id"]: (line["value"], line["remark"]) for line in form.items}
    assert kept["condition"] == ("worn", "Sprucken ruta i köket.")
    assert (form.sent_on, form.sent_to) == (None, [])
    sending = due(world, case, "send_checklist")
    with pytest.raises(Conflict) as other:
        miss_or_hold = {"departments": ["SF-SV"], "resident_took_part": True, "in_the_home": True}
        world.act(
            CASEWORKER,
            follow_ups.record_follow_up,
            obligation_id=sending.id,
            expected_version=sending.version,
            **miss_or_hold,
        )
    assert other.value.rule == "sent_form"
    sent = world.act(
        CASEWORKER,
        checklists.send_checklist,
        checklist_id=form.id,
        expected_version=form.version,
    )
    assert "EXF" in sent.sent_to and world.again(sending).state == "done"
    with pytest.raises(Conflict) as twice:
        world.act(
            CASEWORKER,
            checklists.send_checklist,
            checklist_id=form.id,
            expected_version=sent.version,
        )
    assert twice.value.rule == "checklist_sent"


def test_a_pause_leaves_visits_out_and_its_end_brings_them_back(world: World, case: Case) -> None:
    before = {
        row.ordinal: row for row in world.rows(Obligation, case_id=case.id, code="home_visit")
    }
    start = today() + timedelta(days=1)
    pause = world.act(
        CASEWORKER,
        pausing.pause_duties,
        case_id=case.id,
        starts_on=start,
        reason="hospital",
        codes=["home_visit"],
        expected_version=world.again(case).version,
    )
    rows = world.rows(Obligation, case_id=case.id, code="home_visit", state="open")
    assert {row.due_on < start for row in rows} == {True}
    # What is to be done once, and what was not named, goes on.
    assert world.rows(Obligation, case_id=case.id, code="watch_transfer", state="open")
    assert any(
        row.due_on > start
        for row in world.rows(Obligation, case_id=case.id, code="flat_review", state="open")
    )
    with pytest.raises(ValidationFailed):
        world.act(
            CASEWORKER,
            pausing.pause_duties,
            case_id=case.id,
            starts_on=start,
            reason="weather",
            codes=["watch_transfer"],
            expected_version=world.again(case).version,
        )
    with world.session() as session:
        kept = session.find(ObligationPause, pause.id)
        kept.starts_on = today() - timedelta(days=3)
    world.act(
        CASEWORKER,
        pausing.end_pause,
        pause_id=pause.id,
        ends_on=today(),
        expected_version=world.again(pause).version,
    )
    after = {row.ordinal: row for row in world.rows(Obligation, case_id=case.id, code="home_visit")}
    for ordinal, row in before.items():
        if row.due_on > today():
            assert (after[ordinal].state, after[ordinal].due_on) == ("open", row.due_on)
