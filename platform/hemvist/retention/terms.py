"""What law and guideline say of keeping and thinning, on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hemvist.policy import Pack
from hemvist.policy.legal import law_pack

#: Parameters that a kommun's own guideline may have. It can keep more than the law asks, never less.
OWN_MONTHS, OWN_KEEPS_ALL = "thinning_months", "thinning_keeps_all"


@dataclass(frozen=True, slots=True)
class Terms:
    """The dated figures of one day, and where each stands (``cite`` by the parameter's name)."""

    months: int
    done_years: int
    keeping_counties: tuple[str, ...]
    keeping_kommuner: tuple[str, ...]
    keeping_birth_days: tuple[int, ...]
    child_age_years: int
    books_years: int
    keeps_all: bool
    cite: Mapping[str, tuple[str, ...]]


def terms_on(day: date, own: Pack | None = None) -> Terms:
    """What holds on ``day``: the law pack's, and what the kommun's own guideline adds to it.

    Raises ``PolicyError`` where the law pack has no value on that day.
    """
    law = law_pack()
    cite: dict[str, tuple[str, ...]] = {}

    def said(name: str) -> Any:
        cite[name] = tuple(law.params[name].cite)
        return law.param(name, day)

    months = said("thinning_months")
    keeps_all = False
    if own is not None and OWN_MONTHS in own.params:
        longer = own.param(OWN_MONTHS, day)
        assert isinstance(longer, int)
        if longer > months:
            months, cite["thinning_months"] = longer, tuple(own.params[OWN_MONTHS].cite)
    if own is not None and OWN_KEEPS_ALL in own.params:
        keeps_all = own.param(OWN_KEEPS_ALL, day) is True
        cite[OWN_KEEPS_ALL] = tuple(own.params[OWN_KEEPS_ALL].cite)
    return Terms(
        months=months,
        done_years=said("thinning_done_years"),
        keeping_counties=tuple(said("research_counties")),
        keeping_kommuner=tuple(said("research_kommuner")),
        keeping_birth_days=tuple(said("research_birth_days")),
        child_age_years=said("child_inquiry_years"),
        books_years=said("bookkeeping_years"),
        keeps_all=keeps_all,
        cite={**cite, "child_placement": tuple(law.params["child_placement_kept"].cite)},
    )
