"""Texts in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist.policy import Label

LANGUAGES = ("sv", "en")
DEFAULT_LANGUAGE = "sv"


def language(lang: str | None) -> str:
    """``lang`` when it is one of ours, else Swedish."""
    return lang if lang in LANGUAGES else DEFAULT_LANGUAGE


def worded(label: Any, lang: str | None, fallback: str = "") -> str:
    """``label`` in ``lang``: a pack's label, a mapping of languages, a plain text, or nothing."""
    if label is None:
        return fallback
    if isinstance(label, str):
        return label
    if isinstance(label, Mapping):
        text = label.get(language(lang)) or label.get(DEFAULT_LANGUAGE)
    else:
        text = getattr(label, language(lang), None)
    return str(text) if text else fallback


def options_shown(value: Any, options: Mapping[str, Label], lang: str) -> str | None:
    """The words of a code or of several, or None where the value is none of ``options``."""
    codes = value if isinstance(value, list) else [value]
    if not codes or not all(isinstance(one, str) and one in options for one in codes):
        return None
    return ", ".join(options[one].text(lang) for one in codes)
