"""What stands between a contract and its takeover: each condition, and how it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hemvist.assessments.guarding import facts_for
from hemvist.assessments.service import Answered, current_answers
from hemvist.cases.derived import derived_facts
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.policy import Label, evaluate
from hemvist.takeovers.watching import rules_of
from hemvist.tenancy import TenantSession

#: How a condition is known: from the record, from a person, or not at all.
WAYS = ("auto", "manual", "unavailable")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that a condition looks at. ``answer`` is a person's, None where the record answers."""

    fact: str
    label: Label
    value: Any
    answer: Answered | None
    from_record: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: its outcome on the day, the way it is known, and the evidence."""

    id: str
    label: Label
    cite: Sequence[str]
    outcome: str
    way: str
    evidence: Sequence[Evidence]


def checks(session: TenantSession, case: Case, on: date) -> list[Check]:
    """The conditions of the takeover's rule, in the guideline's order; none without a rule."""
    rules = rules_of(case)
    if rules is None or rules.rule is None or case.programme is None:
        return []
    pack = pack_of(case)
    facts = facts_for(session, case, pack.programme(case.programme), on)
    derived = derived_facts(session, case, on)
    answers = current_answers(session, case)
    found: list[Check] = []
    seen: set[str] = set()
    for node in evaluate(pack, rules.rule, facts, on).trace:
        # A rule that is referred to from two places is one condition.
        if not node.because or node.id in seen:
            continue
        seen.add(node.id)
        evidence = [
            Evidence(
                reason.fact,
                pack.facts[reason.fact].label,
                reason.value,
                None if reason.fact in derived else answers.get(reason.fact),
                reason.fact in derived,
            )
            for reason in node.because
            if reason.fact in pack.facts
        ]
        found.append(
            Check(node.id, node.label, node.cite, node.outcome.value, _way(evidence), evidence)
        )
    return found


def _way(evidence: Sequence[Evidence]) -> str:
    if any(not one.from_record and one.answer is None for one in evidence):
        return "unavailable"
    if any(not one.from_record for one in evidence):
        return "manual"
    return "auto"
