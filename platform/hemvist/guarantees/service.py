"""Giving a rent guarantee or a surety: with a first-hand lease, or on one that there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import record
from hemvist.cases.legality import findings, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts import service as contracts
from hemvist.contracts.models import FIRST_HAND, Contract
from hemvist.errors import Conflict, PolicyRefused, ValidationFailed
from hemvist.guarantees.ledger import check_amount
from hemvist.guarantees.legality import legal_facts
from hemvist.guarantees.models import Guarantee
from hemvist.guarantees.terms import KIND_OF, Cap, cap_of, review_day
from hemvist.identity import Action, Actor
from hemvist.offers.models import Offer
from hemvist.policy import add_months
from hemvist.policy.programmes import Guarantee as GuaranteeRules
from hemvist.referrals.models import Referral
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit


def sign_contract(
    session: TenantSession,
    actor: Actor,
    *,
    offer_id: UUID,
    signed_on: date | None = None,
    starts_on: date,
    ends_on: date | None = None,
    terms: Mapping[str, Any] | None = None,
    told_of_link_on: date | None = None,
    owner_notified_on: date | None = None,
    guarantee_months: int | None = None,
    guarantee_cap_ore: int | None = None,
    clauses: Sequence[Mapping[str, Any]] = (),
    waiver: Mapping[str, Any] | None = None,
    went_on_because: str = "",
) -> Contract:
    """Register the signed contract and, where the programme gives one, the guarantee with it.

    ``guarantee_months`` is one of the periods that the pack allows on the day of signing;
    ``guarantee_cap_ore`` the most that the kommun answers for, where it is agreed as an amount.
    Raises as ``contracts.service.sign``, and ``ValidationFailed`` on these two.
    """
    offer, case = open_matter(session, actor, Offer, offer_id, Action.CONTRACT_SIGN)
    referral = session.find(Referral, offer.referral_id)
    rules = pack_of(case).programme(referral.programme).guarantee
    if rules is None and (guarantee_months is not None or guarantee_cap_ore is not None):
        raise ValidationFailed.one(
            "guaranteeMonths", "no_guarantee", "the programme gives no guarantee"
        )
    if rules is not None:
        _check_period(case, rules, guarantee_months, starts_on, "guaranteeMonths")
        _check_cap(guarantee_cap_ore, "guaranteeCapOre")
    contract = contracts.sign(
        session,
        actor,
        offer_id=offer_id,
        signed_on=signed_on,
        starts_on=starts_on,
        ends_on=ends_on,
        terms=terms,
        told_of_link_on=told_of_link_on,
        owner_notified_on=owner_notified_on,
        clauses=clauses,
        waiver=waiver,
        went_on_because=went_on_because,
    )
    if rules is not None and guarantee_months is not None:
        cap = cap_of(session, case, rules, contract, guarantee_months, guarantee_cap_ore)
        _issue(
            session, actor, case, contract, rules, guarantee_months, cap,
            contract.signed_on, went_on_because,
        )  # fmt: skip
    return contract


def issue_guarantee(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    programme: str,
    months: int,
    cap_ore: int | None = None,
    issued_on: date | None = None,
    went_on_because: str = "",
) -> Guarantee:
    """Give a guarantee on a first-hand lease that there is, such as one that was taken over.

    ``programme`` is the one whose guarantee it is. Raises ``ValidationFailed``, ``PolicyRefused``,
    ``Conflict`` when the lease has one or has ended, ``NotFound``, ``NotAllowed``.
    """
    contract, case = open_matter(session, actor, Contract, contract_id, Action.GUARANTEE_ISSUE)
    day = effective_day(issued_on, field="issuedOn", not_before=contract.signed_on)
    programmes = pack_of(case).programmes
    rules = programmes[programme].guarantee if programme in programmes else None
    if rules is None:
        raise ValidationFailed.one("programme", "no_guarantee", "the programme gives no guarantee")
    _check_period(case, rules, months, day, "months")
    _check_cap(cap_ore, "capOre")
    session.lock(contract)
    if contract.state != "signed":
        raise Conflict("contract_ended", "the contract has ended", state=contract.state)
    if session.scalar(select(Guarantee.id).where(Guarantee.contract_id == contract.id)):
        raise Conflict("has_guarantee", "there is a guarantee on this lease")
    cap = cap_of(session, case, rules, contract, months, cap_ore)
    return _issue(session, actor, case, contract, rules, months, cap, day, went_on_because)


def _check_period(
    case: Case, rules: GuaranteeRules, months: int | None, on: date, field: str
) -> None:
    allowed = pack_of(case).param(rules.periods, on)
    assert isinstance(allowed, tuple)
    if months not in allowed:
        raise ValidationFailed.one(
            field,
            "guarantee_period",
            "not a period that the guideline gives",
            allowed=list(allowed),
        )


def _check_cap(cap_ore: int | None, field: str) -> None:
    if cap_ore is not None:
        raise_if(check_amount(field, cap_ore, cap_ore, "amount"))


def _issue(
    session: TenantSession,
    actor: Actor,
    case: Case,
    contract: Contract,
    rules: GuaranteeRules,
    months: int,
    cap: Cap,
    day: date,
    went_on_because: str,
) -> Guarantee:
    if contract.kind not in FIRST_HAND:
        raise PolicyRefused(
            "guarantee_needs_lease",
            "a guarantee is given on a first-hand lease",
            cite=", ".join(rules.cite),
        )
    # What is given later on a lease that there is does not begin before it was given.
    starts_on = max(
        day, contract.signed_on if rules.start == "contract_signed" else contract.starts_on
    )
    facts = legal_facts(session, case, contract, months, cap.rent_months, starts_on)
    said = weigh(findings(pack_of(case), "guarantee", facts, day), went_on_because)
    guarantee = session.save(
        Guarantee(
            case_id=case.id,
            contract_id=contract.id,
            landlord_id=session.find(Unit, contract.unit_id).landlord_id,
            kind=KIND_OF[rules.kind],
            months=months,
            starts_on=starts_on,
            ends_on=add_months(starts_on, months),
            covers=[item.id for item in rules.scope],
            rent_ore=contract.rent_ore,
            cap_rent_months=cap.rent_months,
            cap_ore=cap.ore,
            review_on=review_day(case, rules, starts_on),
            legal_findings=said,
            issued_on=day,
            issued_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        "guarantee_issued",
        day,
        action=Action.GUARANTEE_ISSUE,
        subject_type="guarantee",
        subject_id=guarantee.id,
        data={"months": months, "ends_on": str(guarantee.ends_on), "kind": guarantee.kind},
    )
    return guarantee
