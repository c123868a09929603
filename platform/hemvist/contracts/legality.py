"""What the law is asked of a contract, from what is known when it is signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from hemvist.cases.models import Case
from hemvist.errors import Problem
from hemvist.households.models import HouseholdMember
from hemvist.policy import Pack, Span, add_days, add_months
from hemvist.policy.programmes import Contract as ContractRules
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

#: Where the kommun rents the home of somebody else; elsewhere there is no landlord to tell.
RENTED = ("rented_in", "owner_agreement")
#: What is kept of a waiver of tenure: its form, its approval, who accepts it (JB 12:45 a).
WAIVER = {
    "own_document": bool,
    "needs_approval": bool,
    "approved": bool,
    "approval_number": str,
    "months": int,
    "partner_accepts": bool,
    "block_letting": bool,
}
_MAX_WORDS = 200
_MAX_MONTHS = 600


def check_waiver(given: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the particulars of a waiver."""
    problems: list[Problem] = []
    for name, value in given.items():
        wanted = WAIVER.get(name)
        if wanted is None:
            problems.append(
                Problem("waiver", "unknown_item", "no such particular", {"item": name[:60]})
            )
        elif type(value) is not wanted:
            problems.append(Problem(f"waiver.{name}", "wrong_type", f"must be {wanted.__name__}"))
        elif isinstance(value, str) and len(value) > _MAX_WORDS:
            problems.append(
                Problem(f"waiver.{name}", "too_long", "too long", {"limit": _MAX_WORDS})
            )
        elif type(value) is int and not 0 <= value <= _MAX_MONTHS:
            problems.append(Problem(f"waiver.{name}", "out_of_range", "not a number of months"))
    return problems


def form_clauses(rules: ContractRules, lang: str = "sv") -> list[dict[str, Any]]:
    """The clauses that the form itself carries; history is left out."""
    return [
        {"kind": clause.clause, "text": clause.label.text(lang)}
        for clause in rules.clauses
        if clause.active
    ]


def legal_facts(
    session: TenantSession,
    pack: Pack,
    rules: ContractRules,
    case: Case,
    unit: Unit,
    *,
    signed_on: date,
    starts_on: date,
    ends_on: date | None,
    terms: Mapping[str, Any],
    clauses: Sequence[str],
    waiver: Mapping[str, Any],
    told_of_link_on: date | None,
    owner_notified_on: date | None,
    block: bool | None = None,
) -> dict[str, object]:
    """Facts of the law pack. What nobody has said is left out, and so unknown.

    ``block`` is what the kommun's own lease says of block letting; None where none is registered.
    """
    second_hand = rules.kind == "sublease"
    facts: dict[str, object] = {
        "tenancy": True,
        "second_hand": second_hand,
        "open_ended": ends_on is None,
        "term_starts_on": starts_on,
        "term_ends_on": ends_on,
        "contract_signed_on": signed_on,
        "own_stock": unit.source not in RENTED,
        "landlord_told_on": owner_notified_on,
        "clauses": list(clauses),
        "linked": second_hand or "ends_with_support" in clauses,
        "link_told_on": told_of_link_on,
        "link_proof_kept": told_of_link_on is not None,
        "has_partner": has_partner(session, case),
    }
    facts |= _notice(pack, rules, terms, clauses, signed_on)
    facts |= _waiver(rules, terms, clauses, waiver)
    if block is not None:
        # What the record holds goes before what somebody ticked.
        facts["block_letting"] = block
    return {name: value for name, value in facts.items() if value is not None}


def _notice(
    pack: Pack,
    rules: ContractRules,
    terms: Mapping[str, Any],
    clauses: Sequence[str],
    signed_on: date,
) -> dict[str, object]:
    """The notice that the contract states, as if it were given on the day of signing."""
    for term in rules.terms:
        if term.id.startswith("notice") and term.type in ("months", "days") and term.id in terms:
            return _stated(term.type, int(terms[term.id]), signed_on)
    stated = rules.notice
    if stated is not None and (stated.legal is None or stated.legal.active):
        span: Span = stated.span
        return _stated(span.unit, pack.number(span.count, signed_on), signed_on)
    # A clause of short notice says that there is one; how short, its words alone tell.
    return {"notice_stated": "short_notice" in clauses}


def _stated(unit: str, count: int, day: date) -> dict[str, object]:
    ends = add_months(day, count) if unit == "months" else add_days(day, count)
    return {"notice_stated": True, "notice_given_on": day, "notice_ends_on": ends}


def _waiver(
    rules: ContractRules,
    terms: Mapping[str, Any],
    clauses: Sequence[str],
    given: Mapping[str, Any],
) -> dict[str, object]:
    stated = rules.tenure_waiver
    waived = (
        bool(given)
        or "tenure_waiver" in clauses
        or terms.get("tenure_waiver") is True
        or (stated is not None and (stated.legal is None or stated.legal.active))
    )
    return {
        "tenure_waiver": waived,
        "waiver_own_document": given.get("own_document"),
        "waiver_needs_approval": given.get("needs_approval"),
        "waiver_approved": given.get("approved"),
        "partner_accepts_waiver": given.get("partner_accepts"),
        "block_letting": given.get("block_letting"),
    }


def has_partner(session: TenantSession, case: Case) -> bool | None:
    """Whether a spouse or cohabitant is registered; another adult may be one, so not known then."""
    roles = dict(
        session.execute(
            select(HouseholdMember.role, func.count())
            .where(
                HouseholdMember.household_id == case.household_id,
                HouseholdMember.until.is_(None),
            )
            .group_by(HouseholdMember.role)
        )
        .tuples()
        .all()
    )
    if "partner" in roles:
        return True
    return None if "other" in roles else False
