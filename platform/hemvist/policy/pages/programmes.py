"""A programme as people read it: its way from question to exit, each step with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hemvist.policy.pages.agreements import AgreementReader
from hemvist.policy.pages.blocks import Block, Line, Lines, Paragraph, Part, Table
from hemvist.policy.pages.leaves import leaf_in_words
from hemvist.policy.pages.reader import Reader, filled
from hemvist.policy.pages.values import num, span
from hemvist.policy.pages.words import (
    CONSEQUENCES,
    EVENTS,
    STEPS,
    joined,
    lower_first,
    parties,
    upper_first,
    word,
)
from hemvist.policy.programmes import (
    ContentItem,
    Obligation,
    Offers,
    Plan,
    Programme,
    Referral,
    Stages,
)


@dataclass(frozen=True, slots=True)
class ProgrammeReader(Reader):
    """The programmes of a pack in one language, with numbers of a day."""

    def part(self, programme: Programme) -> Part:
        """The programme under its own heading."""
        agreements = AgreementReader(self.pack, self.lang, self.on)
        parts = [
            self.stages(programme.id, programme.stages) if programme.stages else None,
            self.decisions(programme),
            self.referral(programme.id, programme.referral) if programme.referral else None,
            self.offers(programme.id, programme.offers) if programme.offers else None,
            *agreements.parts(programme),
            self.plan(programme.id, programme.plan) if programme.plan else None,
            self.duties(programme),
            self.milestones(programme),
            self.exits(programme),
            self.standing(programme),
        ]
        return Part(
            f"programme-{programme.id}",
            programme.label.text(self.lang),
            tuple(self.opening(programme)),
            tuple(part for part in parts if part is not None),
            programme.cite,
        )

    def opening(self, programme: Programme) -> Iterator[Block]:
        if programme.help is not None:
            yield Paragraph(programme.help.text(self.lang))
        entry = self.pack.rule(programme.entry)
        yield Paragraph(
            f"{self.say('Villkoret för att komma in', 'Condition of entry')}: "
            f"{entry.label.text(self.lang)}.",
            to=f"rule-{entry.id}",
        )
        decisions = {decision.id: decision.label for decision in programme.decisions}
        milestones = {milestone.event: milestone.label for milestone in programme.milestones}
        names = decisions | milestones
        steps = [
            names[step].text(self.lang) if step in names else word(STEPS, step, self.lang)
            for step in programme.order
        ]
        way = " → ".join(upper_first(step) for step in steps)
        yield Paragraph(f"{self.say('Ordning', 'Order')}: {way}.")

    def stages(self, id: str, stages: Stages) -> Part:
        head = (
            self.say("Från", "From"),
            self.say("När", "When"),
            self.say("Till", "To"),
            self.say("Om", "If"),
        )
        rows = tuple(
            (
                self.state(stages, one.source),
                upper_first(word(EVENTS, one.event, self.lang)),
                self.state(stages, one.target),
                self.pack.rule(one.guard).label.text(self.lang) if one.guard else "",
            )
            for one in stages.transitions
        )
        initial = self.state(stages, stages.initial)
        begins = f"{self.say('Börjar i', 'Begins in')} ”{initial}”."
        title = self.say("Steg", "Stages")
        caption = self.say("Från steg till steg", "From stage to stage")
        return Part(f"{id}-stages", title, (Paragraph(begins), Table(caption, head, rows)), cite=())

    def state(self, stages: Stages, id: str) -> str:
        found = stages.states.get(id)
        return found.text(self.lang) if found else id

    def decisions(self, programme: Programme) -> Part | None:
        if not programme.decisions:
            return None
        lines = []
        for one in programme.decisions:
            notes = []
            if one.rule:
                rule = self.pack.rule(one.rule).label.text(self.lang)
                notes.append(f"{self.say('Råder', 'Advised by')}: {rule}.")
            bases = [self.basis(id) for id in one.legal_bases]
            lines.append(
                Line(
                    one.label.text(self.lang),
                    one.cite,
                    notes=(*self.helps(one), *notes),
                    lines=tuple(Line(base) for base in bases),
                )
            )
        intro = self.say(
            "Varje beslut vilar på ett lagrum som gällde den dag det fattades.",
            "Every decision rests on a provision in force on the day it was made.",
        )
        return Part(
            f"{programme.id}-decisions",
            self.say("Beslut", "Decisions"),
            (Lines(tuple(lines), intro),),
        )

    def basis(self, id: str) -> str:
        basis = self.pack.legal_bases[id]
        since = f"{self.say('från', 'from')} {basis.start}"
        until = f" {self.say('till och med', 'to')} {basis.end}" if basis.end else ""
        return f"{basis.label.text(self.lang)} ({since}{until})"

    def referral(self, id: str, referral: Referral) -> Part:
        blocks: list[Block] = [
            self.items(referral.requires, self.say("Ska alltid finnas med:", "Always required:")),
            self.items(
                referral.optional,
                self.say("Ska finnas med när det gäller:", "Required when it applies:"),
            ),
            self.lines(
                (Line(one.label.text(self.lang), one.cite) for one in referral.signatures),
                self.say("Underskrifter:", "Signatures:"),
            ),
            self.told(referral.notices),
        ]
        if referral.valid is not None:
            months = num(self.pack, referral.valid, self.on, self.lang, "months")
            blocks.append(
                Paragraph(
                    self.say(
                        f"Gäller i {months} från registreringen.",
                        f"Valid for {months} from registration.",
                    )
                )
            )
        if referral.extend is not None:
            months = num(self.pack, referral.extend.months, self.on, self.lang, "months")
            times = num(self.pack, referral.extend.times, self.on, self.lang, "times")
            blocks.append(
                Paragraph(
                    self.say(
                        f"Kan förlängas {times}, med {months}.",
                        f"May be extended {times}, by {months}.",
                    ),
                    referral.extend.cite,
                )
            )
        title = self.say("Remiss", "Referral")
        return Part(f"{id}-referral", title, filled(blocks), cite=referral.cite)

    def offers(self, id: str, offers: Offers) -> Part:
        if offers.mode == "single":
            how = self.say("En bostad erbjuds i taget.", "One home is offered at a time.")
        elif offers.count is not None:
            count = num(self.pack, offers.count, self.on, self.lang)
            how = self.say(
                f"Upp till {count} bostäder kan erbjudas samtidigt.",
                f"Up to {count} homes may be offered at a time.",
            )
        else:
            how = self.say(
                "Flera bostäder kan erbjudas samtidigt.", "Several homes may be offered at a time."
            )
        blocks: list[Block] = [Paragraph(how)]
        if offers.respond_within is not None:
            time = span(self.pack, offers.respond_within, self.on, self.lang)
            blocks.append(
                Paragraph(self.say(f"Svar lämnas inom {time}.", f"Answered within {time}."))
            )
        reasons = (
            Line(
                one.label.text(self.lang),
                one.cite,
                notes=(
                    f"{upper_first(parties(one.by, self.lang))}; "
                    f"{word(CONSEQUENCES, one.consequence, self.lang)}.",
                ),
            )
            for one in offers.decline_reasons
        )
        blocks.append(
            self.lines(
                reasons,
                self.say(
                    "Skäl att avböja, vem och vad som följer:",
                    "Reasons to decline, by whom and what follows:",
                ),
            )
        )
        title = self.say("Erbjudande", "Offers")
        return Part(f"{id}-offers", title, filled(blocks), cite=offers.cite)

    def plan(self, id: str, plan: Plan) -> Part:
        blocks = [
            self.items(plan.requires, self.say("Ska alltid finnas med:", "Always required:")),
            self.items(
                plan.optional,
                self.say("Ska finnas med när det gäller:", "Required when it applies:"),
            ),
        ]
        if plan.responsible:
            who = parties([plan.responsible], self.lang)
            blocks.append(Paragraph(self.say(f"Ansvarig: {who}.", f"Responsible: {who}.")))
        return Part(f"{id}-plan", plan.label.text(self.lang), filled(blocks), cite=plan.cite)

    def duties(self, programme: Programme) -> Part | None:
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
        if one.until is not None:
            words += f", {self.say('tills', 'until')} {word(EVENTS, one.until, self.lang)}"
        return words

    def milestones(self, programme: Programme) -> Part | None:
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

    def exits(self, programme: Programme) -> Part | None:
        lines = []
        for one in programme.exits:
            notes = list(self.helps(one))
            if one.rule:
                notes.append(
                    f"{self.say('Villkor', 'Condition')}: {self.pack.rule(one.rule).label.text(self.lang)}."
                )
            if one.to:
                notes.append(
                    f"{self.say('Leder till', 'Leads to')}: "
                    f"{self.pack.programme(one.to).label.text(self.lang)}."
                )
            lines.append(Line(one.label.text(self.lang), one.cite, notes=tuple(notes)))
        if not lines:
            return None
        title = self.say("Vägar ut", "Ways out")
        return Part(f"{programme.id}-exits", title, (Lines(tuple(lines)),))

    def standing(self, programme: Programme) -> Part | None:
        if not programme.standing:
            return None
        title = self.say("Ansvar utan datum", "Responsibilities without a date")
        lines = tuple(
            Line(one.label.text(self.lang), one.cite, notes=tuple(self.helps(one)))
            for one in programme.standing
        )
        return Part(f"{programme.id}-standing", title, (Lines(lines),))

    # Lists that several parts have.

    def items(self, items: Iterable[ContentItem], intro: str) -> Lines:
        return self.lines(
            (
                Line(
                    one.label.text(self.lang),
                    one.cite,
                    notes=(
                        *self.helps(one),
                        *self.condition(one),
                    ),
                    lines=tuple(
                        Line(label.text(self.lang)) for label in (one.options or {}).values()
                    ),
                )
                for one in items
            ),
            intro,
        )

    def condition(self, item: ContentItem) -> Iterator[str]:
        if item.when is not None:
            words = lower_first(leaf_in_words(self.pack, item.when, self.lang, self.on))
            yield self.say(f"När {words}", f"When {words}")
