"""What a log reviewer does: signs looks off, opens matters and settles them; and what others are told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, cast, select

from hemvist import audit
from hemvist.audit import AuditEntry
from hemvist.cases.checks import raise_if, required_text
from hemvist.clock import now, today
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.households.models import Person
from hemvist.households.personal_number import parse_number
from hemvist.households.service import NUMBER_FIELD
from hemvist.identity import Action, Actor, allows, require
from hemvist.log_reviews.models import LogLook, LogSample
from hemvist.log_reviews.weighing import REASONS
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys

MAX_REMARK = 2_000
#: What a reviewer can say of a look that is open, and of a matter.
VERDICTS = {"open": ("signed_off", "matter"), "matter": ("founded", "unfounded")}
#: Entries that a person is shown of the log about them, the newest first.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """What a person is told of one entry: when, by whom in what role, and what was done."""

    at: datetime
    roles: list[str]
    channel: str
    kind: str
    action: str


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
    look.remark = said or look.remark
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


def person_log(session: TenantSession, actor: Actor, *, personal_number: str) -> list[Line]:
    """Who has read or changed a person's data, for the person who asks, the newest first.

    A log reviewer makes it, by the number alone. It says roles and no names, and nothing of anybody
    else. What the kommun's departments each have of the person is taken together. A person who is
    closed to a circle is found by who is in it. That it was made is logged, also where there is nobody.

    Source: SFS 2001:637 section 15 (search by number only), SoLPUL (2001:454) section 10.
    Raises ``NotAllowed``, ``ValidationFailed``.
    """
    require(actor, Action.LOG_REVIEW)
    number = parse_number(personal_number, "personalNumber", today())
    if isinstance(number, Problem):
        raise ValidationFailed([number])
    index = tenant_keys(session.tenant_id).blind_index(NUMBER_FIELD, number.digits)
    persons = session.scalars(select(Person.id).where(Person.number_index == index)).all()
    about = cast(sorted(persons), ARRAY(Uuid()))
    rows = session.execute(
        select(
            AuditEntry.at,
            AuditEntry.roles,
            AuditEntry.channel,
            AuditEntry.kind,
            AuditEntry.action,
        )
        .where(AuditEntry.person_ids.op("&&")(about))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST)
    ).all()
    audit.record(
        session,
        actor,
        Action.LOG_REVIEW,
        kind="read",
        persons=persons,
        details={"log": "person"},
    )
    return [Line(*row) for row in rows]


def figures(session: TenantSession, actor: Actor) -> list[Figures]:
    """Each month in numbers, the newest first, for the board's report.

    Raises ``NotAllowed`` for whoever neither reviews logs nor reads figures.
    """
    if not allows(actor, Action.FIGURES_READ):
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
