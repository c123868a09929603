"""What the lives in the browser hold every page's words to can itself fail."""

from __future__ import annotations

import pytest

from hemvist_desks import bare_codes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Grund: osl_10_2", ["osl_10_2"]),
        ("Läge: protected_registration, None", ["protected_registration", "None"]),
        ("Riktning: sending", ["sending"]),
        ("Status: Överenskommen. Motivation saknas på internet.", []),
        ("3 december 2026, aida.lindqvist@helsingborg.se", []),
    ],
)
def test_codes_are_found_and_swedish_words_are_not(text: str, found: list[str]) -> None:
    assert bare_codes(text) == found


def test_words_of_one_piece_are_english_on_an_english_page() -> None:
    assert bare_codes("The household is moving; sending follow_up", "en") == ["follow_up"]
