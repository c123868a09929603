"""The list ``campaigns`` of a pack."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from hemvist.policy.campaigns import (
    ANSWERS,
    ASKS,
    CONTACTS,
    HELD_TO,
    ORDERS,
    Campaign,
    CampaignLetter,
    CampaignStep,
)
from hemvist.policy.facts import FactType
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.basics import optional
from hemvist.policy.loading.context import Context, words
from hemvist.policy.loading.items import Section, Titled
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Mapping, Node

MAX_PARAGRAPHS = 20


def read_campaign(
    keys: Keys, titled: Titled, context: Context, programmes: Sequence[str]
) -> Campaign:
    """One item of the list."""
    steps = Section(context, titled["id"], "campaign", titled["cite"])
    held_to = words(keys.get("held_to"), "held_to", HELD_TO)
    area = optional(keys, "area", r.label)
    if area is not None and "area" not in held_to:
        keys.fail("area", "area belongs to held_to: [area]")
    return Campaign(
        **titled,
        who=context.rule(keys.need("who"), "who"),
        by=r.choice(keys.need("by"), "by", ("referring", "property")),
        every=context.optional_span(keys, "every"),
        answers=MappingProxyType(_answers(keys.get("answers"), context)),
        held_to=held_to,
        area=area,
        first=context.optional_rule(keys, "first"),
        order=words(keys.get("order"), "order", ORDERS),
        steps=steps.each(keys, "steps", _step),
        asks=words(keys.get("asks"), "asks", ASKS),
        letter=optional(keys, "letter", _letter),
        programme=optional(keys, "programme", lambda n, what: r.choice(n, what, programmes)),
    )


def _step(keys: Keys, titled: Titled) -> CampaignStep:
    return CampaignStep(**titled, contact=r.choice(keys.need("contact"), "contact", CONTACTS))


def _answers(node: Node | None, context: Context) -> dict[str, str]:
    """``{question: word}``: the pack's yes-or-no questions that the record of arrears answers."""
    if node is None:
        return {}
    questions = [name for name, one in context.facts.items() if one.type is FactType.BOOL]
    if not isinstance(node, Mapping):
        node.place.fail("answers must be a map of questions")
    found: dict[str, str] = {}
    for key, value in node.entries:
        name = r.choice(key, "answers", questions)
        found[name] = r.choice(value, f"answers.{name}", ANSWERS)
    return found


def _letter(node: Node, what: str) -> CampaignLetter:
    with r.reading(node, what) as keys:
        written = r.items(keys.need("paragraphs"), "paragraphs")
        if not 1 <= len(written) <= MAX_PARAGRAPHS:
            keys.fail("paragraphs", f"a letter has 1 to {MAX_PARAGRAPHS} paragraphs")
        return CampaignLetter(
            r.label(keys.need("heading"), "heading"),
            tuple(r.label(one, "a paragraph") for one in written),
        )
