"""Both languages say everything."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from hemvist_portal import wording
from hemvist_portal.extraction import texts
from hemvist_portal.labels import FLASHES, LABELS, source


@pytest.fixture(scope="module")
def wanted() -> set[str]:
    """Every text that the portal words."""
    return set(texts())


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_the_catalogue_is_complete(lang: str, wanted: set[str]) -> None:
    """Every text, no more, none empty, with the same places to fill in."""
    path = wording.LOCALES / lang / "LC_MESSAGES" / "hemvist.po"
    with path.open("rb") as file:
        worded = {str(one.id): str(one.string) for one in read_po(file, locale=lang) if one.id}
    assert sorted(worded) == sorted(wanted), "run python -m hemvist_portal.extraction"
    assert [text for text, words in worded.items() if not words] == []
    for text, words in worded.items():
        assert re.findall(r"{\w+}", text) == re.findall(r"{\w+}", words), text


def test_it_words_in_both_languages() -> None:
    """Compiled or not, the words are there."""
    assert wording.translate("sv", "Dagens arbete") == "Dagens arbete"
    assert wording.translate("en", "Dagens arbete") == "Today's work"
    assert wording.translate("en", "") == ""


def test_every_label_and_flash_is_in_the_catalogue(wanted: set[str]) -> None:
    """Tables of words are marked for translation."""
    for group in LABELS.values():
        assert set(group.values()) <= wanted
    assert set(FLASHES.values()) <= wanted


def test_an_unknown_code_stays_as_it_is() -> None:
    """A code without words is shown, never hidden."""
    assert source("role", "astronaut") == "astronaut"
    assert source("role", None) == ""
