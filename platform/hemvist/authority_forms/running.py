"""Counting a form: the worker's part, which sees every case."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from hemvist.authority_forms.definitions import every
from hemvist.authority_forms.models import AuthorityForm, AuthorityFormLine
from hemvist.authority_forms.rules.every import RULES
from hemvist.authority_forms.rules.scope import Scope
from hemvist.clock import now
from hemvist.tenancy import TenantSession


def count(session: TenantSession, form_id: UUID) -> AuthorityForm | None:
    """Count a form's figures and keep the rows behind each. None for one that does not wait for it.

    Does not commit. Asked twice, it is counted once.
    """
    row = session.get(AuthorityForm, (session.tenant_id, form_id), with_for_update=True)
    if row is None or row.state != "counting":
        return None
    form = every()[row.form, row.form_version]
    scope = Scope(session, form, row.department, row.reach, row.first_day, row.last_day)
    session.execute(delete(AuthorityFormLine).where(AuthorityFormLine.form_id == row.id))
    figures: dict[str, int] = {}
    for question in form.questions:
        if not question.counted:
            continue
        found = list(RULES[question.rule](scope, question.given))
        # What a question measures as a number of rows is as many as its lines.
        summed = question.measure == "sum"
        figures[question.code] = sum(one.amount for one in found) if summed else len(found)
        session.add_all(
            AuthorityFormLine(
                form_id=row.id,
                question=question.code,
                case_id=one.case_id,
                of=one.of,
                on_day=one.on_day,
                amount=one.amount,
                fields=dict(one.fields),
            )
            for one in found
        )
    row.figures = figures
    row.counted_at = now()
    row.state = "draft"
    row.version += 1
    session.flush()
    return row
