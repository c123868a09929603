"""Organisation numbers, and landlords that several kommuner rent from."""

from __future__ import annotations

import pytest

from hemvist.errors import Problem
from hemvist.landlords.service import check_organisation_number, find_or_register
from hemvist_world import ORGANISATION_NUMBER, World, at_once, new_world


@pytest.mark.parametrize(
    "text", [ORGANISATION_NUMBER, "559000-0005", " 559000-0005 ", "5-5-9-0-0-0-0-0-0-5"]
)
def test_ten_digits_with_a_control_digit(text: str) -> None:
    assert check_organisation_number(text, "x") == ORGANISATION_NUMBER


@pytest.mark.parametrize(
    "text", ["", "559000-000", "55900000055", "559OOO-OOO5", "５５９００００００５"]
)
def test_what_has_not_the_form(text: str) -> None:
    problem = check_organisation_number(text, "landlord")
    assert isinstance(problem, Problem)
    assert (problem.field, problem.rule) == ("landlord", "organisation_number_form")


def test_every_wrong_control_digit_and_a_personal_number_are_refused() -> None:
    wrong = [ORGANISATION_NUMBER[:-1] + digit for digit in "012346789"]
    # A month as the third and fourth digit makes a personal number, not a company.
    for text in (*wrong, "8507099805"):
        problem = check_organisation_number(text, "x")
        assert isinstance(problem, Problem), text
        assert problem.rule == "organisation_number_check"


def test_a_landlord_keeps_the_name_it_has_also_in_the_next_kommun(world: World) -> None:
    other = new_world()
    number = "5590000112"
    with world.session() as session:
        first = find_or_register(session, organisation_number=number, name=" Värden AB ")
    with other.session() as session:
        second = find_or_register(session, organisation_number=number, name="Något annat AB")
    assert (second.id, second.name) == (first.id, "Värden AB")


def test_two_kommuner_register_one_landlord_at_once(world: World) -> None:
    other = new_world()

    def register(place: World) -> object:
        with place.session() as session:
            return find_or_register(session, organisation_number="5590000211", name="X AB").id

    assert len(set(at_once(lambda: register(world), lambda: register(other)))) == 1
