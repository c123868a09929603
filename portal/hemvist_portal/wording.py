"""The portal's two languages: catalogues, and the reader's choice.

Source strings are Swedish; ``locale/en`` words them in English. ``make install`` compiles the
catalogues; where a compiled one is missing it is compiled in memory.
"""

from __future__ import annotations

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request

LANGUAGES = ("sv", "en")
DEFAULT = "sv"
COOKIE = "hemvist_language"
LOCALES = Path(__file__).parent / "locale"


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """The translations of one of ``LANGUAGES``."""
    folder = LOCALES / lang / "LC_MESSAGES"
    compiled, source = folder / "hemvist.mo", folder / "hemvist.po"
    if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    with source.open("rb") as file:
        parsed = read_po(file, locale=lang)
    memory = BytesIO()
    write_mo(memory, parsed)
    memory.seek(0)
    return gettext.GNUTranslations(memory)


def translate(lang: str, text: str) -> str:
    """``text`` (Swedish source) in ``lang``."""
    return catalogue(lang).gettext(text) if text else ""


def mark(text: str) -> str:
    """``text`` itself: marks it for the catalogue where it is worded later."""
    return text


def language_of(request: Request) -> str:
    """The language that the reader chose; else what the browser asks for; else Swedish."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        asked = part.split(";")[0].strip().lower()[:2]
        if asked in LANGUAGES:
            return asked
    return DEFAULT
