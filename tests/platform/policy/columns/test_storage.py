"""A table as bytes: whole again, or refused."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.policy.columns import Columns
from hemvist_policy_random import FACTS, Cases


def _table(count: int = 40) -> Columns:
    maker = Cases(Random(3))
    return Columns.build(FACTS, [maker.case() for _ in range(count)])


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("count", [0, 1, 40])
def test_what_is_written_is_read(compress: bool, count: int) -> None:
    table = _table(count)
    again = Columns.from_bytes(table.to_bytes(compress=compress))
    assert again.names == table.names
    assert [again.row(index) for index in range(count)] == [
        table.row(index) for index in range(count)
    ]


def test_the_same_table_has_the_same_bytes() -> None:
    assert _table().to_bytes() == _table().to_bytes()


def _written(header: object, body: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return b"HVC1" + len(text).to_bytes(8, "little") + text + body


_FACT = {"kind": "truths", "arrays": {"values": ["int8", 1]}}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HVC1",
        b"\x80\x04K\x01.",
        b"HVC2" + b"\0" * 40,
        _written([]),
        _written({"rows": 1}),
        _written({"rows": 1, "bytes": 1, "packed": False, "facts": {"x": _FACT}}),
        _written({"rows": 1, "bytes": 1, "packed": False, "facts": {"x": _FACT}}, b"\x09"),
        _written({"rows": 2, "bytes": 1, "packed": False, "facts": {"x": _FACT}}, b"\x02"),
        _written({"rows": 1, "bytes": 2, "packed": False, "facts": {"x": _FACT}}, b"\x02\x02"),
        _written({"rows": 1, "bytes": 10**12, "packed": True, "facts": {}}),
        _written({"rows": 1, "bytes": 1, "packed": True, "facts": {"x": _FACT}}, b"\x02"),
        _written({"rows": 1, "bytes": -1, "packed": False, "facts": {}}),
        _written(
            {
                "rows": 1,
                "bytes": 1,
                "packed": False,
                "facts": {"x": {"kind": "truths", "arrays": {"values": ["object", 1]}}},
            },
            b"\x02",
        ),
        _written(
            {
                "rows": 1,
                "bytes": 1,
                "packed": False,
                "facts": {"x": {"kind": "truths", "arrays": {"values": ["int8", -1]}}},
            },
            b"\x02",
        ),
        _written(
            {
                "rows": 1,
                "bytes": 1,
                "packed": False,
                "facts": {"x": {"kind": "strange", "arrays": {"values": ["int8", 1]}}},
            },
            b"\x02",
        ),
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        Columns.from_bytes(data)


def test_more_than_was_promised_is_not_unpacked() -> None:
    honest = _table().to_bytes()
    size = int.from_bytes(honest[4:12], "little")
    header = json.loads(honest[12 : 12 + size])
    header["bytes"] -= 1
    with pytest.raises(ValueError, match="cut off"):
        Columns.from_bytes(_written(header, honest[12 + size :]))


@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_changed_byte_gives_a_table_or_a_refusal(place: int, value: int) -> None:
    data = bytearray(_table(5).to_bytes(compress=False))
    data[place % len(data)] = value
    try:
        table = Columns.from_bytes(bytes(data))
    except ValueError:
        return
    for index in range(len(table)):
        table.row(index)
