"""In which language a text is, well enough to notice a sentence of the other one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

from hemvist_portal.wording import catalogue

_SV = frozenset(
    re.findall(
        r"\w+",
        "och inte är får att det som finns ett på av för till med måste kan har den om ska redan från"
        " eller ange välj skriv fyll saknas bara högst minst här något ingen detta denna de än sig så"
        " går kunde vara ligga före dess ni du samma rätt behörighet skickade skicka",
    )
)
_EN = frozenset(
    re.findall(
        r"\w+",
        "the not is are must of to and with has have be this that already only at most least a an does"
        " no for it you your was were by from or can cannot which there here nothing too send what",
    )
)
_WORD = re.compile(r"[a-zåäöé]+")


def reads_as(text: str) -> str:
    """``sv``, ``en``, or an empty text where the words do not tell."""
    words = _WORD.findall(text.lower())
    swedish = sum(word in _SV for word in words) + sum(one in "åäö" for one in text.lower()) / 3
    english = sum(word in _EN for word in words)
    if abs(swedish - english) < 1:
        return ""
    return "sv" if swedish > english else "en"


@cache
def _texts(lang: str) -> frozenset[str]:
    """The portal's texts as they stand on a page in ``lang``."""
    return frozenset(
        str(worded if lang == "en" else source)
        for source, worded in catalogue("en")._catalog.items()  # type: ignore[attr-defined]
        if isinstance(source, str) and source and "{" not in source
    )


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lang = ""
        self.texts: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang") or ""
        # What somebody wrote stands in fields and in elements of its own language.
        own = tag in ("textarea", "script", "style") or (tag != "html" and given.get("lang"))
        # Whatever is of the same name within it ends before it does.
        if own or tag in self._inside:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside and data.strip():
            self.texts.append(" ".join(data.split()))


def language_of_page(html: str) -> str:
    """What a page says that it is written in."""
    page = _Page()
    page.feed(html)
    return page.lang


def foreign_texts(html: str, lang: str) -> Iterator[str]:
    """The portal's own texts on a page that are in the other language."""
    page = _Page()
    page.feed(html)
    own, other = _texts(lang), _texts("en" if lang == "sv" else "sv")
    for text in page.texts:
        # Several words: one word may be somebody's, or the same in a law's name.
        if text in other and text not in own and len(text.split()) > 2:
            yield text
