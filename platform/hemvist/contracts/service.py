"""Signing a contract on an accepted offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import record
from hemvist.cases.legality import checked_clauses, findings, kinds, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import today
from hemvist.contracts.chain import HeadLease
from hemvist.contracts.head_leases import covering, is_block, running
from hemvist.contracts.legality import check_waiver, form_clauses, legal_facts
from hemvist.contracts.models import Contract
from hemvist.contracts.parties import tell_owner, write_parties
from hemvist.contracts.tenure import alarm_day, raise_alarm
from hemvist.contracts.terms import check_terms
from hemvist.decisions.service import in_force
from hemvist.errors import Conflict, PolicyRefused, Problem
from hemvist.identity import Action, Actor
from hemvist.offers.models import Offer
from hemvist.policy.programmes import Contract as ContractRules
from hemvist.policy.programmes import Programme
from hemvist.referrals import service as referrals
from hemvist.referrals.models import Referral
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit
from hemvist.units.states import change_state, keep_line


def sign(
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
    clauses: Sequence[Mapping[str, Any]] = (),
    waiver: Mapping[str, Any] | None = None,
    went_on_because: str = "",
) -> Contract:
    """Register a signed contract of the programme's form; the unit is let and the referral fulfilled.

    A sublease needs the day on which the tenant was told in writing that the home is tied to the
    assistance, no later than the signing (RH 2018:28). ``clauses`` come beside those that the form
    carries, each with ``kind`` and ``text``; what guideline and law say of the whole is kept with
    the contract. What they forbid is refused, and what they warn of needs ``went_on_because``.
    Raises ``ValidationFailed``, ``PolicyRefused``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    offer, case = open_matter(session, actor, Offer, offer_id, Action.CONTRACT_SIGN)
    referral = session.find(Referral, offer.referral_id)
    programme = pack_of(case).programme(referral.programme)
    rules = _rules_of(programme)
    day = effective_day(signed_on, field="signedOn", not_before=offer.answered_on)
    checked, problems = check_terms(rules, terms or {})
    problems += _check_dates(rules, day, starts_on, ends_on, told_of_link_on, owner_notified_on)
    added, wrong = checked_clauses("clauses", clauses)
    problems += wrong + check_waiver(waiver or {})
    raise_if(problems)
    _decision_first(session, case, programme, day)
    # Locked in the order in which every act takes them: referral, offer, unit.
    session.lock(referral)
    session.lock(offer)
    if offer.state != "accepted":
        raise Conflict("offer_not_accepted", f"the offer is {offer.state}", state=offer.state)
    unit = session.find(Unit, offer.unit_id)
    session.lock(unit)
    written = form_clauses(rules) + added
    head = _head_lease(session, rules, unit, starts_on, ends_on)
    facts = legal_facts(
        session,
        pack_of(case),
        rules,
        case,
        unit,
        signed_on=day,
        starts_on=starts_on,
        ends_on=ends_on,
        terms=checked,
        clauses=kinds(written),
        waiver=waiver or {},
        told_of_link_on=told_of_link_on,
        owner_notified_on=owner_notified_on,
        block=is_block(head) if head is not None else None,
    )
    said = weigh(
        findings(pack_of(case), "contract", facts, day, written, programme.id),
        went_on_because,
    )
    change_state(unit, "let")
    contract = session.save(
        Contract(
            case_id=case.id,
            unit_id=unit.id,
            offer_id=offer.id,
            form=rules.form,
            kind=rules.kind,
            signed_on=day,
            starts_on=starts_on,
            ends_on=ends_on,
            rent_ore=unit.rent_ore,
            terms=checked,
            told_of_link_on=told_of_link_on,
            owner_notified_on=owner_notified_on,
            clauses=written,
            waiver=dict(waiver or {}),
            legal_findings=said,
            went_on_because=went_on_because.strip(),
            registered_by=actor.principal_id,
            head_lease_id=head.id if head is not None else None,
        )
    )
    keep_line(session, actor, unit, on=day, cause="contract_signed", subject_id=contract.id)
    write_parties(session, case, unit, contract, rules)
    tell_owner(session, unit, contract)
    for kind, on in (("contract_signed", day), ("moved_in", starts_on)):
        record(
            session,
            actor,
            case,
            kind,
            on,
            action=Action.CONTRACT_SIGN,
            subject_type="contract",
            subject_id=contract.id,
            data={"form": contract.form, "kind": contract.kind},
        )
    referrals.end(
        session, actor, case, referral, state="fulfilled", reason="contract_signed", on=day
    )
    if contract.kind == "sublease":
        raise_alarm(session, case, contract, alarm_day(contract, None, is_block(head)))
    return contract


def _head_lease(
    session: TenantSession,
    rules: ContractRules,
    unit: Unit,
    starts_on: date,
    ends_on: date | None,
) -> HeadLease | None:
    """The kommun's own lease that a sublease hangs on; a first-hand lease has none beside it."""
    if rules.kind == "sublease":
        return covering(session, unit, starts_on, ends_on)
    if running(session, unit.id) is not None:
        raise Conflict("unit_let", "the kommun rents the home first-hand itself")
    return None


def _rules_of(programme: Programme) -> ContractRules:
    if programme.contract is None:
        raise PolicyRefused("no_contract", "the programme has no contract")
    return programme.contract


def _decision_first(session: TenantSession, case: Case, programme: Programme, day: date) -> None:
    if not programme.comes_before("housing", "contract"):
        return
    if in_force(session, case, "housing", day) is None:
        raise PolicyRefused(
            "decision_before_contract",
            "the contract is signed when the decision on the housing has been made",
            cite=", ".join(programme.decision("housing").cite),
        )


def _check_dates(
    rules: ContractRules,
    signed: date,
    starts: date,
    ends: date | None,
    told: date | None,
    owner_told: date | None,
) -> list[Problem]:
    problems: list[Problem] = []
    if starts < signed:
        problems.append(Problem("startsOn", "before_signing", "begins before it was signed"))
    if ends is not None and ends <= starts:
        problems.append(Problem("endsOn", "before_start", "ends before it begins"))
    if rules.kind == "sublease" and told is None:
        problems.append(
            Problem("toldOfLinkOn", "link_not_told", "the tenant must have been told of the link")
        )
    if told is not None and told > signed:
        problems.append(Problem("toldOfLinkOn", "after_signing", "must be told before signing"))
    if owner_told is not None and owner_told > today():
        problems.append(Problem("ownerNotifiedOn", "future", "may not lie in the future"))
    if owner_told is not None and owner_told < signed:
        problems.append(
            Problem("ownerNotifiedOn", "before_signing", "cannot be told before the signing")
        )
    return problems
