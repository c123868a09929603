"""Checks at an act, and what each found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hemvist.policy.clauses import Refusal
from hemvist.policy.evaluation import Outcome, evaluate
from hemvist.policy.labels import Label
from hemvist.policy.legal.notice import earliest_end
from hemvist.policy.pack import LegalCheck, Pack

_NOTICE = "LF-1"


class Lawfulness(StrEnum):
    """What a check found."""

    HELD = "held"
    VIOLATED = "violated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule of law, or one refusal of the guideline, says of an act.

    ``missing`` are the facts that would settle an unknown one, with their questions; ``earliest`` is
    the first lawful date of a notice, where it can be told.
    """

    flag: str
    rule: str
    at: str
    effect: str
    outcome: Lawfulness
    label: Label
    message: Label
    cite: tuple[str, ...]
    missing: tuple[tuple[str, Label], ...] = ()
    earliest: date | None = None

    @property
    def stops(self) -> bool:
        """Whether the act may not be done."""
        return self.effect == "block" and self.outcome is Lawfulness.VIOLATED

    @property
    def needs_reason(self) -> bool:
        """Whether a person goes on only with a reason: a warning, or a bar that nobody can judge."""
        if self.outcome is Lawfulness.VIOLATED:
            return self.effect == "warn"
        return self.outcome is Lawfulness.UNKNOWN and self.effect == "block"

    def as_json(self) -> dict[str, object]:
        """The finding as JSON data, to be kept with the act."""
        return {
            "flag": self.flag,
            "rule": self.rule,
            "at": self.at,
            "effect": self.effect,
            "outcome": self.outcome.value,
            "label": self.label.as_json(),
            "message": self.message.as_json(),
            "cite": list(self.cite),
            "missing": [{"fact": fact, "label": label.as_json()} for fact, label in self.missing],
            "earliest": None if self.earliest is None else self.earliest.isoformat(),
        }


def check(law: Pack, at: str, facts: Mapping[str, object], on: date) -> tuple[Finding, ...]:
    """What every check of ``law`` at a point says; a fact left out or None is not known.

    ``at`` is contract, decision, guarantee, guarantor_notice, notice, eviction or case. Raises
    ``PolicyError`` on a fact that the law pack does not have or that does not hold, and on a day
    before it is in force.
    """
    return tuple(_finding(law, one, facts, on) for one in law.checks if one.at == at)


def _finding(law: Pack, one: LegalCheck, facts: Mapping[str, object], on: date) -> Finding:
    said = evaluate(law, one.rule, facts, on)
    outcome = {
        Outcome.TRUE: Lawfulness.HELD,
        Outcome.FALSE: Lawfulness.VIOLATED,
        Outcome.UNKNOWN: Lawfulness.UNKNOWN,
    }[said.outcome]
    rule = law.rule(one.rule)
    return Finding(
        one.flag,
        one.rule,
        one.at,
        one.effect,
        outcome,
        rule.label,
        one.message,
        rule.cite,
        tuple((name, law.fact(name).label) for name in said.ask),
        earliest_end(law, facts, on) if one.flag == _NOTICE else None,
    )


def refusals(
    pack: Pack,
    where: str,
    kinds: Iterable[str],
    programme: str | None = None,
    on: date | None = None,
) -> tuple[Finding, ...]:
    """What the guideline itself refuses among the kinds of clauses of a contract or decision.

    Without a programme only what is refused in all; without a day also what is refused on some.
    """
    present = set(kinds)
    return tuple(
        Finding(
            one.legal.flag if one.legal is not None else "",
            one.id,
            where,
            one.effect,
            Lawfulness.VIOLATED,
            one.label,
            _reason(one),
            one.cite,
        )
        for one in pack.refused
        if one.active
        and where in one.where
        and one.clause in present
        and (not one.programmes or programme in one.programmes)
        and (one.while_param is None or on is None or pack.param(one.while_param, on) is True)
    )


def _reason(refusal: Refusal) -> Label:
    """Why it is refused: by the guideline's own words, else by the note on the law, else its name."""
    if refusal.help is not None:
        return refusal.help
    note = refusal.legal.note if refusal.legal is not None else None
    return note or refusal.label
