"""Due dates: from the anchor, clamped, ended by events."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.policy import Due, Pack, PolicyError, evaluate, load_pack, schedule
from hemvist_policy_oracle import months_later

PROGRAMME = "municipal_contract"


def _days(dues: tuple[Due, ...], obligation: str) -> list[date]:
    return [due.due_on for due in dues if due.obligation == obligation]


def test_months_count_from_the_anchor_and_clamp(example: Pack) -> None:
    anchors = {"decision_granted": date(2026, 8, 31)}
    dues = schedule(example, PROGRAMME, anchors, date(2027, 8, 31))
    assert _days(dues, "first_follow_up") == [date(2026, 9, 30)]
    assert _days(dues, "follow_up") == [
        *(date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 31), date(2027, 8, 31))
    ]
    assert [due.ordinal for due in dues if due.obligation == "follow_up"] == [1, 2, 3, 4]
    assert [due.due_on for due in dues] == sorted(due.due_on for due in dues)


def test_a_due_date_says_who_why_and_what_for(example: Pack) -> None:
    anchors = {"decision_granted": date(2026, 8, 31)}
    first, second = schedule(example, PROGRAMME, anchors, date(2026, 12, 31))
    assert (first.by, first.creates, first.anchor) == (
        *(("referring", "property"), "plan"),
        "decision_granted",
    )
    assert (second.by, second.participants) == (("referring",), ("property",))
    assert [item.id for item in second.agenda] == ["care"]
    assert json.loads(json.dumps(second.as_json())) == {
        "obligation": "follow_up",
        "ordinal": 1,
        "due_on": "2026-11-30",
        "by": ["referring"],
        "participants": ["property"],
        "cite": ["RL §1"],
        "label": {"sv": "Uppföljning", "en": "Follow-up"},
        "anchor": "decision_granted",
        "anchor_on": "2026-08-31",
        "agenda": [{"id": "care", "label": {"sv": "Skötsel", "en": "Care"}, "cite": ["RL §1"]}],
        "creates": None,
        "departments": [],
    }


LIMITED = ("programmes.yaml", "every: {months: 3}", "every: {months: 3}\n        departments: [FF]")


@pytest.mark.parametrize(("department", "listed"), [("FF", True), ("SOF-VUX", False), (None, True)])
def test_a_duty_of_some_departments_binds_in_their_cases_only(
    changed: Callable[..., Path], department: str | None, listed: bool
) -> None:
    pack = load_pack(changed(LIMITED))
    anchors = {"decision_granted": date(2026, 8, 31)}
    dues = schedule(pack, PROGRAMME, anchors, date(2026, 12, 31), department=department)
    found = {due.obligation: due.departments for due in dues}
    assert found == {"first_follow_up": ()} | ({"follow_up": ("FF",)} if listed else {})


def test_a_department_that_the_pack_does_not_have_is_refused(example: Pack) -> None:
    with pytest.raises(PolicyError, match="no department 'SOF-VUXEN'; did you mean 'SOF-VUX'"):
        schedule(example, PROGRAMME, {}, date(2027, 1, 1), department="SOF-VUXEN")


def test_without_its_anchor_an_obligation_gives_nothing(example: Pack) -> None:
    assert schedule(example, PROGRAMME, {}, date(2027, 1, 1)) == ()
    moved = {"moved_in": date(2026, 8, 31)}
    # A continuous duty has no dates.
    assert schedule(example, PROGRAMME, moved, date(2027, 1, 1)) == ()


def test_an_event_ends_the_series_and_its_own_day_counts(example: Pack) -> None:
    anchors = {"decision_granted": date(2026, 8, 31), "follow_up_ended": date(2027, 2, 28)}
    dues = schedule(example, PROGRAMME, anchors, date(2030, 1, 1))
    assert _days(dues, "follow_up") == [date(2026, 11, 30), date(2027, 2, 28)]
    anchors["follow_up_ended"] = date(2027, 2, 27)
    dues = schedule(example, PROGRAMME, anchors, date(2030, 1, 1))
    assert _days(dues, "follow_up") == [date(2026, 11, 30)]


def test_the_first_one_can_come_at_another_distance(changed: Callable[..., Path]) -> None:
    every = "every: {months: 3}"
    first = "every: {months: 3}\n        first_after: {months: 4}\n        times: 2"
    pack = load_pack(changed(("programmes.yaml", every, first)))
    anchors = {"decision_granted": date(2026, 8, 31)}
    dues = schedule(pack, PROGRAMME, anchors, date(2030, 1, 1))
    assert _days(dues, "follow_up") == [date(2026, 12, 31), date(2027, 3, 31)]


def test_days_are_counted_as_days(changed: Callable[..., Path]) -> None:
    pack = load_pack(changed(("programmes.yaml", "every: {months: 3}", "every: {days: 30}")))
    anchors = {"decision_granted": date(2026, 2, 28)}
    dues = schedule(pack, PROGRAMME, anchors, date(2026, 5, 1))
    assert _days(dues, "follow_up") == [date(2026, 3, 30), date(2026, 4, 29)]


def test_a_parameter_has_its_value_of_the_anchors_day(changed: Callable[..., Path]) -> None:
    folder = changed(
        ("programmes.yaml", "every: {months: 3}", "every: {months: p.referral_months}")
    )
    pack = load_pack(folder)
    until = date(2028, 2, 28)
    old = schedule(pack, PROGRAMME, {"decision_granted": date(2026, 12, 31)}, until)
    new = schedule(pack, PROGRAMME, {"decision_granted": date(2027, 1, 31)}, until)
    assert _days(old, "follow_up") == [date(2027, 12, 31)]
    assert _days(new, "follow_up") == [date(2027, 7, 31), date(2028, 1, 31)]
    asked = {"decision_granted": date(2026, 12, 31)}
    as_of = schedule(pack, PROGRAMME, asked, until, on=date(2027, 1, 1))
    assert _days(as_of, "follow_up") == [date(2027, 6, 30), date(2027, 12, 31)]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 1500))
def test_every_date_is_the_anchor_and_whole_quarters(
    example: Pack, anchor: date, days: int
) -> None:
    until = date.fromordinal(anchor.toordinal() + days)
    dues = schedule(example, PROGRAMME, {"decision_granted": anchor}, until)
    expected: list[date] = []
    while (day := months_later(anchor, 3 * (len(expected) + 1))) <= until:
        expected.append(day)
    assert _days(dues, "follow_up") == expected


@pytest.mark.parametrize(
    ("programme", "anchors", "until", "message"),
    [
        ("municipal", {}, date(2027, 1, 1), "did you mean 'municipal_contract'"),
        (PROGRAMME, {"decided": date(2026, 1, 1)}, date(2027, 1, 1), "no event 'decided'"),
        (
            PROGRAMME,
            {"decision_granted": date(1700, 1, 1)},
            date(2027, 1, 1),
            "outside the calendar",
        ),
        (
            PROGRAMME,
            {"decision_granted": date(2026, 1, 1)},
            date(9999, 1, 1),
            "outside the calendar",
        ),
    ],
)
def test_questions_that_do_not_hold(
    example: Pack, programme: str, anchors: dict[str, date], until: date, message: str
) -> None:
    with pytest.raises(PolicyError, match=message):
        schedule(example, programme, anchors, until)


def test_an_instant_is_not_a_day(example: Pack) -> None:
    instant = datetime(2026, 8, 31, 23, 30, tzinfo=UTC)
    with pytest.raises(PolicyError, match="outside the calendar"):
        schedule(example, PROGRAMME, {"decision_granted": instant}, date(2027, 1, 1))
    with pytest.raises(PolicyError, match="must be a date"):
        evaluate(example, "registered", {}, instant)


def test_a_daily_duty_over_centuries_is_stopped(changed: Callable[..., Path]) -> None:
    pack = load_pack(changed(("programmes.yaml", "every: {months: 3}", "every: {days: 1}")))
    with pytest.raises(PolicyError, match="more than 10000"):
        schedule(pack, PROGRAMME, {"decision_granted": date(1900, 1, 1)}, date(2200, 1, 1))
