"""The ``matching`` section of a programme: who is offered a home before whom."""

from __future__ import annotations

from hemvist.policy.facts import FactType
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.basics import optional
from hemvist.policy.loading.context import Context
from hemvist.policy.loading.items import Section, Titled
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node
from hemvist.policy.matching import QUEUE_FACTS, QUEUE_TIME, LandlordRule, Matching, Priority
from hemvist.policy.params import ParamType
from hemvist.policy.rules import Node as RuleNode

#: Facts that can be put in order.
_ORDERED = (FactType.BOOL, FactType.INT, FactType.MONEY, FactType.DATE)


def read_matching(node: Node, context: Context, programme: str, cite: tuple[str, ...]) -> Matching:
    """The ``matching`` section. An order by waiting time is refused unless it is allowed."""
    with r.reading(node, "matching") as keys:
        own = context.cite(keys, cite)
        section = Section(context, programme, "matching", own)
        said = keys.get("queue_time")
        queue_time = "unsaid" if said is None else r.choice(said, "queue_time", QUEUE_TIME[:2])
        return Matching(
            own,
            section.covers(keys),
            queue_time,
            section.each(keys, "priority", lambda k, t: _priority(k, t, context, queue_time)),
            _landlord(keys.get("landlord"), context, own),
            _closed_areas(keys.get("closed_areas"), context),
        )


def _priority(keys: Keys, titled: Titled, context: Context, queue_time: str) -> Priority:
    rule, fact = context.optional_rule(keys, "rule"), optional(keys, "fact", r.name)
    if (rule is None) == (fact is None):
        keys.place.fail("a priority is either a rule or a fact")
    order = keys.get("order")
    if fact is not None:
        known = context.facts.get(fact)
        if known is None:
            keys.fail("fact", f"fact: no fact {fact!r}{r.suggest(fact, context.facts)}")
        if known is not None and known.type not in _ORDERED:
            keys.fail("fact", f"{fact!r} is {known.type}, which has no order")
        if order is None:
            keys.place.fail("a fact needs order: ascending or descending")
    if queue_time != "allowed":
        used = {fact} if fact is not None else _facts_of(rule or "", context, set())
        waited = sorted(name for name in used & QUEUE_FACTS if name)
        if waited:
            why = "forbids it" if queue_time == "forbidden" else "does not allow it (queue_time)"
            keys.fail(
                "fact" if fact is not None else "rule",
                f"{waited[0]!r} is waiting time: an order by it is a queue, and the guideline {why}",
            )
    descending = (
        order is None or r.choice(order, "order", ("ascending", "descending")) != "ascending"
    )
    return Priority(**titled, rule=rule, fact=fact, descending=descending)


def _landlord(node: Node | None, context: Context, cite: tuple[str, ...]) -> LandlordRule | None:
    if node is None:
        return None
    with r.reading(node, "landlord") as keys:
        rule = context.rule(keys.need("rule"), "rule")
        fact = r.choice(keys.need("fact"), "fact", tuple(context.facts))
        if context.facts[fact].type is not FactType.TEXT:
            keys.fail("fact", f"{fact!r} must hold text: the landlord's registration number")
        return LandlordRule(rule, fact, context.cite(keys, cite))


def _closed_areas(node: Node | None, context: Context) -> str | None:
    if node is None:
        return None
    return context.param_name(node, "closed_areas", (ParamType.TEXT_LIST,))


def _facts_of(rule: str, context: Context, seen: set[str]) -> set[str]:
    """Every fact that the rule can need, through the rules that it refers to."""
    seen.add(rule)
    found: set[str] = set()
    waiting: list[RuleNode] = [context.rules[rule]]
    while waiting:
        one = waiting.pop()
        if one.leaf is not None:
            found.update(one.leaf.facts)
        if one.ref is not None and one.ref not in seen:
            found |= _facts_of(one.ref, context, seen)
        waiting += [*one.children, *one.unless]
    return found
