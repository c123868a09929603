"""Waivers of tenure (avstående från besittningsskydd), each a document of its own (JB 12:45 a)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.legality import findings, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts.chain import HeadLease
from hemvist.contracts.changes import PARTNERS, WAIVER_BASES, TenureWaiver
from hemvist.contracts.head_leases import is_block
from hemvist.contracts.legality import has_partner
from hemvist.contracts.models import Contract
from hemvist.contracts.tenure import alarm_day, raise_alarm
from hemvist.errors import Conflict, PolicyRefused, Problem, too_long
from hemvist.identity import Action, Actor
from hemvist.policy import add_months
from hemvist.tenancy import TenantSession

MAX_MONTHS = 600
MAX_WORDS = 200


def record_waiver(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    expected_version: int,
    signed_on: date | None = None,
    months: int,
    basis: str,
    approval_number: str = "",
    approved_on: date | None = None,
    exempt_form: str = "",
    partner: str = "none",
    partner_accepted_on: date | None = None,
    went_on_because: str = "",
) -> TenureWaiver:
    """Keep the waiver of a sublease; it counts from the contract's first day.

    On the ``basis`` "tribunal" it has the rent tribunal's number and day, or neither while the
    answer is awaited, which the law warns of (LF-2); "exempt_form" names the form that needs no
    approval. ``partner`` is "none", "accepts" or "does_not_accept". A waiver takes the place of an
    earlier, and an obligation warns before it ends. Raises ``ValidationFailed``, ``PolicyRefused``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    contract, case = open_matter(session, actor, Contract, contract_id, Action.CONTRACT_KEEP)
    if contract.kind != "sublease":
        raise PolicyRefused("no_sublease", "a waiver belongs to a sublease", cite="JB 12:45 a")
    day = effective_day(signed_on, field="signedOn")
    problems = _check_form(basis, months, exempt_form, partner, partner_accepted_on, day)
    problems += _check_approval(basis, approval_number, approved_on)
    if partner == "none" and has_partner(session, case):
        problems.append(Problem("partner", "partner_known", "the tenant lives with a partner"))
    raise_if(problems)
    session.change(contract, expected_version)
    if contract.state != "signed":
        raise Conflict("contract_ended", "the contract has ended")
    lease = session.find(HeadLease, contract.head_lease_id) if contract.head_lease_id else None
    until = add_months(contract.starts_on, months)
    said = _law(case, contract, basis, approved_on, partner, is_block(lease), day, went_on_because)
    for earlier in session.scalars(
        select(TenureWaiver)
        .where(TenureWaiver.contract_id == contract.id, TenureWaiver.state == "standing")
        .with_for_update()
    ):
        earlier.state = "replaced"
        earlier.version += 1
    alarm = alarm_day(contract, until, is_block(lease))
    row = session.save(
        TenureWaiver(
            contract_id=contract.id,
            state="standing",
            signed_on=day,
            months=months,
            until_on=until,
            basis=basis,
            approval_number=approval_number.strip(),
            approved_on=approved_on,
            exempt_form=exempt_form.strip(),
            partner=partner,
            partner_accepted_on=partner_accepted_on,
            alarm_on=alarm,
            legal_findings=said,
            went_on_because=went_on_because.strip(),
            registered_by=actor.principal_id,
        )
    )
    raise_alarm(session, case, contract, alarm)
    record(
        session,
        actor,
        case,
        "tenure_waived",
        day,
        action=Action.CONTRACT_KEEP,
        subject_type="contract",
        subject_id=contract.id,
        data={"months": months, "until": until.isoformat(), "basis": basis},
    )
    return row


def _law(
    case: Case,
    contract: Contract,
    basis: str,
    approved_on: date | None,
    partner: str,
    block: bool,
    day: date,
    went_on_because: str,
) -> list[dict[str, Any]]:
    facts: dict[str, object] = {
        "tenancy": True,
        "second_hand": True,
        "tenure_waiver": True,
        "waiver_own_document": True,
        "waiver_needs_approval": basis == "tribunal",
        "waiver_approved": approved_on is not None,
        "has_partner": partner != "none",
        "partner_accepts_waiver": partner == "accepts",
        "block_letting": block,
        "contract_signed_on": contract.signed_on,
    }
    found = findings(pack_of(case), "contract", facts, day)
    return weigh([one for one in found if one.flag == "LF-2"], went_on_because)


def _check_form(
    basis: str, months: int, exempt: str, partner: str, accepted: date | None, day: date
) -> list[Problem]:
    problems: list[Problem] = []
    if basis not in WAIVER_BASES:
        problems.append(Problem("basis", "unknown_choice", "tribunal or exempt_form"))
    if not 1 <= months <= MAX_MONTHS:
        problems.append(Problem("months", "range", "out of bounds", {"min": 1, "max": MAX_MONTHS}))
    if basis == "exempt_form":
        problems += required_text("exemptForm", exempt, MAX_WORDS)
    if partner not in PARTNERS:
        problems.append(Problem("partner", "unknown_choice", "not one of the choices"))
    if (partner == "accepts") != (accepted is not None):
        problems.append(
            Problem("partnerAcceptedOn", "required", "with an acceptance, and only then")
        )
    if accepted is not None and accepted > day:
        problems.append(Problem("partnerAcceptedOn", "after_signing", "not after the signing"))
    return problems


def _check_approval(basis: str, number: str, approved: date | None) -> list[Problem]:
    problems = too_long("approvalNumber", number, MAX_WORDS)
    if bool(number.strip()) != (approved is not None):
        problems.append(Problem("approvalNumber", "required", "number and day belong together"))
    if basis == "exempt_form" and (number.strip() or approved):
        problems.append(Problem("approvalNumber", "unknown_item", "this form needs no approval"))
    if approved is not None:
        effective_day(approved, field="approvedOn")
    return problems
