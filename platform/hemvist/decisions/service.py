"""Proposing and making decisions. The one who proposed does not decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments.service import facts_of
from hemvist.cases import service as cases
from hemvist.cases.access import case_for, open_matter
from hemvist.cases.checks import effective_day, raise_if, require_open, required_text
from hemvist.cases.journal import record
from hemvist.cases.legality import checked_clauses, findings, kinds, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import now
from hemvist.decisions import altering, checks, pairs
from hemvist.decisions.altering import Alteration
from hemvist.decisions.citations import cited_acts
from hemvist.decisions.definitions import PACK_NAMES, definition, programme_named, rule_of
from hemvist.decisions.models import ALTERING, Decision
from hemvist.errors import ValidationFailed
from hemvist.evaluations.service import keep
from hemvist.identity import Action, Actor, allows
from hemvist.identity.delegation import LEVELS, Entrusted, Matter, entrusted, highest
from hemvist.policy import Evaluation, Pack, evaluate
from hemvist.tenancy import TenantSession

__all__ = [
    "PACK_NAMES",
    "advice",
    "decide",
    "definition",
    "in_force",
    "propose",
    "propose_together",
    "return_proposal",
    "rule_of",
    "who_decides",
]

EVENTS = {
    ("support_to_obtain_housing", "granted"): "support_granted",
    ("support_to_obtain_housing", "refused"): "support_refused",
    ("housing", "granted"): "decision_granted",
    ("housing", "refused"): "decision_refused",
    ("support_measure", "granted"): "measure_granted",
    ("support_measure", "refused"): "measure_refused",
    ("extension", "granted"): "decision_extended",
    ("extension", "refused"): "extension_refused",
    ("change", "granted"): "decision_changed",
    ("change", "refused"): "change_refused",
    ("end", "granted"): "measure_ended",
    ("takeover_recommendation", "granted"): "takeover_recommended",
    ("takeover_recommendation", "refused"): "takeover_not_recommended",
}
MAX_TEXT = checks.MAX_TEXT
#: Kinds whose outcome is held against the engine's advice, and what the advice then was.
_ADVISED = {"support_to_obtain_housing": "granted", "housing": "granted", "extension": "granted"}


def advice(session: TenantSession, case: Case, programme: str, kind: str, on: date) -> Evaluation:
    """What the engine advises: the rule that the pack ties to the decision, or the entry rule."""
    facts = _facts_for(session, case, programme, on)
    pack = pack_of(case)
    return evaluate(pack, rule_of(pack, programme, kind), facts, on)


def in_force(
    session: TenantSession, case: Case, kind: str, on: date, programme: str | None = None
) -> Decision | None:
    """The latest granted decision of ``kind`` that holds on a day, as extended, changed or ended.

    With ``programme`` only one of that programme: a household may have the right to one and be
    refused another.
    """
    chosen = select(Decision).where(
        Decision.case_id == case.id,
        Decision.kind == kind,
        Decision.state == "decided",
        Decision.decided_on <= on,
        Decision.valid_from <= on,
    )
    if programme is not None:
        chosen = chosen.where(Decision.programme == programme)
    rows = session.scalars(chosen.order_by(Decision.decided_on.desc(), Decision.decided_at.desc()))
    latest = next(iter(rows), None)
    if latest is None or latest.outcome != "granted":
        return None
    if latest.ended_on is not None and latest.ended_on <= on:
        return None
    until = altering.runs_until(session, latest)
    return latest if until is None or until >= on else None


def propose(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    programme: str,
    kind: str,
    outcome: str,
    legal_basis: Sequence[str],
    motivation: str,
    child_assessment: str = "",
    departure_reason: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    contract_id: UUID | None = None,
    conditions: Sequence[Mapping[str, Any]] = (),
    went_on_because: str = "",
    alters_id: UUID | None = None,
    alter_ground: str = "",
    disadvantage: bool = False,
    told_on: date | None = None,
    reservation: bool = False,
    cost_ore: int | None = None,
    beside: Collection[str] = (),
    on: date | None = None,
) -> Decision:
    """Write a proposal (förslag till beslut) for somebody else to decide.

    An extension, change or end names the decision that it alters (``alters_id``); to the person's
    disadvantage it says on which ground (``alter_ground``) and when the person was told
    (``told_on``). ``cost_ore`` is what it costs a month. ``beside`` are the kinds that are granted in
    the same act (``propose_together``). Raises ``ValidationFailed`` with every problem: one of a
    pair that the guideline grants together, a legal basis that is not in force on the day, a
    missing motivation, a missing assessment of the child's best interests (SoL 3:1; guideline §2),
    a departure from the engine's advice without a reason, a condition (villkor) that guideline or
    law warns of without
    ``went_on_because``. Raises ``PolicyRefused`` when the programme puts the signed contract first
    and there is none, and for a condition or a citation that is forbidden.
    """
    case = case_for(session, actor, case_id, Action.DECISION_PROPOSE)
    require_open(case)
    day = effective_day(on, not_before=case.opened_on)
    pack = pack_of(case)
    said_of = Alteration(alters_id, alter_ground, disadvantage, told_on)
    altered = altering.altered_by(session, case, kind, said_of)
    if altered is not None:
        programme = altered.programme
    about = kind if altered is None else altered.kind
    if kind in ALTERING and altered is None:
        raise ValidationFailed.one("altersId", "required", "name the decision that is altered")
    kind_definition = definition(pack, programme, about)
    facts = _facts_for(session, case, programme, day)
    said = evaluate(pack, rule_of(pack, programme, about), facts, day)
    start = valid_from or day
    problems = checks.check_words(outcome, motivation)
    problems += checks.check_basis(pack, kind_definition, legal_basis, day)
    problems += checks.check_period(start, valid_until)
    problems += checks.check_cost(cost_ore)
    problems += altering.check(session, kind, outcome, said_of, altered, start, valid_until, day)
    problems += pairs.check(
        pack,
        programme,
        kind,
        outcome,
        beside,
        lambda other: in_force(session, case, other, day, programme) is not None,
    )
    if int(facts.get("children_under_18") or 0) > 0:
        problems += required_text("childAssessment", child_assessment, MAX_TEXT)
    if departs(kind, outcome, said.outcome.value):
        problems += required_text("departureReason", departure_reason, MAX_TEXT)
    kept, wrong = checked_clauses("conditions", conditions)
    raise_if(problems + wrong)
    asked = {"conditions": kinds(kept), **cited_acts(pack, legal_basis)}
    weighed = weigh(findings(pack, "decision", asked, day, kept, programme), went_on_because)
    if kind == "housing" and outcome == "granted":
        contract_id = checks.contract_first(session, case, pack, programme, contract_id, day)
    checks.require_own_contract(session, case, contract_id)
    # Two may propose at once: the case's row is the lock.
    session.lock(case)
    checks.refuse_second_proposal(session, case, kind)
    if outcome == "granted" and _begins(pack, case, programme, about):
        cases.choose_programme(session, case, programme)
    decision = session.save(
        Decision(
            case_id=case.id,
            programme=programme,
            kind=kind,
            about=about,
            outcome=outcome,
            legal_basis=list(dict.fromkeys(legal_basis)),
            motivation=motivation.strip(),
            child_assessment=child_assessment.strip(),
            advice=said.outcome.value,
            departure_reason=departure_reason.strip(),
            pack_version=case.pack_version,
            valid_from=start,
            valid_until=valid_until,
            contract_id=contract_id,
            conditions=kept,
            legal_findings=weighed,
            went_on_because=went_on_because.strip(),
            alters_id=alters_id,
            alter_ground=alter_ground,
            disadvantage=disadvantage or (kind == "end" and alter_ground != "own_request"),
            told_on=told_on,
            reservation=reservation,
            cost_ore=cost_ore,
            proposed_by=actor.principal_id,
            proposed_on=day,
            evaluation_id=keep(session, case, pack, said, facts, day).id,
        )
    )
    _record(session, actor, case, decision, "decision_proposed", day, Action.DECISION_PROPOSE)
    return decision


def propose_together(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    programme: str,
    parts: Sequence[Mapping[str, Any]],
    on: date | None = None,
) -> list[Decision]:
    """Write several proposals that are one act and are decided in one (the home and its support).

    ``parts`` are the arguments of ``propose`` for each. Errors as there; nothing is written when one
    of them is refused.
    """
    case_for(session, actor, case_id, Action.DECISION_PROPOSE)
    if not 2 <= len(parts) <= 4:
        raise ValidationFailed.one("parts", "count", "two to four decisions", limit=4)
    made: list[Decision] = []
    granted = {str(part["kind"]) for part in parts if part["outcome"] == "granted"}
    for part in parts:
        proposal = propose(
            session,
            actor,
            case_id=case_id,
            programme=programme,
            beside=granted,
            on=on,
            **dict(part),
        )
        made.append(proposal)
        proposal.together_id = made[0].id
    session.flush()
    return made


def departs(kind: str, outcome: str, advised: str) -> bool:
    """Whether a proposal departs from the engine's advice, for kinds that there is advice on."""
    if kind == "end":
        return advised != "false"
    if kind not in _ADVISED:
        return False
    return advised == "unknown" or (outcome == "granted") != (advised == "true")


def who_decides(session: TenantSession, decision: Decision, on: date) -> Entrusted:
    """By the kommun's delegation order of the day: who has the right to make this decision."""
    return highest(
        entrusted(session, _matter(one), on) for one in (decision, *_together(session, decision))
    )


def decide(
    session: TenantSession,
    actor: Actor,
    *,
    decision_id: UUID,
    expected_version: int,
    board_minute: str = "",
    on: date | None = None,
) -> Decision:
    """Make the decision as proposed, with what was proposed together with it.

    The proposer may not (four eyes). Who may is the delegation order's to say; what the board has
    decided is registered with the minute (``board_minute``: meeting and paragraph). Raises
    ``NotFound``, ``NotAllowed``, ``Conflict``, ``ValidationFailed``.
    """
    waiting = session.find(Decision, decision_id)
    effective = effective_day(on, not_before=waiting.proposed_on)
    line = who_decides(session, waiting, effective)
    delegated = LEVELS.index(line.level) == 0 and not allows(actor, Action.DECISION_DECIDE)
    action = Action.DECISION_DECIDE_DELEGATED if delegated else Action.DECISION_DECIDE
    decision, case = _for_deciding(session, actor, decision_id, action)
    if line.level == "board":
        raise_if(required_text("boardMinute", board_minute, 200))
    pack = pack_of(case)
    _lock_pair(session, case, decision)
    session.change(decision, expected_version)
    checks.require_proposed(decision)
    for one in (decision, *_together(session, decision, lock=True)):
        kind = definition(pack, one.programme, one.about or one.kind)
        raise_if(checks.check_basis(pack, kind, one.legal_basis, effective))
        one.decided_level = line.level
        one.delegation_cite = line.cite
        one.board_minute = board_minute.strip() if line.level == "board" else ""
        _decide_one(session, actor, case, one, effective, action)
    return decision


def return_proposal(
    session: TenantSession,
    actor: Actor,
    *,
    decision_id: UUID,
    reason: str,
    expected_version: int,
    on: date | None = None,
) -> Decision:
    """Send a proposal, and what was proposed together with it, back with what is wanting."""
    decision, case = _for_deciding(session, actor, decision_id, Action.DECISION_DECIDE)
    day = effective_day(on, not_before=decision.proposed_on)
    raise_if(required_text("reason", reason, MAX_TEXT))
    _lock_pair(session, case, decision)
    session.change(decision, expected_version)
    checks.require_proposed(decision)
    for one in (decision, *_together(session, decision, lock=True)):
        one.state = "returned"
        one.return_reason = reason.strip()
        _record(session, actor, case, one, "decision_returned", day, Action.DECISION_DECIDE)
    return decision


def _decide_one(
    session: TenantSession,
    actor: Actor,
    case: Case,
    decision: Decision,
    day: date,
    action: Action,
) -> None:
    if decision.outcome == "granted" and _leads_on(case, decision):
        cases.go_on_in(session, actor, case, decision.programme, day, decision_id=decision.id)
    decision.state = "decided"
    decision.decided_by = actor.principal_id
    decision.decided_on = day
    decision.decided_at = now()
    event = EVENTS[decision.kind, decision.outcome]
    altered = None
    if decision.alters_id is not None and decision.outcome == "granted":
        altered = session.find(Decision, decision.alters_id)
        session.lock(altered)
        altering.require_alterable(altered)
        altered.version += 1
        if decision.kind == "end":
            altered.ended_on = decision.valid_from
            if altered.kind in altering.RIGHTS:
                event = "right_ended"
        else:
            altered.altered_by_id = decision.id
    _record(session, actor, case, decision, event, day, action)
    if altered is not None and event == "right_ended":
        altering.tell_that_right_ended(session, actor, case, altered, day)


def _facts_for(session: TenantSession, case: Case, programme: str, on: date) -> dict[str, Any]:
    """The case's facts on a day, as if the programme were chosen."""
    facts = {**facts_of(session, case, on), "programme": programme}
    return {name: value for name, value in facts.items() if name in pack_of(case).facts}


def _begins(pack: Pack, case: Case, programme: str, kind: str) -> bool:
    """Whether the decision is the first of its programme's, in a case that no other decides on."""
    if case.programme is not None and pack.programme(case.programme).decisions:
        return False
    decisions = programme_named(pack, programme).decisions
    return bool(decisions) and definition(pack, programme, kind) is decisions[0]


def _leads_on(case: Case, decision: Decision) -> bool:
    """Whether the decision is the first of a programme that a way out of the case's own leads to."""
    pack = pack_of(case)
    if case.programme is None or decision.programme == case.programme:
        return False
    first = programme_named(pack, decision.programme).decisions[:1]
    exits = pack.programme(case.programme).exits
    return any(one.to == decision.programme for one in exits) and any(
        one is definition(pack, decision.programme, decision.kind) for one in first
    )


def _matter(decision: Decision) -> Matter:
    months = None
    if decision.valid_until is not None:
        first, last = decision.valid_from, decision.valid_until
        # A month that has begun counts: a year and a day is thirteen months.
        months = (last.year - first.year) * 12 + last.month - first.month
        months += last.day >= first.day
    return Matter(
        kind=decision.kind,
        outcome=decision.outcome,
        months=months,
        cost_ore=decision.cost_ore,
        departs=departs(decision.kind, decision.outcome, decision.advice),
    )


def _lock_pair(session: TenantSession, case: Case, decision: Decision) -> None:
    # Two people may each begin at one half: the case's row comes first, so neither waits for both.
    if decision.together_id is not None:
        session.lock(case)


def _together(
    session: TenantSession, decision: Decision, *, lock: bool = False
) -> Sequence[Decision]:
    """The others that wait with it and were proposed in the same act, in the order of their ids."""
    if decision.together_id is None:
        return ()
    others = (
        select(Decision)
        .where(
            Decision.case_id == decision.case_id,
            Decision.together_id == decision.together_id,
            Decision.id != decision.id,
            Decision.state == "proposed",
        )
        .order_by(Decision.id)
    )
    found = session.scalars(others).all()
    if lock:
        for one in found:
            session.change(one, one.version)
    return found


def _for_deciding(
    session: TenantSession, actor: Actor, decision_id: UUID, action: Action
) -> tuple[Decision, Case]:
    return open_matter(
        session,
        actor,
        Decision,
        decision_id,
        action,
        prepared_by=lambda decision: decision.proposed_by,
    )


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    decision: Decision,
    kind: str,
    day: date,
    action: Action,
) -> None:
    session.flush()
    record(
        session,
        actor,
        case,
        kind,
        day,
        action=action,
        subject_type="decision",
        subject_id=decision.id,
        data={"kind": decision.kind, "outcome": decision.outcome},
    )
