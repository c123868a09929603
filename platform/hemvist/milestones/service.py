"""Recording that a milestone happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.assessments.guarding import ask_guard, facts_for, refused_by
from hemvist.assessments.service import facts_of
from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day, raise_if, require_open
from hemvist.cases.journal import happened, kinds_of, record
from hemvist.cases.leaving import require_support_may_end
from hemvist.cases.legality import findings, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.cases.stage import stage_of
from hemvist.clock import today
from hemvist.errors import PolicyRefused, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor
from hemvist.milestones.legality import NOTICE, checked_details, notice_facts
from hemvist.milestones.models import Milestone
from hemvist.policy import Outcome, Programme, add_days, add_months, evaluate
from hemvist.policy.programmes import PARTIES, Notice, Takeover
from hemvist.policy.programmes import Milestone as MilestoneRules
from hemvist.tenancy import TenantSession

MAX_NOTES = 10_000
#: The milestone that carries a takeover out.
TAKEOVER = "lease_taken_over"
#: The milestone by which the support ends; after a notice not before the keys are in.
SUPPORT_ENDED = "support_ended"
#: Guidelines that ask for it let absence move the day of a takeover.
DEDUCTED = "absence_days"


def record_milestone(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    milestone: str,
    programme: str | None = None,
    happened_on: date | None = None,
    parties: Sequence[str] = (),
    agreed: Sequence[str] = (),
    told: Sequence[str] = (),
    agenda_done: Sequence[str] = (),
    notes: str = "",
    notice: Mapping[str, Any] | None = None,
    went_on_because: str = "",
) -> Milestone:
    """Record one of the programme's milestones; obligations and the stage follow from it.

    ``programme`` is needed while none is chosen for the case. At least one of the milestone's
    parties took part; a takeover of the lease needs its rule, its time, everybody's agreement and
    what must be told before. ``notice`` holds the particulars of a notice (uppsägning), which the
    law is asked of: what it forbids is refused, what nobody knows needs ``went_on_because``. Raises
    ``PolicyRefused`` with the trace when the stage's guard or the takeover's rule is not true;
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.MILESTONE_RECORD)
    require_open(case)
    rules = _programme(case, programme)
    definition = _definition(rules, milestone)
    day = effective_day(happened_on, field="happenedOn", not_before=case.opened_on)
    details, wrong = checked_details(definition.event, notice or {})
    takeover = rules.takeover if definition.event == TAKEOVER else None
    raise_if(
        _check_parties(definition, parties)
        + _check_known("agendaDone", agenda_done, (item.id for item in definition.agenda))
        + _check_notices(_notices(rules, definition.event), told)
        + _check_agreement(takeover, agreed)
        + too_long("notes", notes, MAX_NOTES)
        + wrong
    )
    # The stage is read and moved in one go: the case's row is the lock.
    session.lock(case)
    ask_guard(session, case, rules, definition.event, day)
    if takeover is not None:
        _ask_takeover(session, case, takeover, day)
    if definition.event == SUPPORT_ENDED:
        require_support_may_end(session, case)
    said = _ask_the_law(session, case, definition.event, details, day, went_on_because)
    row = session.save(
        Milestone(
            case_id=case.id,
            programme=rules.id,
            code=definition.id,
            event=definition.event,
            happened_on=day,
            parties=sorted(set(parties)),
            agreed=sorted(set(agreed)),
            told=sorted(set(told)),
            agenda_done=list(dict.fromkeys(agenda_done)),
            notes=notes.strip(),
            details=details,
            legal_findings=said,
            went_on_because=went_on_because.strip(),
            recorded_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        definition.event,
        day,
        action=Action.MILESTONE_RECORD,
        subject_type="milestone",
        subject_id=row.id,
        data={"milestone": definition.id},
    )
    return row


def stage_now(session: TenantSession, case: Case, programme: Programme) -> str | None:
    """The stage that the case is in, by everything that has happened."""
    return stage_of(programme, kinds_of(session, case))


def earliest_takeover(session: TenantSession, case: Case, takeover: Takeover) -> date | None:
    """The first day on which the lease may be taken over by the pack's time; None when unknown.

    Unknown is what has no start yet; a takeover without a time may come the day it starts. Where the
    guideline deducts absence, known days of it move the day by as many.
    """
    start = happened(session, case, takeover.start)
    if start is None or takeover.after is None:
        return None if start is None else start.occurred_on
    count = pack_of(case).number(takeover.after.count, start.occurred_on)
    shift = add_months if takeover.after.unit == "months" else add_days
    return add_days(shift(start.occurred_on, count), _days_deducted(session, case))


def _days_deducted(session: TenantSession, case: Case) -> int:
    if DEDUCTED not in pack_of(case).facts:
        return 0
    return int(facts_of(session, case, today()).get(DEDUCTED) or 0)


def _programme(case: Case, name: str | None) -> Programme:
    pack = pack_of(case)
    chosen = case.programme or name
    if chosen is None or chosen not in pack.programmes:
        raise ValidationFailed.one("programme", "unknown_choice", "name one of the programmes")
    if name is not None and name != chosen:
        raise ValidationFailed.one("programme", "other_programme", "not the case's programme")
    return pack.programme(chosen)


def _definition(programme: Programme, id: str) -> MilestoneRules:
    for milestone in programme.milestones:
        if milestone.id == id:
            return milestone
    raise ValidationFailed.one(
        "milestone",
        "unknown_choice",
        "the programme has no such milestone",
        allowed=[milestone.id for milestone in programme.milestones],
    )


def _notices(programme: Programme, event: str) -> list[Notice]:
    """What must have been told before the event."""
    parts = (programme.referral, programme.guarantee, programme.takeover)
    return [
        notice
        for part in parts
        if part is not None
        for notice in part.notices
        if notice.before == event
    ]


def _check_parties(milestone: MilestoneRules, parties: Sequence[str]) -> list[Problem]:
    problems = _check_known("parties", parties, PARTIES)
    if not problems and not set(milestone.by) & set(parties):
        problems.append(
            Problem(
                "parties",
                "party_missing",
                f"one of {', '.join(milestone.by)} takes part",
                {"party": ", ".join(milestone.by)},
            )
        )
    return problems


def _check_known(field: str, given: Sequence[str], known: Iterable[str]) -> list[Problem]:
    allowed = set(known)
    return [
        Problem(field, "unknown_item", "not one of the pack's", {"item": item[:60]})
        for item in given
        if item not in allowed
    ]


def _check_notices(notices: Sequence[Notice], told: Sequence[str]) -> list[Problem]:
    problems = _check_known("told", told, (notice.id for notice in notices))
    return problems + [
        Problem("told", "notice_not_given", notice.label.en, {"item": notice.id})
        for notice in notices
        if notice.id not in told
    ]


def _check_agreement(takeover: Takeover | None, agreed: Sequence[str]) -> list[Problem]:
    needed = () if takeover is None else takeover.agrees
    return _check_known("agreed", agreed, needed) + [
        Problem("agreed", "party_missing", f"{party} must agree", {"party": party})
        for party in needed
        if party not in agreed
    ]


def _ask_takeover(session: TenantSession, case: Case, takeover: Takeover, on: date) -> None:
    cite = ", ".join(takeover.cite)
    if takeover.rule is not None:
        programme = _programme(case, None)
        facts = facts_for(session, case, programme, on)
        said = evaluate(pack_of(case), takeover.rule, facts, on)
        if said.outcome is not Outcome.TRUE:
            raise refused_by(said)
    earliest = earliest_takeover(session, case, takeover)
    if earliest is None:
        raise PolicyRefused(
            "takeover_not_begun", f"the time counts from {takeover.start}", cite=cite
        )
    if on < earliest:
        raise PolicyRefused("takeover_too_early", f"not before {earliest}", cite=cite)


def _ask_the_law(
    session: TenantSession,
    case: Case,
    event: str,
    details: Mapping[str, Any],
    on: date,
    went_on_because: str,
) -> list[dict[str, Any]]:
    """What the law says of a notice that the landlord gives; nothing of other milestones."""
    facts = notice_facts(session, case, details, on) if event == NOTICE else None
    if facts is None:
        return []
    return weigh(findings(pack_of(case), "notice", facts, on), went_on_because)
