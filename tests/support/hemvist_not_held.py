"""Rows of visits and of a follow-up that ended, for tests to which only their ids matter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.deadlines.models import Obligation, ObligationPause
from hemvist.follow_ups.models import FilledChecklist, FollowUp, MissedFollowUp, RenewedNeed
from hemvist.tenancy import tenant_session
from hemvist_graphql.ids import global_id


def visited(tenant_id: UUID, case_id: UUID) -> dict[str, str]:
    """A visit with its form, one that was missed, a pause, and a need that showed again: their ids.

    Written as they are, since no guideline asks for all of them in one case.
    """
    with tenant_session(Audience.STAFF, tenant_id) as session:
        case = session.find(Case, case_id)
        due = session.scalars(
            select(Obligation)
            .where(Obligation.case_id == case.id, Obligation.state == "open")
            .order_by(Obligation.due_on.desc())
        ).first()
        assert due is not None
        visit = session.save(
            FollowUp(
                case_id=case.id,
                obligation_id=None,
                purpose="home_visit",
                held_on=today(),
                departments=[case.department],
                parties=[],
                resident_took_part=True,
                in_the_home=True,
                agenda_done=[],
                notes="",
                plan_id=None,
                recorded_by=None,
            )
        )
        session.flush()
        rows: list[Any] = [
            FilledChecklist(
                case_id=case.id,
                follow_up_id=visit.id,
                code="flat_review",
                filled_on=today(),
                items=[],
                sent_on=None,
                sent_to=[],
                sent_by=None,
            ),
            MissedFollowUp(
                case_id=case.id,
                obligation_id=due.id,
                outcome="missed",
                reason="not_at_home",
                happened_on=today(),
                tried="",
                notes="",
                told=[],
                recorded_by=None,
            ),
            ObligationPause(
                case_id=case.id,
                starts_on=today() - timedelta(days=9),
                ends_on=today() - timedelta(days=8),
                reason="travel",
                codes=[],
                notes="",
                registered_by=None,
            ),
            RenewedNeed(
                case_id=case.id,
                state="noticed",
                noticed_on=today(),
                signs=["complaint"],
                notes="",
                noticed_by=None,
                talked_on=None,
                talked=[],
            ),
        ]
        for row in rows:
            session.save(row)
        session.flush()
        found = {type(row).__name__: global_id(type(row).__name__, row.id) for row in rows}
        return {**found, "FollowUp": global_id("FollowUp", visit.id)}
