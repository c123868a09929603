"""Getting a home: who waits, how long it takes, where it takes its time, homes that are lived in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from hemvist.indicators.counting.common import (
    CONTRACTS,
    OF_THE_KOMMUN,
    OFFERS,
    REFERRALS,
    days_between,
    homes,
    programmes,
)
from hemvist.indicators.counting.groups import children_of, groups_of
from hemvist.indicators.fact import Fact
from hemvist.indicators.rows import CaseRows, Needs

NEEDS: Needs = {
    "contracts": CONTRACTS,
    "offers": OFFERS,
    "referrals": REFERRALS,
    "case_events": "kind subject_id occurred_on",
}
#: Lines of the timeline by which a referral is over.
OVER = (
    *("referral_fulfilled", "referral_withdrawn", "referral_expired"),
    "referral_returned",
)
ANSWERED = ("accepted", "declined")


def waiting(rows: CaseRows) -> Iterator[Fact]:
    """Each referral from its submission until it is over."""
    over = {
        one.subject_id: one.occurred_on
        for one in sorted(rows.of("case_events"), key=lambda one: one.occurred_on, reverse=True)
        if one.kind in OVER
    }
    for one in rows.of("referrals"):
        ends = over.get(one.id)
        if one.submitted_on is not None and (ends is None or ends > one.submitted_on):
            yield Fact("waiting", one.id, one.submitted_on, ends, programme=one.programme)


def time_to_home(rows: CaseRows) -> Iterator[Fact]:
    """Days from the case's opening to its first home."""
    for one in homes(rows)[:1]:
        yield Fact(
            "time_to_home",
            one.id,
            one.starts_on,
            programme=programmes(rows)[one.offer_id],
            groups=groups_of(rows, one.starts_on),
            amount=days_between(rows.case.opened_on, one.starts_on),
        )


def steps_before(rows: CaseRows) -> Iterator[Fact]:
    """Days of assessment, of registration and until an offer, of each referral."""
    submitted = [one for one in rows.of("referrals") if one.submitted_on is not None]
    if submitted:
        first = min(submitted, key=lambda one: one.id)
        days = days_between(rows.case.opened_on, first.submitted_on)
        yield _step("assessment", first, first.submitted_on, first.programme, days)
    for one in submitted:
        if one.registered_on is None:
            continue
        days = days_between(one.submitted_on, one.registered_on)
        yield _step("registration", one, one.registered_on, one.programme, days)
        made = [offer.made_on for offer in rows.of("offers") if offer.referral_id == one.id]
        if made:
            days = days_between(one.registered_on, min(made))
            yield _step("offer", one, min(made), one.programme, days)


def steps_after(rows: CaseRows) -> Iterator[Fact]:
    """Days until an answer, until the contract is signed, and until its first day."""
    programme = programmes(rows)
    answered = {}
    for one in rows.of("offers"):
        if one.state in ANSWERED and one.answered_on is not None:
            answered[one.id] = one.answered_on
            days = days_between(one.made_on, one.answered_on)
            yield _step("answer", one, one.answered_on, programme[one.id], days)
    for one in homes(rows):
        if one.offer_id in answered:
            days = days_between(answered[one.offer_id], one.signed_on)
            yield _step("contract", one, one.signed_on, programme[one.offer_id], days)
        days = days_between(one.signed_on, one.starts_on)
        yield _step("move_in", one, one.starts_on, programme[one.offer_id], days)


def _step(step: str, row: Any, day: date, programme: str, days: int) -> Fact:
    return Fact("step_time", row.id, day, programme=programme, step=step, amount=days)


def homes_running(rows: CaseRows) -> Iterator[Fact]:
    """Each home of the kommun's from its first day until its contract ended."""
    for one in homes(rows):
        if one.kind in OF_THE_KOMMUN and (one.ended_on is None or one.ended_on > one.starts_on):
            yield Fact(
                "homes_running",
                one.id,
                one.starts_on,
                one.ended_on,
                programme=programmes(rows)[one.offer_id],
                area=rows.areas.get(one.unit_id, ""),
                groups=(children_of(rows, one.starts_on),),
            )


def moved_in(rows: CaseRows) -> Iterator[Fact]:
    """Each home on its first day."""
    for one in homes(rows):
        yield Fact(
            "moved_in",
            one.id,
            one.starts_on,
            programme=programmes(rows)[one.offer_id],
            area=rows.areas.get(one.unit_id, ""),
        )


def offers_declined(rows: CaseRows) -> Iterator[Fact]:
    """Each offer that was answered, and whether the answer was no."""
    programme = programmes(rows)
    for one in rows.of("offers"):
        if one.state in ANSWERED and one.answered_on is not None:
            yield Fact(
                "offers_declined",
                one.id,
                one.answered_on,
                programme=programme[one.id],
                met=one.state == "declined",
            )


COUNTS: tuple[Callable[[CaseRows], Iterable[Fact]], ...] = (
    *(waiting, time_to_home, steps_before, steps_after),
    *(homes_running, moved_in, offers_declined),
)
