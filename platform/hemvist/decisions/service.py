"""Proposing and making decisions. The one who proposed does not decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments.service import facts_of
from hemvist.cases import service as cases
from hemvist.cases.access import case_for, open_matter
from hemvist.cases.checks import effective_day, raise_if, require_open, required_text
from hemvist.cases.journal import happened, record
from hemvist.cases.legality import checked_clauses, findings, kinds, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import now
from hemvist.decisions.citations import cited_acts
from hemvist.decisions.models import KINDS, OUTCOMES, Decision
from hemvist.errors import Conflict, PolicyRefused, Problem, ValidationFailed
from hemvist.evaluations.service import keep
from hemvist.identity import Action, Actor
from hemvist.policy import Evaluation, Pack, Programme, evaluate
from hemvist.policy.programmes import DecisionDef
from hemvist.tenancy import TenantSession

#: The core's kinds of decision → the names by which packs speak of them.
PACK_NAMES = {"support_to_obtain_housing": "support", "housing": "housing"}
EVENTS = {
    ("support_to_obtain_housing", "granted"): "support_granted",
    ("support_to_obtain_housing", "refused"): "support_refused",
    ("housing", "granted"): "decision_granted",
    ("housing", "refused"): "decision_refused",
}
MAX_TEXT = 10_000


def definition(pack: Pack, programme: str, kind: str) -> DecisionDef:
    """What the pack says of this kind of decision. Raises ``ValidationFailed``."""
    if kind not in KINDS:
        raise ValidationFailed.one("kind", "unknown_choice", "not one of the kinds")
    wanted = PACK_NAMES[kind]
    for candidate in _programme(pack, programme).decisions:
        if candidate.id == wanted:
            return candidate
    raise ValidationFailed.one("kind", "unknown_choice", "the programme has no such decision")


def advice(session: TenantSession, case: Case, programme: str, kind: str, on: date) -> Evaluation:
    """What the engine advises: the rule that the pack ties to the decision, or the entry rule."""
    facts = _facts_for(session, case, programme, on)
    pack = pack_of(case)
    return evaluate(pack, rule_of(pack, programme, kind), facts, on)


def rule_of(pack: Pack, programme: str, kind: str) -> str:
    """The rule that advises on a kind of decision. Raises ``ValidationFailed``."""
    return definition(pack, programme, kind).rule or _programme(pack, programme).entry


def in_force(session: TenantSession, case: Case, kind: str, on: date) -> Decision | None:
    """The latest granted decision of ``kind`` that holds on a day."""
    rows = session.scalars(
        select(Decision)
        .where(
            Decision.case_id == case.id,
            Decision.kind == kind,
            Decision.state == "decided",
            Decision.decided_on <= on,
            Decision.valid_from <= on,
        )
        .order_by(Decision.decided_on.desc(), Decision.decided_at.desc())
    )
    latest = next(iter(rows), None)
    if latest is None or latest.outcome != "granted":
        return None
    return latest if latest.valid_until is None or latest.valid_until >= on else None


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
    on: date | None = None,
) -> Decision:
    """Write a proposal (förslag till beslut) for somebody else to decide.

    Raises ``ValidationFailed`` with every problem: a legal basis that is not in force on the day, a
    missing motivation, a missing assessment of the child's best interests (SoL 3:1; guideline §2),
    a departure from the engine's advice without a reason, a condition (villkor) that guideline or law
    warns of without ``went_on_because``. Raises ``PolicyRefused`` when the programme puts the signed
    contract first and there is none, and for a condition or a citation that is forbidden.
    """
    case = case_for(session, actor, case_id, Action.DECISION_PROPOSE)
    require_open(case)
    day = effective_day(on, not_before=case.opened_on)
    pack = pack_of(case)
    kind_definition = definition(pack, programme, kind)
    facts = _facts_for(session, case, programme, day)
    said = evaluate(pack, rule_of(pack, programme, kind), facts, day)
    start = valid_from or day
    problems = _check_words(outcome, motivation)
    problems += _check_basis(pack, kind_definition, legal_basis, day)
    problems += _check_period(start, valid_until)
    if int(facts.get("children_under_18") or 0) > 0:
        problems += required_text("childAssessment", child_assessment, MAX_TEXT)
    agrees = (outcome == "granted") == (said.outcome == "true") and said.outcome != "unknown"
    if not agrees:
        problems += required_text("departureReason", departure_reason, MAX_TEXT)
    kept, wrong = checked_clauses("conditions", conditions)
    raise_if(problems + wrong)
    asked = {"conditions": kinds(kept), **cited_acts(pack, legal_basis)}
    weighed = weigh(findings(pack, "decision", asked, day, kept, programme), went_on_because)
    if kind == "housing" and outcome == "granted":
        contract_id = _contract_first(session, case, pack, programme, contract_id, day)
    _require_own_contract(session, case, contract_id)
    # Two may propose at once: the case's row is the lock.
    session.lock(case)
    _refuse_second_proposal(session, case, kind)
    if outcome == "granted" and _begins(pack, case, programme, kind):
        cases.choose_programme(session, case, programme)
    decision = session.save(
        Decision(
            case_id=case.id,
            programme=programme,
            kind=kind,
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
            proposed_by=actor.principal_id,
            proposed_on=day,
            evaluation_id=keep(session, case, pack, said, facts, day).id,
        )
    )
    _record(session, actor, case, decision, "decision_proposed", day, Action.DECISION_PROPOSE)
    return decision


def decide(
    session: TenantSession,
    actor: Actor,
    *,
    decision_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> Decision:
    """Make the decision as proposed. The proposer may not (four eyes).

    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``ValidationFailed``.
    """
    decision, case = _for_deciding(session, actor, decision_id)
    day = effective_day(on, not_before=decision.proposed_on)
    pack = pack_of(case)
    raise_if(
        _check_basis(
            pack, definition(pack, decision.programme, decision.kind), decision.legal_basis, day
        )
    )
    session.change(decision, expected_version)
    _require_proposed(decision)
    decision.state = "decided"
    decision.decided_by = actor.principal_id
    decision.decided_on = day
    decision.decided_at = now()
    _record(
        session,
        actor,
        case,
        decision,
        EVENTS[decision.kind, decision.outcome],
        day,
        Action.DECISION_DECIDE,
    )
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
    """Send a proposal back to the caseworker with what is wanting. Errors as ``decide``."""
    decision, case = _for_deciding(session, actor, decision_id)
    day = effective_day(on, not_before=decision.proposed_on)
    raise_if(required_text("reason", reason, MAX_TEXT))
    session.change(decision, expected_version)
    _require_proposed(decision)
    decision.state = "returned"
    decision.return_reason = reason.strip()
    _record(session, actor, case, decision, "decision_returned", day, Action.DECISION_DECIDE)
    return decision


def _facts_for(session: TenantSession, case: Case, programme: str, on: date) -> dict[str, Any]:
    """The case's facts on a day, as if the programme were chosen."""
    facts = {**facts_of(session, case, on), "programme": programme}
    return {name: value for name, value in facts.items() if name in pack_of(case).facts}


def _programme(pack: Pack, name: str) -> Programme:
    if name not in pack.programmes:
        raise ValidationFailed.one("programme", "unknown_choice", "the pack has no such programme")
    return pack.programme(name)


def _begins(pack: Pack, case: Case, programme: str, kind: str) -> bool:
    """Whether the decision is the first of its programme's, in a case that no other decides on."""
    if case.programme is not None and pack.programme(case.programme).decisions:
        return False
    return definition(pack, programme, kind) is _programme(pack, programme).decisions[0]


def _for_deciding(session: TenantSession, actor: Actor, decision_id: UUID) -> tuple[Decision, Case]:
    return open_matter(
        session,
        actor,
        Decision,
        decision_id,
        Action.DECISION_DECIDE,
        prepared_by=lambda decision: decision.proposed_by,
    )


def _require_proposed(decision: Decision) -> None:
    if decision.state != "proposed":
        raise Conflict("not_proposed", "the proposal has been dealt with", state=decision.state)


def _check_words(outcome: str, motivation: str) -> list[Problem]:
    problems: list[Problem] = []
    if outcome not in OUTCOMES:
        problems.append(Problem("outcome", "unknown_choice", "granted or refused"))
    return problems + required_text("motivation", motivation, MAX_TEXT)


def _check_basis(
    pack: Pack, kind: DecisionDef, legal_basis: Sequence[str], on: date
) -> list[Problem]:
    if not legal_basis:
        return [Problem("legalBasis", "required", "name at least one legal basis")]
    allowed = {basis.id for basis in pack.bases(kind, on)}
    return [
        Problem(
            "legalBasis",
            "not_in_force",
            f"{basis} is not a legal basis of this decision on {on}",
            {"basis": basis, "day": str(on), "allowed": sorted(allowed)},
        )
        for basis in legal_basis
        if basis not in allowed
    ]


def _check_period(start: date, end: date | None) -> list[Problem]:
    if end is not None and end < start:
        return [Problem("validUntil", "before_start", "the period ends before it begins")]
    return []


def _contract_first(
    session: TenantSession,
    case: Case,
    pack: Pack,
    programme: str,
    contract_id: UUID | None,
    day: date,
) -> UUID | None:
    if not _programme(pack, programme).comes_before("contract", "housing"):
        return contract_id
    signed = happened(session, case, "contract_signed")
    if signed is None or signed.occurred_on > day:
        raise PolicyRefused(
            "contract_before_decision",
            "the decision on the housing is made when the contract has been signed",
            cite=", ".join(definition(pack, programme, "housing").cite),
        )
    return contract_id or signed.subject_id


def _require_own_contract(session: TenantSession, case: Case, contract_id: UUID | None) -> None:
    # Whatever the kind: another case's contract, and one that is nowhere, are refused alike.
    if contract_id is None:
        return
    signed = happened(session, case, "contract_signed")
    if signed is None or signed.subject_id != contract_id:
        raise ValidationFailed.one("contractId", "other_contract", "not the contract of this case")


def _refuse_second_proposal(session: TenantSession, case: Case, kind: str) -> None:
    waiting = session.scalar(
        select(Decision.id).where(
            Decision.case_id == case.id, Decision.kind == kind, Decision.state == "proposed"
        )
    )
    if waiting is not None:
        raise Conflict("already_proposed", "a proposal of this kind waits to be decided")


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
