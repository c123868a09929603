"""Obligations with dates, and the end of the duty to follow up."""

from __future__ import annotations

from hemvist.policy.facts import FactType
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.basics import optional
from hemvist.policy.loading.contents import read_content
from hemvist.policy.loading.context import Context, words
from hemvist.policy.loading.items import Section, Titled
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node, Sequence
from hemvist.policy.params import ParamType, Span
from hemvist.policy.programmes import (
    PARTIES,
    PAUSED,
    EndOfFollowUp,
    Item,
    Obligation,
    Reopening,
    WhenMissed,
)

#: What carrying out an obligation leaves behind, besides the record of it.
CREATES = ("plan", "decision", "report")


def read_obligations(keys: Keys, section: Section) -> tuple[Obligation, ...]:
    """The optional list ``obligations``."""
    found = section.each(keys, "obligations", lambda k, titled: _obligation(k, titled, section))
    forms = {duty.id for duty in found if duty.checklist}
    for duty in found:
        if duty.sends is not None and duty.sends not in forms:
            keys.fail("obligations", f"{duty.id} sends {duty.sends}, which has no checklist")
    return found


def _obligation(keys: Keys, titled: Titled, section: Section) -> Obligation:
    context = section.context
    within, every = context.optional_span(keys, "within"), context.optional_span(keys, "every")
    continuous = optional(keys, "continuous", r.boolean) or False
    if [within is not None, every is not None, continuous].count(True) != 1:
        keys.place.fail("an obligation needs exactly one of within, every and continuous: true")
    inner = f"{section.programme}.{titled['id']}"
    agenda = Section(context, inner, "agenda", titled["cite"])
    checklist = Section(context, inner, "checklist", titled["cite"])
    sends, pause = keys.get("sends"), keys.get("pause")
    ends = _ends(keys.get("until"), context)
    times, creates = keys.get("times"), keys.get("creates")
    if every is None:
        for key in ("first_after", "times"):
            if keys.has(key):
                keys.fail(key, f"{key} belongs to an obligation with every")
    return Obligation(
        **titled,
        anchor=context.event(keys.need("from"), "from"),
        within=within,
        every=None if every is None else _interval(keys, every, context),
        first_after=_first_after(keys, every, context),
        continuous=continuous,
        until=ends[0] if ends else None,
        times=None if times is None else context.num(times, "times", (ParamType.INT,)),
        by=words(keys.need("by"), "by", PARTIES),
        participants=words(keys.get("participants"), "participants", PARTIES),
        agenda=agenda.each(keys, "agenda", lambda _, item: Item(**item)),
        creates=None if creates is None else r.choice(creates, "creates", CREATES),
        departments=words(keys.get("departments"), "departments", context.departments),
        ends=ends,
        checklist=checklist.each(keys, "checklist", read_content),
        sends=None if sends is None else r.name(sends, "sends"),
        when_missed=_when_missed(keys.get("when_missed"), section, titled),
        pause=None if pause is None else r.choice(pause, "pause", PAUSED),
    )


def _when_missed(node: Node | None, section: Section, titled: Titled) -> WhenMissed | None:
    """Whom the guideline lets know of it when it was not carried out."""
    if node is None:
        return None
    with r.reading(node, "when_missed") as keys:
        context = section.context
        return WhenMissed(
            titled["id"],
            context.label(keys),
            context.cite(keys, titled["cite"]),
            context.covers(keys, f"when_missed:{section.programme}.{titled['id']}"),
            context.help(keys),
            words(keys.need("tell"), "tell", PARTIES),
        )


def _ends(node: Node | None, context: Context) -> tuple[str, ...]:
    """One event, or a list of events the first of which ends the duty."""
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        return (context.event(node, "until"),)
    found: list[str] = []
    for item in node.items:
        event = context.event(item, "until")
        if event in found:
            item.place.fail(f"{event!r} is listed twice")
        found.append(event)
    if not found:
        node.place.fail("until must name an event; leave it out when nothing ends the duty")
    return tuple(found)


def _interval(keys: Keys, every: Span, context: Context) -> Span:
    """An interval of nothing would never end."""
    number = every.count
    values = [number.value]
    if number.param is not None:
        values = [
            value if isinstance(value, int) else None
            for _, value in context.params[number.param].values
        ]
    if any(value is not None and value < 1 for value in values):
        keys.fail("every", "every must be at least 1")
    return every


def _first_after(keys: Keys, every: Span | None, context: Context) -> Span | None:
    first = context.optional_span(keys, "first_after")
    if first is not None and every is not None and first.unit != every.unit:
        keys.fail("first_after", f"first_after must be in {every.unit}, as every is")
    return first


def read_end_of_follow_up(
    node: Node, context: Context, programme: str, cite: tuple[str, ...]
) -> EndOfFollowUp:
    """The ``end_of_follow_up`` section."""
    with r.reading(node, "end_of_follow_up") as keys:
        own = context.cite(keys, cite)
        return EndOfFollowUp(
            context.rule(keys.need("rule"), "rule"),
            context.label(keys),
            own,
            context.covers(keys, f"end_of_follow_up:{programme}"),
            words(keys.need("by"), "by", PARTIES),
            context.optional_span(keys, "after"),
            _reopening(keys.get("reopen"), context, programme, own),
        )


def _reopening(
    node: Node | None, context: Context, programme: str, cite: tuple[str, ...]
) -> Reopening | None:
    if node is None:
        return None
    with r.reading(node, "reopen") as keys:
        return Reopening(
            "reopen",
            context.label(keys),
            context.cite(keys, cite),
            context.covers(keys, f"reopening:{programme}"),
            context.help(keys),
            rule=context.rule(keys.need("rule"), "rule"),
            needed=context.optional_fact(keys, "needed", FactType.BOOL),
            talked=context.optional_fact(keys, "talked", FactType.BOOL),
            accepted=context.optional_fact(keys, "accepted", FactType.BOOL),
            by=words(keys.need("by"), "by", PARTIES),
        )
