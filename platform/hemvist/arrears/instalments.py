"""Paying a debt of rent off (avbetalningsplan): agreed, paid day by day, kept or broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.arrears.access import account_for
from hemvist.arrears.accounts import case_of, tell_case
from hemvist.arrears.models import RentAccount
from hemvist.arrears.time_models import InstalmentPlan
from hemvist.cases.checks import effective_day, raise_if
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.identity import Actor
from hemvist.policy.months import LAST_DAY
from hemvist.spreadsheets.values import MOST_ORE
from hemvist.tenancy import TenantSession

MAX_INSTALMENTS = 60
AGREED, ENDED = "instalments_agreed", "instalments_ended"
SUBJECT = "instalment_plan"


def agree_instalments(
    session: TenantSession,
    actor: Actor,
    *,
    account_id: UUID,
    instalments: Sequence[Mapping[str, Any]],
    agreed_on: date | None = None,
) -> InstalmentPlan:
    """Keep what tenant and landlord have agreed on; an earlier plan of the tenancy ends (SOD-05).

    ``instalments`` (due_on, amount_ore) in the order of their days. Raises ``ValidationFailed``,
    ``NotFound``, ``NotAllowed``.
    """
    account = account_for(session, actor, account_id)
    day = effective_day(agreed_on, field="agreedOn")
    kept, problems = _checked(instalments, day)
    raise_if(problems)
    session.lock(account)
    earlier = session.scalar(
        select(InstalmentPlan).where(
            InstalmentPlan.account_id == account.id, InstalmentPlan.state == "running"
        )
    )
    if earlier is not None:
        earlier.state = "ended"
        earlier.ended_on = day
        earlier.version += 1
        session.flush()
    row = session.save(
        InstalmentPlan(
            department=account.department,
            account_id=account.id,
            case_id=account.case_id,
            agreed_on=day,
            total_ore=sum(one["amount_ore"] for one in kept),
            instalments=kept,
            agreed_by=actor.principal_id,
        )
    )
    _tell(session, actor, account, row, AGREED, day)
    return row


def record_instalment(
    session: TenantSession,
    actor: Actor,
    *,
    plan_id: UUID,
    number: int,
    paid_on: date | None = None,
    expected_version: int,
) -> InstalmentPlan:
    """Enter that an instalment (from 1) was paid; with the last of them the plan is kept.

    Raises ``ValidationFailed``, ``Conflict`` when it is entered already, ``NotFound``, ``NotAllowed``.
    """
    row, account = _plan(session, actor, plan_id)
    day = effective_day(paid_on, field="paidOn", not_before=row.agreed_on)
    session.change(row, expected_version)
    _require_running(row)
    if not 1 <= number <= len(row.instalments):
        raise ValidationFailed.one(
            "number", "range", "no such instalment", min=1, max=len(row.instalments)
        )
    kept = [dict(one) for one in row.instalments]
    if kept[number - 1]["paid_on"] is not None:
        raise Conflict("instalment_paid", "it is entered already", on=kept[number - 1]["paid_on"])
    kept[number - 1]["paid_on"] = str(day)
    row.instalments = kept
    if all(one["paid_on"] for one in kept):
        row.state = "kept"
        row.ended_on = day
        session.flush()
        _tell(session, actor, account, row, ENDED, day)
    session.flush()
    return row


def end_instalments(
    session: TenantSession,
    actor: Actor,
    *,
    plan_id: UUID,
    broken: bool,
    on: date | None = None,
    expected_version: int,
) -> InstalmentPlan:
    """End a plan that was not kept, or that something else came in the place of.

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    row, account = _plan(session, actor, plan_id)
    day = effective_day(on, not_before=row.agreed_on)
    session.change(row, expected_version)
    _require_running(row)
    row.state = "broken" if broken else "ended"
    row.ended_on = day
    session.flush()
    _tell(session, actor, account, row, ENDED, day)
    return row


def _plan(
    session: TenantSession, actor: Actor, plan_id: UUID
) -> tuple[InstalmentPlan, RentAccount]:
    row = session.find(InstalmentPlan, plan_id)
    try:
        return row, account_for(session, actor, row.account_id)
    except NotFound as hidden:
        raise NotFound("InstalmentPlan") from hidden


def _require_running(row: InstalmentPlan) -> None:
    if row.state != "running":
        raise Conflict("instalments_ended", f"it is {row.state}", state=row.state)


def _checked(
    given: Sequence[Mapping[str, Any]], agreed_on: date
) -> tuple[list[dict[str, Any]], list[Problem]]:
    if not 1 <= len(given) <= MAX_INSTALMENTS:
        limit = {"limit": MAX_INSTALMENTS}
        return [], [Problem("instalments", "count", f"one to {MAX_INSTALMENTS}", limit)]
    kept: list[dict[str, Any]] = []
    problems: list[Problem] = []
    before = agreed_on
    for number, one in enumerate(given):
        due, amount = one["due_on"], one["amount_ore"]
        at = f"instalments[{number}]"
        if not before <= due <= LAST_DAY:
            problems.append(
                Problem(f"{at}.dueOn", "too_early", "not in order", {"earliest": str(before)})
            )
        if not 0 < amount <= MOST_ORE:
            bounds = {"min": 1, "max": MOST_ORE}
            problems.append(Problem(f"{at}.amountOre", "range", "out of bounds", bounds))
        before = max(before, due)
        kept.append({"due_on": str(due), "amount_ore": amount, "paid_on": None})
    return kept, problems


def _tell(
    session: TenantSession,
    actor: Actor,
    account: RentAccount,
    row: InstalmentPlan,
    kind: str,
    day: date,
) -> None:
    case = case_of(session, account)
    tell_case(session, actor, account, case, kind, day, subject=(SUBJECT, row.id))
