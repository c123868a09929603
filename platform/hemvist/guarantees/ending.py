"""How a guarantee goes on and ends: reassessed, given notice of, ended after dialogue or otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments.service import facts_of
from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.legality import findings, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.deadlines.service import mark_done
from hemvist.errors import Conflict, PolicyRefused, Problem, ValidationFailed, too_long
from hemvist.guarantees.access import matter
from hemvist.guarantees.models import END_REASONS, Guarantee
from hemvist.guarantees.terms import programme_of, review_day
from hemvist.guarantees.watching import cancel_duty, duty_done
from hemvist.identity import Action, Actor
from hemvist.policy import Outcome, add_months, evaluate
from hemvist.policy.legal import law_pack
from hemvist.policy.programmes import Programme
from hemvist.tenancy import TenantSession

MAX_TEXT = 10_000
#: Who must have been in the dialogue that a guarantee ends by.
DIALOGUE = ("landlord", "property")


def reassess_guarantee(
    session: TenantSession,
    actor: Actor,
    *,
    guarantee_id: UUID,
    months: int | None = None,
    motivation: str,
    expected_version: int,
    on: date | None = None,
) -> Guarantee:
    """Record that a guarantee was looked at again (omprövning) and goes on.

    ``months`` gives it a new length, one of the guideline's, counted from its first day; the cap
    stays. The duty to reassess is done with it and the next day for it is set. Raises
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    guarantee, case = open_matter(session, actor, Guarantee, guarantee_id, Action.GUARANTEE_MANAGE)
    day = effective_day(on, not_before=guarantee.starts_on)
    raise_if(required_text("motivation", motivation, MAX_TEXT))
    session.change(guarantee, expected_version)
    _require_active(guarantee)
    programme = programme_of(case, guarantee.kind)
    if months is not None:
        _prolong(case, guarantee, programme, months, day)
        cancel_duty(session, guarantee)
    if programme is not None and programme.guarantee is not None:
        guarantee.review_on = review_day(case, programme.guarantee, day)
        _duty_done(session, case, programme, day)
    guarantee.reviews = [
        *guarantee.reviews,
        {
            "on": str(day),
            "months": guarantee.months,
            "ends_on": str(guarantee.ends_on),
            "motivation": motivation.strip(),
            "by": actor.name,
        },
    ]
    session.flush()
    _record(
        session, actor, case, guarantee, "guarantee_reassessed", day,
        ends_on=str(guarantee.ends_on),
    )  # fmt: skip
    return guarantee


def earliest_end(starts_on: date, notice_on: date) -> date:
    """The first day on which the guarantor is free after notice given on a day (JB 12:28 a).

    Months of notice, and never before the guarantee has run its least time, both of the law pack.
    """
    law = law_pack()
    notice, least = (
        law.param(name, notice_on)
        for name in ("guarantor_notice_months", "guarantor_earliest_months")
    )
    assert isinstance(notice, int) and isinstance(least, int)
    return max(add_months(notice_on, notice), add_months(starts_on, least))


def give_guarantor_notice(
    session: TenantSession,
    actor: Actor,
    *,
    guarantee_id: UUID,
    ends_on: date | None = None,
    motivation: str,
    expected_version: int,
    on: date | None = None,
) -> Guarantee:
    """The kommun as guarantor gives notice; it is free on the first lawful day or a later one.

    Raises ``PolicyRefused`` with the law's finding for an earlier ``ends_on``; ``Conflict`` when
    notice was given or the guarantee has ended; ``ValidationFailed``.
    """
    guarantee, case = open_matter(session, actor, Guarantee, guarantee_id, Action.GUARANTEE_MANAGE)
    day = effective_day(on, not_before=guarantee.starts_on)
    raise_if(required_text("motivation", motivation, MAX_TEXT))
    session.change(guarantee, expected_version)
    _require_active(guarantee)
    if guarantee.notice_given_on is not None:
        raise Conflict("notice_given", "notice has been given", day=str(guarantee.notice_given_on))
    free = ends_on or earliest_end(guarantee.starts_on, day)
    facts = {
        "guarantor_notice_on": day,
        "guarantor_ends_on": free,
        "guarantee_starts_on": guarantee.starts_on,
    }
    weigh(findings(pack_of(case), "guarantor_notice", facts, day), "")
    guarantee.notice_given_on = day
    guarantee.notice_ends_on = free
    guarantee.notice_because = motivation.strip()
    session.flush()
    _record(session, actor, case, guarantee, "guarantor_notice_given", day, ends_on=str(free))
    return guarantee


def end_guarantee(
    session: TenantSession,
    actor: Actor,
    *,
    guarantee_id: UUID,
    reason: str,
    dialogue_on: date | None = None,
    parties: Sequence[str] = (),
    told: Sequence[str] = (),
    motivation: str = "",
    expected_version: int,
    on: date | None = None,
) -> Guarantee:
    """End a guarantee: claims for later days are refused from then on, the recourse goes on.

    ``reason`` is one of ``END_REASONS``. After a dialogue with the landlord the guideline's rule is
    asked; where it is not met, ``motivation`` says why the guarantee ends all the same. ``told`` are
    the guideline's notices that go before. Raises ``ValidationFailed``, ``PolicyRefused`` for a day
    before the notice or the period allows it, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    # A guarantee may outlive its case; somebody ends it all the same.
    guarantee, case = matter(session, actor, Guarantee, guarantee_id, Action.GUARANTEE_MANAGE)
    day = effective_day(on, not_before=guarantee.starts_on)
    programme = programme_of(case, guarantee.kind)
    problems = _check_told(programme, told)
    if reason not in END_REASONS:
        problems.append(Problem("reason", "unknown_choice", "no such reason"))
    problems += too_long("motivation", motivation, MAX_TEXT)
    if reason == "dialogue":
        problems += _check_dialogue(guarantee, dialogue_on, parties, day)
    raise_if(problems)
    session.change(guarantee, expected_version)
    _require_active(guarantee)
    if reason == "dialogue":
        _ask_guideline(session, case, programme, day, motivation)
    else:
        _check_time(session, guarantee, reason, day)
    guarantee.state = "ended"
    guarantee.ended_on = day
    guarantee.end_reason = reason
    guarantee.dialogue_on = dialogue_on if reason == "dialogue" else None
    guarantee.ended_because = motivation.strip()
    guarantee.ended_by = actor.principal_id
    session.flush()
    duty_done(session, guarantee, day)
    _record(session, actor, case, guarantee, "guarantee_ended", day, reason=reason)
    return guarantee


def _require_active(guarantee: Guarantee) -> None:
    if guarantee.state != "active":
        raise Conflict("guarantee_ended", "the guarantee has ended", state=guarantee.state)


def _prolong(
    case: Case, guarantee: Guarantee, programme: Programme | None, months: int, on: date
) -> None:
    rules = None if programme is None else programme.guarantee
    allowed = () if rules is None else pack_of(case).param(rules.periods, on)
    assert isinstance(allowed, tuple)
    until = add_months(guarantee.starts_on, months) if 0 < months <= 600 else None
    if months not in allowed or until is None or until <= on:
        raise ValidationFailed.one(
            "months",
            "guarantee_period",
            "not a period that the guideline gives",
            allowed=list(allowed),
        )
    guarantee.months = months
    guarantee.ends_on = until


def _duty_done(session: TenantSession, case: Case, programme: Programme, day: date) -> None:
    """The open duty to reassess, which the guideline ends with the guarantee, is done."""
    codes = [
        one.id
        for one in programme.obligations
        if one.creates == "decision" and "guarantee_ended" in one.ends
    ]
    duty = session.scalar(
        select(Obligation)
        .where(
            Obligation.case_id == case.id,
            Obligation.code.in_(codes),
            Obligation.state == "open",
        )
        .order_by(Obligation.due_on, Obligation.id)
        .limit(1)
    )
    if duty is not None:
        mark_done(session, duty, day)


def _check_told(programme: Programme | None, told: Sequence[str]) -> list[Problem]:
    notices = [
        notice
        for notice in (programme.guarantee.notices if programme and programme.guarantee else ())
        if notice.before == "guarantee_ended"
    ]
    known = {notice.id for notice in notices}
    return [
        Problem("told", "unknown_item", "not one of the pack's", {"item": one[:60]})
        for one in told
        if one not in known
    ] + [
        Problem("told", "notice_not_given", notice.label.en, {"item": notice.id})
        for notice in notices
        if notice.id not in told
    ]


def _check_dialogue(
    guarantee: Guarantee, dialogue_on: date | None, parties: Sequence[str], day: date
) -> list[Problem]:
    problems: list[Problem] = []
    if dialogue_on is None:
        problems.append(Problem("dialogueOn", "required", "must be filled in"))
    elif dialogue_on > day:
        problems.append(Problem("dialogueOn", "after_end", "the dialogue comes before the end"))
    elif dialogue_on < guarantee.starts_on:
        problems.append(
            Problem(
                "dialogueOn",
                "too_early",
                f"may not lie before {guarantee.starts_on}",
                {"earliest": str(guarantee.starts_on)},
            )
        )
    return problems + [
        Problem("parties", "party_missing", f"{party} takes part", {"party": party})
        for party in DIALOGUE
        if party not in parties
    ]


def _ask_guideline(
    session: TenantSession, case: Case, programme: Programme | None, day: date, motivation: str
) -> None:
    rule = programme.guarantee.ends_when if programme and programme.guarantee else None
    if rule is None or motivation.strip():
        return
    pack = pack_of(case)
    facts = {
        name: value for name, value in facts_of(session, case, day).items() if name in pack.facts
    }
    said = evaluate(pack, rule, facts, day)
    if said.outcome is not Outcome.TRUE:
        raise ValidationFailed.one(
            "motivation",
            "say_why_it_ends",
            "the guideline's conditions are not known to be met",
            outcome=said.outcome.value,
        )


def _check_time(session: TenantSession, guarantee: Guarantee, reason: str, day: date) -> None:
    if reason == "expired":
        earliest: date | None = guarantee.ends_on
    elif reason == "notice":
        earliest = guarantee.notice_ends_on
    else:
        contract = session.find(Contract, guarantee.contract_id)
        # A lease that runs on has no such day.
        earliest = contract.ended_on or contract.ends_on
    if earliest is None or day < earliest:
        raise PolicyRefused(
            f"guarantee_{reason}_not_yet",
            "there is no day for it" if earliest is None else f"not before {earliest}",
        )


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    guarantee: Guarantee,
    kind: str,
    day: date,
    **data: Any,
) -> None:
    record(
        session,
        actor,
        case,
        kind,
        day,
        action=Action.GUARANTEE_MANAGE,
        subject_type="guarantee",
        subject_id=guarantee.id,
        data={"kind": guarantee.kind, **data},
    )
