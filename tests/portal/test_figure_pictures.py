"""What told numbers say of a period, and pictures of them: pure, without a kommun."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from hemvist_portal.figures import flow, shown
from hemvist_portal.figures.blocks import (
    Block,
    block_of,
    latest,
    month_after,
    said,
    series_of,
    year_before,
)
from hemvist_portal.figures.drawing import Line, nice
from hemvist_portal.figures.joined import joined
from hemvist_portal.figures.telling import Teller, plain

SVG = "{http://www.w3.org/2000/svg}"
SWEDISH = Teller("sv")


def indicator(**changes: Any) -> dict[str, Any]:
    """An indicator as the API gives it: a flow of households, counted."""
    return {
        "code": "moved_on",
        "kind": "flow",
        "measure": "count",
        "unit": "households",
        "unitLabel": "hushåll",
        "about": "households",
        "better": "more",
        "label": "Vidare",
        **changes,
    }


def told(first: str, last: str, **changes: Any) -> dict[str, Any]:
    """A told number as the API gives it."""
    return {
        "cells": [],
        "label": "",
        "fromMonth": f"{first}-01",
        "toMonth": f"{last}-01",
        **dict.fromkeys(("facts", "metLeast", "metMost", "amount", "middle")),
        **changes,
    }


def blocks(of: dict[str, Any], *numbers: dict[str, Any]) -> list[Block]:
    """Told numbers as blocks."""
    return [block_of(of, one) for one in numbers]


def test_a_number_is_never_cut() -> None:
    flow_of = indicator()
    found = blocks(
        flow_of, told("2025-01", "2025-07", facts=6), told("2025-08", "2026-02", facts=9)
    )
    year = said(flow_of, found, date(2025, 1, 1), date(2025, 12, 1))
    assert year is not None and (year.least, year.missing, year.last) == (6, 5, date(2025, 7, 1))
    assert said(flow_of, found, date(2025, 2, 1), date(2026, 1, 1)) is None
    now = latest(flow_of, found)
    assert now is not None and (now.least, now.months) == (15, 14)
    # A stretch with nothing told lies between: what came before it is not added.
    apart = [*blocks(flow_of, told("2024-01", "2024-03", facts=50)), *found]
    assert latest(flow_of, apart) == now


def test_what_is_told_in_steps_is_a_span() -> None:
    stock = indicator(code="waiting", kind="stock", better="fewer")
    (now,) = blocks(stock, told("2026-01", "2026-01", facts=90))
    assert (now.least, now.most, now.stepped) == (90, 94, True)
    assert SWEDISH.value(stock, now) == "90–94\N{NO-BREAK SPACE}hushåll"
    money = indicator(code="guarantee_exposure", kind="stock", measure="sum", unit="ore")
    (owed,) = blocks(money, told("2026-01", "2026-01", amount=20_000_000.0))
    assert SWEDISH.short(money, owed) == "200\N{NO-BREAK SPACE}000–300\N{NO-BREAK SPACE}000"
    # Of a flow that is told as it is, and of what is nobody's, nothing is added.
    assert blocks(indicator(), told("2026-01", "2026-01", facts=7))[0].exact
    quota = indicator(code="quota_agreed", kind="stock", about="nobody")
    assert blocks(quota, told("2026-01", "2026-01", facts=5))[0].exact


def test_shares() -> None:
    share = indicator(measure="share")
    kept, hidden = blocks(
        share,
        told("2025-01", "2025-06", facts=20, metLeast=16, metMost=20),
        told("2025-07", "2025-12", facts=20, metLeast=0, metMost=20),
    )
    assert (kept.least, kept.most) == (80, 100)
    # Anything between nothing and all says nothing; together with the other it does.
    assert not hidden.known
    both = said(share, [kept, hidden], date(2025, 1, 1), date(2025, 12, 1))
    assert both is not None and (both.least, both.most, both.hidden) == (40, 100, False)
    assert SWEDISH.short(share, Block(kept.first, kept.last, 75.7, 81.2)) == "75–82"


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (told("2024-01", "2024-12", facts=8), "4 fler än året före"),
        (told("2024-01", "2024-12", facts=12), "oförändrat"),
        (told("2023-07", "2024-12", facts=12), "oftare än"),
        (told("2023-07", "2024-12", facts=18), "ungefär lika ofta som"),
    ],
)
def test_against_a_year_before(then: dict[str, Any], words: str) -> None:
    of = indicator()
    found = blocks(of, then, told("2025-01", "2025-12", facts=12))
    now = latest(of, found)
    change = SWEDISH.change(of, now, year_before(of, found, now))
    assert change is not None and words in change.words
    assert year_before(of, found[1:], now) is None


def test_a_middle_lies_between_those_of_its_parts() -> None:
    median = indicator(measure="median", unit="days", unitLabel="dagar")
    found = blocks(
        median, told("2025-01", "2025-06", middle=90), told("2025-07", "2025-12", middle=70)
    )
    year = said(median, found, date(2025, 1, 1), date(2025, 12, 1))
    assert year is not None and (year.least, year.most) == (70, 90)
    now = latest(median, found)
    assert now is not None and now.least == now.most == 70


def test_cells_are_brought_into_one_division() -> None:
    assert joined([["a"], ["b"], ["c"], ["a", "b"]]) == [("a", "b"), ("c",)]
    assert joined([["a", "b"], ["b", "c"], ["d"]]) == [("a", "b", "c"), ("d",)]
    assert joined([]) == []


def test_a_flow_adds_nothing_and_divides_nothing() -> None:
    whole = {
        code: indicator(
            code=code,
            told=[told("2025-01", "2025-06", facts=9), told("2025-07", "2025-12", facts=6)],
        )
        for code in flow.OUT
    }
    cells = [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]
    part = told("2025-01", "2025-06", facts=9, cells=cells, label="A, B")
    divided = {code: {"code": code, "told": []} for code in flow.OUT}
    divided["ended"] = {"code": "ended", "told": [part]}
    rows = flow.rows(whole, divided, date(2025, 1, 1), date(2025, 12, 1))
    assert [(row.label, [way.sure for way in row.left]) for row in rows] == [
        ("A, B", [0, 9, 0]),
        # What no programme was told of yet, and nothing twice.
        ("", [15, 6, 15]),
    ]


@pytest.mark.parametrize("measure", ["count", "median", "share"])
@pytest.mark.parametrize("kind", ["flow", "stock"])
def test_a_picture_is_readable_without_colour(kind: str, measure: str) -> None:
    of = indicator(kind=kind, measure=measure, code="x")
    first = date(2024, 1, 1)
    found = [
        Block(month_after(first, 3 * at), month_after(first, 3 * at + 2), at * 5.0, at * 5.0 + 4)
        for at in range(5)
    ]
    found[2] = Block(found[2].first, found[2].last, None, None)
    lines = [Line(tuple(found), "Ny <&> egen"), Line(tuple(found[:2]), "Förra")]
    drawn = shown.chart(of, lines, SWEDISH, "p")
    svg = ElementTree.fromstring(str(drawn))
    assert svg.get("role") == "img" and svg.get("aria-labelledby") == "p-t p-d"
    for part in ("title", "desc"):
        said_of = svg.find(f"{SVG}{part}")
        assert said_of is not None and said_of.text
    assert not svg.findall(".//*[@style]") and "<script" not in drawn
    texts = [one.text for one in svg.iter(f"{SVG}text")]
    assert "Ny <&> egen" in texts and "Förra" in texts and "för få" in texts
    # Within its frame, whatever the numbers are.
    wide, high = (float(svg.get(side, "0")) for side in ("width", "height"))
    for one in svg.iter(f"{SVG}rect"):
        x, y, w, h = (float(one.get(key, "0")) for key in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + w <= wide + 1 and y + h <= high + 1


def test_a_picture_of_nothing_says_so() -> None:
    svg = shown.chart(indicator(), [], SWEDISH, "p")
    assert "Det finns inga tal att visa än." in svg


def test_series_keep_their_cells_apart() -> None:
    of = indicator()
    cell = {"code": "a", "label": "A"}
    found = series_of(
        of,
        [
            told("2025-07", "2025-12", facts=5, cells=[cell], label="A"),
            told("2025-01", "2025-06", facts=7, cells=[cell], label="A"),
            told("2025-01", "2025-12", facts=9),
        ],
    )
    assert [(one.codes, [block.least for block in one.blocks]) for one in found] == [
        (("a",), [7, 5]),
        ((), [9]),
    ]


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (7, 8), (94, 100), (101, 200), (0.86, 1), (0.31, 0.4)]
)
def test_an_axis_ends_at_a_round_number(value: float, top: float) -> None:
    assert nice(value) == pytest.approx(top)


def test_numbers_in_both_languages() -> None:
    assert plain(1234567.25, "sv") == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,2"
    assert plain(0.5, "en") == "0.5" and plain(12, "sv") == "12"


def strokes(drawn: str) -> list[dict[str, str]]:
    """The attributes of a picture's paths."""
    return [dict(one.attrib) for one in ElementTree.fromstring(drawn).iter(f"{SVG}path")]


def test_months_without_a_number_are_dotted_over() -> None:
    stock = indicator(code="waiting", kind="stock")
    months = ("2026-01", "2026-02", "2026-06")
    found = tuple(blocks(stock, *(told(one, one, facts=10) for one in months)))
    apart = [one for one in strokes(shown.chart(stock, [Line(found)], SWEDISH, "x"))
             if one.get("stroke-dasharray") == "2 4"]  # fmt: skip
    assert len(apart) == 1
    card = shown.card({**stock, "told": [told(one, one, facts=10) for one in months]}, SWEDISH)
    assert [one.get("stroke-dasharray") for one in strokes(card.spark)].count("2 4") == 1


def test_one_month_is_a_point_and_no_trend() -> None:
    stock = indicator(code="waiting", kind="stock")
    card = shown.card({**stock, "told": [told("2026-01", "2026-01", facts=70)]}, SWEDISH)
    drawn = ElementTree.fromstring(card.spark)
    # The patterns' own paths, and the floor.
    assert len([one for one in drawn if one.tag == f"{SVG}path"]) == 1
    assert [one for one in drawn if one.tag == f"{SVG}circle"]


@pytest.mark.parametrize("most", [9, 900, 90_000, 9_000_000, 900_000_000])
def test_the_longest_number_of_an_axis_stands_in_the_picture(most: int) -> None:
    money = indicator(code="guarantee_claims", measure="sum", unit="ore", unitLabel="kronor")
    found = tuple(blocks(money, told("2026-01", "2026-01", amount=100.0 * most)))
    drawn = ElementTree.fromstring(shown.chart(money, [Line(found)], SWEDISH, "x"))
    for one in drawn.iter(f"{SVG}text"):
        if one.get("text-anchor") == "end":
            assert float(one.get("x", 0)) >= 7.5 * len(one.text or ""), one.text


def test_pictures_of_cells_have_the_same_months() -> None:
    of = indicator()
    series = series_of(
        of,
        [
            {**told("2025-01", "2025-06", facts=9), "cells": [{"code": "a"}], "label": "A"},
            {**told("2025-10", "2026-02", facts=9), "cells": [{"code": "b"}], "label": "B"},
        ],
    )
    months = []
    for _, drawn in shown.by_cells(of, series, SWEDISH):
        texts = [one.text or "" for one in ElementTree.fromstring(drawn).iter(f"{SVG}text")]
        months.append([one for one in texts if one[-4:-2] == "20"])
    assert months[0] == months[1] and months[0]


def test_the_flow_names_the_months_of_what_is_not_of_all() -> None:
    heads = {
        **dict.fromkeys((flow.IN, *flow.OUT), "Ord"),
        "programmes": "P",
        "rest": "Inte uppdelat",
        "out": "Ut",
        "none": "inget tal",
        "when_moved_on": "7, maj 2025–maj 2026",
        "when_moved_in": "nov 2025–sep 2026",
    }
    came = said(indicator(), blocks(indicator(), told("2026-01", "2026-01", facts=85)),
                date(2026, 1, 1), date(2026, 1, 1))  # fmt: skip
    words = flow.Words("Flödet", "85 flyttade in")
    drawn = flow.picture([], flow.Way(flow.IN, came), heads, SWEDISH, words, "f")
    texts = [one.text for one in ElementTree.fromstring(drawn).iter(f"{SVG}text")]
    assert {"85", "Inte uppdelat", "7, maj 2025–maj 2026", "nov 2025–sep 2026"} <= {*texts}
    for one in ElementTree.fromstring(drawn).iter(f"{SVG}rect"):
        assert float(one.get("height", 0)) > 0


def test_what_may_be_nothing_is_not_drawn_as_something() -> None:
    """Nought to four is hatched up to four; a step higher up is drawn at its middle."""
    indicator = {"code": "takeovers_done", "kind": "flow", "measure": "count"}
    indicator |= {"unit": "households", "about": "households"}
    months = {"fromMonth": "2026-01-01", "toMonth": "2026-01-01"}
    bounds = {"metLeast": None, "metMost": None, "amount": None, "middle": None}
    none, some = (block_of(indicator, {**months, **bounds, "facts": facts}) for facts in (0, 5))
    assert (none.least, none.most, none.level, none.stepped) == (0, 4, 4, False)
    assert (some.least, some.most, some.level, some.stepped) == (5, 9, 7, True)
