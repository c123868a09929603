"""Who takes part in a follow-up or a visit: departments, and the pack's other parties."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hemvist.cases.models import Case
from hemvist.cases.packs import departments_with, pack_of
from hemvist.errors import Problem
from hemvist.policy.programmes import PARTIES

#: Parties that are departments of the kommun, and named as such.
SIDES = ("referring", "property")


def departments_of(case: Case, parties: Collection[str]) -> list[str]:
    """Codes of the departments that ``parties`` are in this case, sorted."""
    sides = _sides(case)
    return sorted({code for party in parties for code in sides.get(party, ())})


def check_departments(
    case: Case,
    departments: Sequence[str],
    needed: Collection[str],
    others: Collection[str] = (),
) -> list[Problem]:
    """Departments that the pack does not know, and sides of ``needed`` that are missing.

    ``others`` are codes that take part besides: of whoever has the support on commission."""
    pack = pack_of(case)
    problems = [
        Problem("departments", "unknown_department", "not a department of the pack", {"code": code})
        for code in departments
        if code not in pack.departments and code not in others
    ]
    return problems + [
        Problem(
            "departments",
            "party_missing",
            f"the {side} side takes part",
            {"party": side, "departments": codes},
        )
        for side, codes in _sides(case).items()
        if side in needed and not set(codes) & set(departments)
    ]


def check_parties(parties: Sequence[str]) -> list[Problem]:
    """Parties that there are none of, or that are named as departments."""
    return [
        Problem("parties", "unknown_item", "not a party", {"item": party[:60]})
        for party in parties
        if party not in PARTIES or party in SIDES
    ]


def _sides(case: Case) -> dict[str, list[str]]:
    return {
        "referring": [case.department],
        "property": departments_with(pack_of(case), "property"),
    }
