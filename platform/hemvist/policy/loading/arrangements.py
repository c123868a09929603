"""What a pack says outside its programmes: service levels, quotas, indicators, meetings, measures,
refusals, and a law's checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hemvist.policy.campaigns import Campaign
from hemvist.policy.clauses import CHECK_EFFECTS, CLAUSES, EFFECTS, PLACES, Refusal
from hemvist.policy.events import INCIDENTS
from hemvist.policy.items import Item
from hemvist.policy.levels import ServiceLevel
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.basics import optional
from hemvist.policy.loading.campaigns import read_campaign
from hemvist.policy.loading.context import Context, words
from hemvist.policy.loading.counting import in_order, read_indicator, read_quota
from hemvist.policy.loading.items import Section, Titled, agenda
from hemvist.policy.loading.parts import Parts
from hemvist.policy.loading.reader import Keys
from hemvist.policy.months import FIRST_DAY, LAST_DAY
from hemvist.policy.pack import LegalCheck
from hemvist.policy.params import ParamType
from hemvist.policy.programmes import PARTIES
from hemvist.policy.quotas import Frequency, Indicator, Measure, Meeting, Quota

T = TypeVar("T")

_CLOCKS = ("hours", "days", "working_days", "months")
_PER = ("year", "half_year", "month")
#: Acts at which a rule of law is asked.
POINTS = ("contract", "decision", "guarantee", "guarantor_notice", "notice", "eviction", "case")


class Arrangements:
    """Reads every list that stands at the top of a pack; ``programmes`` are the pack's."""

    def __init__(self, parts: Parts, context: Context) -> None:
        self.parts = parts
        self.context = context
        self.programmes = [key.text for key, _ in parts.entries("programmes")]

    def each(self, key: str, name: str, read: Callable[[Keys, Titled], T]) -> tuple[T, ...]:
        """The items of a list that all files together make."""
        section = Section(self.context, "", name, ())
        return section.all(self.parts.items(key), key, read)

    def standing(self) -> tuple[Item, ...]:
        """The list ``standing``."""
        return self.each("standing", "standing", lambda _, titled: Item(**titled))

    def service_levels(self) -> tuple[ServiceLevel, ...]:
        """The list ``service_levels``."""
        return self.each("service_levels", "service_level", self._service_level)

    def _service_level(self, keys: Keys, titled: Titled) -> ServiceLevel:
        return ServiceLevel(
            **titled,
            on=r.choice(keys.need("on"), "on", INCIDENTS),
            within=self.context.span(keys.need("within"), "within", _CLOCKS),
            by=words(keys.need("by"), "by", PARTIES),
            programmes=words(keys.get("programmes"), "programmes", self.programmes),
        )

    def quotas(self) -> tuple[Quota, ...]:
        """The list ``quotas``."""
        return self.each(
            "quotas", "quota", lambda k, t: read_quota(k, t, self.context, self.programmes)
        )

    def indicators(self) -> tuple[Indicator, ...]:
        """The list ``indicators``."""
        return self.each("indicators", "indicator", read_indicator)

    def meetings(self) -> tuple[Meeting, ...]:
        """The list ``meetings``."""
        return self.each("meetings", "meeting", self._meeting)

    def _meeting(self, keys: Keys, titled: Titled) -> Meeting:
        every = self.context.optional_span(keys, "every")
        times = self._frequency(keys)
        as_needed = optional(keys, "as_needed", r.boolean) or False
        if [every is not None, times is not None, as_needed].count(True) != 1:
            keys.place.fail("a meeting needs exactly one of every, times and as_needed: true")
        return Meeting(
            **titled,
            who=r.label(keys.need("who"), "who"),
            every=every,
            times=times,
            agenda=agenda(keys, Section(self.context, "", "meeting", ()), titled),
        )

    def _frequency(self, keys: Keys) -> Frequency | None:
        node = keys.get("times")
        if node is None:
            return None
        with r.reading(node, "times") as inner:
            low = self.context.num(inner.need("from"), "from")
            high = self.context.num(inner.need("to"), "to")
            in_order(inner, low, high)
            return Frequency(low, high, r.choice(inner.need("per"), "per", _PER))

    def campaigns(self) -> tuple[Campaign, ...]:
        """The list ``campaigns``."""
        return self.each(
            "campaigns",
            "campaign",
            lambda k, t: read_campaign(k, t, self.context, self.programmes),
        )

    def measures(self) -> tuple[Measure, ...]:
        """The list ``measures``."""
        return self.each("measures", "measure", self._measure)

    def _measure(self, keys: Keys, titled: Titled) -> Measure:
        due, when = optional(keys, "due", r.day), optional(keys, "when", r.label)
        if (due is None) == (when is None):
            keys.place.fail("a measure needs either due, a date, or when, in words")
        if due is not None and not FIRST_DAY <= due <= LAST_DAY:
            keys.fail("due", f"due must be between {FIRST_DAY} and {LAST_DAY}")
        return Measure(
            **titled,
            owners=r.label(keys.need("owners"), "owners"),
            due=due,
            when=when,
            followed_up_by=optional(keys, "followed_up_by", r.label),
            history=optional(keys, "history", r.boolean) or False,
        )

    def refused(self) -> tuple[Refusal, ...]:
        """The list ``refused``."""
        return self.each("refused", "refused", self._refusal)

    def _refusal(self, keys: Keys, titled: Titled) -> Refusal:
        where = keys.need("where")
        found = words(where, "where", PLACES)
        if not found:
            where.place.fail(f"where must name {' or '.join(PLACES)}")
        return Refusal(
            **titled,
            clause=r.choice(keys.need("clause"), "clause", CLAUSES),
            where=found,
            effect=r.choice(keys.need("effect"), "effect", EFFECTS),
            programmes=words(keys.get("programmes"), "programmes", self.programmes),
            while_param=(
                None
                if (said := keys.get("while")) is None
                else self.context.param_name(said, "while", (ParamType.BOOL,))
            ),
            legal=self.context.legal(keys),
        )

    def checks(self) -> tuple[LegalCheck, ...]:
        """The list ``checks`` of a pack of law."""
        nodes = self.parts.items("checks")
        if nodes and self.parts.status.kind != "law":
            nodes[0].place.fail("checks belong to a pack with status: {kind: law}")
        found: list[LegalCheck] = []
        for node in nodes:
            with r.reading(node, "a check") as keys:
                check = LegalCheck(
                    self.context.rule(keys.need("rule"), "rule"),
                    r.choice(keys.need("at"), "at", POINTS),
                    r.choice(keys.need("effect"), "effect", CHECK_EFFECTS),
                    self.context.legal_flag(keys),
                    r.label(keys.need("message"), "message"),
                )
                if any((other.rule, other.at) == (check.rule, check.at) for other in found):
                    keys.fail("rule", f"{check.rule!r} is checked twice at {check.at}")
                found.append(check)
        return tuple(found)
