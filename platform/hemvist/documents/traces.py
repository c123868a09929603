"""Searching texts for what is protected: a name, an address, a number.

A text is compared in one form: small letters, one space, no invisible characters, words put together
again that were parted at the end of a line. What is found is told by its field and kind, never by
what it says. Source: OSL (2009:400) 21:3, 21:3 a, 22:1, 26:14 c.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pypdf

#: Parts of a name shorter than this are words of their own too often ("Bo", "Liv"): they are
#: searched as they are written, with a capital.
SHORT = 4
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_BROKEN = re.compile(r"(\w)[-‐‑]\s*\n\s*(\w)")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)
#: Streets are shortened on envelopes: Storgatan 1, Storg. 1.
_STREETS = (("gatan", "g"), ("vägen", "v"), ("gränden", "gr"))


@dataclass(frozen=True, slots=True)
class Term:
    """Something protected: ``kind`` is ``address``, ``name`` or ``number``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Something protected stands in ``field``. Does not say what."""

    field: str
    kind: str


def traces_of(terms: Iterable[Term], texts: Iterable[tuple[str, str]]) -> list[Trace]:
    """Which fields of ``texts`` (field, text) hold one of ``terms``; each field and kind once."""
    patterns = [(term.kind, pattern, folded) for term in terms for pattern, folded in _ways(term)]
    found: dict[Trace, None] = {}
    for field, text in texts:
        written = _written(text)
        folded_text = written.casefold()
        for kind, pattern, folded in patterns:
            if pattern.search(folded_text if folded else written):
                found[Trace(field, kind)] = None
    return list(found)


def text_of(pdf: bytes) -> str:
    """What a PDF says, as whoever opens it can copy it: its pages, title and keywords."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    pages = [page.extract_text() for page in reader.pages]
    about = [str(value) for value in (reader.metadata or {}).values()]
    return "\n".join([*pages, *about])


def _written(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    return _BROKEN.sub(r"\1\2", plain)


def _ways(term: Term) -> Iterable[tuple[re.Pattern[str], bool]]:
    """Patterns of a term, each with whether it is looked for in small letters."""
    if term.kind == "number":
        yield _number(term.text), True
        return
    words = [word for word in _NOT_WORD.split(_written(term.text)) if word]
    if not words:
        return
    if term.kind == "name" and len(words) == 1 and len(words[0]) < SHORT:
        [word] = words
        yield _of_words([word]), False
        yield _of_words([word.upper()]), False
        return
    folded = [word.casefold() for word in words]
    yield _of_words(folded), True
    if term.kind == "address":
        for long, short in _STREETS:
            if folded[0].endswith(long) and len(folded[0]) > len(long):
                yield _of_words([folded[0].removesuffix(long) + short, *folded[1:]]), True


def _of_words(words: list[str]) -> re.Pattern[str]:
    """The words after one another, whatever stands between them but other words."""
    # Within a word a break or a space may have come in where it was set or pasted; a possessive
    # "s" may follow.
    body = r"[\W_]*".join(
        r"[\s-]*".join(map(re.escape, word)) if len(word) >= SHORT else re.escape(word)
        for word in words
    )
    return re.compile(rf"(?<!\w){body}(?:s)?(?!\w)")


def _number(born: str) -> re.Pattern[str]:
    """A personal number of somebody born on ``YYYYMMDD``, or its co-ordination number."""
    century, year, month, day = born[:2], born[2:4], born[4:6], born[6:]
    days = f"(?:{day}|{int(day) + 60})"
    gap = r"[\s.-]*"
    return re.compile(
        rf"(?<!\d)(?:{century}{gap})?{year}{gap}{month}{gap}{days}[\s+.-]*\d{{4}}(?!\d)"
    )
