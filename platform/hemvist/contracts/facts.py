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
    """The contract that the household lives under, and for how many whole months.

    Where this record has none, the household may still have one from elsewhere: then unknown.
    """
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
    return {"current_contract_form": contract.form, "months_in_home": months}
