"""Phases of the support, each made of stages of the programme."""

from __future__ import annotations

from hemvist.policy.loading import reader as r
from hemvist.policy.loading.context import words
from hemvist.policy.loading.items import Section, Titled
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node
from hemvist.policy.programmes import Stages
from hemvist.policy.support import Lead, Phase


def read_phases(keys: Keys, section: Section, stages: Stages | None) -> tuple[Phase, ...]:
    """The optional list ``phases``. A stage belongs to one phase at most."""
    taken: dict[str, str] = {}
    known = tuple(stages.states) if stages is not None else ()

    def phase(inner: Keys, titled: Titled) -> Phase:
        named = words(inner.need("stages"), "stages", known)
        for stage in named:
            if stage in taken:
                inner.fail("stages", f"{stage!r} belongs to {taken[stage]!r} already")
            taken[stage] = titled["id"]
        if not named:
            inner.fail("stages", "a phase is made of at least one stage")
        lead = inner.get("lead")
        return Phase(**titled, stages=named, lead=None if lead is None else _lead(lead, section))

    return section.each(keys, "phases", phase)


def _lead(node: Node, section: Section) -> Lead:
    context = section.context
    with r.reading(node, "lead") as keys:
        earliest = context.span(keys.need("earliest"), "earliest")
        latest = context.span(keys.need("latest"), "latest")
        if earliest.unit != latest.unit:
            keys.fail("latest", f"latest must be in {earliest.unit}, as earliest is")
        return Lead(context.event(keys.need("before"), "before"), earliest, latest)
