"""What a proposal must and may not say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.checks import required_text
from hemvist.cases.journal import happened, in_programme
from hemvist.cases.models import Case
from hemvist.decisions.definitions import definition, programme_named
from hemvist.decisions.models import OUTCOMES, Decision
from hemvist.errors import Conflict, PolicyRefused, Problem, ValidationFailed
from hemvist.policy import Pack
from hemvist.policy.programmes import DecisionDef
from hemvist.tenancy import TenantSession

MAX_TEXT = 10_000


def check_words(outcome: str, motivation: str) -> list[Problem]:
    """Problems of the outcome and of the motivation."""
    problems: list[Problem] = []
    if outcome not in OUTCOMES:
        problems.append(Problem("outcome", "unknown_choice", "granted or refused"))
    return problems + required_text("motivation", motivation, MAX_TEXT)


def check_basis(
    pack: Pack, kind: DecisionDef, legal_basis: Sequence[str], on: date
) -> list[Problem]:
    """Problems of the legal bases: none named, or one that is not in force on the day."""
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


def check_period(start: date, end: date | None) -> list[Problem]:
    """A period that ends before it begins."""
    if end is not None and end < start:
        return [Problem("validUntil", "before_start", "the period ends before it begins")]
    return []


def check_cost(cost_ore: int | None) -> list[Problem]:
    """A cost that is less than nothing, or more than a month can cost."""
    if cost_ore is not None and not 0 <= cost_ore < 2**31:
        return [Problem("costOre", "out_of_range", "an amount in öre")]
    return []


def contract_first(
    session: TenantSession,
    case: Case,
    pack: Pack,
    programme: str,
    contract_id: UUID | None,
    day: date,
) -> UUID | None:
    """The contract that a grant of the housing rests on. Raises ``PolicyRefused`` without one."""
    if not programme_named(pack, programme).comes_before("contract", "housing"):
        return contract_id
    # An earlier programme's contract is none of this one's.
    mine = in_programme(session, case.id) if case.programme == programme else []
    signed = next((one for one in reversed(mine) if one.kind == "contract_signed"), None)
    if signed is None or signed.occurred_on > day:
        raise PolicyRefused(
            "contract_before_decision",
            "the decision on the housing is made when the contract has been signed",
            cite=", ".join(definition(pack, programme, "housing").cite),
        )
    return contract_id or signed.subject_id


def require_own_contract(session: TenantSession, case: Case, contract_id: UUID | None) -> None:
    """Another case's contract, and one that is nowhere, are refused alike, whatever the kind."""
    if contract_id is None:
        return
    signed = happened(session, case, "contract_signed")
    if signed is None or signed.subject_id != contract_id:
        raise ValidationFailed.one("contractId", "other_contract", "not the contract of this case")


def refuse_second_proposal(session: TenantSession, case: Case, kind: str) -> None:
    """Raise ``Conflict`` while a proposal of the kind waits."""
    waiting = session.scalar(
        select(Decision.id).where(
            Decision.case_id == case.id, Decision.kind == kind, Decision.state == "proposed"
        )
    )
    if waiting is not None:
        raise Conflict("already_proposed", "a proposal of this kind waits to be decided")


def require_proposed(decision: Decision) -> None:
    """Raise ``Conflict`` when the proposal has been dealt with."""
    if decision.state != "proposed":
        raise Conflict("not_proposed", "the proposal has been dealt with", state=decision.state)
