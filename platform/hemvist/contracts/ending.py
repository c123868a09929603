"""Giving notice of a contract (uppsägning) and ending it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.assessments.guarding import ask_guard
from hemvist.assessments.recorded import answered_by_act
from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import person_ids, record
from hemvist.cases.legality import findings, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts.forms import form_of
from hemvist.contracts.head_leases import give_up
from hemvist.contracts.models import END_REASONS, GIVEN_BY, Contract, ContractNotice
from hemvist.contracts.notices import checked_notice, notice_facts
from hemvist.contracts.parties import tell_owner, write_parties
from hemvist.contracts.periods import NoticeEnd, notice_end
from hemvist.contracts.tenure import cancel_alarm
from hemvist.contracts.term_ends import settle
from hemvist.deadlines.service import cancel_programme
from hemvist.errors import Conflict, PolicyRefused, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.landlords.models import Landlord
from hemvist.offers.models import Offer
from hemvist.policy import add_months
from hemvist.policy.legal import law_pack
from hemvist.referrals.models import Referral
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit
from hemvist.units.service import give_up_kept
from hemvist.units.states import move

#: Grounds on which a tenancy is forfeited and can end before its time (JB 12:42, 12:44).
FORFEITING = ("misconduct", "especially_serious", "arrears")
#: What a unit can be when nobody lives in it by a contract any more.
UNIT_BECOMES = ("vacant", "returned")
NOTICE, ENDED = "notice_given", "contract_ended"
#: The home before the one that the case has gone on to: no loss of a home.
EARLIER_ENDED = "earlier_contract_ended"


def notice(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    expected_version: int,
    given_by: str,
    given_on: date | None = None,
    ends_on: date | None = None,
    details: Mapping[str, Any] | None = None,
    went_on_because: str = "",
) -> ContractNotice:
    """Register a notice; the contract goes on to the day on which it ends by law and guideline.

    ``given_by`` is "landlord" or "tenant", ``details`` the particulars that the law asks of a
    landlord's notice (``ground``, ``board_told_on``, ``board_has_copy``, ``demand_sent_on``,
    ``arrears_served_on``). ``ends_on`` is a later day than the lawful one; on grounds that forfeit
    the tenancy it may be an earlier. A later notice comes in the place of an earlier. Where the
    guideline's time is shorter than the law's, the law's holds and LF-1 is kept with the notice.
    Raises ``ValidationFailed``, ``PolicyRefused``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    contract, case = open_matter(session, actor, Contract, contract_id, Action.CONTRACT_END)
    day = effective_day(given_on, field="givenOn", not_before=contract.signed_on)
    kept, problems = checked_notice(details or {})
    problems += _check_notice(given_by, kept)
    raise_if(problems)
    session.change(contract, expected_version)
    _require_running(contract)
    reckoned = notice_end(pack_of(case), form_of(case, contract), contract, given_by, day)
    last = _ends_on(reckoned, given_by, kept.get("ground"), day, ends_on)
    session.lock(case)
    _ask(session, case, NOTICE, day)
    kept |= {"given_by": given_by, "ends_on": last.isoformat()}
    said = _law(case, contract, kept, reckoned, day, went_on_because)
    contract.notice_given_on, contract.notice_ends_on = day, last
    settle(session, contract, None)
    row = session.save(
        ContractNotice(
            contract_id=contract.id,
            given_by=given_by,
            ground=kept.get("ground"),
            given_on=day,
            stated_ends_on=reckoned.stated,
            lawful_ends_on=reckoned.lawful,
            ends_on=last,
            details=kept,
            legal_findings=said,
            went_on_because=went_on_because.strip(),
            registered_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        NOTICE,
        day,
        action=Action.CONTRACT_END,
        subject_type="contract",
        subject_id=contract.id,
        data={"given_by": given_by, "ground": row.ground, "ends_on": last.isoformat()},
    )
    if given_by == "landlord":
        _answer(session, actor, case, contract, day)
    return row


def _answer(
    session: TenantSession, actor: Actor, case: Case, contract: Contract, day: date
) -> None:
    """What the guideline asks of earlier notices is answered by this one."""
    form = form_of(case, contract)
    asks = None if form is None else form.notice_answers
    if asks is None:
        return
    unit = session.find(Unit, contract.unit_id)
    number = session.scalars(
        select(Landlord.organisation_number).where(Landlord.id == unit.landlord_id)
    ).one()
    for fact, value in ((asks.given, True), (asks.landlord, number)):
        if fact is not None:
            answered_by_act(
                session, actor, case, fact=fact, value=value, on=day, source="contract_notice"
            )


def end(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    expected_version: int,
    reason: str,
    ended_on: date | None = None,
    unit_becomes: str | None = None,
    kept_because: str = "",
) -> Contract:
    """End a contract: the case is told, and its unit is vacant again or goes back to its owner.

    Where the household has gone on to another home of the case it is the earlier one that ends; the
    duties of a programme that the case has left end with its home.

    ``ended_on`` is the first day on which it no longer holds; another may begin on it. With the reason
    "notice" a notice must have run out, with "term_over" the fixed term, which no longer ends of
    itself after nine months (JB 12:3). ``unit_becomes`` is "vacant" or "returned"; a sublease's
    unit is vacant unless said otherwise. A unit that is kept for another household goes back only with
    a reason (``kept_because``). Raises ``ValidationFailed``, ``PolicyRefused``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    contract, case = open_matter(session, actor, Contract, contract_id, Action.CONTRACT_END)
    day = effective_day(ended_on, field="endedOn", not_before=contract.signed_on)
    becomes = unit_becomes or ("vacant" if contract.kind == "sublease" else "returned")
    raise_if(_check_end(contract, reason, becomes, day))
    session.change(contract, expected_version)
    _require_running(contract)
    # What the notice says may have been changed by who held the row.
    raise_if(_check_reason(contract, reason, day))
    session.lock(case)
    replaced = _has_another(session, contract)
    if not replaced:
        _ask(session, case, ENDED, day)
    if becomes == "returned":
        give_up_kept(session.find(Unit, contract.unit_id), kept_because, "unitBecomes")
    _free(session, actor, contract, reason, day, becomes)
    left = _programme_of(session, contract)
    if left != case.programme and contract.follows_id is None:
        cancel_programme(session, case.id, left)
    record(
        session,
        actor,
        case,
        EARLIER_ENDED if replaced else ENDED,
        day,
        action=Action.CONTRACT_END,
        subject_type="contract",
        subject_id=contract.id,
        data={"reason": reason, "unit": becomes},
    )
    return contract


def _has_another(session: TenantSession, contract: Contract) -> bool:
    """Whether the household has another home by a contract of the same case that was signed later."""
    others = select(Contract.id).where(
        Contract.case_id == contract.case_id,
        Contract.id != contract.id,
        Contract.state == "signed",
        Contract.signed_on >= contract.signed_on,
    )
    return session.scalar(others.limit(1)) is not None


def _programme_of(session: TenantSession, contract: Contract) -> str:
    """The programme that the contract was offered in."""
    offer = session.find(Offer, contract.offer_id)
    return session.find(Referral, offer.referral_id).programme


def _free(
    session: TenantSession,
    actor: Actor,
    contract: Contract,
    reason: str,
    day: date,
    becomes: str,
) -> None:
    """The locked contract is over, and its unit free."""
    contract.state = "ended"
    contract.ended_on, contract.end_reason = day, reason
    contract.ended_by = actor.principal_id
    # The database holds the days of the old lease before those of the next are written.
    session.flush()
    cancel_alarm(session, contract)
    settle(session, contract, day)
    # Its offer was accepted and stays so, but holds the home no longer.
    session.find(Offer, contract.offer_id).home_free_on = day
    if becomes == "returned":
        give_up(session, contract.unit_id, day)
    unit = session.find(Unit, contract.unit_id)
    session.lock(unit)
    if unit.state == "let":
        cause = "taken_over" if reason == "taken_over" else "contract_ended"
        move(session, actor, unit, becomes, on=day, cause=cause, subject_id=contract.id)
        unit.available_from = max(unit.available_from, day)


def _check_notice(given_by: str, details: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    if given_by not in GIVEN_BY:
        problems.append(Problem("givenBy", "unknown_choice", "landlord or tenant"))
    if "given_by" in details or "ends_on" in details:
        problems.append(Problem("notice", "unknown_item", "has a field of its own"))
    if given_by == "landlord" and not details.get("ground"):
        problems.append(Problem("notice.ground", "required", "the landlord's notice has a ground"))
    if given_by == "tenant" and details:
        problems.append(Problem("notice", "unknown_item", "the tenant needs no ground"))
    return problems


def _require_running(contract: Contract) -> None:
    if contract.state != "signed":
        raise Conflict("contract_ended", "the contract has ended", state=contract.state)


def _ends_on(
    reckoned: NoticeEnd, given_by: str, ground: str | None, given: date, wanted: date | None
) -> date:
    if wanted is None:
        return reckoned.ends_on
    forfeited = given_by == "landlord" and ground in FORFEITING
    earliest = given if forfeited else reckoned.ends_on
    if wanted < earliest:
        raise ValidationFailed.one(
            "endsOn", "too_early", f"may not lie before {earliest}", earliest=str(earliest)
        )
    return wanted


def _law(
    case: Case,
    contract: Contract,
    details: Mapping[str, Any],
    reckoned: NoticeEnd,
    day: date,
    went_on_because: str,
) -> list[dict[str, Any]]:
    """What the law says of the notice; and, told beside it, that the guideline's time is too short."""
    facts = notice_facts(contract, details, day)
    if facts is None:
        return []
    if contract.ends_on is not None and contract.ends_on <= day:
        # It has run out and goes on until further notice (JB 12:3).
        facts |= {"open_ended": True}
    if details.get("ground") in FORFEITING:
        # A forfeited tenancy ends by 12:42 and not by a period of notice.
        facts |= {"notice_stated": False}
    pack = pack_of(case)
    said = weigh(findings(pack, "notice", facts, day), went_on_because)
    if not reckoned.shorter_than_law:
        return said
    assert reckoned.stated is not None
    stated = findings(pack, "notice", facts | {"notice_ends_on": reckoned.stated}, day)
    short = [one.as_json() for one in stated if one.flag == "LF-1" and one.outcome == "violated"]
    return short + [one for one in said if one["flag"] != "LF-1"] if short else said


def _check_end(contract: Contract, reason: str, becomes: str, day: date) -> list[Problem]:
    problems: list[Problem] = []
    if reason not in END_REASONS or reason == "taken_over":
        problems.append(Problem("reason", "unknown_choice", "not one of the reasons"))
    if becomes not in UNIT_BECOMES:
        problems.append(Problem("unitBecomes", "unknown_choice", "vacant or returned"))
    return problems or _check_reason(contract, reason, day)


def _check_reason(contract: Contract, reason: str, day: date) -> list[Problem]:
    if reason == "notice":
        return _not_before("endedOn", "no_notice", contract.notice_ends_on, day)
    if reason == "term_over":
        wrong = _not_before("endedOn", "no_term", contract.ends_on, day)
        if not wrong and contract.notice_ends_on is None and _needs_notice(contract, day):
            raise PolicyRefused(
                "notice_needed",
                "a term of more than nine months does not end without notice",
                cite="JB 12:3",
            )
        return wrong
    if reason == "never_began" and day > contract.starts_on:
        return [Problem("endedOn", "began", "the contract has begun")]
    return []


def _not_before(field: str, missing: str, earliest: date | None, day: date) -> list[Problem]:
    if earliest is None:
        return [Problem("reason", missing, "there is none")]
    if day < earliest:
        return [Problem(field, "too_early", f"not before {earliest}", {"earliest": str(earliest)})]
    return []


def _needs_notice(contract: Contract, day: date) -> bool:
    """Whether a fixed term is so long that it goes on unless notice is given (JB 12:3)."""
    months = law_pack().param("notice_needed_months", day)
    assert isinstance(months, int)
    assert contract.ends_on is not None
    return contract.ends_on > add_months(contract.starts_on, months)


def _ask(session: TenantSession, case: Case, event: str, day: date) -> None:
    if case.programme is not None:
        ask_guard(session, case, pack_of(case).programme(case.programme), event, day)


def taken_over(
    session: TenantSession,
    actor: Actor,
    case: Case,
    contract: Contract,
    *,
    on: date,
    signed_on: date,
    ends_on: date | None = None,
    form: str | None = None,
    rent_ore: int | None = None,
    terms: Mapping[str, Any] | None = None,
) -> Contract:
    """The first-hand lease that takes the place of a locked contract from a day on (överlåtelse).

    The sublease ends that day and the home leaves the kommun's own. For the takeover's service, which
    has asked guideline and law and writes the case's line ``lease_taken_over``: neither
    ``contract_ended`` nor ``contract_signed`` is written, since the case goes another way by them.
    Raises ``Conflict`` when the contract has ended.
    """
    _require_running(contract)
    _free(session, actor, contract, "taken_over", on, "returned")
    lease = session.save(
        Contract(
            case_id=case.id,
            unit_id=contract.unit_id,
            offer_id=contract.offer_id,
            follows_id=contract.id,
            form=form or contract.form,
            kind="first_hand",
            signed_on=signed_on,
            starts_on=on,
            ends_on=ends_on,
            rent_ore=contract.rent_ore if rent_ore is None else rent_ore,
            terms=dict(terms or {}),
            clauses=[],
            waiver={},
            legal_findings=[],
            went_on_because="",
            registered_by=actor.principal_id,
        )
    )
    unit = session.find(Unit, lease.unit_id)
    write_parties(session, case, unit, lease, None)
    tell_owner(session, unit, lease)
    audit.record(
        session,
        actor,
        Action.CONTRACT_SIGN,
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type="contract",
        subject_id=lease.id,
        details={"event": "lease_taken_over"},
    )
    return lease
