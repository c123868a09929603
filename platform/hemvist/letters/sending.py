"""Steps of a ladder that go out as letters: the act and its letter are one transaction.

What the step says is what the letter says, and the letter is released with it: its bytes are kept as
they were sent. Where the letter may not go out, because something protected stands in it, the step
has not been taken either.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from hemvist.errors import NotAllowed
from hemvist.identity import Actor
from hemvist.ladder import demands, evictions, meetings, notices
from hemvist.ladder.models import Eviction, JointMeeting, Ladder, LadderStep
from hemvist.letters import service
from hemvist.tenancy import TenantSession


def send_demand(session: TenantSession, actor: Actor, **given: Any) -> LadderStep:
    """``demands.send_demand`` with its letter. Raises ``ValidationFailed`` (``what``) besides where
    something protected stands in it."""
    step = demands.send_demand(session, actor, **given)
    _out(session, actor, step.case_id, "ladder_demand", step.id)
    return step


def notify_board(session: TenantSession, actor: Actor, **given: Any) -> LadderStep:
    """``demands.notify_board`` with its letter. Raises as ``send_demand``."""
    step = demands.notify_board(session, actor, **given)
    _out(session, actor, step.case_id, "board_notice", step.id)
    return step


def call_meeting(session: TenantSession, actor: Actor, **given: Any) -> JointMeeting:
    """``meetings.call_meeting`` with the call as a letter to the tenant, where the actor may send
    letters. Raises as ``send_demand``."""
    meeting = meetings.call_meeting(session, actor, **given)
    with suppress(NotAllowed):
        _out(session, actor, meeting.case_id, "meeting_call", meeting.id)
    return meeting


def give_notice(session: TenantSession, actor: Actor, **given: Any) -> LadderStep:
    """``notices.give_ladder_notice`` with its letter. Raises as ``send_demand``."""
    step = notices.give_ladder_notice(session, actor, **given)
    ladder = session.find(Ladder, step.ladder_id)
    assert ladder.contract_id is not None
    _out(session, actor, step.case_id, "notice", ladder.contract_id)
    return step


def confirm_eviction_date(session: TenantSession, actor: Actor, **given: Any) -> Eviction:
    """``evictions.confirm_eviction_date`` with the answer to Kronofogden. Raises as ``send_demand``."""
    row = evictions.confirm_eviction_date(session, actor, **given)
    _out(session, actor, row.case_id, "eviction_answer", row.id)
    return row


def _out(session: TenantSession, actor: Actor, case_id: UUID, kind: str, subject_id: UUID) -> None:
    letter = service.draft(session, actor, case_id=case_id, kind=kind, subject_id=subject_id)
    service.release(session, actor, letter_id=letter.id, expected_version=letter.version)
