"""What a guideline arranges outside a single case: quotas, service levels, meetings, measures …"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hemvist.policy.campaigns import Campaign, shown_empty
from hemvist.policy.clauses import CLAUSES
from hemvist.policy.pages.blocks import Line, Lines, Paragraph, Part, Table
from hemvist.policy.pages.reader import Reader
from hemvist.policy.pages.values import kronor, num, number, span
from hemvist.policy.pages.words import (
    ACTS,
    EFFECTS,
    EVENTS,
    GOALS,
    INDICATOR_UNITS,
    MEASURES,
    PERIODS,
    PLACES,
    QUOTA_KINDS,
    joined,
    parties,
    upper_first,
    word,
)
from hemvist.policy.params import Num
from hemvist.policy.quotas import Indicator, Measure, Meeting, Quota


@dataclass(frozen=True, slots=True)
class ArrangementReader(Reader):
    """The parts of a pack that no single case follows."""

    def parts(self) -> list[Part]:
        """Those parts that the pack has."""
        pack = self.pack
        found = (
            self.listed(
                "standing", self.say("Ansvar", "Responsibilities"), map(self.item, pack.standing)
            ),
            self.listed(
                "service-levels",
                self.say("Tider att hålla", "Service levels"),
                (
                    self.item(
                        one,
                        self.say(
                            f"Inom {span(pack, one.within, self.on, 'sv')} från att "
                            f"{word(EVENTS, one.on, 'sv')}",
                            f"Within {span(pack, one.within, self.on, 'en')} after "
                            f"{word(EVENTS, one.on, 'en')}",
                        )
                        + (f": {parties(one.by, self.lang)}." if one.by else "."),
                        *self.only_in(one.programmes),
                    )
                    for one in pack.service_levels
                ),
            ),
            self.listed(
                "quotas",
                self.say("Kvoter och mål", "Quotas and targets"),
                map(self.quota, pack.quotas),
            ),
            self.indicators(),
            self.listed(
                "meetings", self.say("Möten", "Meetings"), map(self.meeting, pack.meetings)
            ),
            self.listed(
                "campaigns",
                self.say("Förebyggande kampanjer", "Campaigns of prevention"),
                map(self.campaign, pack.campaigns),
            ),
            self.listed(
                "measures", self.say("Åtgärder", "Measures"), map(self.measure, pack.measures)
            ),
            self.refused(),
            self.checks(),
        )
        return [part for part in found if part is not None]

    def listed(self, id: str, title: str, lines: Iterable[Line]) -> Part | None:
        known = tuple(lines)
        return Part(id, title, (Lines(known),)) if known else None

    def only_in(self, programmes: tuple[str, ...]) -> list[str]:
        if not programmes:
            return []
        names = joined(
            (self.pack.programme(id).label.text(self.lang) for id in programmes), self.lang
        )
        return [self.say(f"Gäller {names}.", f"For {names}.")]

    def only_while(self, param: str | None) -> list[str]:
        """The setting that must say yes for it to hold."""
        if param is None:
            return []
        named = self.pack.params[param].label
        label = param if named is None else named.text(self.lang)
        return [
            self.say(f"Gäller när det här är ja: {label}.", f"Holds when this is yes: {label}.")
        ]

    def quota(self, one: Quota) -> Line:
        what = word(MEASURES, one.measure, self.lang)
        if one.amount is not None:
            many = self.range(one.amount.low, one.amount.high)
            unit = f"{self.say('procent av', 'percent of')} {what}" if one.amount.percent else what
            said = f"{many} {unit}"
        else:
            said = f"{upper_first(what)}: {one.by.text(self.lang) if one.by else ''}"
        said += f" {word(PERIODS, one.per, self.lang)} ({word(QUOTA_KINDS, one.kind, self.lang)})."
        notes = [said]
        for words, label in (
            (self.say("Räknat på", "Of"), one.of),
            (self.say("Hos", "With"), one.landlord),
            (self.say("För", "For"), one.groups),
        ):
            if label is not None:
                notes.append(f"{words}: {label.text(self.lang)}.")
        notes += self.only_in(one.programmes)
        return self.item(one, *notes, *self.flagged(one.legal))

    def range(self, low: Num, high: Num) -> str:
        first, last = (num(self.pack, one, self.on, self.lang) for one in (low, high))
        return first if first == last else f"{first}–{last}"

    def indicators(self) -> Part | None:
        if not self.pack.indicators:
            return None
        head = (
            self.say("Mått", "Indicator"),
            self.say("Enhet", "Unit"),
            self.say("Vad källan redovisar", "What the source reports"),
            self.say("Källa", "Source"),
        )
        rows = tuple(
            (
                one.label.text(self.lang),
                self.unit(one),
                self.observed(one),
                joined(one.cite, self.lang),
            )
            for one in self.pack.indicators
        )
        title = self.say("Mått att följa", "Indicators")
        return Part("indicators", title, (Table(title, head, rows),))

    def unit(self, one: Indicator) -> str:
        words = [word(INDICATOR_UNITS, one.unit, self.lang)]
        if one.per:
            words.append(word(PERIODS, one.per, self.lang))
        return " ".join(words) + (f", {word(GOALS, one.goal, self.lang)}" if one.goal else "")

    def observed(self, one: Indicator) -> str:
        def shown(value: int) -> str:
            return kronor(value) if one.unit == "money_ore" else number(value)

        return "; ".join(
            f"{item.year}: {shown(item.low)}"
            + (f"–{shown(item.high)}" if item.high != item.low else "")
            for item in one.observed
        )

    def meeting(self, one: Meeting) -> Line:
        if one.every is not None:
            time = span(self.pack, one.every, self.on, self.lang)
            when = self.say(f"med {time} mellanrum", f"every {time}")
        elif one.times is not None:
            many = self.range(one.times.low, one.times.high)
            when = f"{many} {self.say('gånger', 'times')} {word(PERIODS, one.times.per, self.lang)}"
        else:
            when = self.say("vid behov", "as needed")
        return self.item(
            one,
            f"{one.who.text(self.lang)}; {when}.",
            lines=map(self.item, one.agenda),
        )

    def campaign(self, one: Campaign) -> Line:
        if one.every is None:
            when = self.say("vid behov", "as needed")
        else:
            time = span(self.pack, one.every, self.on, self.lang)
            when = self.say(f"med {time} mellanrum", f"every {time}")
        notes = [
            f"{upper_first(parties((one.by,), self.lang))}, {when}.",
            f"{self.say('Vilka', 'Who')}: {self.rule_label(one.who)}.",
        ]
        if one.first is not None:
            notes.append(f"{self.say('Först', 'First')}: {self.rule_label(one.first)}.")
        if one.letter is not None:
            notes.append(
                f"{self.say('Brev', 'Letter')}: {one.letter.heading.text(self.lang)}. "
                + shown_empty(
                    " ".join(text.text(self.lang) for text in one.letter.paragraphs), self.lang
                )
            )
        return self.item(one, *notes, lines=map(self.item, one.steps))

    def measure(self, one: Measure) -> Line:
        notes = [f"{self.say('Ansvarar', 'Owned by')}: {one.owners.text(self.lang)}."]
        due = str(one.due) if one.due else one.when.text(self.lang) if one.when else ""
        if due:
            notes.append(f"{self.say('Klart', 'Due')}: {due}.")
        if one.followed_up_by is not None:
            notes.append(
                f"{self.say('Följs upp av', 'Followed up by')}: {one.followed_up_by.text(self.lang)}."
            )
        if one.history:
            notes.append(self.say("Tiden har gått ut.", "Its time is past."))
        return self.item(one, *notes)

    def refused(self) -> Part | None:
        title = self.say("Villkor som inte får ställas", "Clauses and conditions that are refused")
        lines = (
            Line(
                one.label.text(self.lang),
                one.cite,
                off=not one.active,
                lead="" if one.active else self.say("Tillämpas inte", "Not applied"),
                notes=(
                    *self.helps(one),
                    f"{CLAUSES[one.clause].text(self.lang)}: {word(EFFECTS, one.effect, self.lang)} "
                    f"{joined((word(PLACES, place, self.lang) for place in one.where), self.lang)}.",
                    *self.only_in(one.programmes),
                    *self.only_while(one.while_param),
                    *self.flagged(one.legal, told=True),
                ),
            )
            for one in self.pack.refused
        )
        return self.listed("refused", title, lines)

    def checks(self) -> Part | None:
        if not self.pack.checks:
            return None
        lines = tuple(
            Line(
                one.message.text(self.lang),
                lead=one.flag,
                to=f"rule-{one.rule}",
                notes=(
                    f"{self.rule_label(one.rule)}: {self.say('prövas', 'checked')} "
                    f"{word(ACTS, one.at, self.lang)}; "
                    f"{self.say('annars', 'otherwise it')} {word(EFFECTS, one.effect, self.lang)}.",
                ),
            )
            for one in self.pack.checks
        )
        intro = self.say(
            "Dessa regler prövas i alla kommuner, vad riktlinjen än säger.",
            "These rules are checked in every kommun, whatever the guideline says.",
        )
        return Part(
            "checks",
            self.say("Lagens kontroller", "The law's checks"),
            (Paragraph(intro), Lines(lines)),
        )
