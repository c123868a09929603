"""Searching texts for what is protected: a name, an address, a number.

A text is compared in one form: small letters, one space, no invisible characters, words put together
again that were parted at the end of a line. What is found is told by its field and kind, never by
what it says. Source: OSL (2009:400) 21:3, 21:3 a, 22:1, 26:14 c.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pypdf

#: Parts of a name shorter than this are words of their own too often ("Bo", "Liv"): they are
#: searched as they are written, with a capital.
SHORT = 4
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
#: Only a word goes on after the end of a line; "12-" and "14" are two numbers of a street.
_BROKEN = re.compile(r"([^\W\d])[-‐‑]\s*\n\s*([^\W\d])")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)
#: Streets are shortened on envelopes: Storgatan 1, Storg. 1; Stora Provgatan, St. Provgatan.
_STREETS = (("gatan", "g"), ("vägen", "v"), ("gränden", "gr"))
_POINTS = {
    "stora": "st",
    "lilla": "l",
    "gamla": "g",
    "nya": "n",
    "sankt": "s:?t",
    "norra": "n",
    "södra": "s",
    "östra": "ö",
    "västra": "v",
}
#: A street, its number and a letter: "Stora Provgatan 12 B".
_STREET = re.compile(r"(?P<street>[^\d:]+?)\W*(?P<number>\d{1,4})\W*[a-zåäö]?")
#: One number, or several: "12", "12 B", "10–14", "10, 12 och 14", "nr 12"; a year goes on with none.
_LETTER = r"(?!\d)(?:\s?[a-zåäö](?!\w))?"
_ONE, _NEXT = rf"\d{{1,4}}{_LETTER}", rf"\d{{1,3}}{_LETTER}"
_PARTED = r"\s*(?:[-‐‑–—/,&+]|och|samt|till|t\.?\s?o\.?\s?m\.?)\s*(?:nr\W*)?"
#: Long numbers go on with their like: "1249–1251".
_LONG = rf"\d{{4}}{_LETTER}"
_NUMBERS = (
    rf"(?:(?:nr|nummer|no)\b)?[\W_]*(?P<numbers>{_LONG}(?:{_PARTED}{_LONG})+"
    rf"|{_ONE}(?:{_PARTED}{_NEXT})*)"
)
_RANGE = re.compile(r"(\d+)\s?[a-zåäö]?\s*(?:[-‐‑–—]|till|t\.?\s?o\.?\s?m\.?)\s*(?:nr\W*)?(\d+)")
#: No street has more numbers between two doors: what looks so is a year or an amount.
_LONGEST_RANGE = 200

#: Whether a text, as written and in small letters, holds a term.
Seen = Callable[[str, str], bool]


#: Whatever stands between words, but other words.
_BETWEEN = r"[\W_]*"


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
    ways = [(term.kind, seen) for term in terms for seen in _ways(term)]
    found: dict[Trace, None] = {}
    for field, text in texts:
        written = _written(text)
        folded = written.casefold()
        for kind, seen in ways:
            if seen(written, folded):
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


def _ways(term: Term) -> Iterable[Seen]:
    """The ways in which a term may stand in a text."""
    if term.kind == "number":
        yield _folded(_number(term.text))
        return
    words = [word for word in _NOT_WORD.split(_written(term.text)) if word]
    if not words:
        return
    if term.kind == "name" and len(words) == 1 and len(words[0]) < SHORT:
        [word] = words
        yield _as_written(_of_words([word]))
        yield _as_written(_of_words([word.upper()]))
        return
    folded = [word.casefold() for word in words]
    yield _folded(_of_words(folded))
    if term.kind == "address":
        street = _STREET.fullmatch(_written(term.text).casefold().strip())
        if street is not None:
            yield _at_door(street["street"], int(street["number"]))


def _as_written(pattern: re.Pattern[str]) -> Seen:
    return lambda written, _folded_text: pattern.search(written) is not None


def _folded(pattern: re.Pattern[str]) -> Seen:
    return lambda _written_text, folded: pattern.search(folded) is not None


def _at_door(street: str, number: int) -> Seen:
    """The street, shortened or without its accents too, with the number, whatever letter follows.

    Also among other numbers, and inside a range: who reads "Provgatan 10–14" knows of 12.
    """
    words = [word for word in _NOT_WORD.split(street) if word]
    pattern = re.compile(rf"(?<!\w){_BETWEEN.join(map(_street_word, words))}[\W_]*{_NUMBERS}")
    plain = re.compile(_plain(pattern.pattern))

    def seen(_written_text: str, folded: str) -> bool:
        both = ((pattern, folded), (plain, _plain(folded)))
        return any(
            _holds(found["numbers"], number) for one, text in both for found in one.finditer(text)
        )

    return seen


def _street_word(word: str) -> str:
    ways = [_spread(word)]
    if word in _POINTS:
        ways.append(_POINTS[word])
    for long, short in _STREETS:
        if word.endswith(long) and len(word) > len(long):
            ways.append(_spread(word.removesuffix(long) + short))
    return f"(?:{'|'.join(ways)})"


def _holds(numbers: str, wanted: int) -> bool:
    if wanted in map(int, re.findall(r"\d+", numbers)):
        return True
    ranges = ((int(first), int(last)) for first, last in _RANGE.findall(numbers))
    return any(first < wanted < last <= first + _LONGEST_RANGE for first, last in ranges)


def _plain(text: str) -> str:
    """Without accents, as where a keyboard has none: "Ostra vagen"."""
    return "".join(
        one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)
    )


def _of_words(words: list[str]) -> re.Pattern[str]:
    """The words after one another, whatever stands between them but other words."""
    # A possessive "s" may follow.
    return re.compile(rf"(?<!\w){_BETWEEN.join(map(_spread, words))}(?:s)?(?!\w)")


def _spread(word: str) -> str:
    """A word into which a break or a space may have come where it was set or pasted."""
    return r"[\s-]*".join(map(re.escape, word)) if len(word) >= SHORT else re.escape(word)


def _number(born: str) -> re.Pattern[str]:
    """A personal number of somebody born on ``YYYYMMDD``, or its co-ordination number."""
    century, year, month, day = born[:2], born[2:4], born[4:6], born[6:]
    days = f"(?:{day}|{int(day) + 60})"
    gap = r"[\s.-]*"
    return re.compile(
        rf"(?<!\d)(?:{century}{gap})?{year}{gap}{month}{gap}{days}[\s+.-]*\d{{4}}(?!\d)"
    )
