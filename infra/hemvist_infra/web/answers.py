"""What the edge itself answers when a request goes no further: a code, in JSON or as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from hemvist.outages import Outage


@dataclass(frozen=True, slots=True)
class Refusal:
    """A stable code, its HTTP status, and words for a person in Swedish and English."""

    status: int
    code: str
    sv: str
    en: str


TOO_LARGE = Refusal(
    413,
    "body_too_large",
    "Det du skickade är för stort. Högst 1 MB tas emot åt gången.",
    "What you sent is too large. At most 1 MB is taken at a time.",
)
UNKNOWN_HOST = Refusal(
    400, "unknown_host", "Adressen hör inte till Hemvist.", "This address is not Hemvist's."
)
NOT_FOUND = Refusal(404, "not_found", "Sidan finns inte.", "There is no such page.")
WRONG_METHOD = Refusal(
    405, "method_not_allowed", "Så kan sidan inte användas.", "The page is not used this way."
)
BAD_REQUEST = Refusal(
    400, "bad_request", "Det du skickade går inte att läsa.", "What you sent cannot be read."
)
TOO_MANY = Refusal(
    429,
    "too_many_requests",
    "Det kommer fler förfrågningar härifrån än vad som tas emot. Försök igen om en stund.",
    "More requests come from here than are taken. Try again in a moment.",
)
TOO_SLOW = Refusal(
    408,
    "body_too_slow",
    "Det du skickade kom inte fram i tid. Försök igen.",
    "What you sent did not arrive in time. Try again.",
)
OUTAGES = {
    Outage.BUSY: Refusal(
        503,
        "busy",
        "Många använder Hemvist just nu. Försök igen om en stund.",
        "Many people are using Hemvist right now. Try again in a moment.",
    ),
    Outage.TIMEOUT: Refusal(
        503, "timeout", "Det tog för lång tid. Försök igen.", "It took too long. Try again."
    ),
    Outage.UNAVAILABLE: Refusal(
        503,
        "unavailable",
        "Hemvist når inte sin databas. Försök igen om en stund.",
        "Hemvist cannot reach its database. Try again in a moment.",
    ),
}
BROKEN = Refusal(
    500,
    "internal_error",
    "Något gick fel hos oss. Inget har ändrats. Försök igen, och uppge annars numret nedan.",
    "Something went wrong on our side. Nothing was changed. Try again, or else tell us the number"
    " below.",
)

_PAGE = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{status} – Hemvist'
    '</title><meta name="viewport" content="width=device-width, initial-scale=1"></head><body>'
    "<main><h1>Hemvist</h1><p>{words}</p><p><code>{request_id}</code></p>"
    '<p><a href="/">{home}</a></p></main></body></html>'
)


def answer(
    refusal: Refusal,
    scope: Scope,
    request_id: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """``refusal`` as the caller reads it: a page for a browser, JSON for a program."""
    sent = Headers(scope=scope)
    if "text/html" in sent.get("accept", ""):
        english = sent.get("accept-language", "").lower().startswith("en")
        page = _PAGE.format(
            lang="en" if english else "sv",
            status=refusal.status,
            words=escape(refusal.en if english else refusal.sv),
            request_id=escape(request_id),
            home="To the start page" if english else "Till startsidan",
        )
        return HTMLResponse(page, refusal.status, headers=headers)
    body = {
        "error": refusal.code,
        "message": refusal.en,
        "messageSv": refusal.sv,
        "requestId": request_id,
    }
    return JSONResponse(body, refusal.status, headers=headers)
