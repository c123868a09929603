"""Recourse (regress): what the kommun has paid is asked back of the household, or given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.errors import Conflict, Problem, too_long
from hemvist.guarantees.access import matter
from hemvist.guarantees.ledger import check_amount, check_reference, left_of, locked, post
from hemvist.guarantees.models import Guarantee, GuaranteeRecourse, GuaranteeWriteOff
from hemvist.identity import Action, Actor
from hemvist.tenancy import Base, TenantSession

MAX_TEXT = 10_000
MAX_INSTALMENTS = 120
OUTCOMES = ("granted", "refused")


def demand_recourse(
    session: TenantSession,
    actor: Actor,
    *,
    guarantee_id: UUID,
    amount_ore: int,
    instalments: Sequence[Mapping[str, Any]],
    notes: str = "",
    expected_version: int,
    on: date | None = None,
) -> GuaranteeRecourse:
    """Ask the household to pay back what was paid to the landlord.

    ``instalments`` (due_on, amount_ore) come to the whole; one is a plain demand with its day.
    Raises ``ValidationFailed`` beyond what is paid and not yet demanded; ``Conflict``, ``NotFound``,
    ``NotAllowed``.
    """
    guarantee, case = matter(session, actor, Guarantee, guarantee_id, Action.GUARANTEE_MANAGE)
    day = effective_day(on, not_before=guarantee.starts_on)
    session.change(guarantee, expected_version)
    left = guarantee.paid_ore - guarantee.demanded_ore
    problems = check_amount("amountOre", amount_ore, left, "beyond_paid")
    kept, wrong = _instalments(instalments, amount_ore, day)
    raise_if(problems + wrong + too_long("notes", notes, MAX_TEXT))
    recourse = session.save(
        GuaranteeRecourse(
            case_id=case.id,
            guarantee_id=guarantee.id,
            amount_ore=amount_ore,
            demanded_on=day,
            instalments=kept,
            notes=notes.strip(),
            demanded_by=actor.principal_id,
        )
    )
    post(session, actor, guarantee, "demand", amount_ore, day, recourse=recourse)
    _record(
        session, actor, case, guarantee, "recourse_demanded", day, recourse, Action.GUARANTEE_MANAGE
    )
    return recourse


def agree_instalments(
    session: TenantSession,
    actor: Actor,
    *,
    recourse_id: UUID,
    instalments: Sequence[Mapping[str, Any]],
    expected_version: int,
    on: date | None = None,
) -> GuaranteeRecourse:
    """Agree anew on how what is left is paid (avbetalningsplan). Errors as ``demand_recourse``."""
    recourse, case = matter(session, actor, GuaranteeRecourse, recourse_id, Action.GUARANTEE_MANAGE)
    day = effective_day(on, not_before=recourse.demanded_on)
    guarantee = locked(session, recourse.guarantee_id)
    session.change(recourse, expected_version)
    _require_open(recourse)
    kept, wrong = _instalments(instalments, left_of(recourse), day)
    raise_if(wrong)
    recourse.instalments = kept
    _record(
        session,
        actor,
        case,
        guarantee,
        "recourse_instalments_agreed",
        day,
        recourse,
        Action.GUARANTEE_MANAGE,
    )
    return recourse


def record_recourse_payment(
    session: TenantSession,
    actor: Actor,
    *,
    recourse_id: UUID,
    amount_ore: int,
    reference: str = "",
    expected_version: int,
    on: date | None = None,
) -> GuaranteeRecourse:
    """Enter what the household has paid; with the last of it the recourse is settled.

    Raises ``ValidationFailed`` beyond what is owed; ``Conflict`` as ``claims.pay_claim``.
    """
    recourse, case = matter(session, actor, GuaranteeRecourse, recourse_id, Action.GUARANTEE_MANAGE)
    day = effective_day(on, not_before=recourse.demanded_on)
    raise_if(check_reference(reference))
    guarantee = locked(session, recourse.guarantee_id)
    session.change(recourse, expected_version)
    _require_open(recourse)
    raise_if(check_amount("amountOre", amount_ore, left_of(recourse), "beyond_owed"))
    post(
        session, actor, guarantee, "recovery", amount_ore, day,
        recourse=recourse, reference=reference,
    )  # fmt: skip
    _settle(recourse)
    _record(
        session, actor, case, guarantee, "recourse_paid", day, recourse, Action.GUARANTEE_MANAGE
    )
    return recourse


def propose_write_off(
    session: TenantSession,
    actor: Actor,
    *,
    recourse_id: UUID,
    amount_ore: int,
    reason: str,
    expected_version: int,
    on: date | None = None,
) -> GuaranteeWriteOff:
    """Propose to give up a part of a recourse, for somebody else to decide.

    Raises ``ValidationFailed`` beyond what is owed, ``Conflict`` when one waits already.
    """
    recourse, case = matter(session, actor, GuaranteeRecourse, recourse_id, Action.GUARANTEE_MANAGE)
    day = effective_day(on, not_before=recourse.demanded_on)
    guarantee = locked(session, recourse.guarantee_id)
    session.change(recourse, expected_version)
    _require_open(recourse)
    raise_if(
        check_amount("amountOre", amount_ore, left_of(recourse), "beyond_owed")
        + required_text("reason", reason, MAX_TEXT)
    )
    waiting = session.scalar(
        select(GuaranteeWriteOff.id).where(
            GuaranteeWriteOff.recourse_id == recourse.id, GuaranteeWriteOff.state == "proposed"
        )
    )
    if waiting is not None:
        raise Conflict("already_proposed", "a proposal of this kind waits to be decided")
    proposal = session.save(
        GuaranteeWriteOff(
            case_id=case.id,
            guarantee_id=guarantee.id,
            recourse_id=recourse.id,
            amount_ore=amount_ore,
            reason=reason.strip(),
            proposed_on=day,
            proposed_by=actor.principal_id,
        )
    )
    _record(
        session,
        actor,
        case,
        guarantee,
        "write_off_proposed",
        day,
        proposal,
        Action.GUARANTEE_MANAGE,
    )
    return proposal


def decide_write_off(
    session: TenantSession,
    actor: Actor,
    *,
    write_off_id: UUID,
    outcome: str,
    motivation: str = "",
    expected_version: int,
    on: date | None = None,
) -> GuaranteeWriteOff:
    """Grant or refuse what somebody else proposed to give up (four eyes).

    Raises ``Conflict`` when it is decided, or when less is owed now than was proposed.
    """
    proposal, case = matter(
        session,
        actor,
        GuaranteeWriteOff,
        write_off_id,
        Action.GUARANTEE_DECIDE,
        prepared_by=lambda row: row.proposed_by,
    )
    day = effective_day(on, not_before=proposal.proposed_on)
    problems = too_long("motivation", motivation, MAX_TEXT)
    if outcome not in OUTCOMES:
        problems.append(Problem("outcome", "unknown_choice", "granted or refused"))
    elif outcome == "refused":
        problems += required_text("motivation", motivation, MAX_TEXT)
    raise_if(problems)
    guarantee = locked(session, proposal.guarantee_id)
    session.change(proposal, expected_version)
    if proposal.state != "proposed":
        raise Conflict("not_proposed", "the proposal has been dealt with", state=proposal.state)
    recourse = session.find(GuaranteeRecourse, proposal.recourse_id)
    session.lock(recourse)
    if outcome == "granted":
        if proposal.amount_ore > left_of(recourse):
            raise Conflict(
                "less_is_owed", "less is owed now than was proposed", left=left_of(recourse)
            )
        recourse.version += 1
        post(session, actor, guarantee, "write_off", proposal.amount_ore, day, recourse=recourse)
        _settle(recourse)
    proposal.state = outcome
    proposal.decided_on = day
    proposal.decided_by = actor.principal_id
    proposal.motivation = motivation.strip()
    _record(
        session,
        actor,
        case,
        guarantee,
        "write_off_decided",
        day,
        proposal,
        Action.GUARANTEE_DECIDE,
        outcome=outcome,
    )
    return proposal


def _settle(recourse: GuaranteeRecourse) -> None:
    if left_of(recourse) == 0:
        recourse.state = "settled"


def _require_open(recourse: GuaranteeRecourse) -> None:
    if recourse.state != "open":
        raise Conflict("recourse_settled", "nothing is owed any more", state=recourse.state)


def _instalments(
    given: Sequence[Mapping[str, Any]], whole: int, day: date
) -> tuple[list[dict[str, Any]], list[Problem]]:
    if not given:
        return [], [Problem("instalments", "required", "say when it is to be paid")]
    if len(given) > MAX_INSTALMENTS:
        return [], [
            Problem(
                "instalments", "count", f"at most {MAX_INSTALMENTS}", {"limit": MAX_INSTALMENTS}
            )
        ]
    problems: list[Problem] = []
    last: date | None = None
    for number, one in enumerate(given):
        field = f"instalments[{number}]"
        if one["due_on"] < day:
            problems.append(
                Problem(f"{field}.dueOn", "too_early", f"not before {day}", {"earliest": str(day)})
            )
        elif last is not None and one["due_on"] <= last:
            problems.append(Problem(f"{field}.dueOn", "order", "each after the one before"))
        last = one["due_on"]
        if one["amount_ore"] <= 0:
            problems.append(Problem(f"{field}.amountOre", "amount", "more than nothing"))
    if not problems and sum(one["amount_ore"] for one in given) != whole:
        problems.append(
            Problem("instalments", "sum", f"together they are {whole} öre", {"whole": whole})
        )
    kept = [{"due_on": str(one["due_on"]), "amount_ore": one["amount_ore"]} for one in given]
    return kept, problems


_SUBJECTS: Mapping[type[Base], str] = {
    GuaranteeRecourse: "guarantee_recourse",
    GuaranteeWriteOff: "guarantee_write_off",
}


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    guarantee: Guarantee,
    kind: str,
    day: date,
    subject: GuaranteeRecourse | GuaranteeWriteOff,
    action: Action,
    **data: Any,
) -> None:
    session.flush()
    record(
        session,
        actor,
        case,
        kind,
        day,
        action=action,
        subject_type=_SUBJECTS[type(subject)],
        subject_id=subject.id,
        data={"kind": guarantee.kind, **data},
    )
