"""A year's flow through the programmes and out of them: the numbers, and their picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from hemvist_portal.figures.blocks import Said, Series, said, series_of
from hemvist_portal.figures.blocks import whole as whole_blocks
from hemvist_portal.figures.drawing import FILL, INK, PALE, QUIET, Words, tag, text, whole, wrapped
from hemvist_portal.figures.joined import joined
from hemvist_portal.figures.telling import Teller

#: What comes in, and the ways out, by their indicators; patterns in this order.
IN = "moved_in"
OUT = ("moved_on", "ended", "evicted")
RETURNED = "returned"
#: What the ways are told in.
_COUNTED = {"unit": "cases", "measure": "count"}
_PATTERNS = ("solid", "hatch", "dots")
_WIDTH = 820
_BOX = (282, 196)
_ENDS = 606
_GAP = 26
_LEAST = 82
_TALL = 300


@dataclass(frozen=True, slots=True)
class Way:
    """A number on a way: ``sure`` is what is known of it, which a band is as wide as."""

    code: str
    said: Said | None

    @property
    def sure(self) -> float:
        """What is known to have gone this way."""
        return 0 if self.said is None or self.said.least is None else self.said.least


@dataclass(frozen=True, slots=True)
class Row:
    """A programme, or some that numbers were told of together; what is not divided has no name."""

    label: str
    left: tuple[Way, ...]

    @property
    def size(self) -> float:
        """How many left it."""
        return sum(one.sure for one in self.left)


def rows(
    whole_of: Mapping[str, Mapping[str, Any]],
    divided: Mapping[str, Mapping[str, Any]],
    first: date,
    last: date,
) -> list[Row]:
    """Who left in a period, by programme as far as that was told, and the rest undivided.

    Numbers of programmes are told later than those of the whole, of the same stretches of months.
    """
    series = {code: series_of(whole_of[code], divided[code]["told"]) for code in OUT}
    names = {
        cell["code"]: cell["label"]
        for one in divided.values()
        for told in one["told"]
        for cell in told["cells"]
    }
    # Told of different cells at different times, or of several together: one row has them all.
    division = joined(one.codes for each in series.values() for one in each)
    made = [
        Row(
            ", ".join(names[code] for code in codes),
            tuple(Way(code, _of(whole_of[code], series[code], codes, first, last)) for code in OUT),
        )
        for codes in division
    ]
    rest = Row(
        "",
        tuple(Way(code, _rest(whole_of[code], series[code], first, last)) for code in OUT),
    )
    return [one for one in (*made, rest) if any(way.said for way in one.left)]


def _rest(
    indicator: Mapping[str, Any], series: Sequence[Series], first: date, last: date
) -> Said | None:
    """What was told of the whole and of no programme yet: the blocks that no divided one reaches."""
    reached = [
        (one.first, one.last)
        for each in series
        for one in each.blocks
        if first <= one.first and one.last <= last
    ]
    left = [
        one
        for one in whole_blocks(indicator, indicator["told"])
        if not any(begin <= one.first and one.last <= end for begin, end in reached)
    ]
    return said(indicator, left, first, last)


def _of(
    indicator: Mapping[str, Any],
    series: Sequence[Series],
    codes: Sequence[str],
    first: date,
    last: date,
) -> Said | None:
    parts = [
        spoken
        for one in series
        if set(one.codes) <= set(codes) and (spoken := said(indicator, one.blocks, first, last))
    ]
    if not parts:
        return None
    known = [one.least for one in parts if one.least is not None]
    total = sum(known) if known else None
    return Said(
        min(one.first for one in parts),
        max(one.last for one in parts),
        total,
        total,
        sum(one.facts or 0 for one in parts),
        hidden=any(one.hidden for one in parts),
    )


def picture(
    found: Sequence[Row],
    came: Way,
    heads: Mapping[str, str],
    teller: Teller,
    words: Words,
    identifier: str,
) -> Markup:
    """A band of those who moved in, the programmes, and bands to each way out; as wide as the numbers.

    A way out that has no number in the period says so (``heads["none"]``): none told is not nobody.
    """
    found = found or [Row("", tuple(Way(code, None) for code in OUT))]
    total = max(sum(one.size for one in found), came.sure)
    if not total:
        return whole(words, identifier, _WIDTH, 40, [text(8, 24, words.told)])
    scale = _TALL / total
    tall = sum(max(one.size * scale, _LEAST) for one in found) + _GAP * (len(found) - 1)
    in_tall = came.sure * scale
    # Who came and did not leave lives there still: the boxes are as tall as the way in.
    more = max(in_tall - tall, 0) / len(found)
    tall += more * len(found)
    ends = {code: sum(row.left[at].sure for row in found) for at, code in enumerate(OUT)}
    out_tall = sum(max(size * scale, _LEAST) for size in ends.values()) + _GAP * (len(OUT) - 1)
    inner = max(tall, out_tall, in_tall)
    height = inner + 60
    middle = 46 + inner / 2
    out_at: dict[str, float] = {}
    parts: list[Markup] = [
        text(4, 18, heads[IN], font_weight=600),
        text(_BOX[0], 18, heads["programmes"], font_weight=600),
        text(_WIDTH - 4, 18, heads["out"], text_anchor="end", font_weight=600),
    ]
    y = middle - out_tall / 2
    for number, code in enumerate(OUT):
        out_at[code] = y
        told = any(row.left[number].said for row in found)
        lines = [
            *wrapped(heads[code], 20, 3),
            (heads.get(f"value_{code}") or _count(ends[code], teller)) if told else heads["none"],
            # Of which months, where these are not the whole period's; of which others, where none is.
            *([heads[f"when_{code}"]] if heads.get(f"when_{code}") else []),
        ]
        bold = len(wrapped(heads[code], 20, 3))
        parts.append(_end(lines, bold, number, y, ends[code] * scale, identifier))
        y += max(ends[code] * scale, _LEAST) + _GAP
    parts += _coming(came, middle, in_tall, tall, heads, teller)
    y = middle - tall / 2
    for row in found:
        parts += _ways(row, y, scale, out_at, teller, identifier)
        parts += _box(row.label or heads["rest"], y, max(row.size * scale, _LEAST) + more)
        y += max(row.size * scale, _LEAST) + more + _GAP
    return whole(words, identifier, _WIDTH, height, parts)


def _coming(
    came: Way,
    middle: float,
    in_tall: float,
    tall: float,
    heads: Mapping[str, str],
    teller: Teller,
) -> list[Markup]:
    """Those who moved in: told of all programmes together, so the band goes to all of them."""
    spine = _BOX[0] - 22
    drawn = [
        tag("rect", x=spine, y=middle - tall / 2, width=8, height=tall, fill=INK),
    ]
    if in_tall:
        drawn.append(
            tag(
                "path",
                d=f"M4 {middle - in_tall / 2:.1f}H{spine - 4}V{middle + in_tall / 2:.1f}H4Z",
                fill=PALE,
                stroke=QUIET,
            )
        )
    words = _number(came, teller) or teller.value({}, came.said)
    drawn.append(text(16, middle + 6, words, font_weight=600, font_size=18))
    if heads.get(f"when_{IN}"):
        drawn.append(text(16, middle + 26, heads[f"when_{IN}"], font_size=13))
    return drawn


def _ways(
    row: Row, y: float, scale: float, out_at: dict[str, float], teller: Teller, identifier: str
) -> list[Markup]:
    begin = _BOX[0] + _BOX[1]
    parts = []
    for number, way in enumerate(row.left):
        wide = way.sure * scale
        if not wide:
            continue
        end = out_at[way.code]
        parts.append(_band(begin, y, _ENDS, end, wide, _fill(number, identifier), INK))
        said = _number(way, teller)
        room = max(30, 10 + 9 * len(said))
        parts.append(
            tag(
                "rect", x=begin + 5, y=y + wide / 2 - 9, width=room, height=18, fill="#ffffff", rx=2
            )
        )
        parts.append(text(begin + 5 + room / 2, y + wide / 2 + 5, said, **_MIDDLE))
        y += wide
        out_at[way.code] = end + wide
    return parts


_MIDDLE = {"text_anchor": "middle", "font_weight": 600}


def _box(label: str, y: float, tall: float) -> list[Markup]:
    left, wide = _BOX
    parts = [
        tag("rect", x=left, y=y, width=wide, height=tall, fill="#ffffff", stroke=INK),
    ]
    lines = wrapped(label, 26, max(1, int((tall - 6) // 17)))
    begin = y + tall / 2 + 5 - 8.5 * (len(lines) - 1)
    parts += [text(left + 10, begin + 17 * number, line) for number, line in enumerate(lines)]
    return parts


def _end(
    lines: Sequence[str], bold: int, number: int, y: float, tall: float, identifier: str
) -> Markup:
    shown = max(tall, 3)
    parts = [
        tag(
            "rect", x=_ENDS, y=y, width=12, height=shown, fill=_fill(number, identifier), stroke=INK
        ),
    ]
    for at, line in enumerate(lines):
        weight = 600 if at == bold else 400
        parts.append(text(_ENDS + 20, y + 13 + 16 * at, line, font_size=13, font_weight=weight))
    return Markup("").join(parts)


def _band(
    x: float, y: float, to_x: float, to_y: float, wide: float, fill: str, stroke: str
) -> Markup:
    if not wide:
        return Markup("")
    half = (x + to_x) / 2
    path = (
        f"M{x:.1f} {y:.1f}C{half:.1f} {y:.1f} {half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
        f"v{wide:.1f}C{half:.1f} {to_y + wide:.1f} {half:.1f} {y + wide:.1f} {x:.1f} {y + wide:.1f}Z"
    )
    return tag("path", d=path, fill=fill, stroke=stroke, stroke_width=0.75)


def _fill(number: int, identifier: str) -> str:
    pattern = _PATTERNS[number]
    return FILL if pattern == "solid" else f"url(#{identifier}-{pattern})"


def _number(way: Way, teller: Teller) -> str:
    if way.said is None or way.said.least is None:
        return ""
    more = "+" if way.said.hidden else ""
    return f"{teller.short(_COUNTED, way.said)}{more}"


def _count(value: float, teller: Teller) -> str:
    return teller.number(_COUNTED, value)
