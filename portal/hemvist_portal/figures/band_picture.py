"""A forecast as a picture: what was told, the middle and the band of what may come, and what came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from hemvist_portal.figures.blocks import month_after, months_between
from hemvist_portal.figures.drawing import (
    FILL,
    GRID,
    INK,
    PALE,
    QUIET,
    Words,
    nice,
    tag,
    text,
    whole,
)

_WIDTH, _HEIGHT = 760, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 168, 34, 36
_TICKS = 4
#: Names at the right end stand at least so far from each other.
_APART = 34


@dataclass(frozen=True, slots=True)
class Expected:
    """What may come: by month the low, the middle and the high, and the line's name in two rows."""

    months: Mapping[date, tuple[int, int, int]]
    name: str
    end: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a picture shows. The first of ``expected`` has a filled band, others a dashed edge.

    ``known``: what was told before; ``came``: what was told of the months that were forecast.
    """

    words: Words
    expected: Sequence[Expected]
    labels: Mapping[date, str]
    known: Mapping[date, int]
    came: Mapping[date, int]
    known_name: str = ""
    came_name: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    first: date
    count: int
    top: float

    @property
    def floor(self) -> float:
        return _HEIGHT - _BOTTOM

    def x(self, month: date) -> float:
        step = (_WIDTH - _LEFT - _RIGHT) / max(self.count - 1, 1)
        return _LEFT + months_between(self.first, month) * step

    def y(self, value: float) -> float:
        return self.floor - (self.floor - _TOP) * min(value / self.top, 1)


def picture(drawn: Drawn, identifier: str) -> Markup:
    """The picture. Each month stands for its last day."""
    months = [
        *drawn.known,
        *drawn.came,
        *(month for one in drawn.expected for month in one.months),
    ]
    highest = max(
        [
            *drawn.known.values(),
            *drawn.came.values(),
            *(high for one in drawn.expected for _, _, high in one.months.values()),
        ],
        default=0,
    )
    first = min(months)
    at = _Place(first, months_between(first, max(months)) + 1, nice(highest))
    parts = [*_axes(drawn, at)]
    for number, one in enumerate(drawn.expected):
        parts += _band(at, one, filled=number == 0)
    parts += _known(drawn, at)
    for number, one in enumerate(drawn.expected):
        parts.append(_middle(at, one, dashes="" if number == 0 else "9 5"))
    parts += _came(drawn, at)
    parts += _names(drawn, at)
    return whole(drawn.words, identifier, _WIDTH, _HEIGHT, parts)


def _axes(drawn: Drawn, at: _Place) -> Iterable[Markup]:
    yield text(4, 16, drawn.words.axis, fill=QUIET, font_size=13)
    end = _WIDTH - _RIGHT
    for number in range(_TICKS + 1):
        value = at.top * number / _TICKS
        y = at.y(value)
        yield tag("path", d=f"M{_LEFT} {y:.1f}H{end}", stroke=GRID)
        if value == int(value):
            yield text(
                _LEFT - 6, y + 5, f"{value:.0f}", text_anchor="end", fill=QUIET, font_size=13
            )
    yield tag("path", d=f"M{_LEFT} {at.floor:.1f}H{end}", stroke=INK, stroke_width=1.5)
    every = next(one for one in (1, 2, 3, 6, 12) if at.count / one <= 2 * _TICKS or one == 12)
    for number in range(at.count):
        month = month_after(at.first, number)
        if (month.month - 1) % every == 0:
            x = at.x(month)
            yield tag("path", d=f"M{x:.1f} {at.floor:.1f}v6", stroke=INK)
            yield text(
                x,
                at.floor + 21,
                drawn.labels[month],
                text_anchor="middle",
                fill=QUIET,
                font_size=13,
            )


def _band(at: _Place, one: Expected, *, filled: bool) -> Iterable[Markup]:
    highs = [(at.x(month), at.y(high)) for month, (_, _, high) in one.months.items()]
    lows = [(at.x(month), at.y(low)) for month, (low, _, _) in one.months.items()]
    if filled:
        around = _path([*highs, *reversed(lows)])
        yield tag("path", d=f"{around}Z", fill=PALE, stroke=QUIET, stroke_width=0.75)
        return
    for edge in (highs, lows):
        yield tag(
            "path", d=_path(edge), fill="none", stroke=INK, stroke_width=1, stroke_dasharray="2 4"
        )


def _middle(at: _Place, one: Expected, *, dashes: str) -> Markup:
    points = [(at.x(month), at.y(middle)) for month, (_, middle, _) in one.months.items()]
    return tag(
        "path",
        d=_path(points),
        fill="none",
        stroke=INK if dashes else FILL,
        stroke_width=3,
        stroke_dasharray=dashes,
    )


def _known(drawn: Drawn, at: _Place) -> Iterable[Markup]:
    if not drawn.known:
        return
    points = [(at.x(month), at.y(value)) for month, value in drawn.known.items()]
    yield tag("path", d=_path(points), fill="none", stroke=INK, stroke_width=1.5)
    for x, y in points:
        yield tag("circle", cx=x, cy=y, r=3, fill=INK)
    last = at.x(max(drawn.known))
    yield tag(
        "path",
        d=f"M{last:.1f} {_TOP}V{at.floor:.1f}",
        stroke=QUIET,
        stroke_width=1,
        stroke_dasharray="1 3",
    )
    yield text(last - 6, _TOP - 8, drawn.known_name, text_anchor="end", fill=QUIET, font_size=13)


def _came(drawn: Drawn, at: _Place) -> Iterable[Markup]:
    for month, value in drawn.came.items():
        yield tag(
            "circle",
            cx=at.x(month),
            cy=at.y(value),
            r=5,
            fill="#ffffff",
            stroke=INK,
            stroke_width=2.5,
        )


def _names(drawn: Drawn, at: _Place) -> Iterable[Markup]:
    """Where each line ends, its name; none over another."""
    ends = [(at.y(one.months[max(one.months)][1]), one.name, one.end) for one in drawn.expected]
    if drawn.came:
        value = drawn.came[max(drawn.came)]
        ends.append((at.y(value), f"\N{WHITE CIRCLE} {drawn.came_name}", str(value)))
    before = float("-inf")
    for y, name, end in sorted(ends):
        before = max(y, before + _APART)
        x = _WIDTH - _RIGHT + 10
        yield text(x, before, name, font_size=13)
        yield text(x, before + 16, end, font_size=14, font_weight=600)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
