"""What the law is asked of a guarantee, from what is known when it is given (LF-6)."""

from __future__ import annotations

from datetime import date

from hemvist.assessments.service import facts_of
from hemvist.cases.models import Case
from hemvist.contracts.models import FIRST_HAND, Contract
from hemvist.tenancy import TenantSession

#: Questions that packs ask under the law pack's own names.
_ASKED = (
    "permanent_home",
    "need_met_otherwise",
    "guarantee_rent_months",
    "pays_without_income_support",
)


def legal_facts(
    session: TenantSession,
    case: Case,
    contract: Contract,
    months: int,
    rent_months: int | None,
    starts_on: date,
    *,
    known_on: date | None = None,
) -> dict[str, object]:
    """Facts of the law pack. What nobody has said is left out, and so unknown.

    ``rent_months`` is how many months of rent the cap was reckoned from; ``known_on`` the day as of
    which answers count, that of the signing unless given.
    """
    known = facts_of(session, case, known_on or contract.signed_on)
    facts: dict[str, object] = {name: known[name] for name in _ASKED if known.get(name) is not None}
    if rent_months is not None:
        facts["guarantee_rent_months"] = rent_months
    waived = bool(contract.waiver) or any(
        clause["kind"] == "tenure_waiver" for clause in contract.clauses
    )
    facts["extension_right"] = contract.kind in FIRST_HAND and not waived
    facts.setdefault("permanent_home", contract.ends_on is None)
    return facts | {
        "guarantee_period_months": months,
        "guarantee_starts_on": starts_on,
        "contract_signed_on": contract.signed_on,
    }
