"""What the guideline says of a guarantee: its kind, how much it covers, when it is reassessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from hemvist.assessments.service import facts_of
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts.models import Contract
from hemvist.errors import ValidationFailed
from hemvist.policy import add_days, add_months
from hemvist.policy.programmes import Guarantee as GuaranteeRules
from hemvist.policy.programmes import Programme
from hemvist.tenancy import TenantSession

#: The guideline's word → the record's.
KIND_OF: Mapping[str, str] = {"hyresgaranti": "guarantee", "borgen": "surety"}


class Cap(NamedTuple):
    """The most that the kommun answers for, and the months of rent that it was reckoned from."""

    ore: int
    rent_months: int | None


def cap_of(
    session: TenantSession,
    case: Case,
    rules: GuaranteeRules,
    contract: Contract,
    months: int,
    agreed_ore: int | None,
) -> Cap:
    """The cap: an amount that was agreed, else months of rent.

    Their number is the guideline's, else what a person has answered, else the whole period's. Raises
    ``ValidationFailed`` where a home without rent has no agreed amount.
    """
    if agreed_ore is not None:
        return Cap(agreed_ore, None)
    rent_months = _answered(session, case, contract.signed_on) or months
    if rules.rent_months is not None:
        rent_months = pack_of(case).number(rules.rent_months, contract.signed_on)
    if contract.rent_ore * rent_months <= 0:
        raise ValidationFailed.one(
            "guaranteeCapOre", "required", "without a rent, the cap is an amount"
        )
    return Cap(contract.rent_ore * rent_months, rent_months)


def _answered(session: TenantSession, case: Case, on: date) -> int | None:
    # Packs ask it under the law pack's own name.
    answer = facts_of(session, case, on).get("guarantee_rent_months")
    return answer if isinstance(answer, int) else None


def programme_of(case: Case, covers_kind: str) -> Programme | None:
    """The programme whose guarantee the case's is: its own, else the first that gives the kind."""
    pack = pack_of(case)
    if case.programme is not None and case.programme in pack.programmes:
        programme = pack.programme(case.programme)
        if programme.guarantee is not None:
            return programme
    for programme in pack.programmes.values():
        if programme.guarantee is not None and KIND_OF[programme.guarantee.kind] == covers_kind:
            return programme
    return None


def review_day(case: Case, rules: GuaranteeRules, since: date) -> date | None:
    """When a guarantee is looked at again; None where the guideline does not say."""
    if rules.reassess is None:
        return None
    count = pack_of(case).number(rules.reassess.count, since)
    shift = add_months if rules.reassess.unit == "months" else add_days
    return shift(since, count)
