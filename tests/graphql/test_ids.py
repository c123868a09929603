"""Global ids: one spelling each, and nothing else is taken for one."""

from __future__ import annotations

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.errors import NotFound
from hemvist.ids import new_id
from hemvist_graphql.ids import global_id, parse_global_id, require_row_id, row_id_of


@given(st.from_regex(r"[A-Z][A-Za-z]{1,30}", fullmatch=True), st.uuids())
def test_an_id_comes_back_as_it_was(name: str, row_id: UUID) -> None:
    text = global_id(name, row_id)
    assert parse_global_id(text) == (name, row_id)
    assert text.isascii() and "=" not in text


@given(st.text(max_size=120))
def test_any_other_text_is_no_id(text: str) -> None:
    parsed = parse_global_id(text)
    assert parsed is None or global_id(*parsed) == text


def test_an_id_has_one_spelling() -> None:
    text = global_id("Case", new_id())
    for other in (text + "=", "0" + text, " " + text, text + "\n", text[:-1] + "!", text.lower()):
        assert parse_global_id(other) is None
    assert parse_global_id("Case_" + text[5:].upper()) is None
    assert parse_global_id(text.replace("_", "-")) is None
    assert parse_global_id("Case_" + str(parse_global_id(text)[1])) is None  # type: ignore[index]


def test_an_id_of_another_type_names_nothing() -> None:
    text = global_id("Household", new_id())
    assert row_id_of("Case", text) is None
    with pytest.raises(NotFound):
        require_row_id("Case", text)


def test_a_bare_uuid_and_an_id_of_the_former_form_name_nothing() -> None:
    row_id = new_id()
    for text in (
        str(row_id),
        row_id.hex,
        base64.urlsafe_b64encode(b"Case" + row_id.bytes).decode(),
    ):
        assert parse_global_id(text) is None
