"""In which phase of the support a case is, and since when (stödets faser)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hemvist.cases.stage import RESTART
from hemvist.policy import Pack, Programme, add_days, add_months
from hemvist.policy.params import Span
from hemvist.policy.support import Phase

#: An event of the case and its day, oldest first.
Line = tuple[str, date]

IN_TIME, TOO_EARLY, TOO_LATE = "in_time", "too_early", "too_late"


@dataclass(frozen=True, slots=True)
class Entered:
    """A phase that the case entered on a day by an event, and left on another, or not yet.

    ``lead`` says of a phase that is to begin so long before an event whether it did; None where the
    guideline says nothing, or that event has not come. ``due`` are the first and last day on which
    that event would come in time.
    """

    phase: Phase
    on: date
    by: str
    left_on: date | None = None
    lead: str | None = None
    due: tuple[date, date] | None = None


def phases_of(programme: Programme, pack: Pack, lines: Sequence[Line]) -> tuple[Entered, ...]:
    """The phases that the case has been in, in order; a phase entered anew stands there again.

    A phase is left for another one, or for a stage that belongs to none.
    """
    stages = programme.stages
    if stages is None or not programme.phases:
        return ()
    by_stage = {stage: phase for phase in programme.phases for stage in phase.stages}
    stage, found = stages.initial, list[Entered]()
    for kind, day in lines:
        before = by_stage.get(stage)
        stage = stages.initial if kind == RESTART else stages.moves.get((stage, kind), stage)
        now = by_stage.get(stage)
        if now is before:
            continue
        if before is not None and found:
            last = found[-1]
            found[-1] = Entered(last.phase, last.on, last.by, left_on=day)
        if now is not None:
            found.append(Entered(now, day, kind))
    return tuple(_with_lead(pack, one, lines) for one in found)


def _with_lead(pack: Pack, entered: Entered, lines: Sequence[Line]) -> Entered:
    lead = entered.phase.lead
    if lead is None:
        return entered
    first = _after(pack, entered.on, lead.latest)
    last = _after(pack, entered.on, lead.earliest)
    came = next((day for kind, day in lines if kind == lead.before and day >= entered.on), None)
    said = None
    if came is not None:
        said = TOO_LATE if came < first else TOO_EARLY if came > last else IN_TIME
    return Entered(entered.phase, entered.on, entered.by, entered.left_on, said, (first, last))


def _after(pack: Pack, day: date, span: Span) -> date:
    shift = add_months if span.unit == "months" else add_days
    return shift(day, pack.number(span.count, day))
