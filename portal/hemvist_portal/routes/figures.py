"""Figures to steer by: the first page, an indicator, the flow, two periods, and the cases behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.indicators.definitions import catalogue
from hemvist_portal.errors import Missing
from hemvist_portal.figures import beside, flow, shown
from hemvist_portal.figures.beside import Period
from hemvist_portal.figures.blocks import Series, month_after, series_of
from hemvist_portal.figures.drawing import Line, Words
from hemvist_portal.figures.shown import MARGIN_WORDS, SIX
from hemvist_portal.figures.telling import Teller
from hemvist_portal.pages import Reader, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

#: Months that an indicator's page may reach back.
REACHES = (24, 60, 120)
FARTHEST = REACHES[-1]
#: The first page shows trends of three years, so that the year before the last is in them.
TREND = 36
#: Margins whose cells are asked for by their own names; a group's is a group.
_CELLS = ("programme", "area")


@router.get("/{slug}/figures")
def start(visitor: Reader) -> Response:
    """The six figures with their trends, and the way to all the others."""
    teller = Teller(visitor.lang)
    data = six(visitor)
    every = visitor.read("figures_all")["indicators"]
    chapters = [
        (label, list(found)) for label, found in groupby(every, key=lambda one: one["chapterLabel"])
    ]
    return show(
        visitor,
        "pages/figures.html",
        cards=[shown.card(one, teller) for one in data["indicators"]],
        chapters=chapters,
        state=data["figuresState"],
        six=SIX,
    )


@router.get("/{slug}/figures/flow")
def flowing(visitor: Reader, year: str = "") -> Response:
    """The flow of a year through the programmes."""
    return show(visitor, "pages/figures_flow.html", **flow_of(visitor, year))


@router.get("/{slug}/figures/compare")
def compare(
    visitor: Reader, code: str = "", by: str = "", year: str = "", against: str = ""
) -> Response:
    """Two years, or the last twelve months and those before, cell by cell."""
    return show(visitor, "pages/figures_compare.html", **compared(visitor, code, by, year, against))


@router.get("/{slug}/figures/{code}")
def figure(visitor: Reader, code: str, by: str = "all", months: str = "") -> Response:
    """An indicator: its series, its table, its definition."""
    return show(visitor, "pages/figure.html", **of_indicator(visitor, code, by, months))


@router.get("/{slug}/figures/{code}/cases")
def cases(
    visitor: Reader,
    code: str,
    first: str = "",
    last: str = "",
    by: str = "",
    cell: str = "",
    after: str | None = None,
) -> Response:
    """The cases behind a number, as far as the reader may see them."""
    start_month, end_month = month_read(first), month_read(last)
    asked: dict[str, Any] = {}
    if by == "step":
        asked["programme"], _, asked["step"] = cell.partition(":")
    elif by:
        asked[by if by in _CELLS else "group"] = cell
    if start_month:
        asked["fromMonth"] = start_month.isoformat()
    if end_month:
        asked["toMonth"] = end_month.isoformat()
    if start_month and end_month and code in catalogue() and catalogue()[code].kind == "stock":
        # Counted on the month's last day: who was there earlier in it is not behind the number.
        asked = {key: one for key, one in asked.items() if not key.endswith("Month")}
        asked["on"] = (month_after(end_month) - timedelta(days=1)).isoformat()
    if not asked.keys() & {"fromMonth", "toMonth", "on"}:
        asked["on"] = today().isoformat()
    data = visitor.node("figure_cases", "indicator", code=code, after=after or None, **asked)
    teller = Teller(visitor.lang)
    when = ""
    if "on" in asked and end_month:
        when = teller.words(mark("vid slutet av {month}"), month=teller.month(end_month))
    elif start_month and end_month:
        when = teller.span(start_month, end_month)
    return show(
        visitor,
        "pages/figure_cases.html",
        indicator=data["indicator"],
        page=data["indicatorFacts"],
        when=when,
        query={"first": first, "last": last, "by": by, "cell": cell},
        teller=teller,
    )


def six(visitor: Visitor) -> dict[str, Any]:
    """The six figures with what was told of them in the last years."""
    return visitor.read("figures", codes=[*SIX], fromMonth=back(TREND))


def of_indicator(visitor: Visitor, code: str, by: str, months: str) -> dict[str, Any]:
    """What an indicator's page and files show. Raises ``Missing``."""
    reach = int(months) if months.isdecimal() and int(months) in REACHES else REACHES[1]
    margin = by if by in MARGIN_WORDS else "all"
    since = back(reach)
    data = visitor.node("figure", "indicator", code=code, margin="all", fromMonth=since)
    indicator = data["indicator"]
    if margin not in ("all", *indicator["by"]):
        raise Missing
    teller = Teller(visitor.lang)
    if margin == "all":
        series = versions_of(visitor, indicator, since, teller)
        drawn = shown.chart(
            indicator,
            [Line(one.blocks, one.label) for one in series],
            teller,
            "plot",
        )
        pictures = [("", drawn)] if any(one.blocks for one in series) else []
    else:
        found = visitor.read("figure_series", code=code, margin=margin, fromMonth=since)
        series = named(series_of(indicator, found["indicator"]["told"]), teller)
        pictures = [(one.label, drawn) for one, drawn in shown.by_cells(indicator, series, teller)]
    now = shown.newest(indicator, series[0].blocks) if margin == "all" and series else None
    return {
        "indicator": indicator,
        "margin": margin,
        "margins": [("all", MARGIN_WORDS["all"])]
        + [(one, MARGIN_WORDS[one]) for one in indicator["by"]],
        "months": reach,
        "reaches": REACHES,
        "series": series,
        "pictures": pictures,
        "rows": shown.rows(indicator, series, teller),
        "now": now,
        "divided_to": _divided_to(indicator, series, teller) if margin != "all" else "",
        "teller": teller,
        "state": data["figuresState"],
    }


def named(series: Sequence[Series], teller: Teller) -> list[Series]:
    """Series whose cells were told together said to be so."""
    return [
        replace(one, label=teller.words(mark("{cells} tillsammans"), cells=one.label))
        if len(one.codes) > 1
        else one
        for one in series
    ]


def _divided_to(indicator: Mapping[str, Any], series: Sequence[Series], teller: Teller) -> str:
    """The last month that was divided, where more has been told of the whole."""
    whole = [date.fromisoformat(one["toMonth"]) for one in indicator["told"]]
    divided = [block.last for one in series for block in one.blocks]
    if not whole or not divided or max(divided) >= max(whole):
        return ""
    return teller.month(max(divided))


def versions_of(
    visitor: Visitor, indicator: Mapping[str, Any], since: str, teller: Teller
) -> list[Series]:
    """A series for each version that numbers were told of, the present one first; never joined."""
    found = []
    present = indicator["version"]
    for version in sorted(indicator["versions"], key=lambda one: (one != present, -one)):
        told = indicator["told"]
        if version != present:
            read = visitor.read(
                "figure_series",
                code=indicator["code"],
                margin="all",
                fromMonth=since,
                version=version,
            )
            told = read["indicator"]["told"]
        for one in series_of(indicator, told):
            label = teller.words(mark("Definition {version}"), version=version)
            found.append(Series(one.codes, label, one.blocks))
    if len(found) == 1:
        found = [Series(found[0].codes, "", found[0].blocks)]
    return found


def flow_of(visitor: Visitor, year: str) -> dict[str, Any]:
    """The flow of a calendar year, or of the last twelve months that were told."""
    teller = Teller(visitor.lang)
    chosen = _year(year)
    data = visitor.read(
        "figures_flow",
        ways=[*flow.OUT],
        whole=[flow.IN, *flow.OUT, flow.RETURNED],
        fromMonth=f"{today().year - 5}-01-01",
    )
    found = {one["code"]: one for one in data["indicators"]}
    period = _period(chosen, list(found.values()))
    divided = {one["code"]: one for one in data["divided"]}
    rows = flow.rows(found, divided, period.first, period.last)
    sums = {
        code: shown.said_of(one, one["told"], period.first, period.last)
        for code, one in found.items()
    }
    came = flow.Way(flow.IN, sums[flow.IN])
    span = teller.span(period.first, period.last)
    heads = {
        **{code: one["label"] for code, one in found.items()},
        "programmes": teller.words(mark("Boendeformer")),
        "rest": teller.words(mark("Inte uppdelat på boendeform")),
        "out": teller.words(mark("Så gick det sedan")),
        "none": teller.words(mark("inget tal för perioden")),
    }
    told = ". ".join(
        f"{found[code]['label']}: {teller.value(found[code], said)}"
        for code, said in sums.items()
        if said
    )
    words = Words(
        teller.words(mark("Flödet genom boendeformerna, {span}"), span=span),
        told or teller.words(mark("Det finns inga tal att visa än.")),
    )
    # A number of months that reach out of the period cannot be cut: it is named with its own months.
    wider = {
        code: shown.reaching(one, one["told"], period.first, period.last)
        for code, one in found.items()
        if sums[code] is None
    }
    for code, one in sums.items():
        if one:
            heads[f"value_{code}"] = teller.short(found[code], one)
        if one and one.missing:
            heads[f"when_{code}"] = teller.period(one)
        elif other := wider.get(code):
            # Named with its own months, as the table does.
            heads[f"when_{code}"] = f"{teller.short(found[code], other)}, {teller.period(other)}"
    drawn = rows or came.sure
    return {
        "rows": rows,
        "heads": heads,
        "ways": flow.OUT,
        "found": found,
        "sums": sums,
        "wider": wider,
        "span": span,
        "year": chosen,
        "years": _years(found.values()),
        "told": words.told,
        "picture": flow.picture(rows, came, heads, teller, words, "flow") if drawn else None,
        "teller": teller,
        "state": data["figuresState"],
    }


def compared(visitor: Visitor, code: str, by: str, year: str, against: str) -> dict[str, Any]:
    """Two periods of an indicator, cell by cell. Raises ``Missing``."""
    every = visitor.read("figures_all")["indicators"]
    chosen = code or SIX[0]
    known = next((one for one in every if one["code"] == chosen), None)
    if known is None:
        raise Missing
    margin = by if by in known["by"] else "all"
    since = f"{today().year - 6}-01-01"
    data = visitor.node("figure", "indicator", code=chosen, margin=margin, fromMonth=since)
    indicator = data["indicator"]
    teller = Teller(visitor.lang)
    series = named(series_of(indicator, indicator["told"]), teller)
    now = _period(_year(year), [indicator])
    then = (
        _period(_year(against), [])
        if _year(against)
        else Period(month_after(now.first, -12), month_after(now.last, -12))
    )
    found = beside.pairs(indicator, series, now, then, teller)
    names = (teller.span(now.first, now.last), teller.span(then.first, then.last))
    title = teller.words(
        mark("{label}: {now} mot {then}"), label=indicator["label"], now=names[0], then=names[1]
    )
    told = ". ".join(
        f"{one.label}: {teller.value(indicator, one.now)}, {teller.value(indicator, one.then)}"
        for one in found
    )
    return {
        "indicator": indicator,
        "every": every,
        "margin": margin,
        "margins": MARGIN_WORDS,
        "pairs": found,
        "names": names,
        "year": year,
        "against": against,
        "years": range(today().year, today().year - 6, -1),
        "picture": beside.picture(indicator, found, names, teller, Words(title, told), "pair")
        if found
        else None,
        "teller": teller,
        "state": data["figuresState"],
    }


def _years(told: Iterable[Mapping[str, Any]]) -> list[int]:
    """Years before this one of which something was told, four at most."""
    ends = [
        (date.fromisoformat(one["fromMonth"]).year, date.fromisoformat(one["toMonth"]).year)
        for each in told
        for one in each["told"]
    ]
    now = today().year
    return [year for year in range(now - 4, now) if any(a <= year <= b for a, b in ends)]


def month_read(value: str) -> date | None:
    """A month as an address has it, "2026-03"; None for anything else."""
    try:
        return date.fromisoformat(f"{value[:7]}-01")
    except ValueError:
        return None


def _year(value: str) -> int:
    year = int(value) if value.isdecimal() and len(value) == 4 else 0
    return year if 2000 <= year <= today().year else 0


def _period(year: int, told: Sequence[Mapping[str, Any]]) -> Period:
    """A calendar year, or the twelve months up to the last that anything was told of."""
    if year:
        return Period(date(year, 1, 1), date(year, 12, 1))
    last = max(
        (date.fromisoformat(one["toMonth"]) for each in told for one in each["told"]),
        default=month_after(today().replace(day=1), -1),
    )
    return Period(month_after(last, -11), last)


def back(months: int) -> str:
    """The month so many months ago, as the API takes it."""
    return month_after(today().replace(day=1), -months).isoformat()
