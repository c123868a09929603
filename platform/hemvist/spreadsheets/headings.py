"""Headings as they are compared: without case, marks and signs."""

from __future__ import annotations

import re
import unicodedata

_NO_WORD = re.compile(r"[^a-z0-9]+")


def normal(heading: str) -> str:
    """A heading without case, marks and signs: "Förfallodag (SEK):" and "forfallodag" are alike."""
    without = re.sub(r"\(.*?\)", " ", heading)
    plain = unicodedata.normalize("NFKD", without).encode("ascii", "ignore").decode().lower()
    return _NO_WORD.sub(" ", plain).strip()
