"""The ladder of a programme."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hemvist.policy.facts import FactType
from hemvist.policy.ladder import LADDER_STEPS, SEVERITIES, WAYS, Ladder, LadderStep
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.basics import optional
from hemvist.policy.loading.context import Context, words
from hemvist.policy.loading.items import Section, Titled
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node
from hemvist.policy.programmes import PARTIES


def read_ladder(node: Node, context: Context, programme: str, cite: tuple[str, ...]) -> Ladder:
    """The ``ladder`` section: steps of the core, with the guideline's rules, ways and copies."""
    with r.reading(node, "ladder") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "ladder", own)
        severity = context.optional_fact(keys, "severity_fact", FactType.CHOICE)
        if severity is not None and set(SEVERITIES) - set(context.facts[severity].options):
            keys.fail("severity_fact", f"must have the options {', '.join(SEVERITIES)}")
        return Ladder(
            own,
            section.covers(keys),
            optional(keys, "label", r.label),
            severity,
            section.each(keys, "steps", lambda inner, titled: _step(inner, titled, context)),
        )


def _step(keys: Keys, titled: Titled, context: Context) -> LadderStep:
    if titled["id"] not in LADDER_STEPS:
        keys.fail("id", f"no such step; there are {', '.join(LADDER_STEPS)}")
    written = keys.get("needs")
    fact = context.optional_fact(keys, "fact", FactType.CHOICE_LIST)
    ways = words(keys.get("ways"), "ways", WAYS)
    copies = words(keys.get("copies"), "copies", PARTIES)
    until = keys.get("until")
    return LadderStep(
        **titled,
        called_for=context.optional_rule(keys, "called_for"),
        needs=()
        if written is None
        else tuple(context.rule(one, "needs") for one in r.items(written, "needs")),
        by=words(keys.get("by"), "by", PARTIES),
        ways=ways,
        copies=copies,
        fact=fact,
        told=_told(keys, context, fact, (*ways, *copies)),
        until=None if until is None else context.event(until, "until"),
    )


def _told(
    keys: Keys, context: Context, fact: str | None, known: tuple[str, ...]
) -> Mapping[str, str]:
    """Which option of the question each way and each copy is."""
    written = keys.get("told")
    if written is None or fact is None:
        if (written is None) != (fact is None):
            keys.fail("fact" if fact is not None else "told", "fact and told belong together")
        return MappingProxyType({})
    options = context.facts[fact].options
    return MappingProxyType(
        {
            r.choice(key, "told", known): r.choice(value, "told", options)
            for key, value in r.entries(written, "told")
        }
    )
