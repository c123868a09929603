"""Follow-up, duties and milestones of a programme, as people read them."""

from __future__ import annotations

from dataclasses import dataclass

from hemvist.policy.pages.blocks import Line, Lines, Part
from hemvist.policy.pages.reader import Reader
from hemvist.policy.pages.values import num, span
from hemvist.policy.pages.words import EVENTS, joined, parties, upper_first, word
from hemvist.policy.programmes import Obligation, Programme


@dataclass(frozen=True, slots=True)
class DutyReader(Reader):
    """Who shall do what, and when."""

    def duties(self, programme: Programme) -> Part | None:
        """Every duty, and when the follow-up may end."""
        lines = [self.duty(one) for one in programme.obligations]
        end = programme.end_of_follow_up
        if end is not None:
            after = ""
            if end.after is not None:
                time = span(self.pack, end.after, self.on, self.lang)
                after = self.say(f", tidigast efter {time}", f", after {time} at the earliest")
            note = (
                f"{upper_first(parties(end.by, self.lang))}{after}. {self.say('Villkor', 'Condition')}: "
                f"{self.pack.rule(end.rule).label.text(self.lang)}."
            )
            lines.append(
                Line(end.label.text(self.lang), end.cite, notes=(note,), to=f"rule-{end.rule}")
            )
        if not lines:
            return None
        title = self.say("Uppföljning och åtaganden", "Follow-up and duties")
        return Part(f"{programme.id}-duties", title, (Lines(tuple(lines)),))

    def duty(self, one: Obligation) -> Line:
        who = upper_first(parties(one.by, self.lang))
        joins = (
            f" {upper_first(parties(one.participants, self.lang))} "
            f"{self.say('är med vid behov', 'joins when needed')}."
            if one.participants
            else ""
        )
        where = ""
        if one.departments:
            names = joined(
                (self.pack.departments[code].label.text(self.lang) for code in one.departments),
                self.lang,
            )
            where = self.say(f" Gäller ärenden hos {names}.", f" Holds in cases of {names}.")
        return Line(
            one.label.text(self.lang),
            one.cite,
            notes=(*self.helps(one), f"{who}: {self.when(one)}.{joins}{where}"),
            lines=tuple(Line(item.label.text(self.lang), item.cite) for item in one.agenda),
        )

    def when(self, one: Obligation) -> str:
        """ "senast 1 månad efter att boendet beviljades", "var 3 månader …"."""
        event = word(EVENTS, one.anchor, self.lang)
        if one.continuous:
            return self.say(f"löpande från att {event}", f"all the time since {event}")
        if one.within is not None:
            time = span(self.pack, one.within, self.on, self.lang)
            return self.say(f"senast {time} efter att {event}", f"within {time} after {event}")
        assert one.every is not None
        time = span(self.pack, one.every, self.on, self.lang)
        words = self.say(
            f"med {time} mellanrum från att {event}", f"at intervals of {time} since {event}"
        )
        if one.first_after is not None:
            first = span(self.pack, one.first_after, self.on, self.lang)
            words += self.say(f", första gången efter {first}", f", first after {first}")
        if one.times is not None:
            words += f", {num(self.pack, one.times, self.on, self.lang, 'times')}"
        if one.ends:
            ends = (word(EVENTS, event, self.lang) for event in one.ends)
            words += f", {self.say('tills', 'until')} {self.say(' eller ', ' or ').join(ends)}"
        return words

    def milestones(self, programme: Programme) -> Part | None:
        """Events that a person records."""
        if not programme.milestones:
            return None
        lines = (
            Line(
                one.label.text(self.lang),
                one.cite,
                notes=(
                    *self.helps(one),
                    *([f"{upper_first(parties(one.by, self.lang))}."] if one.by else []),
                ),
                lines=tuple(Line(item.label.text(self.lang), item.cite) for item in one.agenda),
            )
            for one in programme.milestones
        )
        title = self.say("Händelser som någon antecknar", "Events that somebody records")
        return Part(f"{programme.id}-milestones", title, (Lines(tuple(lines)),))
