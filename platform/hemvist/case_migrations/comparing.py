"""What another version of the guideline would say of an open case, beside what its own says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hemvist.assessments.service import Answered, current_answers
from hemvist.cases.derived import derived_facts
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.cases.rescheduling import replan
from hemvist.deadlines.replanning import Difference
from hemvist.policy import Pack, PolicyError, check_answer, evaluate
from hemvist.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an entry rule says, and the facts that would settle it."""

    outcome: str
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeChange:
    """A programme's entry rule under both versions; ``before`` is None for a new programme."""

    programme: str
    before: Verdict | None
    after: Verdict | None

    @property
    def changed(self) -> bool:
        """Whether the outcome or what is missing differs."""
        return self.before != self.after

    @property
    def newly_missing(self) -> tuple[str, ...]:
        """Facts that only the new version still has to ask for."""
        known = self.before.ask if self.before else ()
        return tuple(fact for fact in (self.after.ask if self.after else ()) if fact not in known)

    def as_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "programme": self.programme,
            "before": _verdict(self.before),
            "after": _verdict(self.after),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """One case under both versions. ``unfit`` are facts whose answers the new one cannot take."""

    case: Case
    to_version: str
    programmes: tuple[ProgrammeChange, ...]
    obligations: tuple[Difference, ...]
    unfit: tuple[str, ...]


def compare(session: TenantSession, case: Case, target: Pack, on: date) -> Comparison:
    """The case under its own version and under ``target``, on a day. Changes nothing.

    Raises ``PolicyError`` when the target cannot judge it: no such programme or department, a day
    before it is in force.
    """
    own = pack_of(case)
    if case.programme is not None:
        target.programme(case.programme)
    target.department(case.department)
    answers = current_answers(session, case)
    record = derived_facts(session, case, on)
    unfit = tuple(sorted(answer.fact for answer in unfitting(answers, target)))
    known = {fact: answer.value for fact, answer in answers.items()}
    before = {**known, **record}
    after = {**{fact: value for fact, value in known.items() if fact not in unfit}, **record}
    names = [case.programme] if case.programme else [*own.programmes, *target.programmes]
    return Comparison(
        case,
        target.version,
        tuple(
            ProgrammeChange(name, _entry(own, name, before, on), _entry(target, name, after, on))
            for name in dict.fromkeys(names)
        ),
        tuple(replan(session, case, target, on).differences()) if case.programme else (),
        unfit,
    )


def unfitting(answers: Mapping[str, Answered], target: Pack) -> Sequence[Answered]:
    """Answers to questions that the target asks too, but not so that these answers fit."""
    found = []
    for name, answer in answers.items():
        if name not in target.facts:
            continue
        try:
            check_answer(target.facts[name], answer.value)
        except PolicyError:
            found.append(answer)
    return found


def _entry(pack: Pack, programme: str, facts: Mapping[str, Any], on: date) -> Verdict | None:
    if programme not in pack.programmes:
        return None
    given = {**facts, "programme": programme}
    known = {name: value for name, value in given.items() if name in pack.facts}
    said = evaluate(pack, pack.programme(programme).entry, known, on)
    return Verdict(said.outcome.value, said.ask)


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    return None if verdict is None else {"outcome": verdict.outcome, "ask": list(verdict.ask)}
