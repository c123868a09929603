"""A programme's stages, questions and departments: what a case needs to know of its pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hemvist.policy.errors import PolicyError
from hemvist.policy.evaluation import Evaluation, Outcome, environment, evaluate
from hemvist.policy.events import EVENTS
from hemvist.policy.pack import Pack


class GuardRefused(PolicyError):
    """The guard of a transition is not true; ``evaluation`` says why."""

    def __init__(self, message: str, evaluation: Evaluation) -> None:
        super().__init__(message, rule=evaluation.rule)
        self.evaluation = evaluation


def next_stage(
    pack: Pack, programme: str, stage: str, event: str, facts: Mapping[str, object], on: date
) -> str | None:
    """The stage that ``event`` leads to, or ``None`` when it moves nothing.

    Raises ``GuardRefused`` when the transition's guard is false or unknown, ``PolicyError`` on an
    unknown programme, stage or event.
    """
    stages = pack.programme(programme).stages
    if stages is None:
        return None
    if stage not in stages.states:
        raise PolicyError(f"{programme} has no stage {stage[:60]!r}", rule="unknown_stage")
    if event not in EVENTS:
        raise PolicyError(f"no event {event[:60]!r}", rule="unknown_event")
    for row in stages.transitions:
        if (row.source, row.event) == (stage, event):
            if row.guard is not None:
                evaluation = evaluate(pack, row.guard, facts, on)
                if evaluation.outcome is not Outcome.TRUE:
                    raise GuardRefused(
                        f"{stage} on {event}: {row.guard} is {evaluation.outcome}", evaluation
                    )
            return row.target
    return None


def relevant(pack: Pack, fact: str, facts: Mapping[str, object], on: date) -> Outcome:
    """Whether a question concerns this case: its ``ask_when``, true when it has none."""
    condition = pack.fact(fact).ask_when
    if condition is None:
        return Outcome.TRUE
    return Outcome.of(condition.value(environment(pack, facts, on)))


def responsible(pack: Pack, facts: Mapping[str, object], on: date) -> dict[str, Evaluation]:
    """For every department with a rule of responsibility, what the rule says of this case."""
    return {
        code: evaluate(pack, department.responsible, facts, on)
        for code, department in pack.departments.items()
        if department.responsible is not None
    }
