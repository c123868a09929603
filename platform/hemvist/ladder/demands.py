"""The written demand to mend (rättelseanmaning) and the notification of the social board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.models import Case
from hemvist.errors import Conflict, Problem
from hemvist.identity import Action, Actor
from hemvist.ladder import clocks
from hemvist.ladder.access import (
    MAX_TEXT,
    check_parties,
    held,
    instant_of,
    rules_of,
    step_taken,
)
from hemvist.ladder.facts import (
    answer_delivery,
    board_told_on,
    require_needs,
    require_reason_beside,
    steps_of,
)
from hemvist.ladder.models import WAYS, Ladder, LadderStep
from hemvist.policy.pages.words import WAYS as WAY_WORDS
from hemvist.policy.pages.words import word
from hemvist.tenancy import TenantSession


def send_demand(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    what: str,
    ways: Sequence[str],
    copies: Sequence[str] = (),
    sent_on: date | None = None,
    until_on: date | None = None,
    went_on_because: str = "",
) -> LadderStep:
    """Register a demand that the kommun as landlord sends: what is to be put right, and how it goes.

    The guideline's ways and copies are all needed (GBG-107, GBG-108), and its rules must be true
    before it; where the guideline does not call for a demand, a reason is. A copy to the social board
    notifies it (JB 12:42). What the guideline promises after a demand begins to run. Raises
    ``PolicyRefused`` with the trace, ``ValidationFailed``, ``Conflict``, ``NotFound``,
    ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_STEP)
    day = effective_day(sent_on, field="sentOn", not_before=ladder.opened_on)
    _require_lease(ladder)
    rules = rules_of(case, "demand")
    raise_if(
        required_text("what", what, MAX_TEXT)
        + _check_ways(ways, () if rules is None else rules.ways)
        + check_parties("copies", copies, () if rules is None else rules.copies)
        + _check_until(until_on, day)
    )
    session.lock(case)
    require_needs(session, case, "demand", day)
    require_reason_beside(session, case, "demand", day, went_on_because)
    answer_delivery(session, actor, case, "demand", [*ways, *copies], day)
    return _sent(
        session,
        actor,
        case,
        ladder,
        day,
        what=what.strip(),
        ways=sorted(set(ways)),
        copies=sorted(set(copies)),
        until_on=until_on,
        went_on_because=went_on_because.strip(),
    )


def receive_demand(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    what: str,
    sent_on: date,
    received_on: date | None = None,
    until_on: date | None = None,
) -> LadderStep:
    """Register a demand that another landlord has sent and that the social board was told of.

    It is the landlord's act: law and guideline stop nothing here. Raises ``ValidationFailed``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_KEEP)
    sent = effective_day(sent_on, field="sentOn")
    received = effective_day(received_on, field="receivedOn", not_before=sent)
    raise_if(required_text("what", what, MAX_TEXT) + _check_until(until_on, sent))
    return _sent(
        session,
        actor,
        case,
        ladder,
        sent,
        action=Action.LADDER_KEEP,
        received_on=received,
        what=what.strip(),
        copies=["social_board"],
        until_on=until_on,
    )


def notify_board(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    what: str,
    told_on: date | None = None,
) -> LadderStep:
    """Notify the social board before a notice for misconduct (JB 12:42; LF-12).

    Raises ``Conflict`` (``board_told``) when it has been told; ``ValidationFailed``, ``NotFound``,
    ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_STEP)
    day = effective_day(told_on, field="toldOn", not_before=ladder.opened_on)
    raise_if(required_text("what", what, MAX_TEXT))
    told = board_told_on(steps_of(session, ladder))
    if told is not None:
        raise Conflict("board_told", "the social board has been told", day=str(told))
    return step_taken(
        session,
        actor,
        case,
        ladder,
        "board_notified",
        day,
        event="board_notified",
        action=Action.LADDER_STEP,
        copies=["social_board"],
        what=what.strip(),
    )


def _sent(
    session: TenantSession,
    actor: Actor,
    case: Case,
    ladder: Ladder,
    day: date,
    *,
    action: Action = Action.LADDER_STEP,
    **fields: Any,
) -> LadderStep:
    row = step_taken(
        session,
        actor,
        case,
        ladder,
        "demand",
        day,
        event="demand_sent",
        action=action,
        data={"received": fields.get("received_on") is not None},
        **fields,
    )
    came = row.received_on or day
    clocks.start(session, actor, case, ladder, row, "demand_sent", instant_of(came))
    return row


def _require_lease(ladder: Ladder) -> None:
    if ladder.contract_id is None:
        raise Conflict("not_our_lease", "the household rents of another landlord")


def _check_ways(ways: Sequence[str], needed: Sequence[str]) -> list[Problem]:
    problems = [
        Problem("ways", "unknown_item", "no such way", {"item": one[:60]})
        for one in ways
        if one not in WAYS
    ]
    if not ways:
        problems.append(Problem("ways", "required", "say how it is sent"))
    return problems + [
        Problem(
            "ways",
            "way_missing",
            f"{one} is needed",
            {"way": one, "sv": word(WAY_WORDS, one, "sv"), "en": word(WAY_WORDS, one, "en")},
        )
        for one in needed
        if one not in ways
    ]


def _check_until(until: date | None, sent: date) -> list[Problem]:
    if until is None or until >= sent:
        return []
    return [Problem("untilOn", "before_start", "ends before it is sent")]
