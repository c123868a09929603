"""Lists of vacancies: every fault named by cell and rule, the good rows reported once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from hemvist.errors import Conflict, ValidationFailed
from hemvist.spreadsheets.sheets import read_sheet
from hemvist.vacancies import files
from hemvist.vacancies.columns import FIELDS, guess, missing
from hemvist.vacancies.models import Vacancy, VacancyFile, VacancyRow
from hemvist.vacancies.template import template
from hemvist_vacancies import FAULTS, HEADINGS, listed, two_hundred, workbook
from hemvist_world import World


@pytest.fixture(scope="module")
def landlord(world: World) -> UUID:
    return world.unit().landlord_id  # type: ignore[no-any-return]


def sent(world: World, landlord: UUID, content: bytes) -> VacancyFile:
    return world.act(  # type: ignore[no-any-return]
        "property", files.read_file, landlord_id=landlord, name="lediga.xlsx", content=content
    )


def imported(world: World, file: VacancyFile, **more: Any) -> VacancyFile:
    return world.act(  # type: ignore[no-any-return]
        "property", files.import_file, file_id=file.id, expected_version=file.version, **more
    )


def rule(world: World, landlord: UUID, content: bytes) -> str:
    with pytest.raises(ValidationFailed) as wrong:
        sent(world, landlord, content)
    return wrong.value.problems[0].rule


def test_two_hundred_rows_with_seven_faults(world: World, landlord: UUID) -> None:
    content = workbook(two_hundred())
    file = sent(world, landlord, content)
    assert (file.rows_total, file.rows_good, file.rows_faulty, file.rows_known) == (200, 193, 7, 0)
    faulty = world.rows(VacancyRow, file_id=file.id, state="faulty")
    letters = {heading: chr(ord("A") + place) for place, heading in enumerate(HEADINGS)}
    letters["Ledig från"] = "W"
    assert [
        (row.number, problem["cell"], problem["column"], problem["rule"], problem["given"])
        for row in faulty
        for problem in row.problems
    ] == [
        (number, f"{letters[heading]}{number}", heading, broken, given)
        for number, (heading, given, broken) in zip(range(11, 132, 20), FAULTS, strict=True)
    ]
    # Nothing counts before somebody says so.
    assert world.rows(Vacancy, file_id=file.id) == []
    done = imported(world, file)
    assert (done.state, done.rows_imported) == ("imported", 193)
    vacancies = world.rows(Vacancy, file_id=file.id)
    assert len(vacancies) == 193
    first = min(vacancies, key=lambda one: one.row_number)
    assert (first.row_number, first.rooms, first.rent_ore, str(first.size_m2), first.lift) == (
        *(2, 2, 745_000, "58.5"),
        True,
    )
    with pytest.raises(Conflict) as refused:
        sent(world, landlord, content)
    assert refused.value.rule == "file_imported"


def test_a_corrected_list_reports_only_what_is_new(world: World, landlord: UUID) -> None:
    rows = [listed(place, "Rättgatan") for place in range(6)]
    rows[2]["Hyra"] = "oklart"
    imported(world, sent(world, landlord, workbook(rows)))
    rows[2]["Hyra"] = "7 450,00 kr"
    second = sent(world, landlord, workbook(rows))
    assert (second.rows_good, second.rows_known, second.rows_faulty) == (1, 5, 0)
    assert imported(world, second).rows_imported == 1


def test_the_person_chooses_among_the_good_rows(world: World, landlord: UUID) -> None:
    file = sent(world, landlord, workbook([listed(place, "Valgatan") for place in range(4)]))
    with pytest.raises(ValidationFailed) as refused:
        imported(world, file, choose=[2, 99])
    assert [one.rule for one in refused.value.problems] == ["unknown_item"]
    done = imported(world, file, choose=[2, 4])
    assert done.rows_imported == 2
    states = {row.number: row.state for row in world.rows(VacancyRow, file_id=file.id)}
    assert states == {2: "imported", 3: "left_out", 4: "imported", 5: "left_out"}


def test_a_flat_stands_in_a_list_once(world: World, landlord: UUID) -> None:
    file = sent(world, landlord, workbook([listed(1, "Dubbelgatan"), listed(1, "DUBBELGATAN")]))
    (row,) = world.rows(VacancyRow, file_id=file.id, state="faulty")
    assert (row.number, row.problems[0]["rule"], row.problems[0]["params"]) == (
        3,
        "duplicate_row",
        {"row": 2},
    )


def test_a_list_that_is_thrown_away_may_come_again(world: World, landlord: UUID) -> None:
    content = workbook([listed(0, "Kastgatan")])
    file = sent(world, landlord, content)
    world.act("property", files.discard, file_id=file.id, expected_version=file.version)
    assert world.rows(VacancyRow, file_id=file.id) == []
    assert sent(world, landlord, content).rows_good == 1


def test_csv_and_what_no_list_is(world: World, landlord: UUID) -> None:
    one = listed(3, "Textgatan")
    head = ["Fastighet", "Adress", "Lgh nr", "Postnr", "Ort", "Rum", "Yta (kvm)", "Månadshyra"]
    cells = [one[name] for name in HEADINGS[:5]] + ["3", "71 m²", "8 100,50", "2027-03-01"]
    text = ";".join([*head, "Inflyttning"]) + "\r\n" + ";".join(map(str, cells)) + "\r\n"
    file = sent(world, landlord, text.encode("cp1252"))
    assert (file.format, file.rows_good) == ("csv", 1)
    (row,) = world.rows(VacancyRow, file_id=file.id)
    assert (row.values["size_m2"], row.values["rent_ore"], row.values["floor"]) == (71, 810_050, 4)
    assert rule(world, landlord, b"") == "required"
    assert rule(world, landlord, b"Namn;Nummer\r\n1;2\r\n") == "no_column_property_designation"
    assert rule(world, landlord, workbook([])) == "no_rows"
    many = ("\r\n".join([text.splitlines()[0], *[text.splitlines()[1]] * 2001])).encode("cp1252")
    assert rule(world, landlord, many) == "too_many_rows"


def test_the_template_is_read_by_its_own_headings() -> None:
    sheet = read_sheet(template(), guess)
    assert not missing(guess(sheet.headings))
    assert list(guess(sheet.headings)) == [field.name for field in FIELDS]
