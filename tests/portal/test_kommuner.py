"""Kommuner by name: the whole list, what is taken for one, and what is not passed over."""

from __future__ import annotations

import pytest

from hemvist_portal.forms import Form
from hemvist_portal.kommuner import (
    KOMMUNER,
    kommun_code,
    kommun_name,
    read_kommun,
    read_kommuner,
)


def test_all_of_them_and_each_once() -> None:
    assert len(KOMMUNER) == 290 == len({name.casefold() for name in KOMMUNER.values()})
    assert list(KOMMUNER) == sorted(KOMMUNER)
    assert all(len(code) == 4 and code.isdigit() for code in KOMMUNER)
    # One county has one kommun alone, and there are twenty-one.
    assert len({code[:2] for code in KOMMUNER}) == 21
    assert (KOMMUNER["0114"], KOMMUNER["0980"], KOMMUNER["2584"]) == (
        "Upplands Väsby",
        "Gotland",
        "Kiruna",
    )


@pytest.mark.parametrize("code", list(KOMMUNER))
def test_each_is_found_by_its_name_and_its_code(code: str) -> None:
    name = KOMMUNER[code]
    assert kommun_code(code) == kommun_code(name) == kommun_code(name.upper()) == code
    assert kommun_code(f" {name}  kommun ") == code
    assert kommun_name(code) == name and kommun_name(code, with_code=True) == f"{name} ({code})"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Stockholms kommun", "0180"),
        ("Borås kommun", "1490"),
        ("Habo", "0643"),
        ("Håbo", "0305"),
        ("upplands väsby", "0114"),
        ("Stokholm", None),
        ("9999", None),
        ("180", None),
        ("", None),
    ],
)
def test_what_is_taken_for_a_kommun(typed: str, code: str | None) -> None:
    assert kommun_code(typed) == code


def test_nobody_knows_a_name() -> None:
    assert (kommun_name("9999"), kommun_name("9999", with_code=True)) == ("9999", "9999")
    assert kommun_name(None) == ""


def test_several_in_several_fields() -> None:
    form = Form.of(one="Stockholm, 1480 1780; Lilla Edet,", two="", three="göteborg")
    assert read_kommuner(form, "one", "two", "three", "four") == ["0180", "1480", "1780", "1462"]
    assert not form.problems


def test_a_slip_of_the_pen_is_a_problem_of_its_field() -> None:
    form = Form.of(one="Stockholm", two="Malmö, Stokholm", three="0181 018")
    read_kommuner(form, "one", "two", "three")
    assert set(form.problems) == {"two", "three"}


def test_one_is_one() -> None:
    assert read_kommun(Form.of(kommun="Kiruna"), "kommun") == "2584"
    nothing = Form.of(kommun="")
    assert (read_kommun(nothing, "kommun"), nothing.problems) == ("", {})
    two = Form.of(kommun="Kiruna, Malmö")
    read_kommun(two, "kommun")
    assert set(two.problems) == {"kommun"}
