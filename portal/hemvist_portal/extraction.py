"""Finding every text of the portal, and bringing the catalogues up to date.

``python -m hemvist_portal.extraction`` adds new texts to both catalogues and takes old ones away.
The Swedish catalogue says each text as it is; the English one waits for its translation.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from hemvist_portal.wording import LANGUAGES, LOCALES

_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
_OPTIONS = {
    "**/templates/**.html": {
        "extensions": "jinja2.ext.do",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "silent": "false",
    }
}
_KEYWORDS = {"_": None, "mark": None}
_PACKAGE = Path(__file__).parent
_DAY = datetime(2026, 11, 21, tzinfo=UTC)


def texts() -> Iterator[str]:
    """Every text that the portal words, once, in the order of the files."""
    seen: set[str] = set()
    for found in extract_from_dir(_PACKAGE, _METHODS, _OPTIONS, keywords=_KEYWORDS):
        text = found[2]
        assert isinstance(text, str)
        if text and text not in seen:
            seen.add(text)
            yield text


def update(lang: str) -> int:
    """Bring the catalogue of ``lang`` up to date; says how many texts lack their words."""
    path = LOCALES / lang / "LC_MESSAGES" / "hemvist.po"
    with path.open("rb") as file:
        old = read_po(file, locale=lang)
    new = Catalog(
        locale=lang,
        header_comment="# The portal's texts. See hemvist_portal/extraction.py.",
        project="Hemvist",
        version="1",
        msgid_bugs_address="-",
        last_translator="Hemvist <->",
        language_team="Hemvist",
        # One and the same day, so that the file changes only when a text does.
        creation_date=_DAY,
        revision_date=_DAY,
        charset="utf-8",
        fuzzy=False,
    )
    empty = 0
    for text in sorted(texts()):
        known = old.get(text)
        worded = text if lang == "sv" else str(known.string if known is not None else "")
        empty += not worded
        new.add(text, worded)
    with path.open("wb") as file:
        write_po(file, new, width=100, no_location=True, sort_output=True)
    return empty


if __name__ == "__main__":
    for one in LANGUAGES:
        print(f"{one}: {update(one)} without words")
