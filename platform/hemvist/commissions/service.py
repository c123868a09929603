"""Commissioning support: own or procured, which provider, the written commission, its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments.service import facts_of
from hemvist.cases.access import case_for, open_matter
from hemvist.cases.checks import effective_day, raise_if, require_open
from hemvist.cases.journal import happened, record
from hemvist.cases.models import Case, CaseDisclosure
from hemvist.cases.packs import pack_of
from hemvist.commissions.models import END_REASONS, REASONS, Commission
from hemvist.commissions.providers import providers
from hemvist.errors import Conflict, PolicyRefused, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor
from hemvist.identity.support_providers import REGIMES, SupportProvider
from hemvist.milestones.service import record_milestone
from hemvist.policy import missing_contents
from hemvist.policy.support import Commission as CommissionRules
from hemvist.tenancy import TenantSession

MAX_ITEM = 10_000
MAX_NOTE = 1_000
#: What of the case is laid open to the provider, and nothing more of it.
FIELDS = ("household", "commission", "plan", "visits", "reports")
#: On which ground: the household's consent, or that the kommun cannot give the support otherwise.
GROUNDS: Mapping[str, str] = {
    "consent": "OSL 10:1, 12:2 (samtycke)",
    "necessity": "OSL 10:2 (nödvändigt utlämnande)",
}


def route_support(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    regime: str,
    reason: str,
    on: date | None = None,
) -> Commission:
    """The coordinator decides between the kommun's own provider and a procured one.

    The own provider, where there is one only, is chosen by that; a procured one is for the
    caseworker to choose. Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.COMMISSION_ROUTE)
    require_open(case)
    rules = commission_rules(case)
    day = effective_day(on, not_before=case.opened_on)
    problems = _known("regime", regime, REGIMES) + _known("reason", reason, REASONS)
    if not rules.routed:
        problems.append(Problem("caseId", "not_routed", "the caseworker chooses the provider"))
    raise_if(problems)
    session.lock(case)
    _require_none(session, case)
    own = [one for one in providers(session) if one.regime == regime == "own"]
    only = own[0] if len(own) == 1 else None
    row = session.save(
        Commission(
            case_id=case.id,
            household_id=case.household_id,
            programme=str(case.programme),
            state="routed" if only is None else "draft",
            regime=regime,
            regime_reason=reason,
            routed_on=day,
            routed_by=actor.principal_id,
            provider_id=None if only is None else only.id,
            provider_reason="" if only is None else "only_one",
            chosen_on=None if only is None else day,
            chosen_by=None if only is None else actor.principal_id,
            content={},
            starts_on=None,
        )
    )
    _journal(session, actor, case, row, "support_routed", day, Action.COMMISSION_ROUTE)
    return row


def choose_provider(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    provider_id: UUID,
    reason: str,
    on: date | None = None,
) -> Commission:
    """The caseworker chooses the provider; the coordinator is told.

    Where the guideline has the coordinator decide first, the provider is of the regime decided.
    Raises ``PolicyRefused``, ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.COMMISSION_MANAGE)
    require_open(case)
    rules = commission_rules(case)
    day = effective_day(on, not_before=case.opened_on)
    chosen = session.find(SupportProvider, provider_id)
    problems = _known("reason", reason, REASONS)
    if not chosen.active:
        problems.append(Problem("providerId", "not_active", "takes no new commissions"))
    raise_if(problems)
    session.lock(case)
    row = running(session, case)
    if row is None and rules.routed:
        raise PolicyRefused(
            "support_not_routed",
            "the coordinator first decides between own and procured",
            cite=", ".join(rules.cite),
        )
    if row is not None and row.state == "sent":
        raise Conflict("commission_running", "the support is commissioned already")
    if row is not None and rules.routed and chosen.regime != row.regime:
        raise ValidationFailed.one(
            "providerId", "other_regime", "not of the regime that was decided", regime=row.regime
        )
    if row is None:
        row = session.save(
            Commission(
                case_id=case.id,
                household_id=case.household_id,
                programme=str(case.programme),
                state="draft",
                regime=chosen.regime,
                regime_reason=reason,
                provider_id=chosen.id,
                content={},
            )
        )
    else:
        session.lock(row)
        row.version += 1
    row.state = "draft"
    row.provider_id = chosen.id
    row.provider_reason = reason
    row.chosen_on = day
    row.chosen_by = actor.principal_id
    session.flush()
    _journal(session, actor, case, row, "support_provider_chosen", day, Action.COMMISSION_MANAGE)
    return row


def write_commission(
    session: TenantSession,
    actor: Actor,
    *,
    commission_id: UUID,
    content: Mapping[str, Any],
    starts_on: date | None = None,
    expected_version: int,
) -> Commission:
    """Write what the provider is to do. It may lack something until it is sent.

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    row, case = open_matter(session, actor, Commission, commission_id, Action.COMMISSION_MANAGE)
    rules = commission_rules(case)
    filled = checked(rules, content, "content")
    session.change(row, expected_version)
    _require_state(row, "draft")
    row.content = filled
    row.starts_on = starts_on
    _journal(
        session,
        actor,
        case,
        row,
        "commission_written",
        effective_day(None),
        Action.COMMISSION_MANAGE,
    )
    return row


def send_commission(
    session: TenantSession,
    actor: Actor,
    *,
    commission_id: UUID,
    ground: str,
    sent_on: date | None = None,
    expected_version: int,
) -> Commission:
    """Send the written commission: the provider sees the case's support from now on.

    It must hold what the guideline requires and say from which day; the event that its sending is
    is recorded with it, guarded as any. Raises ``PolicyRefused``, ``ValidationFailed``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    row, case = open_matter(session, actor, Commission, commission_id, Action.COMMISSION_MANAGE)
    rules = commission_rules(case)
    day = effective_day(sent_on, field="sentOn", not_before=row.chosen_on)
    problems = _known("ground", ground, GROUNDS)
    if row.starts_on is None:
        problems.append(Problem("startsOn", "required", "say from which day"))
    raise_if(problems)
    session.change(row, expected_version)
    _require_state(row, "draft")
    require_complete(session, case, row.content, day, of="commission")
    assert row.provider_id is not None
    provider = session.find(SupportProvider, row.provider_id)
    opened = session.save(
        CaseDisclosure(
            case_id=case.id,
            department=provider.code,
            ground=GROUNDS[ground],
            fields=list(FIELDS),
            disclosed_on=day,
        )
    )
    row.state = "sent"
    row.sent_on = day
    row.sent_by = actor.principal_id
    row.disclosure_id = opened.id
    session.flush()
    _record_event(session, actor, case, rules, day)
    _journal(
        session,
        actor,
        case,
        row,
        "commission_sent",
        day,
        Action.COMMISSION_MANAGE,
        provider=provider.code,
    )
    return row


def withdraw_commission(
    session: TenantSession, actor: Actor, *, commission_id: UUID, expected_version: int
) -> Commission:
    """Begin anew with the choice: nothing has been sent. Raises ``Conflict``, ``NotFound``,
    ``NotAllowed``."""
    row, case = open_matter(session, actor, Commission, commission_id, Action.COMMISSION_MANAGE)
    session.change(row, expected_version)
    _require_state(row, "routed", "draft")
    row.state = "withdrawn"
    day = effective_day(None)
    _journal(session, actor, case, row, "commission_withdrawn", day, Action.COMMISSION_MANAGE)
    return row


def end_commission(
    session: TenantSession,
    actor: Actor,
    *,
    commission_id: UUID,
    reason: str,
    note: str = "",
    on: date | None = None,
    expected_version: int,
) -> Commission:
    """End a commission, and with it all that the provider sees of the case.

    Not while the guideline says that the support goes on (until the keys are in, say); that the
    lease becomes another is no reason. Another provider may take over at any time. Raises
    ``PolicyRefused``, ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    row, case = open_matter(session, actor, Commission, commission_id, Action.COMMISSION_MANAGE)
    day = effective_day(on, not_before=row.sent_on)
    raise_if(_known("reason", reason, END_REASONS) + too_long("note", note, MAX_NOTE))
    session.change(row, expected_version)
    _require_state(row, "sent")
    if reason != "other_provider":
        _refuse_while_held(session, case, day)
    row.state = "ended"
    row.ended_on = day
    row.end_reason = reason
    row.end_note = note.strip()
    assert row.disclosure_id is not None
    session.find(CaseDisclosure, row.disclosure_id).ended_on = day
    session.flush()
    _journal(
        session, actor, case, row, "commission_ended", day, Action.COMMISSION_MANAGE, reason=reason
    )
    return row


def running(session: TenantSession, case: Case) -> Commission | None:
    """The commission of the case that is being made or runs, or None."""
    session.flush()
    return session.scalar(
        select(Commission).where(
            Commission.case_id == case.id, Commission.state.in_(("routed", "draft", "sent"))
        )
    )


def commission_rules(case: Case) -> CommissionRules:
    """What the pack says of commissions. Raises ``ValidationFailed`` where it has none."""
    rules = pack_of(case).programme(case.programme).commission if case.programme else None
    if rules is None:
        raise ValidationFailed.one("caseId", "no_commission", "the programme has no commissions")
    return rules


def checked(document: Any, content: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The content without what is empty. Raises ``ValidationFailed`` naming each wrong item."""
    known = {item.id for item in (*document.requires, *document.optional)}
    problems = [
        Problem(f"{field}.{name[:60]}", "unknown_item", "the pack has no such item")
        for name in content
        if name not in known
    ]
    for name, value in content.items():
        if isinstance(value, str):
            problems += too_long(f"{field}.{name[:60]}", value, MAX_ITEM)
    raise_if(problems)
    return {name: value for name, value in content.items() if value not in (None, "", [])}


def require_complete(
    session: TenantSession, case: Case, content: Mapping[str, Any], on: date, *, of: str
) -> None:
    """Raise ``PolicyRefused`` naming what the guideline requires and ``content`` lacks."""
    assert case.programme is not None
    facts = facts_of(session, case, on)
    wanting = missing_contents(pack_of(case), case.programme, content, facts, on, of=of)
    if wanting:
        raise PolicyRefused(
            f"{of}_contents_missing",
            "it does not contain all that the guideline requires",
            cite=", ".join(wanting[0].cite),
            items=[
                {"id": item.id, "label": item.label.as_json(), "cite": list(item.cite)}
                for item in wanting
            ],
        )


def _refuse_while_held(session: TenantSession, case: Case, day: date) -> None:
    for hold in commission_rules(case).holds:
        began, over = happened(session, case, hold.after), happened(session, case, hold.until)
        if began is None or began.occurred_on > day:
            continue
        if over is None or over.occurred_on < began.occurred_on or over.occurred_on > day:
            raise PolicyRefused(
                "support_goes_on",
                "the support goes on",
                cite=", ".join(hold.cite),
                items=[{"id": hold.id, "label": hold.label.as_json(), "cite": list(hold.cite)}],
            )


def _record_event(
    session: TenantSession, actor: Actor, case: Case, rules: CommissionRules, day: date
) -> None:
    """The event that the sending is, unless the support is assigned already and has not ended."""
    if rules.milestone is None or case.programme is None:
        return
    definition = pack_of(case).programme(case.programme).milestone(rules.milestone)
    already, ended = (
        happened(session, case, definition.event),
        happened(session, case, "support_ended"),
    )
    if already is not None and (ended is None or ended.occurred_on < already.occurred_on):
        return
    record_milestone(
        session,
        actor,
        case_id=case.id,
        milestone=definition.id,
        happened_on=day,
        parties=list(definition.by),
        agenda_done=[item.id for item in definition.agenda],
    )


def _require_none(session: TenantSession, case: Case) -> None:
    if running(session, case) is not None:
        raise Conflict("commission_exists", "a commission is being made or runs")


def _require_state(row: Commission, *states: str) -> None:
    if row.state not in states:
        raise Conflict(f"commission_{row.state}", f"the commission is {row.state}", state=row.state)


def _known(field: str, value: str, known: Any) -> list[Problem]:
    if value in known:
        return []
    return [Problem(field, "unknown_choice", "not a choice", {"allowed": list(known)})]


def _journal(
    session: TenantSession,
    actor: Actor,
    case: Case,
    row: Commission,
    kind: str,
    on: date,
    action: Action,
    **data: Any,
) -> None:
    record(
        session,
        actor,
        case,
        kind,
        on,
        action=action,
        subject_type="commission",
        subject_id=row.id,
        data={"regime": row.regime, **data},
    )
