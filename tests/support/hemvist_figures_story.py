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
    """Numbers of every kind: by month, in blocks, too few, in spans, of two versions, by margins."""
    for back in range(MONTHS):
        _month(kommun, back)
    for back in range(0, MONTHS, 3):
        _quarter(kommun, back)
    # Evictions are few: a number for each half year, and the last is too few.
    for at, facts in enumerate((None, 6, 5, 9, 0, 7)):
        _stretch(kommun, "evicted", at * 6, 6, facts=facts)
        _stretch(kommun, "evicted", at * 6, 6, "programme", [GUARANTEE, MUNICIPAL], facts=facts)
    write_run(kommun)


def _month(kommun: Kommun, back: int) -> None:
    waiting = 120 - 5 * ((MONTHS - back) // 6) + 5 * (back % 3)
    _stretch(kommun, "waiting", back, 1, facts=waiting)
    _stretch(kommun, "waiting", back, 1, "programme", [MUNICIPAL], facts=waiting - 30)
    _stretch(kommun, "waiting", back, 1, "programme", [GUARANTEE], facts=30)
    running = 200 + 5 * ((MONTHS - back) // 3)
    _stretch(kommun, "homes_running", back, 1, facts=running)
    for number, area in enumerate(AREAS):
        _stretch(
            kommun,
            "homes_running",
            back,
            1,
            "area",
            [area],
            facts=running // 5 * (number + 1) // 5 * 5,
        )
    moved = 7 + (back * 5) % 9
    _stretch(kommun, "moved_in", back, 1, facts=moved)


def _quarter(kommun: Kommun, back: int) -> None:
    _stretch(
        kommun, "time_to_home", back, 3, facts=24, middle=140 + 6 * (back // 3) - (back % 4) * 5
    )
    _stretch(
        kommun,
        "time_to_home",
        back,
        3,
        "sex",
        ["sex:woman"],
        facts=11,
        middle=150 + 4 * (back // 3),
    )
    _stretch(
        kommun, "time_to_home", back, 3, "sex", ["sex:man"], facts=13, middle=131 + 5 * (back // 3)
    )
    # The first year stands by an earlier definition, and is told of again by the one that holds.
    if back >= 24:
        _stretch(kommun, "time_to_home", back, 3, version=99, facts=30, middle=230)
    done = 60 - back // 3
    _stretch(kommun, "follow_ups_on_time", back, 3, facts=72, met_least=done - 4, met_most=done)
    moved = 9 + (back // 3) % 5
    _stretch(kommun, "moved_on", back, 3, facts=moved)
    _stretch(kommun, "moved_on", back, 3, "programme", [MUNICIPAL], facts=moved - 4)
    _stretch(kommun, "moved_on", back, 3, "programme", [GUARANTEE], facts=5 if back % 2 else 0)
    _stretch(kommun, "ended", back, 3, "programme", [MUNICIPAL], facts=6)
    _stretch(kommun, "ended", back, 3, "programme", [GUARANTEE], facts=0)
    _stretch(kommun, "moved_in", back, 3, "programme", [MUNICIPAL], facts=16 + back % 4)
    _stretch(kommun, "moved_in", back, 3, "programme", [GUARANTEE], facts=7)
    if back % 12 == 0:
        _stretch(kommun, "returned", back, 12, facts=8)
        _stretch(kommun, "guarantee_claims", back, 12, facts=6, amount=24_650_000 - back * 300_000)


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
        cells=[""] if cells is None else sorted(cells),
        from_month=add_months(last, 1 - months),
        to_month=last,
        **changes,
    )
