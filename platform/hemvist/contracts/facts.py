"""Facts that the contracts answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from hemvist.cases.derived import derives
from hemvist.cases.models import Case
from hemvist.contracts.models import Contract
from hemvist.tenancy import TenantSession


@derives
def contract_facts(session: TenantSession, case: Case, on: date) -> Mapping[str, Any]:
    """Whether the case's contract is signed, and the home that the household lives in by it.

    Without one in this record the household may still live by one from elsewhere: then its form and
    months are unknown. Whether the tenant was told in writing that the home is tied to the assistance
    (RH 2018:28) is unknown until there is a contract to be told of.
    """
    signed = session.scalar(
        select(Contract)
        .where(Contract.case_id == case.id, Contract.state == "signed", Contract.signed_on <= on)
        .order_by(Contract.signed_on.desc(), Contract.starts_on.desc())
        .limit(1)
    )
    if signed is None:
        return {"contract_signed": False}
    told = signed.told_of_link_on
    facts: dict[str, Any] = {
        "contract_signed": True,
        "contract_signed_on": signed.signed_on,
        "link_proof_signed": told is not None and told <= on,
    }
    return facts | _home(session, case, on)


def _home(session: TenantSession, case: Case, on: date) -> dict[str, Any]:
    """The contract that has begun, and for how many whole months."""
    contract = session.scalar(
        select(Contract)
        .where(Contract.case_id == case.id, Contract.state == "signed", Contract.starts_on <= on)
        .order_by(Contract.starts_on.desc())
        .limit(1)
    )
    if contract is None:
        return {}
    started = contract.starts_on
    months = (on.year - started.year) * 12 + on.month - started.month - (on.day < started.day)
    facts: dict[str, Any] = {
        "current_contract_form": contract.form,
        "months_in_home": months,
        "moved_in_on": started,
    }
    if contract.kind == "first_hand":
        facts["first_hand_since"] = started
    return facts
