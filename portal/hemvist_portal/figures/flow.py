"""A year's flow through the programmes and out of them: the numbers, and their picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from hemvist_portal.figures.blocks import (
    Said,
    Series,
    months_between,
    said,
    series_of,
)
from hemvist_portal.figures.drawing import FILL, INK, PALE, QUIET, Words, tag, text, whole
from hemvist_portal.figures.joined import joined
from hemvist_portal.figures.telling import Teller

#: What comes in, and the ways out, by their indicators; patterns in this order.
IN = "moved_in"
OUT = ("moved_on", "ended", "evicted")
RETURNED = "returned"
_PATTERNS = ("solid", "hatch", "dots")
_WIDTH = 760
_BOX = (282, 196)
_ENDS = 606
_GAP = 26
_LEAST = 46
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
    """A programme, or some that numbers were told of together."""

    label: str
    came: Way
    left: tuple[Way, ...]

    @property
    def size(self) -> float:
        """As tall as the more of what came and what left."""
        return max(self.came.sure, sum(one.sure for one in self.left))


def rows(found: Mapping[str, Mapping[str, Any]], first: date, last: date) -> list[Row]:
    """The flow of a period by programme, of indicators with their ``told`` by programme."""
    series = {code: series_of(found[code], found[code]["told"]) for code in (IN, *OUT)}
    names = {
        cell["code"]: cell["label"]
        for one in found.values()
        for told in one["told"]
        for cell in told["cells"]
    }
    # Blocks of a period that are told of different cells at different times count as one whole.
    division = joined(one.codes for each in series.values() for one in each)
    made = [
        Row(
            ", ".join(names[code] for code in codes),
            Way(IN, _of(found[IN], series[IN], codes, first, last)),
            tuple(Way(code, _of(found[code], series[code], codes, first, last)) for code in OUT),
        )
        for codes in division
    ]
    return [one for one in made if one.size or any(way.said for way in (one.came, *one.left))]


def _of(
    indicator: Mapping[str, Any],
    series: Sequence[Series],
    codes: Sequence[str],
    first: date,
    last: date,
) -> Said | None:
    parts = [
        (one.codes, spoken)
        for one in series
        if set(one.codes) <= set(codes) and (spoken := said(indicator, one.blocks, first, last))
    ]
    if not parts:
        return None
    known = [one.least for _, one in parts if one.least is not None]
    total = sum(known) if known else None
    months = months_between(first, last) + 1
    covered: dict[str, int] = {}
    for codes_of, one in parts:
        for code in codes_of:
            covered[code] = covered.get(code, 0) + months - one.missing
    return Said(
        min(one.first for _, one in parts),
        max(one.last for _, one in parts),
        total,
        total,
        sum(one.facts or 0 for _, one in parts),
        # A cell that no number was ever told of had nothing to tell.
        missing=months - min(covered.values()),
        hidden=any(one.hidden for _, one in parts),
    )


def picture(
    found: Sequence[Row], heads: Mapping[str, str], teller: Teller, words: Words, identifier: str
) -> Markup:
    """Bands from moving in, through each programme, to the ways out; as wide as the numbers."""
    total = sum(one.size for one in found)
    if not total:
        return whole(words, identifier, _WIDTH, 40, [text(8, 24, words.told)])
    scale = _TALL / total
    tall = sum(max(one.size * scale, _LEAST) for one in found) + _GAP * (len(found) - 1)
    ends = {code: sum(row.left[at].sure for row in found) for at, code in enumerate(OUT)}
    out_tall = sum(max(size * scale, _LEAST) for size in ends.values()) + _GAP * (len(OUT) - 1)
    height = max(tall, out_tall) + 60
    out_at: dict[str, float] = {}
    y = 40 + (height - 60 - out_tall) / 2
    parts: list[Markup] = []
    for number, code in enumerate(OUT):
        out_at[code] = y
        parts.append(_end(code, number, y, ends[code] * scale, heads, teller, identifier))
        y += max(ends[code] * scale, _LEAST) + _GAP
    came = sum(one.came.sure for one in found)
    y = in_at = 40 + (height - 60 - tall) / 2
    parts.insert(0, text(4, 18, f"{heads[IN]}: {_count(came, teller)}", font_weight=600))
    parts.insert(
        0,
        text(_WIDTH - 4, 18, heads["out"], text_anchor="end", font_weight=600),
    )
    for row in found:
        wide = row.came.sure * scale
        parts.append(_band(4, in_at, _BOX[0], y, wide, PALE, QUIET))
        parts.append(
            text(_BOX[0] - 8, y + max(wide / 2 + 5, 14), _number(row.came, teller), **_RIGHT)
        )
        in_at += max(row.size * scale, _LEAST) + _GAP
        parts += _ways(row, y, scale, out_at, teller, identifier)
        parts += _box(row, y, max(row.size * scale, _LEAST))
        y += max(row.size * scale, _LEAST) + _GAP
    return whole(words, identifier, _WIDTH, height, parts)


_RIGHT = {"text_anchor": "end", "font_weight": 600}


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
        parts.append(
            tag("rect", x=begin + 5, y=y + wide / 2 - 9, width=30, height=18, fill="#ffffff", rx=2)
        )
        parts.append(text(begin + 20, y + wide / 2 + 5, _number(way, teller), **_MIDDLE))
        y += wide
        out_at[way.code] = end + wide
    return parts


_MIDDLE = {"text_anchor": "middle", "font_weight": 600}


def _box(row: Row, y: float, tall: float) -> list[Markup]:
    left, wide = _BOX
    parts = [
        tag("rect", x=left, y=y, width=wide, height=tall, fill="#ffffff", stroke=INK),
    ]
    lines = _lines(row.label, 26, max(1, int((tall - 6) // 17)))
    begin = y + tall / 2 + 5 - 8.5 * (len(lines) - 1)
    parts += [text(left + 10, begin + 17 * number, line) for number, line in enumerate(lines)]
    return parts


def _end(
    code: str,
    number: int,
    y: float,
    tall: float,
    heads: Mapping[str, str],
    teller: Teller,
    identifier: str,
) -> Markup:
    shown = max(tall, 3)
    lines = _lines(heads[code], 18, 3)
    parts = [
        tag(
            "rect", x=_ENDS, y=y, width=12, height=shown, fill=_fill(number, identifier), stroke=INK
        ),
    ]
    parts += [
        text(_ENDS + 20, y + 13 + 16 * at, line, font_size=13) for at, line in enumerate(lines)
    ]
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
    more = "+" if way.said.hidden or way.said.missing else ""
    return f"{_count(way.sure, teller)}{more}"


def _count(value: float, teller: Teller) -> str:
    return teller.number({"unit": "cases"}, value)


def _lines(label: str, most: int, lines: int) -> list[str]:
    """A label in lines of some letters; what has no room ends with an ellipsis."""
    found = [""]
    for word in label.split():
        if found[-1] and len(found[-1]) + 1 + len(word) > most:
            found.append(word)
        else:
            found[-1] = f"{found[-1]} {word}".strip()
    if len(found) > lines:
        found = [*found[: lines - 1], found[lines - 1] + "\N{HORIZONTAL ELLIPSIS}"]
    return found
