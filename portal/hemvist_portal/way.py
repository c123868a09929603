"""The way to a lease of one's own as a picture: where each station stands, and its words in lines.

The picture is drawn here and not in the browser: it is there without scripts, on paper, and the
content policy allows no styles of its own. Colours are the stylesheet's, by class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hemvist_portal.wording import mark as _
from hemvist_portal.wording import translate

#: A station's column, and the room above and below its dot, in the picture's own units.
COLUMN, TOP, ROW = 136, 24, 120
#: How far outside the last column the line to the next row goes, clear of the words.
TURN = 8
#: Letters that fit on one line of a column.
LETTERS = 16
#: The most stations that are drawn on one line; more are shared out evenly.
A_ROW = 8
SIGNS = {"done": "✓", "now": "→", "missing": "!", "later": ""}

#: Stations that end on the day that is expected; the others come then at the earliest.
ENDS = frozenset({"guarantee_ends", "surety_ends", "after_care"})
_EARLIEST, _UNTIL, _DAY = _("tidigast"), _("till"), _("den")
_REACHED = _("{done} av {all} steg är tagna.")
_NEXT = _("Nästa: {label}.")
_LACKS = _("Saknas för nästa steg: {label}.")
_END = _("Alla steg är tagna.")


@dataclass(frozen=True, slots=True)
class Dot:
    """One station in the picture."""

    x: int
    y: int
    state: str
    sign: str
    words: Sequence[str]
    day: str
    last: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What joins a station to the one before it."""

    state: str
    path: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture: its size, stations, lines, and what it shows in a sentence."""

    width: int
    height: int
    stations: Sequence[Dot]
    lines: Sequence[Line]
    desc: str


def told(
    lang: str, stations: Sequence[Mapping[str, Any]], case_id: str = ""
) -> list[dict[str, Any]]:
    """The stations as the page lists them: with the page each leads to, and the word of its day."""
    return [
        {**one, "link": _link(one, case_id), "when": translate(lang, _word_of_day(one))}
        for one in stations
    ]


def picture(lang: str, stations: Sequence[Mapping[str, Any]]) -> Picture:
    """Draw the stations in rows from left to right."""
    rows = max(1, -(-len(stations) // A_ROW))
    across = -(-len(stations) // rows)
    dots: list[Dot] = []
    lines: list[Line] = []
    for index, one in enumerate(stations):
        row, column = divmod(index, across)
        x, y = COLUMN // 2 + column * COLUMN, TOP + row * ROW
        dots.append(
            Dot(
                x=x,
                y=y,
                state=one["state"],
                sign=SIGNS[one["state"]],
                words=in_lines(one["label"]),
                day=_day(lang, one),
                last=one["code"] == "own_lease",
            )
        )
        if index:
            lines.append(Line("done" if one["state"] == "done" else "ahead", _path(dots[-2:])))
    width = across * COLUMN + (2 * TURN if rows > 1 else 0)
    return Picture(width, rows * ROW, dots, lines, _sentence(lang, stations))


def in_lines(text: str, letters: int = LETTERS) -> list[str]:
    """A label in at most two lines, broken between words."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters and len(lines) < 2:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _path(two: Sequence[Dot]) -> str:
    before, here = two
    if before.y == here.y:
        return f"M{before.x + 13} {before.y}H{here.x - 13}"
    # Over to the next row: between the words of this one and the dots of that.
    between = here.y - 22
    edge = before.x + COLUMN // 2 + TURN
    return f"M{before.x + 13} {before.y}H{edge}V{between}H{here.x}V{here.y - 13}"


def _day(lang: str, one: Mapping[str, Any]) -> str:
    if one["on"]:
        return str(date.fromisoformat(one["on"]))
    if one["expectedOn"]:
        return f"{translate(lang, _word_of_day(one))} {one['expectedOn']}"
    return ""


def _word_of_day(one: Mapping[str, Any]) -> str:
    if one["code"] in ENDS:
        return _UNTIL if one["code"] == "after_care" else _DAY
    return _DAY if one["code"] == "moved_in" else _EARLIEST


def _sentence(lang: str, stations: Sequence[Mapping[str, Any]]) -> str:
    done = sum(one["state"] == "done" for one in stations)
    said = [translate(lang, _REACHED).format(done=done, all=len(stations))]
    here = next((one for one in stations if one["state"] in ("now", "missing")), None)
    if here is None:
        said.append(translate(lang, _END)) if done == len(stations) else None
    else:
        template = _NEXT if here["state"] == "now" else _LACKS
        said.append(translate(lang, template).format(label=here["label"]))
    return " ".join(said)


def _link(one: Mapping[str, Any], case_id: str) -> str | None:
    if one["code"] == "follow_up_ends" and case_id and one["state"] != "done":
        return f"cases/{case_id}/end-of-follow-up"
    pages = {"Takeover": "takeovers", "Guarantee": "guarantees", "Contract": "contracts"}
    page = pages.get(one["subjectType"] or "")
    return None if page is None else f"{page}/{one['subjectId']}"
