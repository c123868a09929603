"""Any order: a kommun that is looked at from the database before and after every act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hemvist.assessments.guarding import facts_for
from hemvist.clock import today
from hemvist.errors import HemvistError
from hemvist.policy import Outcome, evaluate
from hemvist_any_order import ACTS, Act, Draw, Town
from hemvist_any_order_never import contents, found
from hemvist_world import as_owner

#: Programme and stage; a case in no programme has neither.
Stage = tuple[str | None, str | None]
#: How far back the first act lies, days; the last lie today.
BACK = 20


class Watch:
    """One kommun. ``done`` counts what was carried out, ``refused`` what was not and by what rule."""

    def __init__(self, make: Callable[[], Town], back: int = BACK) -> None:
        self.town = make()
        self._back = back
        # Homes for as many offers as may come.
        for _ in range(2):
            self.town.world.unit()
        self.done: Counter[str] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self._tried: Counter[str] = Counter()
        self._steps = 0
        self._look()

    def attempt(self, seed: int) -> None:
        """One act by ``seed``: mostly one that has been tried least. Now and then it is sent twice."""
        # The same seed is another choice with every step.
        draw = Draw(seed + 7919 * self._steps)
        names = sorted(ACTS)
        if draw.below(4):
            least = min(self._weight(name) for name in names)
            names = [name for name in names if self._weight(name) == least]
        name = draw.of(*names)
        chosen = self.once(name, draw)
        if chosen is not None and draw.once_in(4):
            self.carry_out(name, chosen)

    def once(self, name: str, draw: Draw) -> Act | None:
        """An act of this name, tried; gives it, or None where there was nothing to act on."""
        self._tried[name] += 1
        self._steps += 1
        day = min(today(), today() - timedelta(days=self._back - self._steps // 4))
        # Most are registered as they come; some are told of late.
        if draw.once_in(8):
            day -= timedelta(days=draw.below(200))
        chosen = ACTS[name](self.town, draw, day)
        if chosen is None:
            return None
        if draw.once_in(15):
            people = sorted(self.town.world.people)
            chosen = replace(chosen, who=draw.of(*people))
        self.carry_out(name, chosen)
        return chosen

    def _weight(self, name: str) -> int:
        return self._tried[name] + 2 * self.done[name]

    def carry_out(self, name: str, chosen: Act) -> None:
        """The act tried, and everything that must hold afterwards."""
        refused = chosen.on(self.town)
        told = f"{name}: {chosen}"
        if refused is not None:
            self.refused[name, _rule(refused)] += 1
            with as_owner(self.town.world.tenant_id) as database:
                after = contents(database)
            changed = sorted(table for table in after if after[table] != self._contents[table])
            assert not changed, f"{changed} changed though refused ({refused}): {told}"
            return
        self.done[name] += 1
        before, stages, guards = self._contents, self._stages, self._guards
        self._look()
        assert not self._wrong, f"{self._wrong} after {told}"
        grown = {table: self._contents[table][0] - before[table][0] for table in before}
        lines = grown["case_events"]
        assert lines >= 1, f"no line of the journal after {told}"
        assert grown["audit_entries"] >= 1, f"no entry of the audit log after {told}"
        assert grown["outbox_events"] >= lines, f"a line that nobody is told of after {told}"
        for case, now in self._stages.items():
            was = stages[case]
            # One of the table's arrows, and its guard was true before the act was done.
            if now != was and now[0] == was[0]:
                arrows = self._reachable(was, guards[case])
                assert now in arrows, f"{was} -> {now} (allowed: {arrows}) after {told}"

    def _look(self) -> None:
        """What stands in the tables now, where each case stands, and what its guards say."""
        with as_owner(self.town.world.tenant_id) as database:
            self._contents = contents(database)
            self._wrong = found(database)
            programmes = dict(database.execute("SELECT id, programme FROM cases").fetchall())
            events: dict[UUID, list[str]] = {case: [] for case in programmes}
            for case, kind in database.execute(
                "SELECT case_id, kind FROM case_events ORDER BY occurred_on, recorded_at, id"
            ):
                events[case].append(kind)
        self._stages = {case: self._fold(programmes[case], events[case]) for case in programmes}
        self._guards = {case.id: self._guards_of(case) for case in self.town.cases}

    def _fold(self, name: str | None, events: list[str]) -> Stage:
        """The stage by the pack's table folded over the case's lines."""
        if name is None or (stages := self.town.pack.programme(name).stages) is None:
            return name, None
        stage = stages.initial
        for event in events:
            for arrow in stages.transitions:
                if (arrow.source, arrow.event) == (stage, event):
                    stage = arrow.target
                    break
        return name, stage

    def _guards_of(self, case: Any) -> dict[str, bool]:
        """What each guard out of the stage that the case is in says of it now."""
        name, stage = self._stages[case.id]
        if name is None or stage is None:
            return {}
        pack, world = self.town.pack, self.town.world
        programme = pack.programme(name)
        assert programme.stages is not None
        guards = {
            arrow.guard
            for arrow in programme.stages.transitions
            if arrow.source == stage and arrow.guard is not None
        }
        if not guards:
            return {}
        row = world.again(case)
        facts = world.read(lambda session: facts_for(session, row, programme, today()))
        return {
            guard: evaluate(pack, guard, facts, today()).outcome is Outcome.TRUE for guard in guards
        }

    def _reachable(self, was: Stage, guards: dict[str, bool]) -> set[Stage]:
        """What one event may lead to from a stage."""
        assert was[0] is not None
        stages = self.town.pack.programme(was[0]).stages
        assert stages is not None
        return {
            (was[0], arrow.target)
            for arrow in stages.transitions
            if arrow.source == was[1] and (arrow.guard is None or guards[arrow.guard])
        }


def _rule(refused: HemvistError) -> str:
    rule = getattr(refused, "rule", None)
    problems = getattr(refused, "problems", ())
    return rule or ", ".join(f"{one.field} {one.rule}" for one in problems) or str(refused)
