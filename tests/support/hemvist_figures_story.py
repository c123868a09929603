"""A kommun's told numbers of three years, as the pages of figures show them."""

from __future__ import annotations

from typing import Any

from hemvist.policy import add_months
from hemvist_figures import last_month, write_run, write_told
from hemvist_kommun import Kommun

MUNICIPAL, GUARANTEE = "municipal_contract", "rent_guarantee"
AREAS = ("Drottninghög", "Planteringen", "Söder")
MONTHS = 36


def tell_three_years(kommun: Kommun) -> None:
    """Numbers as they are told: by month, in blocks, in steps, in spans, of two versions, by margins."""
    for back in range(MONTHS):
        _month(kommun, back)
    for back in range(0, MONTHS, 3):
        _quarter(kommun, back)
    # Evictions are few: months gather until there are enough, and the last ones wait.
    for back, months, facts in ((2, 7, 6), (9, 9, 5), (18, 8, 9), (26, 10, 7)):
        _stretch(kommun, "evicted", back, months, facts=facts)
        _stretch(kommun, "evicted", back, months, "programme", [GUARANTEE, MUNICIPAL], facts=facts)
    # Paid by year; in the last one household makes too much of the sum.
    for back in range(0, MONTHS, 12):
        amount = 24_700_000 - back * 300_000
        _stretch(kommun, "guarantee_claims", back, 12, amount=amount if back else None)
    write_run(kommun)


def _month(kommun: Kommun, back: int) -> None:
    waiting = 120 - 5 * ((MONTHS - back) // 6) + 5 * (back % 3)
    _stretch(kommun, "waiting", back, 1, facts=waiting)
    _stretch(kommun, "waiting", back, 1, "programme", [MUNICIPAL], facts=waiting - 30)
    _stretch(kommun, "waiting", back, 1, "programme", [GUARANTEE], facts=30)
    running = 200 + 5 * ((MONTHS - back) // 3)
    _stretch(kommun, "homes_running", back, 1, facts=running)
    came = [5 + 2 * number + (MONTHS - back) // 9 for number, _ in enumerate(AREAS)]
    for area, facts in zip(AREAS, came, strict=True):
        _stretch(kommun, "moved_in", back, 1, "area", [area], facts=facts)
    _stretch(kommun, "moved_in", back, 1, facts=sum(came))


def _quarter(kommun: Kommun, back: int) -> None:
    _stretch(kommun, "time_to_home", back, 3, middle=140 + 6 * (back // 3) - (back % 4) * 5)
    _stretch(
        kommun,
        "time_to_home",
        back,
        3,
        "sex",
        ["sex:woman"],
        middle=150 + 4 * (back // 3),
    )
    _stretch(kommun, "time_to_home", back, 3, "sex", ["sex:man"], middle=131 + 5 * (back // 3))
    # The first year stands by an earlier definition, and is told of again by the one that holds.
    if back >= 24:
        _stretch(kommun, "time_to_home", back, 3, version=99, middle=230)
    done = 60 - back // 3
    _stretch(kommun, "follow_ups_on_time", back, 3, facts=72, met_least=done - 4, met_most=done)
    moved = 9 + (back // 3) % 5
    _stretch(kommun, "moved_on", back, 3, facts=moved)
    _stretch(kommun, "moved_on", back, 3, "programme", [MUNICIPAL], facts=moved)
    _stretch(kommun, "moved_on", back, 3, "programme", [GUARANTEE], facts=0)
    _stretch(kommun, "ended", back, 3, facts=6)
    _stretch(kommun, "ended", back, 3, "programme", [MUNICIPAL], facts=6)
    _stretch(kommun, "ended", back, 3, "programme", [GUARANTEE], facts=0)
    if back % 12 == 0:
        _stretch(kommun, "returned", back, 12, facts=8)


def _stretch(
    kommun: Kommun,
    indicator: str,
    back: int,
    months: int,
    margin: str = "all",
    cells: list[str] | None = None,
    **changes: Any,
) -> None:
    """A number of the ``months`` that end ``back`` months before the last."""
    last = add_months(last_month(), -back)
    write_told(
        kommun,
        indicator,
        margin=margin,
        cells=sorted(cells or []),
        from_month=add_months(last, 1 - months),
        to_month=last,
        **changes,
    )
