"""Simulations, and the cases that they would change, for those who may read them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Action, allows
from hemvist.policy import Pack, PolicyError, evaluate
from hemvist.simulations import service
from hemvist.simulations.access import visible_simulations
from hemvist.simulations.comparing import accepted
from hemvist.simulations.models import ENDED
from hemvist.simulations.models import Simulation as SimulationRow
from hemvist.simulations.models import SimulationChange as ChangeRow
from hemvist.simulations.subjects import ENTRY
from hemvist.simulations.versions import version_of
from hemvist_graphql.access import of_own_case
from hemvist_graphql.assessments.types import TraceNode, criterion_shown
from hemvist_graphql.case_migrations.types import FactName
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.loading import pointed_at, record_of
from hemvist_graphql.messages import message_for
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    readable,
    reads,
    to_one,
    unsealed,
)
from hemvist_graphql.refs import CaseRef, PrincipalRef, SimulationRef
from hemvist_graphql.simulations.results import SimulationResult, result_shown
from hemvist_graphql.states import SimulationChangeKind, SimulationState
from hemvist_graphql.wording import SIMULATION_CHANGES, SIMULATION_PHASES, SIMULATION_STATES

#: Percent at which each phase begins, and at which it ends.
_SPANS = {
    "waiting": (0, 0),
    "snapshot": (2, 2),
    "comparing": (10, 95),
    "concluding": (95, 95),
    "ended": (100, 100),
}


@reads(
    SimulationRow,
    visible=visible_simulations,
    also=(SimulationRow.result, SimulationRow.failure, SimulationRow.cancel_asked_at),
)
@strawberry.type(description="Two versions of a guideline compared on the kommun's current cases.")
class Simulation(Node):
    """Two versions of a guideline compared on the kommun's current cases."""

    pack: str = column(SimulationRow.pack)
    old_version: str = column(SimulationRow.old_version)
    new_version: str = column(SimulationRow.new_version)
    judged_on: dt.date = column(SimulationRow.judged_on, description="Both are judged on this day.")
    programme: str | None = column(
        SimulationRow.programme, description="Only its rules, and cases in it or in none."
    )
    rules: list[str] = column(SimulationRow.rules, description="Only these rules; all when empty.")
    state: SimulationState = column(SimulationRow.state)
    phase: str = column(
        SimulationRow.phase, description="waiting, snapshot, comparing, concluding or ended"
    )
    cases_total: int = column(SimulationRow.cases_total, description="0 until they are known.")
    cases_done: int = column(SimulationRow.cases_done)
    requested_by: PrincipalRef | None = to_one("Principal", SimulationRow.requested_by)
    requested_at: dt.datetime = column(SimulationRow.requested_at)
    started_at: dt.datetime | None = column(SimulationRow.started_at)
    ended_at: dt.datetime | None = column(SimulationRow.ended_at)

    @computed(description="From 0 to 100; how far it came when it was stopped.")
    def progress_percent(self) -> int:
        """How far it has come."""
        row = self.row
        if row["state"] in ENDED and row["state"] != "done":
            return self._share(*_SPANS["comparing"])
        return self._share(*_SPANS[row["phase"]])

    def _share(self, start: int, end: int) -> int:
        total, done = self.row["cases_total"], self.row["cases_done"]
        return start + (end - start) * min(done, total) // total if total else start

    @computed(needs=("state",), description="The state in words, in Swedish (sv) or English (en).")
    def state_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The state in words."""
        return worded(SIMULATION_STATES[self.row["state"]], lang)

    @computed(
        needs=("phase",), description="What the worker is at, in Swedish (sv) or English (en)."
    )
    def phase_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What the worker is at."""
        return worded(SIMULATION_PHASES[self.row["phase"]], lang)

    @computed(description="Why it failed, in Swedish (sv) or English (en); else null.")
    def failure(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """Why it failed."""
        code = self.row["failure"]
        return None if code is None else message_for(code, lang, {}, code)

    @computed(description="Whether it has been asked to stop.")
    def cancelling(self) -> bool:
        """Whether it has been asked to stop and has not yet."""
        return self.row["cancel_asked_at"] is not None and self.row["state"] not in ENDED

    @computed(needs=("state",), reads=False, description="Whether the caller may cancel it now.")
    def may_cancel(self, info: Info) -> bool:
        """Whether the caller may cancel it now."""
        return self.row["state"] not in ENDED and allows(info.context.actor, Action.POLICY_CHANGE)

    @computed(5, description="Whether both versions still say what was simulated.")
    def current(self, info: Info) -> bool:
        """Whether both versions still say what was simulated; a draft may be changed."""
        return service.is_current(info.context.session, record_of(info.context, self))

    @computed(
        20,
        needs=("result",),
        description="Null until it is done; changedOnly leaves unchanged rules out.",
    )
    def result(self, changed_only: bool = False) -> SimulationResult | None:
        """What it found."""
        data = self.row["result"]
        return None if data is None else result_shown(data, changed_only)


@strawberry.type(description="What one version says of a case, clause by clause.")
class SimulatedAnswer:
    """What one version says of a case, clause by clause."""

    version: str
    rule: str
    cite: list[str]
    ask: list[FactName] = strawberry.field(description="What would settle an unknown one.")
    trace: list[TraceNode] = strawberry.field(description="Clause by clause, parents first.")


@reads(
    ChangeRow,
    visible=of_own_case(ChangeRow),
    case=ChangeRow.case_id,
    also=(ChangeRow.facts_sealed, ChangeRow.simulation_id),
)
@strawberry.type(description="A case that a rule would answer otherwise.")
class SimulationChange(Readable):
    """A case that a rule would answer otherwise; for those who read cases in its department."""

    simulation: SimulationRef | None = to_one("Simulation", ChangeRow.simulation_id)
    case: CaseRef = to_one("Case", ChangeRow.case_id)
    subject: str = column(ChangeRow.subject, description="entry:programme or rule:name")
    change: SimulationChangeKind = column(ChangeRow.change)
    outcome_before: str = column(ChangeRow.before, description="true, false or unknown")
    outcome_after: str = column(ChangeRow.after, description="true, false or unknown")

    @computed(
        needs=("change",), description="The change in words, in Swedish (sv) or English (en)."
    )
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The change in words."""
        return worded(SIMULATION_CHANGES[self.row["change"]], lang)

    @computed(50, description="Null when the version is no longer what it was then.")
    def before(self, info: Info) -> SimulatedAnswer | None:
        """What the old version says."""
        return _answer(info, self, "old")

    @computed(50, description="Null when the version is no longer what it was then.")
    def after(self, info: Info) -> SimulatedAnswer | None:
        """What the new version says."""
        return _answer(info, self, "new")


def _answer(info: Info, change: SimulationChange, side: str) -> SimulatedAnswer | None:
    """The one-case evaluator's answer on the facts that the simulation was carried out on."""
    context = info.context
    simulation: Any = pointed_at(context, change, readable("Simulation"), "simulation_id")
    if simulation is None:
        return None
    row = _versions(context.session, simulation)
    try:
        pack = version_of(context.session, row.pack, getattr(row, f"{side}_version"))
        if pack.content_hash != getattr(row, f"{side}_content"):
            return None
        rule = _rule(pack, change.row["subject"])
        known = unsealed(info, ChangeRow.facts, change.row["facts_sealed"]) or {}
        facts = accepted(pack.facts, known)[0]
        shown = criterion_shown(pack, said := evaluate(pack, rule, facts, row.judged_on), {})
    except PolicyError:
        return None
    return SimulatedAnswer(
        version=pack.version,
        rule=rule,
        cite=shown.cite,
        ask=[FactName(fact=name, text=pack.facts[name].label) for name in said.ask],
        trace=shown.trace,
    )


def _versions(session: Any, simulation: Any) -> SimulationRow:
    row: SimulationRow = session.find(SimulationRow, simulation.row["id"])
    return row


def _rule(pack: Pack, subject: str) -> str:
    kind, _, name = subject.partition(":")
    return pack.programme(name).entry if kind == ENTRY else name
