"""The particulars of a notice (uppsägning), and what the law is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from hemvist.cases.models import Case
from hemvist.contracts.models import GIVEN_BY, Contract
from hemvist.errors import Problem
from hemvist.policy import PolicyError, check_answer
from hemvist.policy.facts import as_json
from hemvist.policy.legal import law_pack
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import Ask, of_tenant

#: The case's contract, as signed by a day.
_LATEST = Ask(
    select(*Contract.__table__.columns)
    .where(
        Contract.tenant_id == of_tenant(),
        Contract.case_id == bindparam("case"),
        Contract.signed_on <= bindparam("day"),
    )
    .order_by(Contract.signed_on.desc(), Contract.id.desc())
    .limit(1)
)
#: Particular → fact of the law pack.
DETAILS: Mapping[str, str] = {
    "ground": "notice_ground",
    "ends_on": "notice_ends_on",
    "board_told_on": "board_told_on",
    "board_has_copy": "board_has_copy",
    "demand_sent_on": "demand_sent_on",
    "arrears_served_on": "arrears_served_on",
}


def checked_notice(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The particulars of a notice as they are kept, and what is wrong with them."""
    kept: dict[str, Any] = {}
    problems: list[Problem] = []
    law = law_pack()
    for name, value in given.items():
        if name == "given_by" and value in GIVEN_BY:
            kept[name] = value
        elif name not in DETAILS:
            problems.append(Problem(f"notice.{name[:60]}", "unknown_choice", "no such particular"))
        elif value is not None:
            try:
                kept[name] = as_json(check_answer(law.fact(DETAILS[name]), value))
            except PolicyError as wrong:
                problems.append(Problem(f"notice.{name}", wrong.rule, wrong.message))
    return kept, problems


def notice_facts(
    contract: Contract | None, details: Mapping[str, Any], on: date
) -> dict[str, object] | None:
    """Facts of the law pack for a notice given on a day; None when the tenant gives it."""
    if details.get("given_by") == "tenant":
        return None
    facts: dict[str, object] = {
        fact: details[name] for name, fact in DETAILS.items() if name in details
    }
    facts |= {"notice_given_on": on, "notice_stated": True}
    return facts | contract_facts(contract)


def latest_contract(session: TenantSession, case: Case, on: date) -> Contract | None:
    """The case's contract, as signed by the day."""
    found = _LATEST.rows(session, case=case.id, day=on)
    return session.hold(Contract, found[0]) if found else None


def contract_facts(contract: Contract | None) -> dict[str, object]:
    """What a contract says to the law pack; nothing where there is none."""
    if contract is None:
        return {}
    told = contract.told_of_link_on
    waiver = contract.waiver
    facts: dict[str, object | None] = {
        "tenancy": True,
        "second_hand": contract.kind == "sublease",
        "open_ended": contract.ends_on is None,
        "term_starts_on": contract.starts_on,
        "term_ends_on": contract.ends_on,
        "contract_signed_on": contract.signed_on,
        "link_told_on": told,
        "link_proof_kept": told is not None,
        "tenure_waiver": bool(waiver)
        or any(clause["kind"] == "tenure_waiver" for clause in contract.clauses),
        "waiver_own_document": waiver.get("own_document"),
        "waiver_needs_approval": waiver.get("needs_approval"),
        "waiver_approved": waiver.get("approved"),
        "partner_accepts_waiver": waiver.get("partner_accepts"),
        "block_letting": waiver.get("block_letting"),
    }
    return {name: value for name, value in facts.items() if value is not None}
