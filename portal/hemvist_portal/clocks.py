"""How long is left of a clock of service, as a reader reads it. Worked out when the page is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from hemvist.clock import now
from hemvist_portal.wording import DEFAULT, mark, translate

#: Sizes with the words of one and of several.
_UNITS = (
    (timedelta(days=1), mark("1 dygn"), mark("{count} dygn")),
    (timedelta(hours=1), mark("1 timme"), mark("{count} timmar")),
    (timedelta(minutes=1), mark("1 minut"), mark("{count} minuter")),
)


@pass_context
def clock_words(context: Context, clock: Mapping[str, Any]) -> tuple[str, str]:
    """The tone of a clock's mark and its words: what is left, or by how much it was kept or missed.

    ``clock`` has ``state``, ``dueAt`` and ``stoppedAt`` of the API. A clock that runs and whose
    instant has passed says so, though nobody has marked it yet.
    """
    lang = context.get("lang", DEFAULT)
    due, stopped = _read(clock["dueAt"]), _read(clock["stoppedAt"])
    assert due is not None
    if clock["state"] == "cancelled":
        return "neutral", translate(lang, mark("Borttagen"))
    if stopped is not None:
        if clock["state"] == "kept":
            return "go", _said(lang, mark("Hållen, {time} före"), due - stopped)
        return "stop", _said(lang, mark("Besvarad {time} för sent"), stopped - due)
    left = due - now()
    if left > timedelta(0):
        soon = left < timedelta(hours=24)
        return "wait" if soon else "neutral", _said(lang, mark("{time} kvar"), left)
    return "stop", _said(lang, mark("Gick ut för {time} sedan"), -left)


def _said(lang: str, text: str, span: timedelta) -> str:
    return translate(lang, text).format(time=_span(lang, span))


def _span(lang: str, span: timedelta) -> str:
    """The two largest units of a span: "1 dygn 23 timmar"; under a minute is told as such."""
    parts: list[str] = []
    for size, one, several in _UNITS:
        count = span // size
        if count:
            parts.append(translate(lang, one if count == 1 else several).format(count=count))
            span -= count * size
        elif parts:
            break
    return " ".join(parts[:2]) or translate(lang, mark("mindre än en minut"))


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
