"""What is protected is found however it is written, and other words are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.documents import Term, Trace, traces_of

STREET = Term("address", "Stora Provgatan 12 B")


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (STREET, "på Stora Provgatan 12 B."),
        (STREET, "STORA  PROVGATAN 12B"),
        (STREET, "Stora Prov-\ngatan 12\nB"),
        (STREET, "Stora Prov\u00adgatan\u00a012 B"),
        (Term("address", "Provgatan 12"), "Provg. 12"),
        (Term("address", "Provvägen 3"), "provv 3"),
        # Other letters at the same door, no letter, and the number among others.
        (STREET, "Stora Provgatan 12"),
        (STREET, "Stora Provgatan 12 C"),
        (Term("address", "Provgatan 12"), "Provgatan 12A"),
        (Term("address", "Provgatan 12"), "PROVGATAN 12 a, 2 tr"),
        (Term("address", "Provgatan 12"), "Provgatan nr 12"),
        (Term("address", "Provgatan 12"), "Provgatan 10-14"),
        (Term("address", "Provgatan 12"), "Provgatan 10 – 14"),
        (Term("address", "Provgatan 12"), "Provgatan 10‑14"),
        (Term("address", "Provgatan 12"), "Provgatan 10-\n14"),
        (Term("address", "Provgatan 12"), "Provgatan 12-14"),
        (Term("address", "Provgatan 12"), "Provgatan 8, 10 och 12"),
        (Term("address", "Provgatan 12"), "Provgatan 10 A till 14 C"),
        (Term("address", "Provgatan 12"), "Provgatan 10/12"),
        (Term("address", "Provgatan 1250"), "Provgatan 1249–1251"),
        # Written in other ways: parted, pasted, shortened, without accents, care of somebody.
        (Term("address", "Provgatan 12"), "Prov gatan 12"),
        (Term("address", "Provgatan 12"), "Prov-gatan 12"),
        (Term("address", "Provgatan 12"), "P r o v g a t a n  12"),
        (Term("address", "Provgatan 12"), "Provgatan  12"),
        (Term("address", "Provgatan 12"), "Provgatan_12"),
        (Term("address", "Provgatan 12"), "c/o Testsson, Provgatan 12, 252 20 Helsingborg"),
        (Term("address", "Provgatan 12"), "C/O TESTSSON\nPROVGATAN 12\n252 20 HELSINGBORG"),
        (STREET, "St. Provgatan 12"),
        (STREET, "St Provg 12 B"),
        (Term("address", "Östra Vägen 7"), "Ö. vägen 7"),
        (Term("address", "Östra Vägen 7"), "OSTRA VAGEN 7"),
        (Term("address", "Sankt Provs gränd 7"), "S:t Provs gränd 7"),
        (Term("name", "Hemlingsson"), "c/o Hemlingsson"),
        (Term("name", "Hemlingsson"), "C/o: HEMLINGS-\nSON"),
        (Term("address", "25220"), "S-252 20 Helsingborg"),
        (Term("address", "Provet 3:14"), "fastigheten PROVET 3:14"),
        (Term("name", "Bo"), "Hej Bo!"),
        (Term("name", "Bo"), "BO"),
        (Term("name", "Hemlingsson"), "hemlingssons dotter"),
        (Term("name", "Hemlingsson Bo"), "Hemlingsson, Bo"),
        (Term("name", "Åsa-Märta"), "ÅSA MÄRTA"),
        (Term("name", "José"), "Jose\u0301"),
        (Term("number", "19850314"), "850314-1234"),
        (Term("number", "19850314"), "19850314 1234"),
        (Term("number", "19850314"), "8503741234"),
    ],
)
def test_it_is_found(term: Term, text: str) -> None:
    assert traces_of([term], [("body", text)]) == [Trace("body", term.kind)]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Term("address", "Provgatan 1"), "Provgatan 11"),
        (Term("address", "Provgatan 1"), "Provgatan"),
        (Term("address", "Provgatan 12"), "Provgatan 120"),
        (Term("address", "Provgatan 12"), "Provgatan 112"),
        (Term("address", "Provgatan 12"), "Provgatan 2"),
        (Term("address", "Provgatan 12"), "Provgatan 14-18"),
        (Term("address", "Provgatan 12"), "Provgatan 2, 4 och 6"),
        (Term("address", "Provgatan 12"), "Nya Provvägen 12"),
        (Term("address", "Provgatan 12"), "Provgatan 3 - 2026-12-01"),
        (Term("address", "Provgatan 12"), "Uppsala, Storgatan 12"),
        (Term("address", "25220"), "125220 kr"),
        (Term("name", "Bo"), "att bo kvar i boendet"),
        (Term("name", "Maja"), "majan"),
        (Term("name", "Berg"), "Bergsvägen"),
        (Term("number", "19850314"), "1985-03-14"),
        (Term("number", "19850314"), "850315-1234"),
    ],
)
def test_other_words_are_left_alone(term: Term, text: str) -> None:
    assert traces_of([term], [("body", text)]) == []


def test_each_field_is_told_once_and_nothing_of_what_it_says() -> None:
    terms = [Term("name", "Hemlingsson"), Term("name", "Hemlingsson Bo")]
    found = traces_of(terms, [("a", "Hemlingsson Bo"), ("b", "inget"), ("a", "Hemlingsson")])
    assert found == [Trace("a", "name")]
    assert "Hemlings" not in repr(found)


@given(st.text(alphabet=" \n\t\u00ad\u200b\u00a0.,-", max_size=4), st.booleans())
def test_what_stands_between_words_hides_nothing(between: str, capital: bool) -> None:
    text = f"Stora{between or ' '}Provgatan{between or ' '}12{between or ' '}B"
    if between and not set(between) - set("\u00ad\u200b"):
        # Nothing that a reader sees parts the words: one long word then.
        text = text.replace(between, f"{between} ")
    assert traces_of([STREET], [("x", text.upper() if capital else text)])
