"""What a landlord learns of a household, as people read it."""

from __future__ import annotations

from dataclasses import dataclass

from hemvist.policy.landlord import LandlordTold
from hemvist.policy.pages.blocks import Block, Line, Paragraph, Part
from hemvist.policy.pages.reader import Reader, filled
from hemvist.policy.pages.words import NAME_FROM, word


@dataclass(frozen=True, slots=True)
class LandlordReader(Reader):
    """From when the landlord knows the name, and what a request may show."""

    def parts(self, id: str, told: LandlordTold | None) -> list[Part]:
        """The section, where the programme has it."""
        if told is None:
            return []
        blocks: list[Block] = [Paragraph(word(NAME_FROM, told.name_from, self.lang))]
        if told.consent_term is not None:
            blocks.append(
                Paragraph(
                    self.say(
                        "Samtycket antecknas som ett villkor i kontraktet.",
                        "The consent is recorded as a term of the contract.",
                    )
                )
            )
        blocks.append(
            self.lines(
                (Line(self.pack.facts[one].label.text(self.lang)) for one in told.evidence),
                self.say(
                    "Kan visas med en förfrågan om överlåtelse:",
                    "May be shown with a request to take the lease over:",
                ),
            )
        )
        blocks.append(
            Paragraph(
                self.say(
                    "Ett hushåll med skyddade personuppgifter visas aldrig med namn.",
                    "A household with protected personal data is never shown by name.",
                )
            )
        )
        title = self.say("Vad hyresvärden får veta", "What the landlord learns")
        return [Part(f"{id}-landlord", title, filled(blocks), cite=told.cite)]
