"""A landlord's file becomes a preview and is imported once, whatever is tried."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.arrears import files, importing
from hemvist.arrears.file_models import ArrearsFile, ArrearsFileBytes, ArrearsMapping, ArrearsRow
from hemvist.arrears.models import RentAccount, RentMonth
from hemvist.audit.models import AuditEntry
from hemvist.cases.derived import derived_facts
from hemvist.cases.models import CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist_arrears import account, as_csv, as_excel, imported, month, read, row
from hemvist_world import World, adult, as_owner, at_once, child, new_world

WHO, DEPARTMENT = "caseworker SOF-VUX", "SOF-VUX"


@pytest.fixture
def world(database: str) -> World:
    """A kommun of its own: what is known already is the point."""
    return new_world()


def taken_in(world: World, *rows: dict[str, str], **changes: Any) -> ArrearsFile:
    return imported(world, WHO, DEPARTMENT, rows, **changes)


def test_good_rows_are_imported_and_faulty_ones_named(world: World) -> None:
    content = as_csv(
        [
            row("A-1"),
            row("A-2", Restbelopp="abc", Hyresmånad="2026-13"),
            row("A-1", Hyra="1"),
            {"Avtalsnr": "Summa", "Restbelopp": "14 901,00"},
        ],
        title="Restlista",
    )
    file = read(world, WHO, DEPARTMENT, content)
    assert (file.rows_total, file.rows_good, file.rows_faulty) == (3, 1, 2)
    assert not world.rows(RentAccount)
    faults = {
        (one.number, fault["cell"], fault["column"], fault["rule"], fault["given"])
        for one in world.rows(ArrearsRow, state="faulty")
        for fault in one.problems
    }
    # Title and blank line, then the headings: the first row below them is the fourth.
    assert faults == {
        (5, "G5", "Hyresmånad", "month", "2026-13"),
        (5, "I5", "Restbelopp", "amount", "abc"),
        (6, "I6", "Restbelopp", "owed_above_rent", "7 450,50"),
    }
    done = world.act(WHO, importing.import_file, file_id=file.id, expected_version=file.version)
    assert (done.state, done.rows_imported) == ("imported", 1)
    found = account(world, "A-1")
    assert (found.balance_ore, found.signals) == (745_050, ["late"])
    # The bytes are not kept longer than the columns can be told anew.
    assert not world.rows(ArrearsFileBytes)
    assert world.rows(AuditEntry, action="arrears.import", subject_id=file.id)


def test_a_name_in_the_wrong_column_is_sealed_with_the_fault(world: World) -> None:
    content = as_csv([row("A-1", Restbelopp="Maj Qvistgren")])
    file = read(world, WHO, DEPARTMENT, content, name="Qvistgrens skuld.csv")
    [faulty] = world.rows(ArrearsRow, file_id=file.id)
    assert [fault["given"] for fault in faulty.problems] == ["Maj Qvistgren"]
    assert "Qvistgren" in file.name
    with as_owner(world.tenant_id) as connection:
        kept = connection.execute(
            "SELECT (SELECT string_agg(r::text, ' ') FROM arrears_rows r)"
            " || (SELECT string_agg(f::text, ' ') FROM arrears_files f)"
        ).fetchone()
    assert kept is not None and len(kept[0]) > 500
    assert "Qvistgren" not in kept[0] and b"Qvistgren".hex() not in kept[0]


def test_neither_a_file_nor_a_row_is_imported_twice(world: World) -> None:
    rows = [row("A-1"), row("A-2")]
    taken_in(world, *rows)
    with pytest.raises(Conflict) as again:
        read(world, WHO, DEPARTMENT, as_csv(rows))
    assert again.value.rule == "file_imported"
    # The same rows in another file, with one that is new.
    other = read(world, WHO, DEPARTMENT, as_csv([*rows, row("A-3")], encoding="utf-8"))
    assert (other.rows_good, other.rows_known) == (1, 2)
    before = account(world, "A-1").version
    world.act(WHO, importing.import_file, file_id=other.id, expected_version=other.version)
    assert len(world.rows(RentMonth)) == 3
    assert account(world, "A-1").version == before
    with pytest.raises(Conflict):
        world.act(WHO, importing.import_file, file_id=other.id, expected_version=other.version + 1)


def test_two_who_import_at_once_import_once(world: World) -> None:
    file = read(world, WHO, DEPARTMENT, as_csv([row("A-1")]))
    act = lambda: world.act(  # noqa: E731
        WHO, importing.import_file, file_id=file.id, expected_version=file.version
    )
    outcomes = at_once(act, act)
    assert sorted(type(one).__name__ for one in outcomes) == ["ArrearsFile", "Conflict"]
    assert len(world.rows(RentMonth)) == 1


def test_an_earlier_position_says_nothing_against_a_later_one(world: World) -> None:
    taken_in(world, row("A-1", Restbelopp="0", Betaldatum=str(today())))
    earlier = read(
        world, WHO, DEPARTMENT, as_csv([row("A-1")]), position_on=today() - timedelta(days=5)
    )
    assert (earlier.rows_good, earlier.rows_known) == (0, 1)
    with pytest.raises(ValidationFailed) as nothing:
        world.act(WHO, importing.import_file, file_id=earlier.id, expected_version=earlier.version)
    assert nothing.value.problems[0].rule == "nothing_to_import"


def test_a_month_told_of_afterwards_leaves_what_is_known_since_then(world: World) -> None:
    """An older list adds its month; that an eviction is applied for is the later list's to say."""
    taken_in(world, row("A-1", Inkasso="Ja", KFM="x", Hyresgäst="Nya Namnet"))
    older = today() - timedelta(days=40)
    taken_in(world, row("A-1", 1, Restbelopp="1000", Hyresgäst="Gamla Namnet"), position_on=older)
    found = account(world, "A-1")
    assert len(world.rows(RentMonth)) == 2
    assert (found.collection, found.eviction_applied) == (True, True)
    assert (found.tenant_name, found.position_on) == ("Nya Namnet", today())


def test_signals_tell_late_second_time_and_rising(world: World) -> None:
    taken_in(world, row("A-1", 2, Restbelopp="0", Betaldatum=str(month(2) + timedelta(days=9))))
    assert (account(world, "A-1").balance_ore, account(world, "A-1").signals) == (0, ["late"])
    taken_in(world, row("A-1", 1, Restbelopp="1000"))
    assert account(world, "A-1").signals == ["late", "second_time"]
    taken_in(world, row("A-1", 0, Inkasso="Ja", KFM="x"))
    found = account(world, "A-1")
    assert found.signals == [
        *("late", "second_time", "rising", "several_rents", "collection", "eviction_applied"),
    ]
    assert (found.months_owing, found.late_months, found.balance_ore) == (2, 3, 845_050)
    assert found.owing_since is not None and found.owing_since < month(1)


def test_the_case_of_the_household_is_told_and_knows_what_is_owed(world: World) -> None:
    case = world.case(adult(personal_number=(number := "198503149844")), child())
    taken_in(world, row("A-1", Personnummer=number))
    found = account(world, "A-1")
    assert (found.case_id, found.household_id, found.children) == (
        case.id,
        case.household_id,
        "yes",
    )
    # The number itself is nowhere in what is kept of the file.
    assert number not in str([one.values for one in world.rows(ArrearsRow)])
    kinds = [one.kind for one in world.rows(CaseEvent, case_id=case.id)]
    assert kinds[-1] == "arrears_registered"
    with world.session() as session:
        facts = derived_facts(session, case, today())
        earlier = derived_facts(session, case, month(1))
    assert facts["arrears_ore"] == 745_050
    assert [one["amount"] for one in facts["late_rents"]] == [745_050]
    assert earlier["arrears_ore"] == 0
    taken_in(world, row("A-1", Restbelopp="0", Betaldatum=str(today())))
    kinds = [one.kind for one in world.rows(CaseEvent, case_id=case.id)]
    assert kinds[-1] == "arrears_settled"


def test_what_no_file_covers_is_not_known(world: World) -> None:
    case = world.case(adult(personal_number=(number := "198503149844")))
    old = today() - timedelta(days=100)
    taken_in(world, row("A-1", 4, Personnummer=number), position_on=old)
    with world.session() as session:
        assert "arrears_ore" not in derived_facts(session, case, today())
        assert derived_facts(session, case, old)["arrears_ore"] == 745_050


def test_whoever_is_protected_is_marked(world: World) -> None:
    world.household(adult(personal_number=(number := "198503149844"), protection="unknown"))
    taken_in(world, row("A-1", Personnummer=number), row("A-2"))
    assert account(world, "A-1").protected
    assert not account(world, "A-2").protected


def test_columns_are_told_once_for_each_landlord(world: World) -> None:
    headings = ("Nr", "Belopp kvar", "Tid", "Senast")
    rows = [{"Nr": "A-1", "Belopp kvar": "100", "Tid": f"{month():%Y-%m}", "Senast": "03/04/2026"}]
    file = read(world, WHO, DEPARTMENT, as_csv(rows, headings=headings, delimiter="\t"))
    assert (file.rows_total, file.headings) == (0, list(headings))
    columns = {"reference": "Nr", "owed": "Belopp kvar", "month": "Tid"}
    told = world.act(
        WHO, files.tell_columns, file_id=file.id, columns=columns, expected_version=file.version
    )
    assert (told.rows_total, told.rows_good) == (1, 1)
    assert world.rows(ArrearsMapping)[0].columns == columns
    later = read(world, WHO, DEPARTMENT, as_csv([{**rows[0], "Nr": "A-2"}], headings=headings))
    assert later.rows_good == 1
    with pytest.raises(ValidationFailed) as wrong:
        world.act(
            WHO,
            files.tell_columns,
            file_id=later.id,
            columns={**columns, "owed": "Nr", "paid": "Finns ej", "shoe_size": "Tid"},
            expected_version=later.version,
        )
    assert {(one.field, one.rule) for one in wrong.value.problems} == {
        ("columns.owed", "column_twice"),
        ("columns.reference", "column_twice"),
        ("columns.paid", "unknown_choice"),
        ("columns.shoe_size", "unknown_choice"),
        ("columns.month", "column_twice"),
    }


def test_rows_are_left_out_by_hand_and_a_file_is_thrown_away(world: World) -> None:
    file = read(world, WHO, DEPARTMENT, as_excel([row("A-1"), row("A-2")]), name="x.xlsx")
    with pytest.raises(ValidationFailed):
        world.act(WHO, importing.import_file, file_id=file.id, leave_out=[99], expected_version=1)
    world.act(WHO, importing.import_file, file_id=file.id, leave_out=[3], expected_version=1)
    assert [one.reference for one in world.rows(RentAccount)] == ["A-1"]
    assert {one.number: one.state for one in world.rows(ArrearsRow)} == {
        2: "imported",
        3: "left_out",
    }
    content = as_csv([row("A-9")])
    second = read(world, WHO, DEPARTMENT, content)
    world.act(WHO, files.discard, file_id=second.id, expected_version=second.version)
    assert not world.rows(ArrearsRow, file_id=second.id)
    assert read(world, WHO, DEPARTMENT, content).rows_good == 1


def test_another_department_neither_sees_nor_imports(world: World) -> None:
    file = read(world, WHO, DEPARTMENT, as_csv([row("A-1")]))
    for stranger in ("caseworker AMF", "property"):
        with pytest.raises(NotFound):
            world.act(stranger, importing.import_file, file_id=file.id, expected_version=1)
    with pytest.raises(NotAllowed):
        world.act("manager SOF-VUX", importing.import_file, file_id=file.id, expected_version=1)
    with pytest.raises(NotAllowed):
        read(world, "property", DEPARTMENT, as_csv([row("A-2")]))
