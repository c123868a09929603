"""What became of homes: taken over, lost, ended, come back to.

Every contract that ended is one of four: moved on, evicted, ended otherwise or never begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hemvist.indicators.counting.common import (
    CONTRACTS,
    OFFERS,
    REFERRALS,
    days_between,
    homes,
    programmes,
)
from hemvist.indicators.fact import Fact
from hemvist.indicators.rows import CaseRows, Needs

NEEDS: Needs = {
    "contracts": CONTRACTS,
    "offers": OFFERS,
    "referrals": REFERRALS,
    "case_events": "kind data",
    "ladders": "id contract_id",
    "evictions": "id ladder_id state ended_on",
    "takeovers": "id contract_id programme state eligible_on taken_over_on",
}
#: Reasons to close a case that say that the household has a home of its own.
OWN = ("own_home", "own_lease")


def moved_on(rows: CaseRows) -> Iterator[Fact]:
    """Each home that the household left for a first-hand lease or a home of its own."""
    for one in _moved_on(rows):
        yield Fact(
            "moved_on",
            one.id,
            one.ended_on,
            programme=programmes(rows)[one.offer_id],
            area=rows.areas.get(one.unit_id, ""),
        )


def stay(rows: CaseRows) -> Iterator[Fact]:
    """Days from the first home to having moved on."""
    for one in _moved_on(rows):
        yield Fact(
            "stay",
            one.id,
            one.ended_on,
            programme=programmes(rows)[one.offer_id],
            amount=days_between(homes(rows)[0].starts_on, one.ended_on),
        )


def ended(rows: CaseRows) -> Iterator[Fact]:
    """Each home that ended otherwise."""
    otherwise = {one.id for one in _moved_on(rows)} | _evicted_from(rows)
    for one in homes(rows):
        if one.state == "ended" and one.id not in otherwise:
            yield Fact(
                "ended",
                one.id,
                one.ended_on,
                programme=programmes(rows)[one.offer_id],
                area=rows.areas.get(one.unit_id, ""),
            )


def evicted(rows: CaseRows) -> Iterator[Fact]:
    """Each home that the household was evicted from, in the record or not."""
    programme = programmes(rows)
    contracts = {one.id: one for one in rows.of("contracts")}
    told = set()
    for eviction, contract_id in _carried_out(rows):
        if contract_id is None:
            found = rows.case.programme or ""
        elif contract_id in told:
            continue
        else:
            told.add(contract_id)
            found = programme[contracts[contract_id].offer_id]
        yield Fact("evicted", eviction.id, eviction.ended_on, programme=found)
    for one in contracts.values():
        if one.end_reason == "evicted" and one.id not in told:
            yield Fact("evicted", one.id, one.ended_on, programme=programme[one.offer_id])


def returned(rows: CaseRows) -> Iterator[Fact]:
    """The case, where the household had a home in an earlier one."""
    case = rows.case
    for one in rows.siblings:
        if one.home_on and one.closed_on and one.closed_on <= case.opened_on:
            yield Fact("returned", case.id, case.opened_on)
            return


def takeovers_due(rows: CaseRows) -> Iterator[Fact]:
    """Each takeover on the day from which it may come about."""
    over = {one.id: one.ended_on for one in rows.of("contracts")}
    for one in rows.of("takeovers"):
        if one.eligible_on is None:
            continue
        last = over[one.contract_id]
        if last is None or last >= one.eligible_on:
            yield Fact("takeovers_due", one.id, one.eligible_on, programme=one.programme)


def takeovers_done(rows: CaseRows) -> Iterator[Fact]:
    """Each takeover that was carried out."""
    for one in rows.of("takeovers"):
        if one.state == "done":
            yield Fact("takeovers_done", one.id, one.taken_over_on, programme=one.programme)


def _moved_on(rows: CaseRows) -> list[Any]:
    there = homes(rows)
    taken_over = [one for one in there if one.end_reason == "taken_over"]
    own = rows.case.state == "closed" and any(
        one.kind == "case_closed" and one.data.get("reason") in OWN
        for one in rows.of("case_events")
    )
    if taken_over or not own or not there:
        return taken_over
    last = there[-1]
    lost = last.state != "ended" or last.id in _evicted_from(rows)
    return [] if lost else [last]


def _evicted_from(rows: CaseRows) -> set[Any]:
    """The contracts that the household was evicted from."""
    reasons = {one.id for one in rows.of("contracts") if one.end_reason == "evicted"}
    return reasons | {contract for _, contract in _carried_out(rows)}


def _carried_out(rows: CaseRows) -> list[tuple[Any, Any]]:
    """Evictions that took place with their contract, where it is in the record; the earliest first."""
    contract = {one.id: one.contract_id for one in rows.of("ladders")}
    found = sorted(
        (one for one in rows.of("evictions") if one.state == "carried_out"),
        key=lambda one: (one.ended_on, one.id),
    )
    return [(one, contract[one.ladder_id]) for one in found]


COUNTS: tuple[Callable[[CaseRows], Iterable[Fact]], ...] = (
    *(moved_on, stay, ended, evicted, returned),
    *(takeovers_due, takeovers_done),
)
