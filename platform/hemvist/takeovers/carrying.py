"""Carrying a takeover out: the sublease ends and the first-hand lease begins, in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases import service as cases
from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import plan_from_the_beginning, record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts import ending
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, PolicyRefused, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.milestones.legality import NOTICE
from hemvist.milestones.models import Milestone
from hemvist.milestones.service import TAKEOVER, record_milestone
from hemvist.policy import Programme
from hemvist.policy.takeover import Takeover as TakeoverRules
from hemvist.takeovers.models import OPEN, Takeover
from hemvist.takeovers.service import opened, require_open, require_time, tell_owner
from hemvist.takeovers.watching import reckon, takeover_of
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit


@dataclass(frozen=True, slots=True)
class NewLease:
    """The first-hand lease as signed. Rent in öre; None is the sublease's own."""

    signed_on: date | None = None
    ends_on: date | None = None
    rent_ore: int | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)


def carry_out(
    session: TenantSession,
    actor: Actor,
    *,
    takeover_id: UUID,
    on: date | None = None,
    parties: Sequence[str] = (),
    agreed: Sequence[str] = (),
    told: Sequence[str] = (),
    notes: str = "",
    lease: NewLease | None = None,
    expected_version: int,
) -> Takeover:
    """Let the resident take over the lease from the day ``on``.

    The guideline's rule must be true and its time over, who must agree has agreed and who must be told
    is told; where the landlord decides and is not bound beforehand there is the landlord's yes or the
    tribunal's leave (JB 12:37). The sublease ends and the first-hand lease begins that day; where the
    way out leads to another programme, the case goes on in it with the new lease as its
    contract. Raises ``PolicyRefused`` with the trace, ``ValidationFailed``, ``Conflict``,
    ``NotFound``, ``NotAllowed``.
    """
    takeover, case, rules = opened(session, actor, takeover_id)
    day = effective_day(on)
    signed = lease or NewLease()
    raise_if(_check_lease(signed, day))
    session.change(takeover, expected_version)
    require_open(takeover)
    contract = session.find(Contract, takeover.contract_id)
    session.lock(contract)
    session.lock(case)
    reckon(session, case, takeover)
    require_time(takeover, rules, day)
    _require_owner(takeover, rules, agreed)
    programme = pack_of(case).programme(takeover.programme)
    record_milestone(
        session,
        actor,
        case_id=case.id,
        milestone=_milestone(programme),
        happened_on=day,
        parties=parties,
        agreed=agreed,
        told=told,
        notes=notes,
    )
    _hand_over(session, actor, case, contract, takeover, programme, signed, day)
    return takeover


def record_milestone_or_takeover(
    session: TenantSession, actor: Actor, *, case_id: UUID, milestone: str, **given: Any
) -> Milestone:
    """Record a milestone; where it is the takeover of a lease in this record, let it happen too.

    As ``milestones.service.record_milestone``; the takeover's own conditions hold besides. A notice
    (uppsägning) of a lease in this record is given on the lease and nowhere else, or the lease would
    not know its last day: ``Conflict`` (``notice_on_contract``).
    """
    _refuse_second_notice(session, actor, case_id, milestone)
    before = _open_takeover(session, case_id, milestone)
    if before is None:
        return record_milestone(session, actor, case_id=case_id, milestone=milestone, **given)
    takeover, case = before
    session.lock(takeover)
    require_open(takeover)
    contract = session.find(Contract, takeover.contract_id)
    session.lock(contract)
    programme = pack_of(case).programme(takeover.programme)
    assert programme.takeover is not None
    reckon(session, case, takeover)
    row = record_milestone(session, actor, case_id=case_id, milestone=milestone, **given)
    require_time(takeover, programme.takeover, row.happened_on)
    _require_owner(takeover, programme.takeover, row.agreed)
    _hand_over(session, actor, case, contract, takeover, programme, NewLease(), row.happened_on)
    return row


def _refuse_second_notice(
    session: TenantSession, actor: Actor, case_id: UUID, milestone: str
) -> None:
    case = case_for(session, actor, case_id, Action.MILESTONE_RECORD)
    if _event(case, milestone) != NOTICE:
        return
    running = select(Contract.id).where(Contract.case_id == case.id, Contract.state == "signed")
    if session.scalar(running.limit(1)) is not None:
        raise Conflict("notice_on_contract", "notice is given on the lease that is kept here")


def _event(case: Case, milestone: str) -> str | None:
    """What the milestone is, by the programme of an open case."""
    if case.programme is None or case.state != "open":
        return None
    programme = pack_of(case).programme(case.programme)
    return next((one.event for one in programme.milestones if one.id == milestone), None)


def _open_takeover(
    session: TenantSession, case_id: UUID, milestone: str
) -> tuple[Takeover, Case] | None:
    """The case's open takeover, when the milestone is the one that carries it out."""
    case = session.find(Case, case_id)
    if _event(case, milestone) != TAKEOVER:
        return None
    found = takeover_of(session, case)
    return None if found is None or found.state not in OPEN else (found, case)


def _hand_over(
    session: TenantSession,
    actor: Actor,
    case: Case,
    contract: Contract,
    takeover: Takeover,
    programme: Programme,
    signed: NewLease,
    day: date,
) -> None:
    following = _next_programme(case, programme)
    rules = None if following is None else following.contract
    lease = ending.taken_over(
        session,
        actor,
        case,
        contract,
        on=day,
        signed_on=signed.signed_on or day,
        ends_on=signed.ends_on,
        form="forstahandskontrakt" if rules is None else rules.form,
        rent_ore=signed.rent_ore,
        terms=signed.terms,
    )
    takeover.state = "done"
    takeover.taken_over_on = day
    takeover.lease_id = lease.id
    session.flush()
    tell_owner(session, takeover, session.find(Unit, lease.unit_id), "takeover.decided")
    if following is None:
        return
    cases.choose_programme(session, case, following.id)
    for kind in ("contract_signed", "moved_in"):
        record(
            session,
            actor,
            case,
            kind,
            day,
            action=Action.CONTRACT_SIGN,
            subject_type="contract",
            subject_id=lease.id,
            data={"form": lease.form, "kind": lease.kind, "programme": following.id},
        )
    plan_from_the_beginning(session, case)


def _next_programme(case: Case, programme: Programme) -> Programme | None:
    """Where the takeover's own way out leads, if to another programme than this."""
    rule = None if programme.takeover is None else programme.takeover.rule
    for exit in programme.exits:
        if exit.to is not None and exit.to != programme.id and exit.rule == rule:
            return pack_of(case).programme(exit.to)
    return None


def _milestone(programme: Programme) -> str:
    for milestone in programme.milestones:
        if milestone.event == TAKEOVER:
            return milestone.id
    raise ValidationFailed.one("takeoverId", "no_takeover", "the programme has no takeover")


def _require_owner(takeover: Takeover, rules: TakeoverRules, agreed: Sequence[str]) -> None:
    if "landlord" not in rules.decided_by or rules.owner_bound:
        return
    if takeover.state == "agreed" or "landlord" in agreed:
        return
    raise PolicyRefused(
        "owner_has_not_agreed",
        "the landlord has not agreed, nor has the tribunal given leave",
        cite=", ".join(rules.cite),
    )


def _check_lease(lease: NewLease, day: date) -> list[Problem]:
    problems: list[Problem] = []
    if lease.signed_on is not None and lease.signed_on > day:
        problems.append(
            Problem("lease.signedOn", "after_start", "signed when it begins, or before")
        )
    if lease.ends_on is not None and lease.ends_on <= day:
        problems.append(Problem("lease.endsOn", "before_start", "ends before it begins"))
    if lease.rent_ore is not None and lease.rent_ore < 0:
        problems.append(Problem("lease.rentOre", "negative", "may not be negative"))
    return problems
