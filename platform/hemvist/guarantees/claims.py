"""The landlord's claims on a guarantee: registered, decided by somebody else, paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import Conflict, Problem, too_long
from hemvist.guarantees.access import matter
from hemvist.guarantees.ledger import (
    MOST_ORE,
    check_amount,
    check_reference,
    left_of_cap,
    locked,
    post,
)
from hemvist.guarantees.models import COVER, Guarantee, GuaranteeClaim
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

MAX_TEXT = 10_000
MAX_DOCUMENTS = 50
MAX_NAME = 200
#: What a landlord sends along.
DOCUMENTS = ("rent_statement", "invoice", "inspection_protocol", "photos", "notice", "other")
OUTCOMES = ("approved", "refused")


def register_claim(
    session: TenantSession,
    actor: Actor,
    *,
    guarantee_id: UUID,
    kind: str,
    amount_ore: int,
    period_from: date,
    period_to: date,
    documents: Sequence[Mapping[str, Any]],
    received_on: date | None = None,
    notes: str = "",
) -> GuaranteeClaim:
    """Register what a landlord claims on a guarantee, with the documents that came along.

    The days claimed for lie within the time that it held, what it is for is covered, and it comes
    with at least one document (kind, title, dated_on, reference). How much of it is paid is for a
    decision. Raises ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    guarantee, case = matter(session, actor, Guarantee, guarantee_id, Action.GUARANTEE_MANAGE)
    day = effective_day(received_on, field="receivedOn", not_before=guarantee.starts_on)
    return keep_claim(
        session,
        actor,
        guarantee,
        case,
        Action.GUARANTEE_MANAGE,
        kind=kind,
        amount_ore=amount_ore,
        period_from=period_from,
        period_to=period_to,
        documents=documents,
        received_on=day,
        notes=notes,
    )


def keep_claim(
    session: TenantSession,
    actor: Actor,
    guarantee: Guarantee,
    case: Case,
    action: Action,
    *,
    kind: str,
    amount_ore: int,
    period_from: date,
    period_to: date,
    documents: Sequence[Mapping[str, Any]],
    received_on: date,
    notes: str,
) -> GuaranteeClaim:
    """Check and write a claim that the actor may make by ``action``. Raises ``ValidationFailed``."""
    kept, wrong = _documents(documents)
    raise_if(
        _check_kind(guarantee, kind)
        + check_amount("amountOre", amount_ore, MOST_ORE, "amount")
        + _check_period(guarantee, period_from, period_to, received_on)
        + wrong
        + too_long("notes", notes, MAX_TEXT)
    )
    claim = session.save(
        GuaranteeClaim(
            case_id=case.id,
            guarantee_id=guarantee.id,
            kind=kind,
            amount_ore=amount_ore,
            period_from=period_from,
            period_to=period_to,
            received_on=received_on,
            documents=kept,
            notes=notes.strip(),
            registered_by=actor.principal_id,
        )
    )
    _record(session, actor, case, guarantee, claim, "guarantee_claimed", received_on, action)
    return claim


def decide_claim(
    session: TenantSession,
    actor: Actor,
    *,
    claim_id: UUID,
    outcome: str,
    approved_ore: int = 0,
    motivation: str,
    expected_version: int,
    on: date | None = None,
) -> GuaranteeClaim:
    """Decide on a claim that somebody else registered (four eyes): how much of it is paid, or none.

    What is approved is set aside of the cap at once, so that two claims cannot have the same money.
    Raises ``ValidationFailed`` on ``approvedOre`` beyond the claim or what is left of the cap;
    ``Conflict`` when it is decided already or somebody else was faster; ``NotFound``; ``NotAllowed``.
    """
    claim, case = matter(
        session,
        actor,
        GuaranteeClaim,
        claim_id,
        Action.GUARANTEE_DECIDE,
        prepared_by=lambda row: row.registered_by,
    )
    day = effective_day(on, not_before=claim.received_on)
    problems = required_text("motivation", motivation, MAX_TEXT)
    if outcome not in OUTCOMES:
        problems.append(Problem("outcome", "unknown_choice", "approved or refused"))
    raise_if(problems)
    # The guarantee first, as in every act on its money: the cap is of all its claims together.
    guarantee = locked(session, claim.guarantee_id)
    session.change(claim, expected_version)
    if claim.state != "received":
        raise Conflict("claim_decided", f"the claim is {claim.state}", state=claim.state)
    if outcome == "approved":
        raise_if(
            check_amount("approvedOre", approved_ore, claim.amount_ore, "beyond_claim")
            or check_amount("approvedOre", approved_ore, left_of_cap(guarantee), "beyond_cap")
        )
        post(session, actor, guarantee, "approval", approved_ore, day, claim=claim)
    elif approved_ore:
        raise_if([Problem("approvedOre", "refused_amount", "nothing is paid of a refused claim")])
    claim.state = outcome
    claim.decided_on = day
    claim.decided_by = actor.principal_id
    claim.motivation = motivation.strip()
    _record(
        session,
        actor,
        case,
        guarantee,
        claim,
        "guarantee_claim_decided",
        day,
        Action.GUARANTEE_DECIDE,
        outcome=outcome,
    )
    return claim


def pay_claim(
    session: TenantSession,
    actor: Actor,
    *,
    claim_id: UUID,
    amount_ore: int,
    reference: str = "",
    expected_version: int,
    on: date | None = None,
) -> GuaranteeClaim:
    """Enter a payment to the landlord of what was approved, whole or in part.

    Raises ``ValidationFailed`` beyond what is left of the approval; ``Conflict`` when nothing is
    approved, when somebody else paid first or the number of the payment is entered already.
    """
    claim, case = matter(session, actor, GuaranteeClaim, claim_id, Action.GUARANTEE_MANAGE)
    day = effective_day(on, not_before=claim.decided_on)
    raise_if(check_reference(reference))
    guarantee = locked(session, claim.guarantee_id)
    session.change(claim, expected_version)
    if claim.state != "approved":
        raise Conflict("claim_not_approved", f"the claim is {claim.state}", state=claim.state)
    left = claim.approved_ore - claim.paid_ore
    raise_if(check_amount("amountOre", amount_ore, left, "beyond_approval"))
    post(session, actor, guarantee, "payment", amount_ore, day, claim=claim, reference=reference)
    if claim.paid_ore == claim.approved_ore:
        claim.state = "paid"
    _record(
        session, actor, case, guarantee, claim, "guarantee_claim_paid", day, Action.GUARANTEE_MANAGE
    )
    return claim


def covered(guarantee: Guarantee) -> list[str]:
    """What may be claimed for. A guideline that says nothing of it means the rent."""
    return [kind for kind in COVER if kind in guarantee.covers] or ["rent"]


def _check_kind(guarantee: Guarantee, kind: str) -> list[Problem]:
    allowed = covered(guarantee)
    if kind in allowed:
        return []
    if kind in COVER:
        return [Problem("kind", "not_covered", "the guarantee does not cover it")]
    return [Problem("kind", "unknown_choice", "no such kind", {"allowed": allowed})]


def _check_period(
    guarantee: Guarantee, first: date, last: date, received_on: date
) -> list[Problem]:
    problems: list[Problem] = []
    if last < first:
        problems.append(Problem("periodTo", "before_start", "ends before it begins"))
    end = min(guarantee.ends_on, guarantee.ended_on or guarantee.ends_on)
    if first < guarantee.starts_on:
        problems.append(
            Problem(
                "periodFrom",
                "before_guarantee",
                f"the guarantee holds from {guarantee.starts_on}",
                {"earliest": str(guarantee.starts_on)},
            )
        )
    if last >= end:
        problems.append(
            Problem(
                "periodTo",
                "after_guarantee",
                f"the guarantee held until {end}",
                {"latest": str(end)},
            )
        )
    return problems


def _documents(given: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[Problem]]:
    if not given:
        return [], [Problem("documents", "required", "name at least one document")]
    if len(given) > MAX_DOCUMENTS:
        return [], [
            Problem("documents", "count", f"at most {MAX_DOCUMENTS}", {"limit": MAX_DOCUMENTS})
        ]
    kept: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for number, one in enumerate(given):
        field = f"documents[{number}]"
        dated = one.get("dated_on")
        if one.get("kind") not in DOCUMENTS:
            problems.append(Problem(f"{field}.kind", "unknown_choice", "no such kind"))
        problems += required_text(f"{field}.title", one.get("title"), MAX_NAME)
        if dated is not None and dated > today():
            problems.append(Problem(f"{field}.datedOn", "future", "may not lie in the future"))
        kept.append(
            {
                "kind": one.get("kind"),
                "title": (one.get("title") or "").strip(),
                "dated_on": None if dated is None else str(dated),
                "reference": (one.get("reference") or "").strip(),
            }
        )
    return kept, problems


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    guarantee: Guarantee,
    claim: GuaranteeClaim,
    kind: str,
    day: date,
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
        subject_type="guarantee_claim",
        subject_id=claim.id,
        data={"kind": guarantee.kind, **data},
    )
