"""Preparing a form, answering what no rule answers, making it ready, and marking it as sent."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist import audit, outbox
from hemvist.authority_forms.definitions import Form, Question, every, form_on
from hemvist.authority_forms.models import AuthorityForm
from hemvist.authority_forms.windows import Period, period_of
from hemvist.cases.checks import effective_day, raise_if
from hemvist.clock import now, today
from hemvist.errors import Conflict, NotAllowed, NotFound, Problem, ValidationFailed, too_long
from hemvist.identity import MATRIX, Action, Actor, Condition, allows, require
from hemvist.tenancy import TenantSession

#: Asks the worker to count.
REQUESTED = "authority_form_requested"
MAX_TEXT = 2_000
MAX_NUMBER = 1_000_000


def prepare(
    session: TenantSession, actor: Actor, *, form: str, department: str, period: str
) -> AuthorityForm:
    """Ask the worker to fill in a department's form of a period, or to count it anew until it is sent.

    What people answered stays. Raises ``NotAllowed``, ``ValidationFailed``, ``Conflict``.
    """
    require(actor, Action.AUTHORITY_FORM_PREPARE, department=department)
    definition = form_on(form, today())
    if definition is None:
        raise ValidationFailed.one("form", "unknown_choice", "there is no such form")
    window = period_of(definition, period, today())
    if window is None:
        raise ValidationFailed.one("period", "unknown_choice", "it is none that has begun")
    reach = reach_of(actor, department)
    if reach not in definition.reach:
        raise ValidationFailed.one("department", "not_for_department", "it has no cases of its own")
    row = session.scalar(
        select(AuthorityForm)
        .where(
            AuthorityForm.department == department,
            AuthorityForm.form == form,
            AuthorityForm.period == period,
        )
        .with_for_update()
    )
    if row is None:
        row = session.save(
            AuthorityForm(
                form=form,
                form_version=definition.version,
                department=department,
                reach=reach,
                period=period,
                first_day=window.first,
                last_day=window.last,
                prepared_by=actor.principal_id,
                prepared_at=now(),
            )
        )
    elif row.state == "sent":
        raise Conflict("form_sent", "it has been sent", on=str(row.sent_on))
    else:
        _begin_anew(row, definition, window, actor)
    session.flush()
    _audit(session, actor, row, "authority_form.prepare")
    outbox.emit(session, REQUESTED, {"form_id": row.id})
    return row


def answer(
    session: TenantSession,
    actor: Actor,
    *,
    form_id: UUID,
    question: str,
    value: str | None,
    expected_version: int,
) -> AuthorityForm:
    """Answer a question that no rule answers; None takes the answer back.

    A form that was ready is a draft again. Raises ``ValidationFailed``, ``Conflict``, ``NotAllowed``,
    ``NotFound``.
    """
    row = _found(session, actor, form_id, Action.AUTHORITY_FORM_PREPARE)
    asked = every()[row.form, row.form_version].question(question)
    if asked is None or asked.counted:
        raise ValidationFailed.one("question", "unknown_choice", "nobody answers it by hand")
    given = None if value is None or not value.strip() else _read(asked, value.strip())
    session.change(row, expected_version)
    if row.state not in ("draft", "ready"):
        raise Conflict("form_not_open", "it is not open to answers", state=row.state)
    answers = {code: one for code, one in row.answers.items() if code != question}
    if given is not None:
        answers[question] = {
            "value": given,
            "by": str(actor.principal_id) if actor.principal_id else None,
            "on": str(today()),
        }
    row.answers = answers
    row.state, row.ready_by, row.ready_at = "draft", None, None
    session.flush()
    _audit(session, actor, row, "authority_form.answer", question=question)
    return row


def make_ready(
    session: TenantSession, actor: Actor, *, form_id: UUID, expected_version: int
) -> AuthorityForm:
    """Freeze the figures as they are shown; they were counted when the form was prepared.

    Raises ``Conflict`` while it cannot be handed in, ``ValidationFailed`` with what is not answered.
    """
    row = _found(session, actor, form_id, Action.AUTHORITY_FORM_RELEASE)
    session.change(row, expected_version)
    form = every()[row.form, row.form_version]
    if form.file:
        raise Conflict("sent_elsewhere", "what is sent is another report", report=form.file)
    if row.state != "draft":
        raise Conflict("form_not_draft", "it is no draft", state=row.state)
    window = period_of(form, row.period, today())
    if window is not None and today() < window.opens:
        raise Conflict("form_not_open_yet", "it cannot be handed in yet", opens=str(window.opens))
    assert row.counted_at is not None
    if window is not None and row.counted_at.date() < window.opens:
        raise Conflict("form_counted_early", "count it anew", opens=str(window.opens))
    raise_if(
        [Problem(f"answers.{one.code}", "required", "must be answered") for one in lacking(row)]
    )
    row.state = "ready"
    row.ready_by, row.ready_at = actor.principal_id, now()
    session.flush()
    _audit(session, actor, row, "authority_form.ready")
    return row


def mark_sent(
    session: TenantSession,
    actor: Actor,
    *,
    form_id: UUID,
    expected_version: int,
    sent_on: date | None = None,
) -> AuthorityForm:
    """Note that the form has gone to the authority; it stays as it is then."""
    row = _found(session, actor, form_id, Action.AUTHORITY_FORM_RELEASE)
    ready = row.ready_at.date() if row.ready_at else None
    day = effective_day(sent_on, field="sentOn", not_before=ready)
    session.change(row, expected_version)
    if row.state != "ready":
        raise Conflict("form_not_ready", "it is not ready to be sent", state=row.state)
    row.state, row.sent_on, row.sent_by = "sent", day, actor.principal_id
    session.flush()
    _audit(session, actor, row, "authority_form.send")
    return row


def lacking(row: AuthorityForm) -> list[Question]:
    """Questions that somebody must still answer."""
    form = every()[row.form, row.form_version]
    answers = row.answers
    return [
        one
        for one in form.questions
        if not one.counted and not one.optional and one.code not in answers
    ]


def reach_of(actor: Actor, department: str) -> str:
    """``disclosed`` for whoever reads in the department what others lay open to it, else ``own``."""
    read = {
        MATRIX[one.role].get(Action.CASE_READ)
        for one in actor.memberships
        if one.department == department and Action.AUTHORITY_FORM_PREPARE in MATRIX[one.role]
    }
    return "disclosed" if Condition.DISCLOSED in read else "own"


def _begin_anew(row: AuthorityForm, form: Form, window: Period, actor: Actor) -> None:
    known = {one.code for one in form.questions if not one.counted}
    row.form_version = form.version
    row.first_day, row.last_day = window.first, window.last
    row.answers = {code: one for code, one in row.answers.items() if code in known}
    row.state = "counting"
    row.prepared_by, row.prepared_at = actor.principal_id, now()
    row.ready_by, row.ready_at = None, None
    row.version += 1


def _read(question: Question, value: str) -> Any:
    if question.how == "number":
        if not (value.isascii() and value.isdigit()) or int(value) > MAX_NUMBER:
            raise ValidationFailed.one("value", "bad_number", f"a whole number up to {MAX_NUMBER}")
        return int(value)
    if question.how == "yes_no":
        if value not in ("yes", "no"):
            raise ValidationFailed.one("value", "unknown_choice", "yes or no")
        return value == "yes"
    raise_if(too_long("value", value, MAX_TEXT))
    return value


def _found(session: TenantSession, actor: Actor, form_id: UUID, action: Action) -> AuthorityForm:
    row = session.find(AuthorityForm, form_id)
    if not allows(actor, action, department=row.department):
        # Whoever works elsewhere is not told that there is one.
        if row.department in actor.departments():
            raise NotAllowed(action.value)
        raise NotFound("AuthorityForm")
    return row


def _audit(
    session: TenantSession, actor: Actor, row: AuthorityForm, action: str, **more: str
) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="authority_form",
        subject_id=row.id,
        details={"form": row.form, "period": row.period, "department": row.department, **more},
    )
