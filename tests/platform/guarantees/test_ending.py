"""Reassessment, the guarantor's notice, and the end after dialogue or otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.cases import closing
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, PolicyRefused, ValidationFailed
from hemvist.guarantees.ending import (
    earliest_end,
    end_guarantee,
    give_guarantor_notice,
    reassess_guarantee,
)
from hemvist.guarantees.models import Guarantee
from hemvist.policy import add_months
from hemvist_guarantees import OFFICER, guaranteed
from hemvist_world import GUARANTEE as PROGRAMME
from hemvist_world import HOUSING, World

TOLD = ["referrer_told_guarantee_ended"]


def end(world: World, row: Guarantee, **changes: Any) -> Guarantee:
    values: dict[str, Any] = {
        "guarantee_id": row.id,
        "reason": "dialogue",
        "dialogue_on": today() - timedelta(days=2),
        "parties": ["landlord", "property"],
        "told": TOLD,
        "motivation": "Hushållet har en ny borgensman.",
        "expected_version": world.again(row).version,
    }
    return world.act(OFFICER, end_guarantee, **(values | changes))  # type: ignore[no-any-return]


def test_it_ends_after_dialogue_and_the_case_knows(world: World) -> None:
    """HBG-119, HBG-120."""
    row = guaranteed(world)
    ended = end(world, row)
    assert (ended.state, ended.end_reason, ended.ended_on) == ("ended", "dialogue", today())
    [event] = world.rows(CaseEvent, case_id=row.case_id, kind="guarantee_ended")
    assert event.data == {"kind": "guarantee", "reason": "dialogue"}
    with pytest.raises(Conflict):
        end(world, row)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"told": []}, ("told", "notice_not_given")),
        ({"told": [*TOLD, "x"]}, ("told", "unknown_item")),
        ({"parties": ["landlord"]}, ("parties", "party_missing")),
        ({"dialogue_on": None}, ("dialogueOn", "required")),
        ({"dialogue_on": date(2001, 1, 1)}, ("dialogueOn", "too_early")),
        ({"reason": "tired"}, ("reason", "unknown_choice")),
        # The guideline's rule is not known to be met: a person says why.
        ({"motivation": " "}, ("motivation", "say_why_it_ends")),
        ({"on": date(2001, 1, 1)}, ("on", "too_early")),
    ],
)
def test_an_end_that_lacks_something(
    world: World, changes: dict[str, Any], problem: tuple[str, str]
) -> None:
    row = guaranteed(world)
    with pytest.raises(ValidationFailed) as refused:
        end(world, row, **changes)
    assert problem in [(one.field, one.rule) for one in refused.value.problems]
    assert world.again(row).state == "active"


@pytest.mark.parametrize("reason", ["expired", "notice", "contract_ended"])
def test_no_other_end_comes_before_its_day(world: World, reason: str) -> None:
    row = guaranteed(world)
    with pytest.raises(PolicyRefused) as refused:
        end(world, row, reason=reason)
    assert refused.value.rule == f"guarantee_{reason}_not_yet"


def test_reassessed_it_goes_on_and_the_duty_is_done(world: World) -> None:
    """HBG-118."""
    row = guaranteed(world)
    [case_id] = {row.case_id}
    from hemvist.cases.models import Case

    [case] = world.rows(Case, id=case_id)
    world.grant(case, HOUSING, programme=PROGRAMME, on=today() - timedelta(days=80))
    again = world.act(
        OFFICER,
        reassess_guarantee,
        guarantee_id=row.id,
        months=24,
        motivation="Hyran har betalats sent två gånger.",
        expected_version=world.again(row).version,
    )
    assert again.ends_on == add_months(row.starts_on, 24)
    assert again.review_on == add_months(today(), 12)
    assert again.cap_ore == row.cap_ore
    assert again.reviews[0]["motivation"] == "Hyran har betalats sent två gånger."
    duties = world.rows(Obligation, case_id=case_id, code="guarantee_reassessment")
    assert [one.state for one in duties] == ["done"]
    with pytest.raises(ValidationFailed) as refused:
        world.act(
            OFFICER,
            reassess_guarantee,
            guarantee_id=row.id,
            months=13,
            motivation="Fel.",
            expected_version=again.version,
        )
    assert refused.value.problems[0].params["allowed"] == [12, 24]


@pytest.mark.parametrize(
    ("starts", "notice", "free"),
    [
        # Two years count from the start, nine months from the notice: the later holds.
        (date(2024, 2, 29), date(2024, 3, 1), date(2026, 2, 28)),
        (date(2024, 12, 1), date(2026, 3, 1), date(2026, 12, 1)),
        (date(2020, 1, 1), date(2025, 5, 31), date(2026, 2, 28)),
    ],
)
def test_the_guarantor_is_free_by_law(starts: date, notice: date, free: date) -> None:
    """JB 12:28 a."""
    assert earliest_end(starts, notice) == free


def test_notice_is_given_once_and_never_too_early(world: World) -> None:
    row = guaranteed(world)
    free = earliest_end(row.starts_on, today())
    values: dict[str, Any] = {
        "guarantee_id": row.id,
        "motivation": "Avtalet upphör.",
        "expected_version": row.version,
    }
    with pytest.raises(PolicyRefused) as refused:
        world.act(OFFICER, give_guarantor_notice, ends_on=free - timedelta(days=1), **values)
    assert [one["flag"] for one in refused.value.items] == ["LF-6"]
    given = world.act(OFFICER, give_guarantor_notice, **values)
    assert (given.notice_given_on, given.notice_ends_on) == (today(), free)
    with pytest.raises(Conflict):
        world.act(OFFICER, give_guarantor_notice, **(values | {"expected_version": given.version}))
    with pytest.raises(PolicyRefused):
        end(world, row, reason="notice")


def test_it_outlives_its_case_and_is_ended_all_the_same(world: World) -> None:
    row = guaranteed(world)
    [case] = world.rows(Case, id=row.case_id)
    world.act(
        "caseworker SOF-VUX",
        closing.close,
        case_id=case.id,
        reason="own_lease",
        expected_version=case.version,
    )
    assert end(world, row).state == "ended"
    assert world.rows(CaseEvent, case_id=case.id, kind="guarantee_ended") != []
