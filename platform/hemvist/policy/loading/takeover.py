"""Takeovers and milestones of a programme."""

from __future__ import annotations

from hemvist.policy.events import MILESTONES
from hemvist.policy.facts import FactType
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.basics import optional
from hemvist.policy.loading.contents import read_notices
from hemvist.policy.loading.context import Context, words
from hemvist.policy.loading.items import Section, Titled, agenda
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node
from hemvist.policy.programmes import PARTIES, Item
from hemvist.policy.takeover import Milestone, Takeover


def read_milestones(keys: Keys, section: Section) -> tuple[Milestone, ...]:
    """The optional list ``milestones``."""
    return section.each(keys, "milestones", lambda k, titled: _milestone(k, titled, section))


def _milestone(keys: Keys, titled: Titled, section: Section) -> Milestone:
    return Milestone(
        **titled,
        event=r.choice(keys.need("event"), "event", MILESTONES),
        by=words(keys.need("by"), "by", PARTIES),
        agenda=agenda(keys, section, titled),
    )


def read_takeover(node: Node, context: Context, programme: str, cite: tuple[str, ...]) -> Takeover:
    """The ``takeover`` section."""
    with r.reading(node, "takeover") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "takeover", own)
        ids: set[str] = set()
        return Takeover(
            own,
            section.covers(keys),
            optional(keys, "label", r.label),
            context.optional_span(keys, "after"),
            r.choice(keys.need("from"), "from", ("moved_in", "contract_signed")),
            context.optional_rule(keys, "rule"),
            words(keys.get("decided_by"), "decided_by", PARTIES),
            words(keys.get("recommended_by"), "recommended_by", PARTIES),
            optional(keys, "owner_bound", r.boolean) or False,
            section.each(keys, "steps", lambda _, titled: Item(**titled), ids),
            read_notices(keys, section),
            words(keys.get("agrees"), "agrees", PARTIES),
            context.optional_fact(keys, "owner_fact", FactType.BOOL),
            context.optional_fact(keys, "tribunal_fact", FactType.BOOL),
        )
