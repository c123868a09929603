"""What the record says to law and guideline of a ladder, and the answers that its acts give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from hemvist.assessments.guarding import facts_for, refused_by
from hemvist.assessments.recorded import answered_by_act
from hemvist.cases.derived import derived_facts
from hemvist.cases.legality import findings
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of, programme_of
from hemvist.contracts.models import Contract
from hemvist.contracts.notices import notice_facts
from hemvist.errors import PolicyRefused, Problem, ValidationFailed
from hemvist.identity import Actor
from hemvist.ladder.access import rules_of
from hemvist.ladder.models import Ladder, LadderStep
from hemvist.policy import Evaluation, Outcome, evaluate
from hemvist.policy.legal import Finding, Lawfulness
from hemvist.tenancy import TenantSession

BOARD = "social_board"


def steps_of(session: TenantSession, ladder: Ladder) -> list[LadderStep]:
    """The ladder's steps, the oldest first."""

    def found() -> list[LadderStep]:
        return list(
            session.scalars(
                select(LadderStep)
                .where(LadderStep.ladder_id == ladder.id)
                .order_by(LadderStep.happened_on, LadderStep.id)
            )
        )

    return session.remembered(("ladder steps", ladder.id), found)


def first_day(steps: Sequence[LadderStep], *kinds: str) -> date | None:
    """The first day of a step of one of the kinds."""
    return next((one.happened_on for one in steps if one.kind in kinds), None)


def demanded_on(steps: Sequence[LadderStep]) -> date | None:
    """The day of the first written demand."""
    return first_day(steps, "demand")


def board_told_on(steps: Sequence[LadderStep]) -> date | None:
    """The first day on which the social board was told: by itself, or by a copy of the demand."""
    return next(
        (
            one.happened_on
            for one in steps
            if one.kind == "board_notified" or (one.kind == "demand" and BOARD in one.copies)
        ),
        None,
    )


def law_ground(ladder: Ladder) -> str:
    """The ground in the law pack's words."""
    if ladder.ground == "arrears":
        return "arrears"
    return "especially_serious" if ladder.severity == "especially_serious" else "misconduct"


def notice_details(
    session: TenantSession,
    ladder: Ladder,
    *,
    copies: Sequence[str] = (),
    served_on: date | None = None,
) -> dict[str, Any]:
    """The particulars of a notice out of the record: who was told what, when.

    What nobody has registered is left out, and so unknown to the law.
    """
    steps = steps_of(session, ladder)
    given: dict[str, Any] = {
        "ground": law_ground(ladder),
        "demand_sent_on": demanded_on(steps),
        "board_told_on": board_told_on(steps),
        "arrears_served_on": served_on,
        "board_has_copy": True if BOARD in copies else None,
    }
    return {name: value for name, value in given.items() if value is not None}


#: What the ladder is the register of: what it does not hold has not happened.
_KEPT_HERE = frozenset({"lf_12_demand", "lf_12_board_told"})


def law_of_notice(
    case: Case, contract: Contract, details: Mapping[str, Any], on: date
) -> tuple[Finding, ...]:
    """What the law says of a notice given on a day, but for the day on which it ends."""
    facts = notice_facts(contract, details, on)
    if facts is None:
        return ()
    return findings(pack_of(case), "notice", facts | {"notice_stated": False}, on)


def require_law(case: Case, contract: Contract, details: Mapping[str, Any], on: date) -> None:
    """Refuse a notice before the demand and the notification that the law asks for (JB 12:25 a,
    12:42). Raises ``PolicyRefused`` with what is missing; no reason passes it over."""
    lacking = [
        one
        for one in law_of_notice(case, contract, details, on)
        if one.rule in _KEPT_HERE and one.outcome is not Lawfulness.HELD
    ]
    if lacking:
        raise PolicyRefused(
            "against_law",
            f"{lacking[0].flag} {lacking[0].rule}: {lacking[0].message.en}",
            cite=", ".join(lacking[0].cite),
            items=[one.as_json() for one in lacking],
        )


def said_by(session: TenantSession, case: Case, rule: str, on: date) -> Evaluation:
    """What the case's guideline says by one of its rules on a day."""
    programme = programme_of(case)
    assert programme is not None
    return evaluate(pack_of(case), rule, facts_for(session, case, programme, on), on)


def require_needs(session: TenantSession, case: Case, step: str, on: date) -> None:
    """Refuse a step while a rule that it needs by the guideline is not true. Raises
    ``PolicyRefused`` with the trace."""
    rules = rules_of(case, step)
    for rule in () if rules is None else rules.needs:
        said = said_by(session, case, rule, on)
        if said.outcome is not Outcome.TRUE:
            raise refused_by(said)


def require_reason_beside(
    session: TenantSession, case: Case, step: str, on: date, went_on_because: str
) -> None:
    """Ask for a reason where the guideline says that the step is not called for. Raises
    ``ValidationFailed`` on ``wentOnBecause``."""
    rules = rules_of(case, step)
    if rules is None or rules.called_for is None or went_on_because.strip():
        return
    said = said_by(session, case, rules.called_for, on)
    if said.outcome is Outcome.FALSE:
        label = pack_of(case).rule(rules.called_for).label
        raise ValidationFailed(
            [
                Problem(
                    "wentOnBecause",
                    "not_called_for",
                    f"{rules.called_for} is false",
                    {"sv": label.sv, "en": label.en, "cite": ", ".join(rules.cite)},
                )
            ]
        )


def answer_severity(
    session: TenantSession, actor: Actor, case: Case, ladder: Ladder, on: date
) -> None:
    """Let how serious it is answer the guideline's own question of it. The caller holds the case."""
    programme = programme_of(case)
    fact = None if programme is None or programme.ladder is None else programme.ladder.severity_fact
    if fact is None:
        return
    answered_by_act(
        session,
        actor,
        case,
        fact=fact,
        value=ladder.severity,
        on=on,
        source="ladder",
        reason=ladder.severity_reason,
    )


def answer_delivery(
    session: TenantSession, actor: Actor, case: Case, step: str, sent: Sequence[str], on: date
) -> None:
    """Let how a step was sent, and to whom, answer the guideline's question of it. The caller holds
    the case."""
    rules = rules_of(case, step)
    if rules is None or rules.fact is None:
        return
    options = [
        rules.told[one] for one in (*rules.ways, *rules.copies) if one in sent and one in rules.told
    ]
    answered_by_act(
        session, actor, case, fact=rules.fact, value=options, on=on, source="ladder_step"
    )


def children_of(session: TenantSession, case: Case, on: date) -> int | None:
    """How many children under 18 live in the household; None when the record cannot tell."""
    found = derived_facts(session, case, on).get("children_under_18")
    return found if isinstance(found, int) else None
