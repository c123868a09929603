"""Programmes: one reader per section, with the section's citation as the items' default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from hemvist.policy.labels import Label
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.agreements import read_contract, read_guarantee, read_offers
from hemvist.policy.loading.contents import read_commission, read_plan, read_referral
from hemvist.policy.loading.context import Context
from hemvist.policy.loading.duties import read_end_of_follow_up, read_obligations
from hemvist.policy.loading.items import Section, Titled
from hemvist.policy.loading.ladder import read_ladder
from hemvist.policy.loading.landlord import read_landlord
from hemvist.policy.loading.matching import read_matching
from hemvist.policy.loading.parts import Parts
from hemvist.policy.loading.phases import read_phases
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node
from hemvist.policy.loading.takeover import read_milestones, read_takeover
from hemvist.policy.pack import Period
from hemvist.policy.programmes import (
    EVENTS,
    LAST_STEPS,
    MILESTONES,
    PARTIES,
    STEPS,
    DecisionDef,
    Exit,
    Item,
    LegalBasis,
    Programme,
    Stages,
    Transition,
)

T = TypeVar("T")


def read_programmes(
    parts: Parts, context: Context, bases: Mapping[str, LegalBasis]
) -> Mapping[str, Programme]:
    """All programmes of the pack."""
    known = [key.text for key, _ in parts.entries("programmes")]
    found: dict[str, Programme] = {}
    for key, node in parts.entries("programmes"):
        id = r.name(key, "a programme")
        with r.reading(node, f"programme {id}") as keys:
            found[id] = _Programme(id, keys, context, parts.in_force, bases, known).read()
    return found


class _Programme:
    def __init__(
        self,
        id: str,
        keys: Keys,
        context: Context,
        in_force: Period,
        bases: Mapping[str, LegalBasis],
        programmes: list[str],
    ) -> None:
        self.id = id
        self.keys = keys
        self.context = context
        self.in_force = in_force
        self.bases = bases
        self.programmes = programmes
        self.cite = context.cite(keys)
        #: Where decisions say with which other they are granted: looked up when all are read.
        self.pairs: list[Node] = []

    def read(self) -> Programme:
        keys, context = self.keys, self.context
        decisions = self.items("decisions", self.decision)
        for written in self.pairs:
            r.choice(written, "decided_with", [decision.id for decision in decisions])
        milestones = read_milestones(keys, self.section("milestone"))
        # Before everything that can wait for one of them.
        context.milestones = frozenset(
            event
            for event in (
                *(milestone.event for milestone in milestones),
                *(decision.grants for decision in decisions),
                *(decision.refuses for decision in decisions),
            )
            if event is not None
        )
        obligations = read_obligations(keys, self.section("obligation"))
        duties = [duty.id for duty in obligations]
        named = [milestone.id for milestone in milestones]
        read_commissioned = partial(read_commission, obligations=duties, milestones=named)
        stages = self.part("stages", self.stages)
        programme = Programme(
            self.id,
            context.label(keys),
            self.cite,
            context.covers(keys, f"programme:{self.id}"),
            context.help(keys),
            context.rule(keys.need("entry"), "entry"),
            self.part("referral", read_referral),
            decisions,
            self.order([decision.id for decision in decisions]),
            self.part("offers", read_offers),
            self.part("contract", read_contract),
            self.part("guarantee", read_guarantee),
            obligations,
            self.part("plan", partial(read_plan, obligations=duties)),
            self.part("end_of_follow_up", read_end_of_follow_up),
            self.items("exits", self.exit),
            stages,
            self.items("standing", lambda _, titled: Item(**titled)),
            self.part("takeover", read_takeover),
            milestones,
            self.part("matching", read_matching),
            self.part("ladder", read_ladder),
            self.part("commission", read_commissioned),
            read_phases(keys, self.section("phase"), stages),
        )
        learns = partial(read_landlord, contract=programme.contract)
        return replace(programme, landlord=self.part("landlord", learns))

    def section(self, name: str) -> Section:
        return Section(self.context, self.id, name, self.cite)

    def items(self, key: str, read: Callable[[Keys, Titled], T]) -> tuple[T, ...]:
        return self.section(key.removesuffix("s")).each(self.keys, key, read)

    def part(self, key: str, read: Callable[[Node, Context, str, tuple[str, ...]], T]) -> T | None:
        node = self.keys.get(key)
        return None if node is None else read(node, self.context, self.id, self.cite)

    def decision(self, keys: Keys, titled: Titled) -> DecisionDef:
        written = keys.get("legal_bases")
        bases = tuple(
            r.choice(item, "legal_bases", self.bases)
            for item in (r.items(written, "legal_bases") if written is not None else ())
        )
        if bases and not any(self.bases[base].valid_on(self.in_force.start) for base in bases):
            keys.fail("legal_bases", f"none of them is in force on {self.in_force.start}")
        refuses, by, other = keys.get("refuses"), keys.get("by"), keys.get("decided_with")
        if other is not None:
            self.pairs.append(other)
        return DecisionDef(
            **titled,
            legal_bases=bases,
            grants=r.choice(keys.need("grants"), "grants", EVENTS),
            refuses=None if refuses is None else r.choice(refuses, "refuses", EVENTS),
            by="referring" if by is None else r.choice(by, "by", PARTIES),
            rule=self.context.optional_rule(keys, "needs_rule"),
            decided_with=None if other is None else r.name(other, "a decision"),
        )

    def order(self, decisions: list[str]) -> tuple[str, ...]:
        node = self.keys.need("order")
        steps = (*STEPS, *LAST_STEPS, *decisions, *sorted(self.context.milestones & {*MILESTONES}))
        found: list[str] = []
        for item in r.items(node, "order"):
            if r.scalar(item, "order").text in MILESTONES:
                self.context.event(item, "order")
            step = r.choice(item, "order", steps)
            if step in found:
                item.place.fail(f"{step!r} is listed twice")
            found.append(step)
        for decision in decisions:
            if decision not in found:
                node.place.fail(f"the decision {decision!r} has no place in the order")
        return tuple(found)

    def exit(self, keys: Keys, titled: Titled) -> Exit:
        target = keys.get("to")
        return Exit(
            **titled,
            rule=self.context.optional_rule(keys, "rule"),
            to=None if target is None else r.choice(target, "to", self.programmes),
        )

    def stages(self, node: Node, context: Context, programme: str, cite: tuple[str, ...]) -> Stages:
        with r.reading(node, "stages") as keys:
            states: dict[str, Label] = {
                r.name(key, "a stage"): r.label(value, f"stage {key.text}")
                for key, value in r.entries(keys.need("states"), "states")
            }
            initial = r.choice(keys.need("initial"), "initial", states)
            rows = r.items(keys.need("transitions"), "transitions")
            transitions = tuple(self.transition(row, states) for row in rows)
            _check_table(rows, initial, states, transitions, keys)
            return Stages(initial, MappingProxyType(states), transitions)

    def transition(self, node: Node, states: Mapping[str, Label]) -> Transition:
        with r.reading(node, "a transition") as keys:
            return Transition(
                r.choice(keys.need("from"), "from", states),
                self.context.event(keys.need("on"), "on"),
                r.choice(keys.need("to"), "to", states),
                self.context.optional_rule(keys, "guard"),
                self.context.cite(keys, self.cite),
            )


def _check_table(
    rows: tuple[Node, ...],
    initial: str,
    states: Mapping[str, Label],
    transitions: tuple[Transition, ...],
    keys: Keys,
) -> None:
    """One row per stage and event, and a way to every stage."""
    seen: set[tuple[str, str]] = set()
    for row, transition in zip(rows, transitions, strict=True):
        if (transition.source, transition.event) in seen:
            row.place.fail(f"{transition.source} on {transition.event} is written twice")
        seen.add((transition.source, transition.event))
    reached = {initial}
    for _ in states:
        reached |= {row.target for row in transitions if row.source in reached}
    for state in states:
        if state not in reached:
            keys.fail("states", f"no transition leads to the stage {state!r}")
