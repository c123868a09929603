"""What the readers of a pack's parts share: a language, a day, and lists of items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from hemvist.policy.items import Item, Notice
from hemvist.policy.pack import Pack
from hemvist.policy.pages.blocks import Block, Line, Lines
from hemvist.policy.pages.words import BEFORE, word
from hemvist.policy.rules import LegalFlag


@dataclass(frozen=True, slots=True)
class Reader:
    """A pack in one language, with numbers of a day."""

    pack: Pack
    lang: str
    on: date

    def say(self, sv: str, en: str) -> str:
        """The one of two texts that is in the language."""
        return sv if self.lang == "sv" else en

    def lines(self, lines: Iterable[Line], intro: str = "") -> Lines:
        """A list."""
        return Lines(tuple(lines), intro)

    def helps(self, item: Item) -> Iterator[str]:
        """What is explained of an item, if anything."""
        if item.help is not None:
            yield item.help.text(self.lang)

    def item(self, item: Item, *notes: str, lines: Iterable[Line] = ()) -> Line:
        """An item with its source."""
        return Line(
            item.label.text(self.lang),
            item.cite,
            notes=(*self.helps(item), *notes),
            lines=tuple(lines),
        )

    def told(self, notices: Iterable[Notice]) -> Lines:
        """What must be told, and before what."""
        return self.lines(
            (
                self.item(
                    one, f"{self.say('Innan', 'Before')} {word(BEFORE, one.before, self.lang)}."
                )
                for one in notices
            ),
            self.say("Det som ska sägas:", "What must be told:"),
        )

    def flagged(self, legal: LegalFlag | None, *, told: bool = False) -> list[str]:
        """What the law says of it, if anything; ``told`` when it is said already that it is off."""
        if legal is None:
            return []
        off = "" if legal.active or told else self.say("Tillämpas inte. ", "Not applied. ")
        law = self.say("Lagen", "The law")
        return [f"{off}{law} ({legal.flag}): {legal.note.text(self.lang)}"]

    def rule_label(self, id: str) -> str:
        """What a rule is called."""
        return self.pack.rule(id).label.text(self.lang)


def filled(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Without the lists that are empty."""
    return tuple(block for block in blocks if not isinstance(block, Lines) or block.lines)
