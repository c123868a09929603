"""A programme as people read it: its way from question to exit, each step with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hemvist.policy.pages.agreements import AgreementReader
from hemvist.policy.pages.blocks import Block, Line, Lines, Paragraph, Part, Table
from hemvist.policy.pages.duties import DutyReader
from hemvist.policy.pages.landlord import LandlordReader
from hemvist.policy.pages.support import SupportReader
from hemvist.policy.pages.words import (
    EVENTS,
    STEPS,
    upper_first,
    word,
)
from hemvist.policy.programmes import (
    Programme,
    Stages,
)


@dataclass(frozen=True, slots=True)
class ProgrammeReader(SupportReader, DutyReader):
    """The programmes of a pack in one language, with numbers of a day."""

    def part(self, programme: Programme) -> Part:
        """The programme under its own heading."""
        agreements = AgreementReader(self.pack, self.lang, self.on)
        parts = [
            self.stages(programme.id, programme.stages) if programme.stages else None,
            self.decisions(programme),
            self.referral(programme.id, programme.referral) if programme.referral else None,
            self.matching(programme.id, programme.matching) if programme.matching else None,
            self.offers(programme.id, programme.offers) if programme.offers else None,
            *agreements.parts(programme),
            *LandlordReader(self.pack, self.lang, self.on).parts(programme.id, programme.landlord),
            self.plan(programme.id, programme.plan) if programme.plan else None,
            self.commission(programme, programme.commission) if programme.commission else None,
            self.phases(programme, programme.phases),
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
                notes.append(f"{self.say('Rådgivande regel', 'Advised by')}: {rule}.")
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
