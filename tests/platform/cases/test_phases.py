"""The phases of the support, folded over what happened: Göteborg's four."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hemvist.cases.phases import phases_of
from hemvist_registry import discovered

PACK = discovered().get("goteborg/bostad-forst")
PROGRAMME = PACK.programme("bostad_forst")
MOVED_IN = date(2026, 3, 31)
BEFORE = [
    ("referral_submitted", date(2026, 1, 2)),
    ("advance_notice_given", date(2026, 1, 9)),
    ("information_meeting_held", date(2026, 1, 12)),
    ("decision_granted", date(2026, 1, 15)),
]


def entered(*lines: tuple[str, date]) -> list[tuple[str, date, date | None]]:
    return [
        (one.phase.id, one.on, one.left_on) for one in phases_of(PROGRAMME, PACK, [*BEFORE, *lines])
    ]


def test_each_begins_with_its_event_and_is_left_for_the_next() -> None:
    """GBG-57 to GBG-61; phase 3 comes again when support is granted anew."""
    assert entered() == []
    lines = [
        ("planning_started", date(2026, 2, 20)),
        ("contract_signed", date(2026, 3, 20)),
        ("moved_in", MOVED_IN),
        ("lease_taken_over", date(2027, 10, 1)),
        ("support_ended", date(2028, 1, 1)),
        ("support_granted", date(2028, 6, 1)),
    ]
    assert entered(*lines) == [
        ("phase_1", date(2026, 2, 20), MOVED_IN),
        ("phase_2", MOVED_IN, date(2027, 10, 1)),
        ("phase_3", date(2027, 10, 1), date(2028, 1, 1)),
        ("phase_4", date(2028, 1, 1), date(2028, 6, 1)),
        ("phase_3", date(2028, 6, 1), None),
    ]


def test_after_a_notice_the_support_goes_on_in_its_phase_until_the_keys_are_in() -> None:
    """GBG-119; and a new flat begins the phases anew (GBG-121)."""
    lines = [
        ("planning_started", date(2026, 2, 20)),
        ("moved_in", MOVED_IN),
        ("notice_given", date(2026, 9, 1)),
    ]
    assert entered(*lines)[-1] == ("phase_2", MOVED_IN, None)
    out = [*lines, ("keys_returned", date(2026, 12, 1))]
    assert entered(*out)[-1] == ("phase_2", MOVED_IN, date(2026, 12, 1))
    again = [*out, ("planning_started", date(2027, 2, 1))]
    assert entered(*again)[-1] == ("phase_1", date(2027, 2, 1), None)


@pytest.mark.parametrize(
    ("before", "said"),
    [(57, "too_early"), (56, "in_time"), (28, "in_time"), (27, "too_late")],
)
def test_phase_1_begins_four_to_eight_weeks_before_moving_in(before: int, said: str) -> None:
    """GBG-52."""
    start = MOVED_IN - timedelta(days=before)
    lines = [*BEFORE, ("planning_started", start), ("moved_in", MOVED_IN)]
    first, second = phases_of(PROGRAMME, PACK, lines)
    assert first.lead == said
    assert first.due == (start + timedelta(days=28), start + timedelta(days=56))
    assert second.lead is None
    [waiting] = phases_of(PROGRAMME, PACK, lines[:-1])
    assert waiting.lead is None and waiting.due == first.due
