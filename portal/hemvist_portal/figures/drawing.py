"""Pictures of figures as SVG, drawn on the server.

Readable in grey: what differs, differs in pattern, line or place and is named where it stands. Only
attributes, no style: the content policy allows none, and a downloaded file looks as it did on the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from hemvist_portal.figures.blocks import Block, month_after, months_between

INK = "#1b1e23"
QUIET = "#55585d"
GRID = "#d5d7db"
FILL = "#4a6b8a"
PALE = "#e4e9ee"
FONT = "Source Sans 3, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
#: Lines of series after the first: told apart without colour.
DASHES = ("", "9 5", "2 4", "12 4 2 4")
_WIDTH, _HEIGHT = 640, 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 34, 34
_TICKS = 4
#: How wide a letter of a bold label is.
_LETTER = 8.6


@dataclass(frozen=True, slots=True)
class Line:
    """A series in a picture; ``name`` stands beside it where there are several."""

    blocks: tuple[Block, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What a picture says: its title, what a listener is told instead, what the axis measures."""

    title: str
    told: str
    axis: str = ""
    #: Where a block was too few to be told.
    few: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture over time.

    ``bars``: what happens, so that a surface is a number: a bar's height is the number by month, and
    its width the months. Otherwise a level held over the block's months. ``top`` where several
    pictures share a scale. ``labels`` and ``months`` say numbers and months in the reader's words.
    """

    words: Words
    lines: tuple[Line, ...]
    bars: bool
    #: What is counted on a day: points, joined by a thin line.
    points: bool
    labels: dict[Block, str]
    months: dict[date, str]
    top: float = 0
    percent: bool = False
    scale: float = 1
    height: int = _HEIGHT
    #: From which month to which, where several pictures share their months.
    span: tuple[date, date] | None = None


def tag(name: str, body: str | Markup = "", /, **attributes: object) -> Markup:
    """An element. Names of attributes are written with _ for -."""
    said = Markup("").join(
        Markup(' {}="{}"').format(key.strip("_").replace("_", "-"), _short(value))
        for key, value in attributes.items()
        if value != ""
    )
    if not body:
        return Markup("<{}{}/>").format(name, said)
    return Markup("<{0}{1}>{2}</{0}>").format(name, said, escape(body))


def text(x: float, y: float, words: str, **more: object) -> Markup:
    """A text of a picture."""
    return tag("text", words, x=x, y=y, **{"fill": INK, "font_size": 14, **more})


def whole(
    words: Words, identifier: str, width: float, height: float, parts: Iterable[Markup]
) -> Markup:
    """A picture with its title and what is told in its stead."""
    heads = [
        tag("title", words.title, id=f"{identifier}-t"),
        tag("desc", words.told, id=f"{identifier}-d"),
        patterns(identifier),
    ]
    return tag(
        "svg",
        Markup("").join([*heads, *parts]),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=f"{identifier}-t {identifier}-d",
        focusable="false",
        font_family=FONT,
    )


def wrapped(label: str, most: int, lines: int) -> list[str]:
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


def patterns(identifier: str) -> Markup:
    """Hatchings, by names of this picture's own: a page has several."""
    slanted = tag("path", d="M0 6L6 0", stroke=INK, stroke_width=1.2)
    steep = tag("path", d="M0 0L6 6", stroke=QUIET, stroke_width=1)
    dots = tag("circle", cx=3, cy=3, r=1.4, fill=INK)
    found = []
    for name, ground, drawn in (
        ("hatch", "#ffffff", slanted),
        ("few", PALE, steep),
        ("dots", "#ffffff", dots),
    ):
        ground_drawn = tag("rect", width=6, height=6, fill=ground)
        found.append(
            tag(
                "pattern",
                ground_drawn + drawn,
                id=f"{identifier}-{name}",
                width=6,
                height=6,
                patternUnits="userSpaceOnUse",
            )
        )
    return tag("defs", Markup("").join(found))


def chart(drawn: Chart, identifier: str) -> Markup:
    """The picture of series over time."""
    blocks = [block for line in drawn.lines for block in line.blocks]
    if not blocks:
        return whole(drawn.words, identifier, _WIDTH, 40, [text(8, 24, drawn.words.told)])
    first, last = drawn.span or (
        min(one.first for one in blocks),
        max(one.last for one in blocks),
    )
    count = months_between(first, last) + 1
    top = 100.0 if drawn.percent else nice(drawn.top or highest(drawn.lines, bars=drawn.bars))
    at = _Place(first, count, top, drawn.height, _left(top / drawn.scale))
    parts = [*_axes(drawn, at)]
    for number, line in enumerate(drawn.lines):
        parts += _line(drawn, at, line, number, identifier)
    return whole(drawn.words, identifier, _WIDTH, drawn.height, parts)


def spark(
    blocks: Sequence[Block], words: Words, identifier: str, *, bars: bool, points: bool
) -> Markup:
    """A small trend without axes: its ends are said beside it."""
    width, height, edge = 240, 56, 5
    if not blocks:
        return Markup("")
    first = blocks[0].first
    count = months_between(first, blocks[-1].last) + 1
    top = highest([Line(tuple(blocks))], bars=bars) or 1.0
    step = (width - 2 * edge) / count
    parts: list[Markup] = [
        tag("path", d=f"M{edge} {height - 4}H{width - edge}", stroke=QUIET, stroke_width=1)
    ]
    before: tuple[float, float] | None = None
    until: date | None = None
    for one in blocks:
        apart = until is not None and months_between(until, one.first) > 1
        if apart and not points:
            before = None
        until = one.last
        x = edge + months_between(first, one.first) * step
        wide = one.months * step
        level = _level(one, bars=bars)
        if level is None:
            few = f"url(#{identifier}-few)"
            parts.append(tag("rect", x=x, y=height - 14, width=wide, height=10, fill=few))
            before = None
            continue
        y = height - 4 - (height - 16) * level / top
        if bars:
            last = one is blocks[-1]
            parts.append(
                tag(
                    "rect",
                    x=x + 0.5,
                    y=min(y, height - 5),
                    width=max(wide - 1, 0.5),
                    height=max(height - 4 - y, 1),
                    fill=INK if last else FILL,
                    stroke="#ffffff",
                    stroke_width=0.5,
                )
            )
            continue
        if points:
            # A point: what it was in between is not drawn, least of all where nothing was told.
            here = (x + wide / 2, y)
            if before is not None:
                parts.append(_between(before, here, INK, apart=apart))
            else:
                parts.append(tag("circle", cx=here[0], cy=here[1], r=2, fill=INK))
            before = here
            continue
        begin = before or (x, y)
        end = f"L{_short(x)} {_short(y)}h{_short(wide)}"
        parts.append(_stroke(f"M{_short(begin[0])} {_short(begin[1])}{end}"))
        before = (x + wide, y)
    if before is not None:
        parts.append(tag("circle", cx=before[0], cy=before[1], r=4.5, fill=INK))
    return whole(words, identifier, width, height, parts)


def nice(highest: float) -> float:
    """The end of an axis: a round number at or above ``highest``."""
    if highest <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(highest))
    for step in (1, 2, 3, 4, 5, 6, 8, 10):
        if step * power >= highest:
            return float(step * power)
    raise AssertionError("ten times its power of ten is above every number")


def highest(lines: Iterable[Line], *, bars: bool) -> float:
    """The highest level of the lines."""
    return max(
        (_level(one, bars=bars) or 0 for line in lines for one in line.blocks),
        default=0,
    )


def _level(block: Block, *, bars: bool) -> float | None:
    level = block.level
    return level / block.months if bars and level is not None else level


@dataclass(frozen=True, slots=True)
class _Place:
    """Where months and numbers stand in a picture."""

    first: date
    count: int
    top: float
    height: int
    left: float = _LEFT

    @property
    def floor(self) -> float:
        return self.height - _BOTTOM

    @property
    def step(self) -> float:
        return (_WIDTH - self.left - _RIGHT) / self.count

    def x(self, month: date) -> float:
        return self.left + months_between(self.first, month) * self.step

    def y(self, value: float) -> float:
        return self.floor - (self.floor - _TOP) * min(value / self.top, 1)


def _axes(drawn: Chart, at: _Place) -> Iterable[Markup]:
    yield text(4, 16, drawn.words.axis, fill=QUIET, font_size=13)
    for number in range(_TICKS + 1):
        value = at.top * number / _TICKS
        y = at.y(value)
        yield tag("path", d=f"M{_short(at.left)} {_short(y)}H{_WIDTH - _RIGHT}", stroke=GRID)
        if number in (0, _TICKS) or (at.top * number / drawn.scale) % _TICKS == 0:
            words = _tick(value / drawn.scale)
            yield text(at.left - 6, y + 5, words, text_anchor="end", fill=QUIET, font_size=13)
    base = _short(at.floor)
    yield tag(
        "path", d=f"M{_short(at.left)} {base}H{_WIDTH - _RIGHT}", stroke=INK, stroke_width=1.5
    )
    every = next(one for one in (1, 2, 3, 6, 12, 24, 60, 120) if at.count / one <= _TICKS * 2)
    for number in range(at.count):
        month = month_after(at.first, number)
        months = month.year * 12 + month.month - 1
        if months % every or _WIDTH - _RIGHT - at.x(month) < at.step:
            continue
        x = at.x(month)
        yield tag("path", d=f"M{_short(x)} {base}v6", stroke=INK)
        if x < _WIDTH - 60:
            yield text(x + 2, at.floor + 20, drawn.months[month], fill=QUIET, font_size=13)


def _line(drawn: Chart, at: _Place, line: Line, number: int, identifier: str) -> Iterable[Markup]:
    labelled = _labelled(drawn, at, line)
    before: tuple[float, float] | None = None
    until: date | None = None
    for one in line.blocks:
        apart = until is not None and months_between(until, one.first) > 1
        until = one.last
        x, wide = at.x(one.first), one.months * at.step
        level = _level(one, bars=drawn.bars)
        if level is None:
            yield from _few(drawn, at, one, identifier)
            before = None
            continue
        y = at.y(level)
        if drawn.bars:
            # What may be anything up to a number is not drawn as if it were the number.
            sure = one.exact or one.stepped
            pattern = "dots" if number and number % 2 == 0 else "hatch"
            fill = FILL if number == 0 and sure else f"url(#{identifier}-{pattern})"
            yield tag(
                "rect",
                x=x + 1,
                y=min(y, at.floor - 1.5),
                width=max(wide - 2, 1),
                height=max(at.floor - y, 1.5),
                fill=fill,
                stroke=INK,
                stroke_width=0.75,
            )
        else:
            if drawn.points:
                here = (x + wide / 2, y)
                if before is not None:
                    stroke = INK if number else FILL
                    dash = DASHES[number % len(DASHES)]
                    yield _between(before, here, stroke, dash, apart=apart)
                yield tag("circle", cx=x + wide / 2, cy=y, r=3.2, fill=INK)
                before = here
            else:
                if before is not None and abs(before[0] - x) < 1:
                    # Thin: the step between two levels is no level.
                    path = f"M{_short(x)} {_short(before[1])}V{_short(y)}"
                    yield tag("path", d=path, stroke=QUIET, fill="none")
                yield from _held(at, one, y, number, identifier)
                before = (x + wide, y)
        if one in labelled:
            words = drawn.labels[one]
            half = len(words) * 4.2
            yield text(
                max(min(x + wide / 2, _WIDTH - _RIGHT - half), at.left + half),
                max(y - 10, 30),
                words,
                text_anchor="middle",
                font_weight=600,
                paint_order="stroke",
                stroke="#ffffff",
                stroke_width=3,
            )
    if line.name and line.blocks:
        named = line.blocks[0]
        level = _level(named, bars=drawn.bars)
        yield text(
            at.x(named.first) + 4,
            # The first below its line and the others above theirs: they may lie close.
            min(at.y(level or 0) + (-10 if number else 22), at.floor - 6),
            line.name,
            font_style="italic",
            paint_order="stroke",
            stroke="#ffffff",
            stroke_width=4,
        )


def _held(at: _Place, one: Block, y: float, number: int, identifier: str) -> Iterable[Markup]:
    x, wide = at.x(one.first), one.months * at.step
    if one.least is not None and not one.exact and not one.stepped:
        low = at.y(one.least)
        yield tag(
            "rect",
            x=x + 1,
            y=y,
            width=max(wide - 2, 1),
            height=max(low - y, 2),
            fill=f"url(#{identifier}-hatch)",
            stroke=INK,
            stroke_width=0.75,
        )
        return
    yield tag(
        "path",
        d=f"M{_short(x)} {_short(y)}h{_short(wide)}",
        stroke=FILL if number == 0 else INK,
        stroke_width=3.5,
        stroke_dasharray=DASHES[number % len(DASHES)],
        fill="none",
    )
    yield tag("circle", cx=x + wide / 2, cy=y, r=3, fill=INK)


def _few(drawn: Chart, at: _Place, one: Block, identifier: str) -> Iterable[Markup]:
    x, wide = at.x(one.first), one.months * at.step
    fill = f"url(#{identifier}-few)"
    yield tag("rect", x=x + 1, y=at.floor - 22, width=max(wide - 2, 1), height=22, fill=fill)
    if wide >= len(drawn.words.few) * 7:
        yield text(
            x + wide / 2,
            at.floor - 27,
            drawn.words.few,
            text_anchor="middle",
            fill=QUIET,
            font_size=12,
        )


def _labelled(drawn: Chart, at: _Place, line: Line) -> set[Block]:
    """Blocks that carry their number: all where there is room, else the last, lowest and highest."""
    told = [one for one in line.blocks if one.known]
    if len(drawn.lines) > 1:
        return {*told[-1:]}
    if all((len(drawn.labels[one]) + 1) * _LETTER <= one.months * at.step for one in told):
        return {*told}
    by_level = sorted(told, key=lambda one: _level(one, bars=drawn.bars) or 0)
    # Two that stand side by side would lie over one another.
    chosen = {told[-1]}
    for one in (by_level[-1], by_level[0]):
        apart = len(drawn.labels[one]) * _LETTER / at.step
        if all(abs(months_between(one.last, other.last)) > apart for other in chosen):
            chosen.add(one)
    return chosen


def _left(top: float) -> float:
    """Where the picture begins, so that the longest number of its axis stands before it."""
    longest = max(len(_tick(top * number / _TICKS)) for number in range(_TICKS + 1))
    return max(_LEFT, 14 + 8.0 * longest)


def _between(
    before: tuple[float, float],
    here: tuple[float, float],
    stroke: str,
    dash: str = "",
    *,
    apart: bool,
) -> Markup:
    """From one point to the next; thin and dotted over months of which nothing was told."""
    (x, y), (to_x, to_y) = before, here
    return tag(
        "path",
        d=f"M{_short(x)} {_short(y)}L{_short(to_x)} {_short(to_y)}",
        stroke=QUIET if apart else stroke,
        stroke_width=1.5 if apart else 2.5,
        stroke_dasharray=DASHES[2] if apart else dash,
        fill="none",
    )


def _stroke(path: str) -> Markup:
    return tag("path", d=path, stroke=INK, stroke_width=2.5, fill="none")


def _tick(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0").replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def _short(value: object) -> object:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value
