"""The page of a login that did not succeed, for the routes of login to show."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from hemvist.identity import Refusal
from hemvist_portal.landlord import SLUG as LANDLORDS
from hemvist_portal.rendering import show_plain
from hemvist_portal.wording import language_of, mark, translate

_WORDS: Mapping[str, str] = {
    Refusal.TENANT_UNKNOWN: mark("Det finns ingen kommun på den adressen."),
    Refusal.TENANT_NOT_OPEN: mark(
        "Hemvist är inte öppet för kommunen just nu. Ingenting är borttaget. Vänd dig till den som "
        "sköter Hemvist i kommunen."
    ),
    Refusal.ISSUER_UNAVAILABLE: mark(
        "Kommunens inloggningstjänst svarar inte. Försök igen om en stund."
    ),
    Refusal.NO_MEMBERSHIP: mark(
        "Du är inloggad hos kommunen men har ingen behörighet i Hemvist. Vänd dig till din chef."
    ),
    Refusal.BLOCKED: mark("Ditt konto är spärrat i Hemvist."),
    Refusal.DENIED_BY_ISSUER: mark("Inloggningen avbröts."),
}
#: To whoever logs in for a landlord: there is no kommun to turn to first.
_TO_LANDLORDS: Mapping[str, str] = {
    Refusal.ISSUER_UNAVAILABLE: mark("Inloggningstjänsten svarar inte. Försök igen om en stund."),
    Refusal.NO_MEMBERSHIP: mark(
        "Inloggningen fungerar, men du är inte inbjuden till någon hyresvärd. Be den som sköter "
        "inloggningarna hos er om en inbjudan, och öppna länken i den."
    ),
}
_OTHERWISE = mark("Inloggningen gick inte att slutföra. Börja om.")


def login_refused(request: Request, code: str, params: Mapping[str, str], status: int) -> Response:
    """Why the login was refused, in the reader's language. ``params`` has the kommun's ``slug``."""
    slug = params.get("slug", "")
    to_landlord = _TO_LANDLORDS.get(code) if slug == LANDLORDS else None
    words = translate(language_of(request), to_landlord or _WORDS.get(code, _OTHERWISE))
    return show_plain(
        request,
        "landlord/login_refused.html" if slug == LANDLORDS else "pages/login_refused.html",
        status,
        slug=slug,
        words=words,
        code=code,
    )
