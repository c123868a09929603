"""Cursors are taken back only by the list that gave them, unchanged."""

from __future__ import annotations

import datetime as dt

import pytest

from hemvist.ids import new_id
from hemvist_graphql.cursors import decode_cursor, encode_cursor
from hemvist_graphql.failures import Code, RequestFailed

TENANT = new_id()
VALUES = [dt.date(2026, 9, 1), new_id()]


def refusal(cursor: str, ordering: str = "cases", tenant_id: object = TENANT) -> Code:
    with pytest.raises(RequestFailed) as failed:
        decode_cursor(tenant_id, ordering, cursor)  # type: ignore[arg-type]
    assert failed.value.extensions == {"code": "BAD_CURSOR"}
    return failed.value.code


def test_a_cursor_comes_back_as_it_was() -> None:
    values = [*VALUES, "text", 7, dt.datetime(2026, 9, 1, 12, 30, 0, 5, dt.UTC)]
    read = decode_cursor(TENANT, "cases", encode_cursor(TENANT, "cases", values))
    assert read == values
    assert [type(value) for value in read] == [type(value) for value in values]


def test_every_changed_character_is_noticed() -> None:
    cursor = encode_cursor(TENANT, "cases", VALUES)
    for place, character in enumerate(cursor):
        other = "A" if character != "A" else "B"
        assert refusal(cursor[:place] + other + cursor[place + 1 :]) is Code.BAD_CURSOR


def test_another_list_or_kommun_does_not_take_it() -> None:
    cursor = encode_cursor(TENANT, "cases", VALUES)
    assert refusal(cursor, "offers") is Code.BAD_CURSOR
    assert refusal(cursor, "cases", new_id()) is Code.BAD_CURSOR


@pytest.mark.parametrize("text", ["", "x", "é", "A" * 5000, "====", "null"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    assert refusal(text) is Code.BAD_CURSOR


def test_a_list_is_not_ordered_by_what_a_cursor_cannot_carry() -> None:
    with pytest.raises(TypeError):
        encode_cursor(TENANT, "cases", [1.5])
