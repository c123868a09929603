"""What the law is asked of a notice (uppsägning) that is recorded as a milestone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hemvist.cases.models import Case
from hemvist.contracts.notices import checked_notice, contract_facts, latest_contract
from hemvist.contracts.notices import notice_facts as facts_of_notice
from hemvist.errors import Problem
from hemvist.tenancy import TenantSession

#: The milestone that is a notice.
NOTICE = "notice_given"


def checked_details(event: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The particulars of a notice as they are kept, and what is wrong with them."""
    if event != NOTICE:
        problem = Problem("notice", "unknown_item", "this is no notice", {"item": "notice"})
        return {}, [problem] if given else []
    return checked_notice(given)


def notice_facts(
    session: TenantSession, case: Case, details: Mapping[str, Any], on: date
) -> dict[str, object] | None:
    """Facts of the law pack for a notice given on a day; None when the tenant gives it."""
    return facts_of_notice(latest_contract(session, case, on), details, on)


def case_contract_facts(session: TenantSession, case: Case, on: date) -> dict[str, object]:
    """What the case's contract, as signed by the day, says to the law pack."""
    return contract_facts(latest_contract(session, case, on))
