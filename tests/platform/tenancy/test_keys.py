"""What is sealed for one kommun and column opens nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.ids import new_id
from hemvist.migrations.tables import metadata
from hemvist.tenancy import keys
from hemvist.tenancy.keys import OVERHEAD, SealBroken, tenant_keys
from hemvist.tenancy.padding import STEPS
from hemvist.tenancy.sealed import sealed_columns

A, B = tenant_keys(new_id()), tenant_keys(new_id())
FIELD = "persons.number"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXT)
def test_a_sealed_value_opens_where_it_was_sealed(value: str) -> None:
    assert A.open(FIELD, A.seal(FIELD, value)) == value


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert A.seal(FIELD, "199001012385") != A.seal(FIELD, "199001012385")
    assert b"199001012385" not in A.seal(FIELD, "199001012385")


@pytest.mark.parametrize("field", sorted(STEPS))
def test_lengths_tell_neither_names_nor_answers(field: str) -> None:
    said = ("Ea", "true", "false", "Christopher-Ängelin Östergård")
    assert len({len(A.seal(field, one)) for one in said}) == 1
    assert {A.open(field, A.seal(field, one)) for one in said} == set(said)
    # That nothing is said is asked for by the length.
    assert len(A.seal(field, "")) == OVERHEAD


@given(st.sampled_from(sorted(STEPS)), TEXT)
def test_what_is_filled_up_opens_as_it_was(field: str, value: str) -> None:
    assert A.open(field, A.seal(field, value)) == value.rstrip("\0")


def test_what_was_sealed_before_it_was_filled_up_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "padded", lambda _field, clear: clear)
    before = A.seal("persons.given_name", "Alva")
    monkeypatch.undo()
    assert A.open("persons.given_name", before) == "Alva"
    assert len(before) < len(A.seal("persons.given_name", "Alva"))


def test_fields_that_are_filled_up_are_there() -> None:
    fields = {field for table in metadata.tables.values() for _, field in sealed_columns(table)}
    assert set(STEPS) <= fields


def test_another_kommun_cannot_open_it() -> None:
    with pytest.raises(SealBroken):
        B.open(FIELD, A.seal(FIELD, "199001012385"))


def test_it_does_not_open_in_another_column() -> None:
    with pytest.raises(SealBroken):
        A.open("login_sessions.id_token", A.seal(FIELD, "199001012385"))


@given(st.data())
def test_a_changed_byte_breaks_it(data: st.DataObject) -> None:
    sealed = bytearray(A.seal(FIELD, "199001012385"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        A.open(FIELD, bytes(sealed))


@given(st.binary(max_size=40))
def test_rubbish_breaks_cleanly(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        A.open(FIELD, sealed)


@given(st.integers(0, 39))
def test_a_cut_value_breaks(length: int) -> None:
    with pytest.raises(SealBroken):
        A.open(FIELD, A.seal(FIELD, "199001012385")[:length])


def test_the_blind_index_finds_the_value_in_its_kommun_and_column_only() -> None:
    index = A.blind_index(FIELD, "199001012385")
    assert len(index) == 32
    assert A.blind_index(FIELD, "199001012385") == index
    assert A.blind_index(FIELD, "199001012386") != index
    assert A.blind_index("persons.phone", "199001012385") != index
    assert B.blind_index(FIELD, "199001012385") != index


def test_printing_keys_shows_none() -> None:
    keys = tenant_keys(new_id())
    assert repr(keys) == f"TenantKeys(tenant_id={keys.tenant_id!r})"
