"""A forecast in words and pictures: the year, the months, and how far last year's missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from hemvist_portal.figures.band_picture import Drawn, Expected, picture
from hemvist_portal.figures.blocks import month_after, months_between
from hemvist_portal.figures.drawing import Words
from hemvist_portal.figures.telling import Teller
from hemvist_portal.formats import NBSP
from hemvist_portal.wording import mark

#: The year's lines: what the API calls each, its words and a sentence on it.
YEAR = (
    (
        "need",
        mark("Behov av bostäder"),
        mark("De som väntar nu och de som kommer under året."),
    ),
    ("arrivals", mark("Hushåll som kommer"), mark("Utöver dem som väntar nu.")),
    ("coming", mark("Bostäder som kommer"), mark("Enligt avtal och på andra sätt.")),
    ("lacking", mark("Väntar när året är slut"), mark("Så många bostäder fattas.")),
    ("unused", mark("Bostäder som blir över"), mark("De kommer när ingen väntar.")),
    (
        "left",
        mark("Bostäder som kommunen lämnar"),
        mark("Avslutade, eller övertagna med eget kontrakt."),
    ),
)
#: Months before the forecast that a picture shows.
BEFORE = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, in words; empty where nothing is."""

    homes: int = 0
    guarantees: int = 0
    sooner: int = 0

    @property
    def any(self) -> bool:
        """Whether anything is asked."""
        return bool(self.homes or self.guarantees or self.sooner)

    def words(self, teller: Teller) -> str:
        """What is asked."""
        parts = []
        for number, one, several in (
            (self.homes, mark("en bostad fler i månaden"), mark("{n} bostäder fler i månaden")),
            (-self.homes, mark("en bostad färre i månaden"), mark("{n} bostäder färre i månaden")),
            (
                self.guarantees,
                mark("en garanti fler i månaden"),
                mark("{n} garantier fler i månaden"),
            ),
            (
                self.sooner,
                mark("eget kontrakt en månad tidigare"),
                mark("eget kontrakt {n} månader tidigare"),
            ),
        ):
            if number > 0:
                parts.append(teller.words(one if number == 1 else several, n=number))
        return ", ".join(parts)


def said(band: Mapping[str, int] | None, teller: Teller) -> str:
    """A band in words: the middle and its bounds; a dash where nothing is said."""
    if band is None:
        return "–"
    if band["low"] == band["high"]:
        return str(band["middle"])
    return teller.words(
        mark("omkring {middle} ({low}–{high})"),
        middle=band["middle"],
        low=band["low"],
        high=band["high"],
    ).replace(" (", f"{NBSP}(")


def year_rows(forecast: Mapping[str, Any], teller: Teller) -> list[tuple[str, str, str, str]]:
    """The year's table: name, sentence, as it goes on, as asked."""
    return [
        (
            teller.words(name),
            teller.words(sentence),
            said(forecast["goingOn"]["year"][code], teller),
            said(forecast["asked"]["year"][code], teller),
        )
        for code, name, sentence in YEAR
        if worth_a_line(forecast, code)
    ]


def worth_a_line(forecast: Mapping[str, Any], code: str) -> bool:
    """Homes that nobody waits for only where there are some; homes that are left where that is known."""
    asked = forecast["asked"]["year"][code]
    return asked is not None and (code != "unused" or bool(asked["high"]))


def homes_known(forecast: Mapping[str, Any]) -> bool:
    """Whether anything is said of the homes that the kommun lets."""
    return forecast["goingOn"]["months"][0]["homes"] is not None


def month_rows(forecast: Mapping[str, Any], teller: Teller) -> list[tuple[str, list[str]]]:
    """The months' table: month; waiting and homes, as it goes on and as asked."""
    return [
        (
            teller.month(_day(plain["month"])),
            [said(one[what], teller) for what in ("waiting", "homes") for one in (plain, asked)],
        )
        for plain, asked in zip(
            forecast["goingOn"]["months"], forecast["asked"]["months"], strict=True
        )
    ]


def sentence(forecast: Mapping[str, Any], asked: Asked, teller: Teller) -> str:
    """What the picture says, in a sentence or two."""
    last = forecast["goingOn"]["months"][-1]
    found = teller.words(
        mark("Om det går som hittills väntar {many} hushåll i slutet av {month}."),
        many=said(last["waiting"], teller),
        month=teller.month(_day(last["month"])),
    )
    if asked.any:
        found += " " + teller.words(
            mark("Med {asked}: {many}."),
            asked=asked.words(teller),
            many=said(forecast["asked"]["months"][-1]["waiting"], teller),
        )
    return found


def drawn(
    forecast: Mapping[str, Any],
    told: Sequence[Mapping[str, Any]],
    asked: Asked,
    teller: Teller,
) -> Markup:
    """The picture of those who wait: told, as it goes on, as asked."""
    known = _before(told, _day(forecast["goingOn"]["months"][0]["month"]))
    expected = [_expected(forecast["goingOn"]["months"], mark("Som hittills"), teller, known)]
    if asked.any:
        expected.append(
            _expected(forecast["asked"]["months"], mark("Det du frågar"), teller, known)
        )
    return picture(
        Drawn(
            Words(
                teller.words(mark("Hushåll som väntar, månad för månad")),
                sentence(forecast, asked, teller),
                axis=teller.words(mark("hushåll som väntar")),
            ),
            expected,
            _labels(forecast["goingOn"]["months"][0]["month"], teller),
            known=known,
            came={},
            known_name=teller.words(mark("så blev det")),
        ),
        "forecast",
    )


def drawn_kept(kept: Mapping[str, Any], teller: Teller) -> Markup:
    """The picture of a forecast that was kept: its band, and what came."""
    months = [{"month": one["month"], "waiting": one["said"]} for one in kept["months"]]
    return picture(
        Drawn(
            Words(
                teller.words(mark("Förra prognosen och det som kom")),
                missed(kept, teller),
                axis=teller.words(mark("hushåll som väntar")),
            ),
            [_expected(months, mark("Prognosen"), teller)],
            _labels(kept["firstMonth"], teller),
            known={},
            came={
                _day(one["month"]): one["came"] for one in kept["months"] if one["came"] is not None
            },
            came_name=teller.words(mark("så blev det")),
        ),
        "kept",
    )


def missed(kept: Mapping[str, Any], teller: Teller) -> str:
    """How far a forecast that was kept missed, in a sentence or two."""
    if not kept["come"]:
        return teller.words(mark("Ingen av prognosens månader har kommit än."))
    error = f"{kept['meanError']:.1f}".removesuffix(".0")
    return teller.words(
        mark(
            "Prognosen från {made} slog fel med {error} hushåll i genomsnitt. {inside} av {come}"
            " månader blev som bandet sade."
        ),
        made=teller.month(_day(kept["madeOn"])),
        error=error if teller.lang == "en" else error.replace(".", ","),
        inside=kept["inside"],
        come=kept["come"],
    )


def last_years(kept: Sequence[Mapping[str, Any]], today: date) -> Mapping[str, Any] | None:
    """The forecast to show beside: the newest of an earlier year, else the newest that has months."""
    earlier = [one for one in kept if _day(one["madeOn"]).year < today.year]
    return next(iter(earlier), next((one for one in kept if one["come"]), None))


def kept_rows(kept: Mapping[str, Any], teller: Teller) -> list[tuple[str, str, str, str, str]]:
    """The table of a forecast that was kept: month, said, came, error, inside."""
    found = []
    for one in kept["months"]:
        if one["came"] is None:
            rest = (teller.words(mark("inte än")), "", "")
        else:
            inside = mark("ja") if one["inside"] else mark("nej")
            rest = (str(one["came"]), str(one["error"]), teller.words(inside))
        found.append((teller.month(_day(one["month"])), said(one["said"], teller), *rest))
    return found


def _expected(
    months: Sequence[Mapping[str, Any]],
    name: str,
    teller: Teller,
    known: Mapping[date, int] | None = None,
) -> Expected:
    bands = {
        _day(one["month"]): (
            one["waiting"]["low"],
            one["waiting"]["middle"],
            one["waiting"]["high"],
        )
        for one in months
    }
    low, middle, high = bands[max(bands)]
    last = month_after(min(bands), -1)
    if known and last in known:
        # It sets out from what is known.
        bands = {last: (known[last],) * 3, **bands}
    return Expected(bands, teller.words(name), f"{middle} ({low}–{high})")


def _before(told: Sequence[Mapping[str, Any]], first: date) -> dict[date, int]:
    found = {
        _day(one["fromMonth"]): one["facts"]
        for one in told
        if one["facts"] is not None and one["fromMonth"] == one["toMonth"]
    }
    return {
        month: value
        for month, value in sorted(found.items())
        if 0 < months_between(month, first) <= BEFORE + 1
    }


def _labels(first: str, teller: Teller) -> dict[date, str]:
    begin = month_after(_day(first), -BEFORE - 1)
    months = [month_after(begin, number) for number in range(2 * BEFORE + 2)]
    return {month: teller.month(month) for month in months}


def _day(told: str) -> date:
    return date.fromisoformat(told)
