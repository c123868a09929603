"""Reading an instant from a form: a day and a time of day by the clock on the wall in Sweden."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hemvist.clock import SWEDISH_TIME, now
from hemvist_portal.forms import Form
from hemvist_portal.wording import mark


def read_instant(form: Form, day: str, time: str, *, required: bool = False) -> str | None:
    """The instant of the fields ``day`` and ``time`` (HH:MM), in ISO 8601 with its offset.

    None where either is empty or cannot be read; what is wrong is noted with the form. An hour that
    comes twice in autumn is the first of the two; one that spring leaves out is refused.
    """
    on = form.read_date(day, required=required)
    text = form.one(time)
    if not text:
        if required:
            form.add_problem(time, mark("Fyll i klockslaget."))
        return None
    hit = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])", text)
    if hit is None:
        form.add_problem(time, mark("Skriv klockslaget som TT:MM, till exempel 16:00."))
        return None
    if on is None:
        return None
    read = datetime.fromisoformat(f"{on}T{int(hit[1]):02}:{hit[2]}").replace(tzinfo=SWEDISH_TIME)
    if read.astimezone(UTC).astimezone(SWEDISH_TIME).replace(tzinfo=None) != read.replace(
        tzinfo=None
    ):
        form.add_problem(time, mark("Klockslaget fanns inte: klockan ställdes fram."))
        return None
    return read.isoformat()


def now_values(day: str, time: str) -> dict[str, str]:
    """Now as the two fields are filled in."""
    local = now().astimezone(SWEDISH_TIME)
    return {day: local.date().isoformat(), time: local.strftime("%H:%M")}
