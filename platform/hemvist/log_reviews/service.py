"""What a log reviewer does: signs looks off, opens matters and settles them; and what the board is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.cases.checks import raise_if, required_text
from hemvist.clock import now
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.identity import Action, Actor, allows, require
from hemvist.log_reviews.models import LogLook, LogSample
from hemvist.log_reviews.weighing import REASONS
from hemvist.tenancy import TenantSession

MAX_REMARK = 2_000
#: What a reviewer can say of a look that is open, and of a matter.
VERDICTS = {"open": ("signed_off", "matter"), "matter": ("founded", "unfounded")}


@dataclass(frozen=True, slots=True)
class Figures:
    """A month for the board (nämnd): numbers, nobody's name."""

    month: date
    entries: int
    looks: int
    drawn: int
    states: dict[str, int]
    reasons: dict[str, int]


def review(
    session: TenantSession,
    actor: Actor,
    *,
    look_id: UUID,
    verdict: str,
    remark: str | None = None,
    expected_version: int,
) -> LogLook:
    """Sign a look off, open a matter of it, or say what a matter came to.

    All but a signature needs a remark. Nobody reviews their own look. Raises ``NotFound``,
    ``NotAllowed``, ``ValidationFailed`` (verdict, remark), ``Conflict``.
    """
    look = session.find(LogLook, look_id)
    if not allows(actor, Action.LOG_REVIEW):
        # Others are not even told that there is one.
        raise NotFound("LogLook")
    require(actor, Action.LOG_REVIEW, not_by=[look.principal_id])
    every = tuple(one for verdicts in VERDICTS.values() for one in verdicts)
    if verdict not in every:
        raise ValidationFailed.one("verdict", "unknown_choice", "unknown verdict", allowed=every)
    said = (remark or "").strip()
    if said or verdict != "signed_off":
        raise_if(required_text("remark", said, MAX_REMARK))
    session.change(look, expected_version)
    if verdict not in VERDICTS.get(look.state, ()):
        raise Conflict("look_reviewed", "it has been reviewed, or is no matter")
    look.state = verdict
    # Why it was gone into is not forgotten when it is settled, perhaps by another.
    look.remark = "\n\n".join(one for one in (look.remark, said) if one) or None
    look.reviewed_at, look.reviewed_by = now(), actor.principal_id
    session.flush()
    audit.record(
        session,
        actor,
        Action.LOG_REVIEW,
        subject_type="log_look",
        subject_id=look.id,
        details={"verdict": verdict},
    )
    return look


def figures(session: TenantSession, actor: Actor) -> list[Figures]:
    """Each month in numbers, the newest first, for the board's report.

    Raises ``NotAllowed`` for whoever neither reviews logs nor reads what the review came to.
    """
    if not allows(actor, Action.LOG_FIGURES):
        require(actor, Action.LOG_REVIEW)
    found = []
    for sample in session.scalars(select(LogSample).order_by(LogSample.month.desc())):
        rows = session.execute(
            select(LogLook.state, LogLook.reasons).where(LogLook.sample_id == sample.id)
        ).all()
        reasons = Counter(code for _, codes in rows for code in codes)
        found.append(
            Figures(
                month=sample.month,
                entries=sample.entries,
                looks=sample.looks,
                drawn=len(rows),
                states=dict(Counter(state for state, _ in rows)),
                reasons={code: reasons[code] for code in REASONS},
            )
        )
    return found
