"""A form's state: reading what was typed, and finding the field of a problem."""

from __future__ import annotations

import pytest
from starlette.datastructures import FormData

from hemvist_portal.forms import Failure, Form, field_id, ore_of


@pytest.mark.parametrize(
    ("typed", "ore"),
    [
        ("8500", 850_000),
        ("8 500", 850_000),
        ("8\N{NO-BREAK SPACE}500,5", 850_050),
        ("8500.05 kr", 850_005),
        ("8500:-", 850_000),
        ("-3", -300),
        ("0", 0),
        ("", None),
        ("mycket", None),
        ("1,234", None),
        ("8.500,00", None),
        ("٣", None),
    ],
)
def test_kronor_as_people_write_them(typed: str, ore: int | None) -> None:
    """Kronor become öre, and what is no amount is never guessed at."""
    assert ore_of(typed) == ore


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-11-21", "2026-11-21"),
        ("20261121", "2026-11-21"),
        (" 2026-11-21 ", "2026-11-21"),
        ("", None),
        ("21/11 2026", None),
        ("2026-02-30", None),
        ("1066-10-14", None),
        ("9999-12-31", None),
    ],
)
def test_dates(typed: str, read: str | None) -> None:
    """A date that cannot be read is a problem of its field; an empty one is none."""
    form = Form.of(on=typed)
    assert form.read_date("on") == read
    assert bool(form.error("on")) == (read is None and bool(typed))


def test_required_fields_say_so() -> None:
    """Empty typed fields that must be filled in."""
    form = Form()
    assert form.read_date("a", required=True) is None
    assert form.read_int("b", required=True) is None
    assert form.read_number("c", required=True) is None
    assert form.read_kronor("d", required=True) is None
    assert sorted(form.problems) == ["a", "b", "c", "d"]


def test_numbers() -> None:
    """Whole numbers, decimals with comma, and too much of either."""
    form = Form.of(rooms="3", size="54,5", rent="99 999 999 999", floor="två")
    assert form.read_int("rooms") == 3
    assert form.read_number("size") == 54.5
    assert form.read_kronor("rent") is None
    assert form.read_int("floor") is None
    assert sorted(form.problems) == ["floor", "rent"]


def test_what_a_browser_sends() -> None:
    """The form's own fields are taken out; line breaks are one character."""
    data = FormData(
        [
            ("csrf", "t"),
            ("idempotencyKey", "k"),
            ("expectedVersion", "4"),
            ("act", "add"),
            ("notes", "ett\r\ntvå"),
            ("departments", "FF"),
            ("departments", "VOF"),
        ]
    )
    form = Form.sent(data)
    assert (form.csrf, form.key, form.version, form.act) == ("t", "k", 4, "add")
    assert form.one("notes") == "ett\ntvå"
    assert form.many("departments") == ["FF", "VOF"]
    assert set(form.values) == {"notes", "departments"}


@pytest.mark.parametrize("version", ["", "-1", "four", "٤", "1.0"])
def test_a_version_that_is_none(version: str) -> None:
    """A tampered version is left out; the API then asks for it."""
    assert Form.sent(FormData([("expectedVersion", version)])).version is None


def test_rows_stand_in_order_and_survive_gaps() -> None:
    """Rows are numbered by the browser, and some may have been taken away."""
    form = Form.of(**{"members[0].role": "a", "members[10].role": "b", "members[2].role": "c"})
    assert form.rows("members") == [0, 2, 10]
    assert form.rows("member") == []


def test_problems_move_to_the_rows_that_they_are_about() -> None:
    """The API counts what was sent; the form has gaps. Two steps, so that none is moved twice."""
    form = Form()
    for sent in (0, 1):
        form.add_problem(f"members[{sent}].givenName", f"row {sent}")
    form.rename_problems({"members[0]": "members[#1]", "members[1]": "members[#2]"})
    form.rename_problems({"members[#1]": "members[1]", "members[#2]": "members[2]"})
    assert form.error("members[1].givenName") == "row 0"
    assert form.error("members[2].givenName") == "row 1"
    assert form.error("members[0].givenName") == ""


def test_a_refusal_is_taken_in() -> None:
    """Problems land on their fields, and the next sending has a new key."""
    form = Form.of(givenName="")
    before = form.key
    form.fail(
        Failure.of(
            {
                "__typename": "ValidationFailed",
                "message": "m",
                "problems": [{"field": "givenName", "rule": "required", "message": "Fyll i."}],
            }
        )
    )
    assert form.failed and form.error("givenName") == "Fyll i."
    assert form.key != before


def test_ids_are_safe_and_apart() -> None:
    """Ids hold no brackets; two forms on a page do not share them."""
    assert field_id("members[0].givenName") == "f-members-0-givenName"
    one, other = Form(prefix="accept"), Form(prefix="decline")
    assert one.id("on") != other.id("on")
