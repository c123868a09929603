"""Registering flats, and the states they go through."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.audit import AuditEntry
from hemvist.errors import Conflict, NotAllowed, ValidationFailed
from hemvist.units.models import STATES, TRANSITIONS, Unit
from hemvist.units.states import change_state
from hemvist_world import World, at_once, caseworker_of, new_world


def problems(world: World, **changes: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as refused:
        world.unit(**changes)
    return {(problem.field, problem.rule) for problem in refused.value.problems}


def test_a_flat_is_vacant_and_belongs_to_its_landlord(world: World) -> None:
    unit = world.unit(postal_code="252 20", size_m2=34.5)
    assert (unit.state, unit.version, unit.postal_code, str(unit.size_m2)) == (
        "vacant",
        1,
        "25220",
        "34.5",
    )
    entry = world.rows(AuditEntry, subject_id=unit.id)[0]
    assert (entry.action, entry.person_ids) == ("unit.register", [])


def test_every_problem_is_told_at_once(world: World) -> None:
    assert problems(
        world,
        landlord_organisation_number="559000-0006",
        landlord_name=" ",
        property_designation="x" * 201,
        street_address="",
        postal_code="2522",
        city="",
        area="",
        apartment_number="11",
        source="found",
        rooms=0,
        size_m2=4.9,
        rent_ore=-1,
        floor=101,
    ) == {
        ("landlordOrganisationNumber", "organisation_number_check"),
        ("landlordName", "required"),
        ("propertyDesignation", "too_long"),
        ("streetAddress", "required"),
        ("postalCode", "postal_code"),
        ("city", "required"),
        ("area", "required"),
        ("apartmentNumber", "apartment_number"),
        ("source", "unknown_choice"),
        ("rooms", "range"),
        ("sizeM2", "range"),
        ("rentOre", "range"),
        ("floor", "range"),
    }


@pytest.mark.parametrize("size", [float("nan"), float("inf"), 1000.1])
def test_a_size_that_is_none(world: World, size: float) -> None:
    assert problems(world, size_m2=size) == {("sizeM2", "range")}


def test_the_same_flat_is_registered_once(world: World) -> None:
    unit = world.unit()
    same = {
        "property_designation": f" {unit.property_designation} ",
        "street_address": unit.street_address,
        "apartment_number": unit.apartment_number,
    }
    assert problems(world, **same) == {("apartmentNumber", "already_registered")}
    assert world.unit(**(same | {"apartment_number": "1102"})).id != unit.id
    # Another kommun has its own register.
    assert new_world().unit(**same).id != unit.id


def test_two_who_register_the_same_flat_at_once(world: World) -> None:
    same = {"property_designation": "Samma 1", "street_address": "Samma 1"}
    outcomes = at_once(*[lambda: world.unit(**same)] * 3)
    assert sorted(type(one).__name__ for one in outcomes) == [
        *("Unit", "ValidationFailed", "ValidationFailed")
    ]


def test_only_the_property_office_registers_flats(world: World) -> None:
    from hemvist.units import service as units

    with pytest.raises(NotAllowed):
        world.act(
            caseworker_of("AMF"),
            units.register,
            **dict.fromkeys(("landlord_organisation_number", "landlord_name"), ""),
            **dict.fromkeys(("property_designation", "street_address", "postal_code"), ""),
            **dict.fromkeys(("city", "area", "apartment_number", "source"), ""),
            **dict.fromkeys(("rooms", "size_m2", "rent_ore", "floor"), 1),
            **dict.fromkeys(("lift", "step_free", "adapted", "available_from"), False),
        )


@pytest.mark.parametrize("state", STATES)
def test_a_flat_moves_only_as_the_table_says(state: str) -> None:
    for target in STATES:
        unit = Unit(state=state, version=1)
        if target in TRANSITIONS[state]:
            change_state(unit, target)
            assert (unit.state, unit.version) == (target, 2)
        else:
            with pytest.raises(Conflict) as refused:
                change_state(unit, target)
            assert refused.value.rule == "unit_state"
            assert unit.state == state
