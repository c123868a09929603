"""Quota figures against an oracle that walks day by day, over random agreements and histories."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from hemvist.quotas.agreed import agreed
from hemvist.quotas.calendar import Days, half_year, periods, year
from hemvist.quotas.counting import by_quota, counted
from hemvist.quotas.terms import Figure, Term, version_days
from hemvist.quotas.turns import Change, Home, Reported, turns_of
from hemvist_quota_oracle import Market, Version, amount, days, whole

AGREEMENT = UUID(int=1)
AREAS = ("North", "South", "Harbour")
#: Two of the three years have 365 days.
FIRST, LAST = date(2027, 1, 1), date(2029, 12, 31)
DAYS_THERE = (LAST - FIRST).days
KINDS = (
    *("number", "owner_directive", "vacated_share", "stock_share", "market_share"),
    *("production_share", None),
)
#: Whole worlds are drawn from one number each: days spread over all the years find more than the
#: small ones that are easy to shrink to.
worlds = st.integers(0, 2**48).map(Random)


def a_day(world: Random) -> date:
    """Any day of the three years."""
    return FIRST + timedelta(days=world.randint(0, DAYS_THERE))


def some_versions(world: Random) -> list[Version]:
    """One to four versions of an agreement, each with its own quota or none."""
    found: list[Version] = []
    for start in sorted({a_day(world) for _ in range(world.randint(1, 4))}):
        kind = world.choice(KINDS)
        own_part = kind == "market_share" and world.random() < 0.5
        found.append(
            Version(
                holds_from=start,
                kind=kind,
                homes=world.randint(0, 400),
                share_bp=None if own_part else world.choice((500, 1_000, world.randint(1, 10_000))),
                rounding=world.choice(("nearest", "up", "down")),
                excluded=frozenset(world.sample(AREAS, world.randint(0, 2))),
            )
        )
    return found


def a_market(world: Random) -> Market:
    """Figures that shares are taken of; no two of one area for the same days."""

    def dated(limit: int) -> dict[tuple[date, str], int]:
        return {
            (a_day(world), world.choice(AREAS)): world.randint(0, limit)
            for _ in range(world.randint(0, 8))
        }

    vacated: list[tuple[date, date, str, int]] = []
    for (start, area), homes in dated(300).items():
        end = min(start + timedelta(days=world.randint(0, 300)), LAST)
        if all(end < one[0] or one[1] < start for one in vacated if one[2] == area):
            vacated.append((start, end, area, homes))
    return Market(
        stock=[(on, area, homes) for (on, area), homes in dated(2_000).items()],
        market=[(on, area, homes) for (on, area), homes in dated(9_000).items()],
        need=list({a_day(world): world.randint(0, 300) for _ in range(3)}.items()),
        vacated=vacated,
        completed=[(on, area, homes) for (on, area), homes in dated(200).items()],
    )


def figures_of(market: Market) -> list[Figure]:
    """The oracle's figures as the code under test takes them."""
    return [
        *(Figure("stock", homes, on, area=area) for on, area, homes in market.stock),
        *(Figure("market", homes, on, area=area) for on, area, homes in market.market),
        *(Figure("need", homes, on) for on, homes in market.need),
        *(Figure("vacated", homes, on, end, area) for on, end, area, homes in market.vacated),
        *(Figure("production", homes, on, area=area) for on, area, homes in market.completed),
    ]


def terms_of(given_versions: list[Version], last: date | None, per: str) -> list[Term]:
    """The oracle's versions as terms with their days."""
    ids = {UUID(int=100 + number): one for number, one in enumerate(given_versions)}
    held = version_days(((key, one.holds_from) for key, one in ids.items()), last)
    return [
        Term(
            AGREEMENT,
            "quota",
            one.kind,
            per,
            held[key],
            homes=one.homes if one.kind in ("number", "owner_directive") else None,
            share_bp=one.share_bp,
            rounding=one.rounding,
            excluded_areas=one.excluded,
        )
        for key, one in ids.items()
        if one.kind is not None and key in held
    ]


@settings(max_examples=120, deadline=None)
@given(worlds, st.sampled_from(("year", "half_year", "agreement")))
def test_what_is_agreed_is_what_each_day_gives(world: Random, per: str) -> None:
    """Leap years, versions in the middle of a year, an agreement that ends: day by day, exactly."""
    given_versions, market = some_versions(world), a_market(world)
    ends, until = world.choice((None, a_day(world))), a_day(world)
    starts = given_versions[0].holds_from
    last = max(ends, starts) if ends is not None else None
    term = Days(starts, last)
    if per == "agreement" and last is None:
        term = Days(starts, LAST)
    terms = terms_of(given_versions, last, per)
    for period in periods(per, Days(FIRST, LAST), term):
        assert period.end is not None
        expected = amount(
            given_versions, period.start, period.end, until, market, starts=starts, ends=last
        )
        found = agreed(terms, figures_of(market), period, min(until, period.end))
        if expected is None:
            assert found is None
            continue
        assert found is not None
        assert (found.exact, found.homes) == (expected[0], whole(*expected))


def a_life(world: Random) -> list[tuple[date, str]]:
    """A home's life as events in order of days: reported, then declined, or taken in and so on."""
    on = a_day(world)
    events: list[tuple[date, str]] = []

    def later(most: int) -> None:
        nonlocal on
        on += timedelta(days=world.randint(1, most))

    for _ in range(world.randint(1, 3)):
        events.append((on, "reported"))
        later(20)
        if world.random() < 0.25:
            events.append((on, "declined"))
            later(60)
            continue
        events.append((on, "taken_in"))
        for _ in range(world.randint(0, 3)):
            later(40)
            events.append((on, "let"))
            later(150)
            events.append((on, "vacant"))
        later(60)
        if world.random() < 0.3:
            return events
        events.append((on, world.choice(("returned", "taken_over"))))
        later(60)
    return events


@settings(max_examples=120, deadline=None)
@given(worlds, st.sampled_from(("let", "taken_in")))
def test_what_is_counted_is_what_happened(world: Random, counts: str) -> None:
    """Returns, refusals, homes that come again, homes let twice: each event is told once."""
    homes = [a_life(world) for _ in range(world.randint(0, 8))]
    until = world.choice((a_day(world), *(on for life in homes for on, _ in life)))
    turns = turns_of(*_rows(homes))
    for seen in (year(until), half_year(until)):
        for per in ("year", "standing"):
            found = counted(turns, seen, until, per=per, counts=counts)
            in_days = [
                (number, on, what)
                for number, life in enumerate(homes)
                for on, what in life
                if seen.start <= on <= until
            ]
            whats = [what for _, _, what in in_days]
            assert found.offered == whats.count("reported")
            assert found.taken_in == whats.count("taken_in")
            assert found.refused == whats.count("declined")
            assert found.returned == whats.count("returned")
            delivered, in_hand, at_disposal = 0, 0, 0
            for life in homes:
                had = waiting = was_let = False
                for on, what in life:
                    if on > until:
                        break
                    if what == "taken_in":
                        had, waiting, was_let = True, True, False
                        delivered += counts == "taken_in" and on >= seen.start
                    elif what == "let":
                        delivered += counts == "let" and waiting and on >= seen.start
                        waiting, was_let = False, True
                    elif what in ("returned", "taken_over"):
                        had = waiting = was_let = False
                in_hand += had and waiting
                at_disposal += had and (was_let or counts == "taken_in")
            assert found.in_hand == in_hand
            assert found.delivered == (at_disposal if per == "standing" else delivered)


def _rows(
    homes: list[list[tuple[date, str]]],
) -> tuple[list[Reported], list[Home], list[Change]]:
    """The record that such lives leave behind."""
    reported: list[Reported] = []
    changes: list[Change] = []
    for number, life in enumerate(homes):
        unit = UUID(int=1_000 + number)
        said = FIRST
        for place, (on, what) in enumerate(life):
            if what == "reported":
                said = on
            elif what == "declined":
                reported.append(Reported(UUID(int=place + 10_000), said, refused_on=on))
            elif what == "taken_in":
                reported.append(
                    Reported(UUID(int=place + 20_000), said, unit_id=unit, taken_in_on=on)
                )
                changes.append(Change(unit, "vacant", on))
            else:
                over = what == "taken_over"
                changes.append(Change(unit, "returned" if over else what, on, what if over else ""))
        if life[-1][1] == "reported":
            reported.append(Reported(UUID(int=number + 30_000), said))
    return (
        reported,
        [Home(UUID(int=1_000 + number)) for number in range(len(homes))],
        changes,
    )


@settings(max_examples=60, deadline=None)
@given(worlds)
def test_a_home_counts_once_over_a_time(world: Random) -> None:
    """Each goes to one quota over a time at most, and never to one that leaves its area out."""
    offered = [(a_day(world), world.choice(AREAS)) for _ in range(12)]
    starts = sorted({a_day(world) for _ in range(3)})
    held = version_days(((UUID(int=n), start) for n, start in enumerate(starts)), None)
    terms = [
        Term(AGREEMENT, code, "number", "year", span, position=place, homes=5, excluded_areas=out)
        for span in held.values()
        for place, (code, out) in enumerate(
            (("first", frozenset({"North"})), ("second", frozenset({"South"})))
        )
    ]
    turns = turns_of(
        [Reported(UUID(int=n), on, area=area) for n, (on, area) in enumerate(offered)], (), ()
    )
    by = by_quota(turns, terms)
    placed = [turn.id for found in by.values() for turn in found]
    assert len(placed) == len(set(placed))
    expected = {
        UUID(int=n): "second" if area == "North" else "first"
        for n, (on, area) in enumerate(offered)
        if on >= min(starts)
    }
    assert {turn.id: code for (_, code), found in by.items() for turn in found} == expected


def test_days_are_days() -> None:
    """The oracle's own calendar: 366 in a leap year."""
    assert sum(1 for _ in days(date(2028, 1, 1), date(2028, 12, 31))) == 366
    assert year(date(2028, 5, 1)).count == 366
