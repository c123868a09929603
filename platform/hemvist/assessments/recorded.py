"""Answers that follow from an act: whoever registers the landlord's answer answers the question too."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from hemvist.assessments.models import Answer
from hemvist.cases.models import Case
from hemvist.clock import now
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession


def answered_by_act(
    session: TenantSession,
    actor: Actor,
    case: Case,
    *,
    fact: str,
    value: Any,
    on: date,
    source: str,
    reason: str = "",
) -> None:
    """Let an act that is registered anyway be the answer to a fact of the case's pack.

    The act has its own line in the timeline and its own rights; a person's earlier answer stays in the
    record, replaced. ``source`` says which act it was. The caller holds the case's row.
    """
    present = session.scalars(
        select(Answer).where(
            Answer.case_id == case.id, Answer.fact == fact, Answer.replaced_at.is_(None)
        )
    ).first()
    if present is not None:
        if present.value == value and present.source == source and present.effective_on == on:
            return
        present.replaced_at = now()
        # What is replaced first: a fact has one present answer.
        session.flush()
    session.save(
        Answer(
            case_id=case.id,
            fact=fact,
            value=value,
            reason=reason.strip(),
            source=source,
            effective_on=on,
            answered_at=now(),
            answered_by=actor.principal_id,
        )
    )
