"""After a notice: other housing told of, the move-out with support until the keys are in, and
whether another home is offered."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import happened, record
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts import ending
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.ladder.access import MAX_TEXT, held, rules_of, step_taken
from hemvist.ladder.facts import first_day, require_needs, steps_of
from hemvist.ladder.models import Ladder, LadderStep
from hemvist.ladder.service import finish, require_no_eviction
from hemvist.tenancy import TenantSession


def tell_of_housing(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    what: str,
    told_on: date | None = None,
) -> LadderStep:
    """Register that the household was told how to apply for other housing (GBG-117).

    Raises ``Conflict`` (``no_notice``) before a notice; ``ValidationFailed``, ``NotFound``,
    ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_KEEP)
    day = effective_day(told_on, field="toldOn", not_before=ladder.opened_on)
    raise_if(required_text("what", what, MAX_TEXT))
    if first_day(steps_of(session, ladder), "notice") is None:
        raise Conflict("no_notice", "no notice has been given")
    return step_taken(
        session,
        actor,
        case,
        ladder,
        "told_of_housing",
        day,
        event="told_of_other_housing",
        action=Action.LADDER_KEEP,
        what=what.strip(),
    )


def register_move_out(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    moved_on: date | None = None,
    notes: str = "",
) -> Ladder:
    """Register that the household has moved: the ladder ends, and the lease unless it has ended.

    The keys are in first, and until then the support goes on (GBG-119); where the guideline has a
    joint move-out, the household has been told of other housing (GBG-117). A notice that still runs
    ends by agreement. Raises ``Conflict`` (``keys_out``, ``not_told_of_housing``,
    ``eviction_running``, ``no_notice``), ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_STEP)
    day = effective_day(moved_on, field="movedOn", not_before=ladder.opened_on)
    steps = steps_of(session, ladder)
    given = first_day(steps, "notice")
    if given is None:
        raise Conflict("no_notice", "no notice has been given")
    require_no_eviction(session, ladder)
    if rules_of(case, "move_out") is not None and first_day(steps, "told_of_housing") is None:
        raise Conflict("not_told_of_housing", "the household is to be told of other housing")
    if ladder.contract_id is not None:
        _end_lease(session, actor, case, session.find(Contract, ladder.contract_id), day)
    step_taken(
        session,
        actor,
        case,
        ladder,
        "moved_out",
        day,
        event="moved_out",
        action=Action.LADDER_STEP,
        what=notes.strip(),
    )
    finish(session, actor, ladder, "moved_out", day, notes.strip())
    return ladder


def propose_new_offer(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    offer: bool,
    because: str,
    on: date | None = None,
) -> Ladder:
    """Propose whether the household may be offered another home; somebody else decides.

    A yes needs the guideline's rules (GBG-121); which landlord is closed to it, the matching knows
    (GBG-122). Raises ``PolicyRefused`` with the trace, ``Conflict`` before the move-out or when it is
    decided; ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    ladder, case = _moved_out(session, actor, ladder_id, expected_version, Action.LADDER_KEEP)
    day = effective_day(on, not_before=ladder.ended_on)
    raise_if(required_text("because", because, MAX_TEXT))
    if offer:
        require_needs(session, case, "new_offer", day)
    ladder.new_offer_proposed, ladder.proposed_because = offer, because.strip()
    ladder.proposed_on, ladder.proposed_by = day, actor.principal_id
    _told(session, actor, case, ladder, "new_offer_proposed", day, Action.LADDER_KEEP)
    return ladder


def decide_new_offer(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    offer: bool,
    because: str = "",
    on: date | None = None,
) -> Ladder:
    """Decide whether the household may be offered another home. Never by who proposed it.

    What differs from the proposal has its reason; a yes is tried by the guideline again. Raises
    ``NotAllowed`` for who proposed it; else as ``propose_new_offer``.
    """
    ladder, case = _moved_out(
        session, actor, ladder_id, expected_version, Action.NEW_OFFER_DECIDE, four_eyes=True
    )
    if ladder.new_offer_proposed is None:
        raise Conflict("nothing_proposed", "nobody has proposed anything")
    day = effective_day(on, not_before=ladder.proposed_on)
    if offer != ladder.new_offer_proposed:
        raise_if(required_text("because", because, MAX_TEXT))
    if offer:
        require_needs(session, case, "new_offer", day)
    ladder.new_offer, ladder.decided_because = offer, because.strip()
    ladder.decided_on, ladder.decided_by = day, actor.principal_id
    event = "new_offer_granted" if offer else "new_offer_refused"
    _told(session, actor, case, ladder, event, day, Action.NEW_OFFER_DECIDE)
    return ladder


def keys_in(session: TenantSession, case: Case, given: date) -> date | None:
    """The day on which the last key came back after a notice; None while keys are out."""
    back = happened(session, case, "keys_returned")
    return None if back is None or back.occurred_on < given else back.occurred_on


def _end_lease(
    session: TenantSession, actor: Actor, case: Case, contract: Contract, day: date
) -> None:
    given = contract.notice_given_on
    back = happened(session, case, "keys_returned")
    if back is None or (given is not None and back.occurred_on < given):
        raise Conflict("keys_out", "the keys are not in")
    if day < back.occurred_on:
        raise ValidationFailed.one(
            "movedOn",
            "too_early",
            f"may not lie before {back.occurred_on}",
            earliest=str(back.occurred_on),
        )
    if contract.state != "signed":
        return
    ran_out = contract.notice_ends_on is not None and day >= contract.notice_ends_on
    ending.end(
        session,
        actor,
        contract_id=contract.id,
        expected_version=contract.version,
        reason="notice" if ran_out else "agreement",
        ended_on=min(day, today()),
    )


def _moved_out(
    session: TenantSession,
    actor: Actor,
    ladder_id: UUID,
    expected_version: int,
    action: Action,
    four_eyes: bool = False,
) -> tuple[Ladder, Case]:
    ladder, case = open_matter(
        session,
        actor,
        Ladder,
        ladder_id,
        action,
        prepared_by=lambda row: row.proposed_by if four_eyes else None,
    )
    session.change(ladder, expected_version)
    if ladder.state != "moved_out":
        raise Conflict("not_moved_out", f"the ladder is {ladder.state}", state=ladder.state)
    if ladder.new_offer is not None:
        raise Conflict("new_offer_decided", "it has been decided")
    return ladder, case


def _told(
    session: TenantSession,
    actor: Actor,
    case: Case,
    ladder: Ladder,
    event: str,
    day: date,
    action: Action,
) -> None:
    record(
        session,
        actor,
        case,
        event,
        day,
        action=action,
        subject_type="ladder",
        subject_id=ladder.id,
        data={},
    )
