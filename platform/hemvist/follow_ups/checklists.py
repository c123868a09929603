"""Forms that are filled in at a follow-up (checklistor), and sending them on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day
from hemvist.cases.commissioned import require_for_support
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.follow_ups.models import FilledChecklist, FollowUp
from hemvist.follow_ups.taking_part import departments_of
from hemvist.identity import Action, Actor
from hemvist.policy.programmes import ContentItem
from hemvist.policy.programmes import Obligation as Duty
from hemvist.tenancy import TenantSession

MAX_REMARK = 2_000
SENT = "checklist_sent"
#: Ends the id of a line's remark in what is filled in.
REMARK = ".remark"
_TEXTS = ("text", "long_text")


def check_filled(duty: Duty, given: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a filled-in form: unknown lines, values of the wrong kind, lines left out.

    Every line that is no text is answered. A line's remark stands under its id with ``.remark``.
    """
    lines = {item.id: item for item in duty.checklist}
    problems: list[Problem] = []
    for name, value in given.items():
        item = lines.get(name.removesuffix(REMARK))
        field = f"checklist.{name[:60]}"
        if item is None:
            problems.append(Problem(field, "unknown_item", "the form has no such line"))
        elif name.endswith(REMARK) or item.kind in _TEXTS:
            problems += _check_text(field, value)
        elif value is not None and not _fits(item, value):
            problems.append(Problem(field, "wrong_type", f"must be {item.kind}"))
    return problems + [
        Problem(f"checklist.{item.id}", "required", "must be filled in")
        for item in duty.checklist
        if item.kind not in _TEXTS and given.get(item.id) is None
    ]


def _check_text(field: str, value: Any) -> list[Problem]:
    if value is None:
        return []
    if not isinstance(value, str):
        return [Problem(field, "wrong_type", "must be text")]
    if len(value) > MAX_REMARK:
        return [Problem(field, "too_long", f"at most {MAX_REMARK}", {"limit": MAX_REMARK})]
    return []


def _fits(item: ContentItem, value: Any) -> bool:
    if item.kind == "bool":
        return isinstance(value, bool)
    if item.kind == "choice":
        return isinstance(value, str) and value in (item.options or {})
    if item.kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def keep(
    session: TenantSession, held: FollowUp, duty: Duty, given: Mapping[str, Any]
) -> FilledChecklist:
    """Keep a checked form of a follow-up that was held."""
    return session.save(
        FilledChecklist(
            case_id=held.case_id,
            follow_up_id=held.id,
            code=duty.id,
            filled_on=held.held_on,
            items=[
                {
                    "id": item.id,
                    "label": item.label.as_json(),
                    "kind": item.kind,
                    "value": _kept(given.get(item.id)),
                    "remark": _kept(given.get(item.id + REMARK)) or "",
                }
                for item in duty.checklist
            ],
            sent_on=None,
            sent_to=[],
            sent_by=None,
        )
    )


def _kept(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def send_checklist(
    session: TenantSession,
    actor: Actor,
    *,
    checklist_id: UUID,
    sent_on: date | None = None,
    expected_version: int,
) -> FilledChecklist:
    """Send a filled-in form to those whom the guideline names (GBG-94), who then see it.

    Carries out the earliest open duty to send it. Raises ``ValidationFailed`` where the guideline sends
    it to nobody, ``Conflict`` when it is sent, ``NotFound``, ``NotAllowed``.
    """
    form, case = open_matter(session, actor, FilledChecklist, checklist_id, Action.FOLLOW_UP_RECORD)
    require_for_support(actor, case, Action.FOLLOW_UP_RECORD, _by(case, form))
    day = effective_day(sent_on, field="sentOn", not_before=form.filled_on)
    session.change(form, expected_version)
    return send(session, actor, case, form, day)


def send(
    session: TenantSession, actor: Actor, case: Case, form: FilledChecklist, day: date
) -> FilledChecklist:
    """``send_checklist``, the right and the day being checked."""
    if form.sent_on is not None:
        raise Conflict("checklist_sent", "the form has been sent", sent_on=str(form.sent_on))
    duty = _sending(case, form.code)
    if duty is None:
        raise ValidationFailed.one("checklistId", "no_receiver", "the guideline sends it to nobody")
    form.sent_on, form.sent_by = day, actor.principal_id
    form.sent_to = departments_of(case, [*duty.by, *duty.participants])
    session.flush()
    due = session.scalars(
        select(Obligation)
        .where(
            Obligation.case_id == case.id,
            Obligation.programme == case.programme,
            Obligation.code == duty.id,
            Obligation.state == "open",
            Obligation.anchored_on <= day,
        )
        .order_by(Obligation.due_on)
        .limit(1)
    ).first()
    if due is not None:
        deadlines.mark_done(session, due, day)
    record(
        session,
        actor,
        case,
        SENT,
        day,
        action=Action.FOLLOW_UP_RECORD,
        subject_type="filled_checklist",
        subject_id=form.id,
        data={"checklist": form.code, "to": form.sent_to},
    )
    return form


def _by(case: Case, form: FilledChecklist) -> tuple[str, ...]:
    duty = _sending(case, form.code)
    return () if duty is None else duty.by


def _sending(case: Case, code: str) -> Duty | None:
    """The duty of the case's programme to send the form on."""
    if case.programme is None:
        return None
    duties = pack_of(case).programme(case.programme).obligations
    return next((duty for duty in duties if duty.sends == code), None)
