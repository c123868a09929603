"""The commission to a support provider and the phases of the support, as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hemvist.policy.pages.blocks import Block, Line, Lines, Paragraph, Part
from hemvist.policy.pages.documents import DocumentReader
from hemvist.policy.pages.reader import filled
from hemvist.policy.pages.values import span
from hemvist.policy.pages.words import EVENTS, lower_first, word
from hemvist.policy.programmes import Programme
from hemvist.policy.support import Commission, Phase, Report


@dataclass(frozen=True, slots=True)
class SupportReader(DocumentReader):
    """What is commissioned from whom, and how the support goes on from phase to phase."""

    def commission(self, programme: Programme, commission: Commission) -> Part:
        """The written commission and the provider's reports."""
        blocks: list[Block] = []
        if commission.routed:
            words = (
                "Samordnaren avgör först om kommunen själv eller en upphandlad leverantör ger stödet.",
                "The coordinator first decides whether the kommun or a procured supplier gives the support.",
            )
            blocks.append(Paragraph(self.say(*words)))
        blocks.extend(self._contents(commission))
        blocks.append(
            self.lines(
                (Line(one.label.text(self.lang), one.cite) for one in commission.holds),
                self.say("Uppdraget kan inte avslutas:", "The commission cannot be ended:"),
            )
        )
        report = commission.report
        parts = () if report is None else (self._report(programme, report),)
        title = commission.label.text(self.lang)
        return Part(
            f"{programme.id}-commission", title, filled(blocks), parts, cite=commission.cite
        )

    def _report(self, programme: Programme, report: Report) -> Part:
        duty = programme.obligation(report.obligation).label.text(self.lang)
        blocks: list[Block] = [
            Paragraph(self.say(f"Skrivs till: {duty}.", f"Written for: {duty}.")),
            *self._contents(report),
        ]
        title = report.label.text(self.lang)
        return Part(f"{programme.id}-report", title, filled(blocks), cite=report.cite)

    def _contents(self, document: Commission | Report) -> tuple[Block, ...]:
        return (
            self.items(document.requires, self.say("Ska alltid finnas med:", "Always required:")),
            self.items(document.optional, self.say("Får finnas med:", "May be included:")),
        )

    def phases(self, programme: Programme, phases: Sequence[Phase]) -> Part | None:
        """The phases with what each begins with."""
        stages = programme.stages
        if not phases or stages is None:
            return None
        lines = []
        for phase in phases:
            begins = dict.fromkeys(
                word(EVENTS, move.event, self.lang)
                for move in stages.transitions
                if move.target in phase.stages and move.source not in phase.stages
            )
            notes = [
                *self.helps(phase),
                f"{self.say('Börjar med', 'Begins with')}: {lower_first(', '.join(begins))}.",
            ]
            if phase.lead is not None:
                earliest = span(self.pack, phase.lead.earliest, self.on, self.lang)
                latest = span(self.pack, phase.lead.latest, self.on, self.lang)
                event = lower_first(word(EVENTS, phase.lead.before, self.lang))
                notes.append(
                    self.say(
                        f"Tidigast {earliest} och senast {latest} före: {event}.",
                        f"At most {earliest} and at least {latest} before: {event}.",
                    )
                )
            lines.append(Line(phase.label.text(self.lang), phase.cite, notes=tuple(notes)))
        title = self.say("Stödets faser", "Phases of the support")
        return Part(f"{programme.id}-phases", title, (Lines(tuple(lines)),))
