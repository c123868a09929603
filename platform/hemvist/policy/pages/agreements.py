"""Contract, guarantee and takeover of a programme, as people read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hemvist.policy.clauses import CLAUSES, StatedTime
from hemvist.policy.ladder import Ladder, LadderStep
from hemvist.policy.pages.blocks import Block, Line, Paragraph, Part
from hemvist.policy.pages.reader import Reader, filled
from hemvist.policy.pages.values import num, number, param_value, span, value_on, yes_no
from hemvist.policy.pages.words import (
    CONTRACT_KINDS,
    EVENTS,
    TYPES,
    WAYS,
    joined,
    parties,
    upper_first,
    word,
)
from hemvist.policy.programmes import Contract, Guarantee, Length, Programme, Takeover, Term


@dataclass(frozen=True, slots=True)
class AgreementReader(Reader):
    """What is signed in a programme."""

    def parts(self, programme: Programme) -> list[Part]:
        """Contract, guarantee and takeover, those that there are."""
        return [
            *([self.contract(programme.id, programme.contract)] if programme.contract else []),
            *([self.guarantee(programme.id, programme.guarantee)] if programme.guarantee else []),
            *([self.takeover(programme.id, programme.takeover)] if programme.takeover else []),
            *([self.ladder(programme.id, programme.ladder)] if programme.ladder else []),
        ]

    def contract(self, id: str, contract: Contract) -> Part:
        """The contract form: who signs, for how long, on which terms."""
        signed = parties(contract.signed_by, self.lang)
        kind = word(CONTRACT_KINDS, contract.kind, self.lang)
        blocks: list[Block] = [
            Paragraph(f"{kind}. {self.say('Skrivs under av', 'Signed by')} {signed}."),
            self.lines(
                (self.item(one, self.length(one)) for one in contract.lengths),
                self.say("Längd:", "Length:"),
            ),
            self.lines(
                (self.item(one, *self.term(one)) for one in contract.terms),
                self.say("Avtalsvillkor:", "Terms:"),
            ),
        ]
        if contract.notice is not None:
            words = self.say("Uppsägningstid", "Period of notice")
            blocks.append(self.stated(contract.notice, words))
        if contract.tenure_waiver is not None:
            words = self.say("Avstående från besittningsskydd", "Waiver of security of tenure")
            blocks.append(self.stated(contract.tenure_waiver, words))
        blocks.append(
            self.lines(
                (
                    Line(
                        one.label.text(self.lang),
                        one.cite,
                        lead="" if one.active else self.say("Tillämpas inte", "Not applied"),
                        off=not one.active,
                        notes=(
                            *self.helps(one),
                            f"{CLAUSES[one.clause].text(self.lang)}.",
                            *self.flagged(one.legal, told=True),
                        ),
                    )
                    for one in contract.clauses
                ),
                self.say("Klausuler:", "Clauses:"),
            )
        )
        title = contract.label.text(self.lang)
        return Part(f"{id}-contract", title, filled(blocks), cite=contract.cite)

    def length(self, one: Length) -> str:
        if one.months is None:
            return self.say("Tills vidare.", "Until further notice.")
        return f"{num(self.pack, one.months, self.on, self.lang, 'months')}."

    def term(self, one: Term) -> list[str]:
        said = upper_first(word(TYPES, one.type, self.lang))
        if one.must_be is not None:
            said = self.say(
                f"Svaret måste vara {yes_no(one.must_be, 'sv')}",
                f"The answer must be {yes_no(one.must_be, 'en')}",
            )
        elif one.options:
            choices = (label.text(self.lang) for label in one.options.values())
            said = joined(choices, self.lang, either=True)
        elif one.minimum is not None and one.maximum is not None:
            said += f", {number(one.minimum)}–{number(one.maximum)}"
        must = self.say("; ska alltid anges", "; always stated") if one.required else ""
        return [f"{said}{must}.", *self.flagged(one.legal)]

    def stated(self, time: StatedTime, words: str) -> Paragraph:
        label = time.label.text(self.lang) if time.label else words
        length = span(self.pack, time.span, self.on, self.lang)
        flags = " ".join(self.flagged(time.legal))
        return Paragraph(f"{label}: {length}.{' ' if flags else ''}{flags}", time.cite)

    def guarantee(self, id: str, guarantee: Guarantee) -> Part:
        """The rent guarantee or surety."""
        periods = self.pack.params[guarantee.periods]
        lengths = param_value(periods, value_on(periods, self.on), self.lang)
        start = word(EVENTS, guarantee.start, self.lang)
        blocks: list[Block] = [
            Paragraph(
                self.say(f"Gäller i {lengths} från att {start}.", f"For {lengths} after {start}.")
            )
        ]
        if guarantee.rent_months is not None:
            months = num(self.pack, guarantee.rent_months, self.on, self.lang, "months")
            blocks.append(
                Paragraph(self.say(f"Täcker hyra i {months}.", f"Covers rent for {months}."))
            )
        if guarantee.reassess is not None:
            time = span(self.pack, guarantee.reassess, self.on, self.lang)
            blocks.append(
                Paragraph(self.say(f"Omprövas efter {time}.", f"Reassessed after {time}."))
            )
        if guarantee.ends_when is not None:
            words = self.say("Upphör när", "Ends when")
            blocks.append(
                Paragraph(
                    f"{words}: {self.rule_label(guarantee.ends_when)}.",
                    to=f"rule-{guarantee.ends_when}",
                )
            )
        blocks.append(
            self.lines(
                (self.item(one) for one in guarantee.scope), self.say("Omfattar:", "Covers:")
            )
        )
        blocks.append(self.told(guarantee.notices))
        kind = (
            self.say("Borgen", "Surety")
            if guarantee.kind == "borgen"
            else self.say("Hyresgaranti", "Rent guarantee")
        )
        title = guarantee.label.text(self.lang) if guarantee.label else kind
        return Part(f"{id}-guarantee", title, filled(blocks), cite=guarantee.cite)

    def takeover(self, id: str, takeover: Takeover) -> Part:
        """The way to a lease of one's own."""
        blocks: list[Block] = []
        start = word(EVENTS, takeover.start, self.lang)
        if takeover.after is not None:
            time = span(self.pack, takeover.after, self.on, self.lang)
            blocks.append(
                Paragraph(
                    self.say(
                        f"Tidigast {time} efter att {start}.",
                        f"At the earliest {time} after {start}.",
                    )
                )
            )
        if takeover.rule is not None:
            words = self.say("Villkor", "Condition")
            blocks.append(
                Paragraph(f"{words}: {self.rule_label(takeover.rule)}.", to=f"rule-{takeover.rule}")
            )
        for words, who in (
            (self.say("Beslutas av", "Decided by"), takeover.decided_by),
            (self.say("Förordas av", "Recommended by"), takeover.recommended_by),
            (self.say("Ska godkännas av", "Agreed by"), takeover.agrees),
        ):
            if who:
                blocks.append(Paragraph(f"{words} {parties(who, self.lang)}."))
        if takeover.owner_bound:
            blocks.append(
                Paragraph(
                    self.say(
                        "Fastighetsägaren har godtagit övertagandet på förhand.",
                        "The owner has agreed to the takeover in advance.",
                    )
                )
            )
        steps = self.say("Så går det till:", "How it goes:")
        blocks.append(self.lines((self.item(one) for one in takeover.steps), steps))
        blocks.append(self.told(takeover.notices))
        title = (
            takeover.label.text(self.lang)
            if takeover.label
            else self.say("Övertagande av kontraktet", "Takeover of the lease")
        )
        return Part(f"{id}-takeover", title, filled(blocks), cite=takeover.cite)

    def ladder(self, id: str, ladder: Ladder) -> Part:
        """The steps where a tenancy is in trouble."""
        steps = self.say("Stegen, i ordning:", "The steps, in order:")
        blocks: list[Block] = [
            self.lines((self.item(one, *self.step(one)) for one in ladder.steps), steps)
        ]
        title = (
            ladder.label.text(self.lang)
            if ladder.label
            else self.say("När boendet är i kris", "When a tenancy is in trouble")
        )
        return Part(f"{id}-ladder", title, filled(blocks), cite=ladder.cite)

    def step(self, step: LadderStep) -> Iterator[str]:
        """When a step is called for, what it needs, by whom and how."""
        if step.called_for is not None:
            yield self.say("När: ", "When: ") + self.rule_label(step.called_for) + "."
        for rule in step.needs:
            yield self.say("Kräver: ", "Needs: ") + self.rule_label(rule) + "."
        if step.by:
            yield self.say("Av eller med ", "By or with ") + parties(step.by, self.lang) + "."
        if step.ways:
            ways = [word(WAYS, one, self.lang) for one in step.ways]
            yield self.say("Skickas som ", "Sent by ") + joined(ways, self.lang) + "."
        if step.copies:
            yield self.say("Kopia till ", "Copy to ") + parties(step.copies, self.lang) + "."
        if step.until is not None:
            event = word(EVENTS, step.until, self.lang)
            yield self.say(f"Stödet fortsätter tills {event}.", f"Support goes on until {event}.")
