"""What is handed to another kommun opens there, for what it was sent for, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemvist.ids import new_id
from hemvist.tenancy import key_making
from hemvist.tenancy.exchange_keys import open_own, seal_to
from hemvist.tenancy.key_folder import KeysErased, key_folder
from hemvist.tenancy.keys import SealBroken, forget_keys

RECEIVER, OTHER = new_id(), new_id()
CONTEXT = "handover 1"
CONTENT = "Åsa Öberg, 199001012385".encode()


@given(st.binary(max_size=5000), st.text(max_size=40))
def test_the_receiver_opens_it(content: bytes, context: str) -> None:
    assert open_own(RECEIVER, seal_to(RECEIVER, content, context), context) == content


def test_nobody_else_opens_it() -> None:
    sealed = seal_to(RECEIVER, CONTENT, CONTEXT)
    assert CONTENT not in sealed
    with pytest.raises(SealBroken):
        open_own(OTHER, sealed, CONTEXT)


def test_it_opens_for_nothing_else() -> None:
    with pytest.raises(SealBroken):
        open_own(RECEIVER, seal_to(RECEIVER, CONTENT, CONTEXT), "handover 2")


def test_the_same_content_is_sealed_differently_and_in_one_length() -> None:
    one, two = (seal_to(RECEIVER, CONTENT, CONTEXT) for _ in range(2))
    assert one != two
    assert len(one) == len(two) == len(seal_to(OTHER, bytes(len(CONTENT)), "x" * 200))


@settings(deadline=None)
@given(st.data())
def test_a_changed_byte_breaks_it(data: st.DataObject) -> None:
    sealed = bytearray(seal_to(RECEIVER, CONTENT, CONTEXT))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        open_own(RECEIVER, bytes(sealed), CONTEXT)


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_rubbish_breaks_cleanly(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        open_own(RECEIVER, sealed, CONTEXT)


def test_what_was_sealed_before_a_rotation_still_opens() -> None:
    sealed = seal_to(RECEIVER, CONTENT, CONTEXT)
    key_making.rotate(key_folder(), RECEIVER)
    later = seal_to(RECEIVER, CONTENT, CONTEXT)
    assert later[0] == sealed[0] + 1
    for one in (sealed, later):
        assert open_own(RECEIVER, one, CONTEXT) == CONTENT


def test_nothing_is_sealed_to_a_kommun_whose_keys_are_erased() -> None:
    gone = new_id()
    sealed = seal_to(gone, CONTENT, CONTEXT)
    key_folder().erase(gone)
    with pytest.raises(KeysErased):
        seal_to(gone, CONTENT, CONTEXT)
    forget_keys()
    with pytest.raises(KeysErased):
        open_own(gone, sealed, CONTEXT)
