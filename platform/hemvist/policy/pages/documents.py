"""Referral, offers and support plan of a programme, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hemvist.policy.matching import Matching, Priority
from hemvist.policy.pages.blocks import Block, Line, Lines, Paragraph, Part
from hemvist.policy.pages.leaves import leaf_in_words
from hemvist.policy.pages.reader import Reader, filled
from hemvist.policy.pages.values import num, param_value, span, value_on
from hemvist.policy.pages.words import CONSEQUENCES, lower_first, parties, upper_first, word
from hemvist.policy.programmes import ContentItem, Offers, Plan, Referral


@dataclass(frozen=True, slots=True)
class DocumentReader(Reader):
    """What is written in a programme, and how homes are offered."""

    def referral(self, id: str, referral: Referral) -> Part:
        """The referral: what it holds, who signs, how long it is valid."""
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
        """How homes are offered, and why they may be declined."""
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
        if "resident" in offers.answers:
            blocks.append(
                Paragraph(
                    self.say(
                        "Förvaltningen svarar först, sedan hushållet.",
                        "The department answers first, then the household.",
                    )
                )
            )
        if offers.landlord_picks is not None:
            most = num(self.pack, offers.landlord_picks, self.on, self.lang)
            blocks.append(
                Paragraph(
                    self.say(
                        f"Hyresvärden väljer bland upp till {most} hushåll, presenterade utan namn.",
                        f"The landlord chooses among up to {most} households, presented without names.",
                    )
                )
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

    def matching(self, id: str, matching: Matching) -> Part:
        """Who is offered a home before whom."""
        lines = (
            Line(one.label.text(self.lang), one.cite, notes=(self._first(one),))
            for one in matching.priority
        )
        blocks: list[Block] = [
            self.lines(
                lines,
                self.say(
                    "Turordning, i denna ordning. Mellan likställda avgör lotten:",
                    "Priority, in this order. Between equals a lot decides:",
                ),
            )
            if matching.priority
            else Paragraph(
                self.say(
                    "Ingen turordning: mellan dem som bostaden passar avgör lotten.",
                    "No order: a lot decides between those whom the home suits.",
                )
            ),
            Paragraph(
                {
                    "forbidden": self.say("Kötid får inte avgöra.", "Waiting time may not decide."),
                    "allowed": self.say("Kötid får avgöra.", "Waiting time may decide."),
                }.get(
                    matching.queue_time,
                    self.say(
                        "Källan säger inget om kötid; den avgör inte.",
                        "The source says nothing of waiting time; it does not decide.",
                    ),
                )
            ),
        ]
        if matching.landlord is not None:
            rule = self.pack.rule(matching.landlord.rule)
            blocks.append(
                Paragraph(
                    f"{self.say('Prövas mot hyresvärden', 'Asked of the landlord')}: "
                    f"{rule.label.text(self.lang)}.",
                    to=f"rule-{rule.id}",
                )
            )
        if matching.closed_areas is not None:
            areas = self.pack.params[matching.closed_areas]
            label = areas.label.text(self.lang) if areas.label else areas.name
            words = param_value(areas, value_on(areas, self.on), self.lang)
            blocks.append(Paragraph(f"{label}: {words}."))
        title = self.say("Turordning", "Priority")
        return Part(f"{id}-matching", title, filled(blocks), cite=matching.cite)

    def _first(self, one: Priority) -> str:
        if one.rule is not None:
            words = ("Den som uppfyller regeln går först.", "Whoever meets the rule goes first.")
            if not one.descending:
                words = ("Den som uppfyller regeln går sist.", "Whoever meets the rule goes last.")
        else:
            words = ("Störst värde först.", "The highest value first.")
            if not one.descending:
                words = ("Minst värde först.", "The lowest value first.")
        return self.say(*words)

    def plan(self, id: str, plan: Plan) -> Part:
        """What the support plan holds."""
        blocks: list[Block] = [
            self.items(plan.requires, self.say("Ska alltid finnas med:", "Always required:")),
            self.items(
                plan.optional,
                self.say("Ska finnas med när det gäller:", "Required when it applies:"),
            ),
        ]
        if plan.responsible:
            who = parties([plan.responsible], self.lang)
            blocks.append(Paragraph(self.say(f"Ansvarig: {who}.", f"Responsible: {who}.")))
        blocks.append(
            self.lines(
                (Line(one.label.text(self.lang), one.cite) for one in plan.signatures),
                self.say("Parter som skriver under:", "Parties that sign:"),
            )
        )
        if plan.free:
            words = (
                "De som gör planen får lägga till egna rubriker.",
                "Those who make the plan may add headings of their own.",
            )
            blocks.append(Paragraph(self.say(*words)))
        return Part(f"{id}-plan", plan.label.text(self.lang), filled(blocks), cite=plan.cite)

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
