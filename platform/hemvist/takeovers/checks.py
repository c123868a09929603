"""What stands between a contract and its takeover: each condition, and how it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hemvist.assessments.guarding import facts_for, refused_by
from hemvist.assessments.service import Answered, current_answers
from hemvist.cases.derived import derived_facts
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.policy import Label, Outcome, evaluate
from hemvist.policy.takeover import Takeover as TakeoverRules
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
    #: What the codes of a choice mean; none of another kind of fact.
    options: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: its outcome on the day, the way it is known, and the evidence.

    ``one_of`` is the label of what it is one of several ways to, any one of which is enough.
    """

    id: str
    label: Label
    cite: Sequence[str]
    outcome: str
    way: str
    evidence: Sequence[Evidence]
    one_of: Label | None = None


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
    trace = evaluate(pack, rules.rule, facts, on).trace
    above = {node.path: node for node in trace}
    for node in trace:
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
                pack.options_of(reason.fact),
            )
            for reason in node.because
            if reason.fact in pack.facts
        ]
        parent = above.get(node.parent or "")
        found.append(
            Check(
                node.id,
                node.label,
                node.cite,
                node.outcome.value,
                _way(evidence),
                evidence,
                parent.label if parent is not None and parent.kind == "any" else None,
            )
        )
    return found


def require_only_the_owner(
    session: TenantSession, case: Case, rules: TakeoverRules, on: date
) -> None:
    """Refuse to ask the landlord while anything but the landlord's own yes is missing (GBG-128).

    Where the guideline says which fact the landlord answers, the rule must be true if the answer is
    yes; elsewhere it must not be false. Raises ``PolicyRefused`` with the trace.
    """
    if rules.rule is None or case.programme is None:
        return
    pack = pack_of(case)
    facts = facts_for(session, case, pack.programme(case.programme), on)
    if rules.owner_fact is None:
        if (said := evaluate(pack, rules.rule, facts, on)).outcome is Outcome.FALSE:
            raise refused_by(said)
        return
    assumed = {**facts, rules.owner_fact: True}
    if rules.tribunal_fact is not None and assumed.get(rules.tribunal_fact) is None:
        # Nobody has gone there yet, and nobody needs to: it is not among what is missing.
        assumed[rules.tribunal_fact] = False
    said = evaluate(pack, rules.rule, assumed, on)
    if said.outcome is not Outcome.TRUE:
        raise refused_by(said)


def _way(evidence: Sequence[Evidence]) -> str:
    if any(not one.from_record and one.answer is None for one in evidence):
        return "unavailable"
    if any(not one.from_record for one in evidence):
        return "manual"
    return "auto"
