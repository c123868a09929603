"""What every act on a ladder does first and last: find it, hold it, write its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import programme_of
from hemvist.clock import now, today
from hemvist.errors import Conflict, Problem
from hemvist.identity import Action, Actor
from hemvist.ladder.models import Ladder, LadderStep
from hemvist.policy.clocks import SWEDEN
from hemvist.policy.ladder import LadderStep as StepRules
from hemvist.policy.pages.words import parties as named
from hemvist.policy.programmes import PARTIES
from hemvist.tenancy import TenantSession

MAX_TEXT = 10_000
MAX_SHORT = 200


def held(
    session: TenantSession, actor: Actor, ladder_id: UUID, expected_version: int, action: Action
) -> tuple[Ladder, Case]:
    """The open ladder in the version that the actor saw, and its case. Raises ``NotFound``,
    ``NotAllowed``, ``Conflict`` (``stale_version``, ``ladder_over``)."""
    ladder, case = open_matter(session, actor, Ladder, ladder_id, action)
    session.change(ladder, expected_version)
    if ladder.state != "open":
        raise Conflict("ladder_over", "the ladder has ended", state=ladder.state)
    return ladder, case


def rules_of(case: Case, step: str) -> StepRules | None:
    """What the case's guideline says of a step; None where it says nothing."""
    programme = programme_of(case)
    return None if programme is None or programme.ladder is None else programme.ladder.step(step)


def step_taken(
    session: TenantSession,
    actor: Actor,
    case: Case,
    ladder: Ladder,
    kind: str,
    on: date,
    *,
    event: str,
    action: Action,
    data: Mapping[str, Any] | None = None,
    told: bool = True,
    **fields: Any,
) -> LadderStep:
    """Write a step as a line of the ladder and, unless its act has written it, of the case.

    The case's line is about the ladder: whoever is told of it comes to the whole.
    """
    given: dict[str, Any] = {
        "received_on": None,
        "ways": [],
        "copies": [],
        "what": "",
        "until_on": None,
        "notice_id": None,
        "legal_findings": [],
        "went_on_because": "",
    }
    row = session.save(
        LadderStep(
            case_id=case.id,
            ladder_id=ladder.id,
            kind=kind,
            happened_on=on,
            recorded_by=actor.principal_id,
            **{**given, **fields},
        )
    )
    if told:
        record(
            session,
            actor,
            case,
            event,
            on,
            action=action,
            subject_type="ladder",
            subject_id=ladder.id,
            data=data or {},
        )
    return row


def instant_of(day: date) -> datetime:
    """When something happened that is known by its day: now for today, else noon in Sweden."""
    return now() if day == today() else datetime.combine(day, time(12), SWEDEN)


def check_parties(field: str, given: Sequence[str], needed: Sequence[str] = ()) -> list[Problem]:
    """What is wrong with parties that are named, and who is missing of those that are needed."""
    problems = [
        Problem(field, "unknown_item", "no such party", {"item": one[:60]})
        for one in given
        if one not in PARTIES
    ]
    return problems + [
        Problem(
            field,
            "party_needed",
            f"{one} is needed",
            {"party": one, "sv": named((one,), "sv"), "en": named((one,), "en")},
        )
        for one in needed
        if one not in given
    ]
