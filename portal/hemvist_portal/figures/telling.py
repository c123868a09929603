"""How a told number is said: with its unit, its months, and against a year before."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from hemvist_portal.figures.blocks import YEAR, Block, Said, adds, month_after
from hemvist_portal.formats import NBSP, ORE
from hemvist_portal.wording import mark, translate

_DASH = "\N{EN DASH}"
#: By unit where one is meant: the API words the many.
_ONE = {
    "days": mark("dag"),
    "homes": mark("bostad"),
    "cases": mark("ärende"),
    "persons": mark("person"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """Against a year before: words, a sign, and a tone where more or fewer is better."""

    words: str
    sign: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Teller:
    """Says figures in a language."""

    lang: str

    def words(self, text: str, **values: Any) -> str:
        """A text of the portal in the language."""
        worded = translate(self.lang, text)
        return worded.format(**values) if values else worded

    def number(self, indicator: Mapping[str, Any], value: float) -> str:
        """A value without its unit; öre as kronor."""
        return plain(value / ORE if indicator["unit"] == "ore" else value, self.lang)

    def unit(self, indicator: Mapping[str, Any], value: float | None = None) -> str:
        """The unit's word."""
        if indicator["measure"] == "share":
            return "%"
        one = _ONE.get(indicator["unit"])
        if value == 1 and one:
            return self.words(one)
        return str(indicator["unitLabel"])

    def value(self, indicator: Mapping[str, Any], block: Block | None) -> str:
        """What a block says, with its unit, in words where there is no number."""
        if block is None:
            return self.words(mark("inget tal än"))
        if block.least is None or block.most is None:
            return self.words(mark("för få för att visas"))
        text = self.short(indicator, block)
        text += NBSP + self.unit(indicator, block.most)
        if isinstance(block, Said) and block.hidden:
            return self.words(mark("minst {value}"), value=text)
        return text

    def short(self, indicator: Mapping[str, Any], block: Block) -> str:
        """What a block says, on a picture: the number alone, or its span."""
        if block.least is None or block.most is None:
            return ""
        if block.exact:
            return self.number(indicator, block.least)
        least, most = block.least, block.most
        if indicator["measure"] == "share":
            # A span with decimals would look surer than it is.
            least, most = float(math.floor(least)), float(math.ceil(most))
        return f"{self.number(indicator, least)}{_DASH}{self.number(indicator, most)}"

    def month(self, month: date, *, year: bool = True) -> str:
        """A month in words: "mars 2026"."""
        pattern = "LLL y" if year else "LLL"
        return format_date(month, pattern, locale=self._locale).replace(".", "")

    def period(self, block: Block) -> str:
        """The months of a block."""
        return self.span(block.first, block.last)

    def span(self, first: date, last: date) -> str:
        """The months from one to another."""
        if first == last:
            return self.month(first)
        begins = self.month(first, year=first.year != last.year)
        return f"{begins}{_DASH}{self.month(last)}"

    def when(self, indicator: Mapping[str, Any], block: Block) -> str:
        """The months of a block, or the day on which a stock was counted."""
        if indicator["kind"] == "stock" and block.first == block.last:
            return self.words(mark("vid slutet av {month}"), month=self.month(block.last))
        return self.period(block)

    def change(
        self, indicator: Mapping[str, Any], now: Said | None, before: Said | None
    ) -> Change | None:
        """Against a year before; None where one of the two is missing or too small."""
        return self._difference(indicator, now, before, _YEAR)

    def against(
        self, indicator: Mapping[str, Any], now: Said | None, then: Said | None
    ) -> Change | None:
        """Against another period; None where one of the two is missing or too small."""
        return self._difference(indicator, now, then, _PERIOD)

    def _difference(
        self,
        indicator: Mapping[str, Any],
        now: Said | None,
        before: Said | None,
        texts: Mapping[str, str],
    ) -> Change | None:
        if now is None or before is None or now.hidden or before.hidden:
            return None
        if now.least is None or before.least is None or now.most is None or before.most is None:
            return None
        then = self.value(indicator, before)
        if adds(indicator) and now.months != before.months:
            return self._pace(indicator, now, before, then)
        if before.last != month_after(now.last, -YEAR) and not adds(indicator):
            then += f", {self.period(before)}"
        if now.stepped and now.least == before.least:
            return Change(self.words(texts["about"], then=then))
        if now.least == before.least and now.most == before.most and now.exact:
            return Change(self.words(texts["same"], then=then), "=")
        if not now.stepped and now.least <= before.most and before.least <= now.most:
            return Change(self.words(texts["about"], then=then))
        less = now.least < before.least
        ends = sorted((abs(now.least - before.most), abs(now.most - before.least)))
        if now.stepped:
            step = self.number(indicator, abs(now.least - before.least))
            by = self.words(mark("omkring {value}"), value=step)
        else:
            by = self.number(indicator, ends[0])
            if ends[0] != ends[1]:
                by += f"{_DASH}{self.number(indicator, ends[1])}"
        countable = indicator["measure"] != "share" and indicator["unit"] not in ("ore", "days")
        if indicator["measure"] == "share":
            by += NBSP + self.words(mark("procentenheter"))
        elif not countable:
            by += NBSP + self.unit(indicator, ends[1])
        key = ("fewer" if countable else "less") if less else ("many" if countable else "more")
        words = self.words(texts[key], step=by, then=then)
        return Change(words, "▼" if less else "▲", _tone(indicator, less=less))

    def _pace(
        self, indicator: Mapping[str, Any], now: Said, before: Said, then: str
    ) -> Change | None:
        """Two stretches of another length: only whether it happens more often."""
        if not all(one.level for one in (now, before)):
            return None
        pace, earlier = ((one.level or 0) / one.months for one in (now, before))
        values = {"when": self.period(before), "then": then}
        if abs(pace - earlier) <= _ALIKE * max(pace, earlier):
            return Change(self.words(mark("ungefär lika ofta som {when} ({then})"), **values))
        less = pace < earlier
        text = mark("mer sällan än {when} ({then})") if less else mark("oftare än {when} ({then})")
        return Change(self.words(text, **values), "▼" if less else "▲", _tone(indicator, less=less))

    @property
    def _locale(self) -> str:
        return "en_GB" if self.lang == "en" else "sv_SE"


_YEAR: Mapping[str, str] = {
    "about": mark("ungefär som året före ({then})"),
    "same": mark("oförändrat ({then})"),
    "less": mark("{step} mindre än året före ({then})"),
    "fewer": mark("{step} färre än året före ({then})"),
    "more": mark("{step} mer än året före ({then})"),
    "many": mark("{step} fler än året före ({then})"),
}
_PERIOD: Mapping[str, str] = {
    "about": mark("ungefär lika"),
    "same": mark("lika"),
    "less": mark("{step} mindre"),
    "fewer": mark("{step} färre"),
    "more": mark("{step} mer"),
    "many": mark("{step} fler"),
}


#: Paces that differ by less are called alike: of few, a tenth is chance.
_ALIKE = 0.1


def _tone(indicator: Mapping[str, Any], *, less: bool) -> str:
    if not indicator["better"]:
        return "neutral"
    return "go" if (indicator["better"] == "fewer") == less else "wait"


def plain(value: float, lang: str) -> str:
    """A number with the language's decimal sign and narrow thousands; at most one decimal."""
    text = f"{round(value, 1):,.1f}".removesuffix(".0")
    whole, _, part = text.partition(".")
    whole = whole.replace(",", NBSP)
    return whole + (("." if lang == "en" else ",") + part if part else "")
