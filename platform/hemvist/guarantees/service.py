"""Giving a rent guarantee with a first-hand lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.journal import record
from hemvist.cases.legality import findings, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts import service as contracts
from hemvist.contracts.models import Contract
from hemvist.errors import PolicyRefused, ValidationFailed
from hemvist.guarantees.legality import legal_facts
from hemvist.guarantees.models import Guarantee
from hemvist.identity import Action, Actor
from hemvist.offers.models import Offer
from hemvist.policy import add_months
from hemvist.policy.programmes import Guarantee as GuaranteeRules
from hemvist.referrals.models import Referral
from hemvist.tenancy import TenantSession


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
    clauses: Sequence[Mapping[str, Any]] = (),
    waiver: Mapping[str, Any] | None = None,
    went_on_because: str = "",
) -> Contract:
    """Register the signed contract and, where the programme gives one, the guarantee with it.

    ``guarantee_months`` is one of the periods that the pack allows on the day of signing. Raises as
    ``contracts.service.sign``, and ``ValidationFailed`` on ``guaranteeMonths``.
    """
    offer, case = open_matter(session, actor, Offer, offer_id, Action.CONTRACT_SIGN)
    referral = session.find(Referral, offer.referral_id)
    rules = pack_of(case).programme(referral.programme).guarantee
    if rules is None and guarantee_months is not None:
        raise ValidationFailed.one(
            "guaranteeMonths", "no_guarantee", "the programme gives no guarantee"
        )
    if rules is not None:
        _check_period(case, rules, guarantee_months, starts_on)
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
        _issue(session, actor, case, contract, rules, guarantee_months, went_on_because)
    return contract


def _check_period(case: Case, rules: GuaranteeRules, months: int | None, on: date) -> None:
    allowed = pack_of(case).param(rules.periods, on)
    assert isinstance(allowed, tuple)
    if months not in allowed:
        raise ValidationFailed.one(
            "guaranteeMonths",
            "guarantee_period",
            "not a period that the guideline gives",
            allowed=list(allowed),
        )


def _issue(
    session: TenantSession,
    actor: Actor,
    case: Case,
    contract: Contract,
    rules: GuaranteeRules,
    months: int,
    went_on_because: str,
) -> Guarantee:
    if contract.kind != "first_hand":
        raise PolicyRefused(
            "guarantee_needs_lease",
            "a guarantee is given on a first-hand lease",
            cite=", ".join(rules.cite),
        )
    starts_on = contract.signed_on if rules.start == "contract_signed" else contract.starts_on
    facts = legal_facts(session, case, contract, rules, months, starts_on)
    said = weigh(findings(pack_of(case), "guarantee", facts, contract.signed_on), went_on_because)
    guarantee = session.save(
        Guarantee(
            case_id=case.id,
            contract_id=contract.id,
            months=months,
            starts_on=starts_on,
            ends_on=add_months(starts_on, months),
            covers=[item.id for item in rules.scope],
            legal_findings=said,
            issued_on=contract.signed_on,
            issued_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        "guarantee_issued",
        contract.signed_on,
        action=Action.GUARANTEE_ISSUE,
        subject_type="guarantee",
        subject_id=guarantee.id,
        data={"months": months, "ends_on": str(guarantee.ends_on)},
    )
    return guarantee
