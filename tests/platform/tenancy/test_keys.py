"""What is sealed for one kommun and column opens nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.ids import new_id
from hemvist.tenancy.keys import SealBroken, tenant_keys

A, B = tenant_keys(new_id()), tenant_keys(new_id())
FIELD = "persons.number"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXT)
def test_a_sealed_value_opens_where_it_was_sealed(value: str) -> None:
    assert A.open(FIELD, A.seal(FIELD, value)) == value


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert A.seal(FIELD, "199001012385") != A.seal(FIELD, "199001012385")
    assert b"199001012385" not in A.seal(FIELD, "199001012385")


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
