"""A landlord's word that a flat is free, and what the property office makes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

import hemvist_agreements
from hemvist.agreements.versions import change_version
from hemvist.audit import AuditEntry
from hemvist.clock import today
from hemvist.contracts import ending, returning
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.identity import Actor, Membership, Role
from hemvist.landlord_events.models import LandlordEvent
from hemvist.units.models import Unit, UnitStateLine
from hemvist.vacancies import files, service
from hemvist.vacancies.models import Vacancy
from hemvist_vacancies import flat, listed, workbook
from hemvist_world import World, at_once, caseworker_of


@pytest.fixture(scope="module")
def landlord(world: World) -> UUID:
    return world.unit().landlord_id  # type: ignore[no-any-return]


def reported(world: World, landlord: UUID, **changes: Any) -> Vacancy:
    return world.act(  # type: ignore[no-any-return]
        "property", service.report, landlord_id=landlord, **flat(**changes)
    )


def taken_in(world: World, vacancy: Vacancy, **more: Any) -> Unit:
    done = world.act(
        "property",
        service.take_in,
        vacancy_id=vacancy.id,
        expected_version=vacancy.version,
        **more,
    )
    return world.rows(Unit, id=done.unit_id)[0]  # type: ignore[no-any-return]


def problems(world: World, landlord: UUID, **changes: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as refused:
        reported(world, landlord, **changes)
    return {(problem.field, problem.rule) for problem in refused.value.problems}


def lines(world: World, unit: Unit) -> list[tuple[str, str]]:
    return [(one.state, one.cause) for one in world.rows(UnitStateLine, unit_id=unit.id)]


def test_a_reported_flat_waits_and_is_taken_in(world: World, landlord: UUID) -> None:
    vacancy = reported(
        world,
        landlord,
        rent_parts={"base": 700_000, "water": 45_000},
        step_free=True,
        step_free_width_cm=90,
    )
    assert (vacancy.state, vacancy.channel, vacancy.floor, vacancy.area) == (
        *("reported", "office"),
        1,
        "Karlstad",
    )
    unit = taken_in(world, vacancy)
    assert (unit.landlord_id, unit.state, unit.source) == (landlord, "vacant", "owner_agreement")
    assert (unit.rent_parts, unit.step_free_width_cm) == ({"base": 700_000, "water": 45_000}, 90)
    vacancy = world.again(vacancy)
    assert (vacancy.state, vacancy.answered_on, vacancy.unit_id) == ("taken_in", today(), unit.id)
    assert lines(world, unit) == [("vacant", "taken_in")]
    assert [
        (event.type, event.property_designation)
        for event in world.rows(LandlordEvent, subject_id=unit.id)
    ] == [("unit.taken_in", unit.property_designation)]
    actions = [entry.action for entry in world.rows(AuditEntry, subject_id=vacancy.id)]
    assert actions == ["vacancy.report", "vacancy.take_in"]


def test_every_problem_of_a_report_is_told_at_once(world: World, landlord: UUID) -> None:
    assert problems(
        world,
        landlord,
        property_designation="Björnen",
        apartment_number="1200",
        rent_parts={"base": 1, "garden": 2},
        step_free_width_cm=90,
        available_from=today() + timedelta(days=3650),
        note="x" * 501,
    ) == {
        ("propertyDesignation", "designation"),
        ("apartmentNumber", "apartment_place"),
        ("rentParts.garden", "unknown_item"),
        ("stepFreeWidthCm", "width_of_steps"),
        ("availableFrom", "day_range"),
        ("note", "too_long"),
    }
    assert problems(world, landlord, rent_parts={"base": 1}) == {("rentParts", "rent_sum")}


def test_a_flat_waits_once_however_it_is_spelled(world: World, landlord: UUID) -> None:
    vacancy = reported(world, landlord)
    same = {
        "property_designation": f" {vacancy.property_designation.upper()} ",
        "street_address": vacancy.street_address.upper(),
    }
    known = {("apartmentNumber", "already_reported")}
    assert problems(world, landlord, **same) == known
    taken_in(world, vacancy)
    assert problems(world, landlord, **same) == {("apartmentNumber", "already_vacant")}


def test_two_reports_of_one_flat_at_once(world: World, landlord: UUID) -> None:
    said = flat()
    outcomes = at_once(
        *[lambda: world.act("property", service.report, landlord_id=landlord, **said)] * 3
    )
    assert sorted(type(one).__name__ for one in outcomes) == [
        *("Vacancy", "ValidationFailed", "ValidationFailed")
    ]


def test_a_flat_that_went_back_is_again_vacant(world: World, landlord: UUID) -> None:
    unit = taken_in(world, reported(world, landlord))
    back = world.act(
        "property", returning.give_back, unit_id=unit.id, expected_version=unit.version
    )
    assert back.state == "returned"
    again = world.act(
        "property",
        service.report_again,
        unit_id=unit.id,
        available_from=today() + timedelta(days=60),
        rent_ore=800_000,
    )
    assert again.unit_id == unit.id
    assert taken_in(world, again).id == unit.id
    unit = world.again(unit)
    assert (unit.state, unit.rent_ore) == ("vacant", 800_000)
    assert lines(world, unit) == [
        ("vacant", "taken_in"),
        ("returned", "given_back"),
        ("vacant", "taken_in"),
    ]


def test_a_flat_is_declined_with_a_reason_that_the_landlord_reads(
    world: World, landlord: UUID
) -> None:
    vacancy = reported(world, landlord)

    def no(**values: Any) -> Any:
        return world.act(
            "property",
            service.decline,
            vacancy_id=vacancy.id,
            expected_version=vacancy.version,
            **values,
        )

    for values, wrong in (
        ({"code": "because"}, ("code", "unknown_choice")),
        ({"code": "other"}, ("words", "required")),
    ):
        with pytest.raises(ValidationFailed) as refused:
            no(**values)
        assert [(one.field, one.rule) for one in refused.value.problems] == [wrong]
    done = no(code="too_expensive", words="Över kommunens högsta hyra.")
    assert (done.state, done.decline_code) == ("declined", "too_expensive")
    assert [one.type for one in world.rows(LandlordEvent, subject_id=vacancy.id)] == [
        "vacancy.declined"
    ]
    with pytest.raises(Conflict):
        world.act(
            "property",
            service.take_in,
            vacancy_id=vacancy.id,
            expected_version=done.version,
        )
    # It may be reported anew, with a lower rent.
    same = {
        name: getattr(vacancy, name)
        for name in ("property_designation", "street_address", "apartment_number")
    }
    assert reported(world, landlord, **same).state == "reported"


def test_another_landlord_s_flat_is_not_taken_over_silently(world: World, landlord: UUID) -> None:
    theirs = world.unit(landlord_organisation_number="5560000001", landlord_name="En annan")
    same = {
        name: getattr(theirs, name)
        for name in ("property_designation", "street_address", "apartment_number")
    }
    # The reporting landlord learns nothing of it; the office does.
    vacancy = reported(world, landlord, **same)
    with pytest.raises(Conflict) as refused:
        taken_in(world, vacancy)
    assert refused.value.rule == "registered_elsewhere"


def test_who_may_report_and_answer(world: World, landlord: UUID) -> None:
    vacancy = reported(world, landlord)
    agent = Actor(
        world.tenant_id,
        world.people["property"].principal_id,
        "Agent",
        frozenset({Membership(Role.LANDLORD_AGENT)}),
        "landlord",
        landlords=frozenset({landlord}),
    )
    other = world.unit(landlord_organisation_number="5560000001", landlord_name="En annan")
    assert world.act(agent, service.report, landlord_id=landlord, **flat()).channel == "landlord"
    for who, verb, values in (
        (agent, service.report, {"landlord_id": other.landlord_id, **flat()}),
        (agent, service.take_in, {"vacancy_id": vacancy.id, "expected_version": 1}),
        (
            caseworker_of("AMF"),
            service.take_in,
            {"vacancy_id": vacancy.id, "expected_version": 1},
        ),
    ):
        with pytest.raises(NotAllowed):
            world.act(who, verb, **values)
    # Another landlord's home is not there, whether or not there is one.
    for unit_id in (other.id, uuid4()):
        with pytest.raises(NotFound):
            world.act(agent, service.report_again, unit_id=unit_id, available_from=today())


def test_a_kept_flat_goes_back_only_with_a_reason(world: World) -> None:
    from hemvist.units import service as units

    unit = world.unit(rooms=4)
    unit = world.act(
        "property",
        units.keep_for,
        unit_id=unit.id,
        expected_version=unit.version,
        kept_for="large",
    )
    give_back = {"unit_id": unit.id, "expected_version": unit.version}
    with pytest.raises(ValidationFailed) as refused:
        world.act("property", returning.give_back, **give_back)
    assert [one.rule for one in refused.value.problems] == ["kept_for_reuse"]
    back = world.act("property", returning.give_back, kept_because="Huset rivs.", **give_back)
    assert (back.state, back.kept_for, back.kept_because) == ("returned", "", "Huset rivs.")


def test_a_kept_flat_is_warned_of_when_its_contract_ends(world: World) -> None:
    from hemvist.units import service as units

    case = world.case()
    contract = world.contract(world.accepted(case, world.registered(case)))
    unit = world.rows(Unit, id=contract.unit_id)[0]
    world.act(
        "property",
        units.keep_for,
        unit_id=unit.id,
        expected_version=unit.version,
        kept_for="adapted",
    )
    end = {
        "contract_id": contract.id,
        "expected_version": contract.version,
        "reason": "agreement",
        "ended_on": today(),
        "unit_becomes": "returned",
    }
    with pytest.raises(ValidationFailed) as refused:
        world.act("property", ending.end, **end)
    assert [one.rule for one in refused.value.problems] == ["kept_for_reuse"]
    world.act("property", ending.end, kept_because="Ägaren säljer.", **end)
    assert lines(world, unit) == [
        ("vacant", "registered"),
        ("offered", "offer_made"),
        ("reserved", "offer_accepted"),
        ("let", "contract_signed"),
        ("returned", "contract_ended"),
    ]


def test_where_the_agreement_says_so_nothing_waits(world: World) -> None:
    agreement, draft = hemvist_agreements.opened(world, starts_on=today())
    draft = world.act(
        "property",
        change_version,
        version_id=draft.id,
        takes_in_at_once=True,
        expected_version=draft.version,
    )
    hemvist_agreements.confirmed(world, draft, officer(world))
    vacancy = reported(world, agreement.landlord_id)
    assert (vacancy.state, vacancy.answered_on) == ("taken_in", today())
    assert world.rows(Unit, id=vacancy.unit_id)[0].state == "vacant"
    file = world.act(
        "property",
        files.read_file,
        landlord_id=agreement.landlord_id,
        name="lista.xlsx",
        content=workbook([listed(place, "Genastgatan") for place in range(3)]),
    )
    world.act("property", files.import_file, file_id=file.id, expected_version=file.version)
    assert {one.state for one in world.rows(Vacancy, file_id=file.id)} == {"taken_in"}


def officer(world: World) -> Actor:
    """Another one of the property office: nobody confirms their own."""
    return world.add("Kollegan", Membership(Role.PROPERTY_OFFICER, "FF"))
