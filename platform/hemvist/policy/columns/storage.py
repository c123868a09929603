"""A table as bytes: a mark, the length of a header in JSON, the header, and the arrays in order.

Everything is read with its length and type checked first, and no part can be executed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from hemvist.policy.columns.column import Column, Lists, Numbers, Truths, Words

_MARK = b"HVC1"
_KINDS = {"truths": Truths, "numbers": Numbers, "words": Words, "lists": Lists}
_TYPES: dict[str, np.dtype[Any]] = {
    "int8": np.dtype("<i1"),
    "int32": np.dtype("<i4"),
    "int64": np.dtype("<i8"),
    "bool": np.dtype("?"),
}
#: A table that says it is larger than this when unpacked is none of ours.
MAX_BYTES = 2**32


def write(rows: int, columns: Mapping[str, Column], *, compress: bool) -> bytes:
    """The bytes of a table."""
    body: list[bytes] = []
    facts = {name: _described(column, body) for name, column in columns.items()}
    joined = b"".join(body)
    header = {"rows": rows, "bytes": len(joined), "packed": compress, "facts": facts}
    written = json.dumps(header, ensure_ascii=False).encode()
    # The fastest level: columns are long runs of few values.
    packed = zlib.compress(joined, 1) if compress else joined
    return b"".join([_MARK, len(written).to_bytes(8, "little"), written, packed])


def _described(column: Column, body: list[bytes]) -> dict[str, Any]:
    kind = next(name for name, type in _KINDS.items() if isinstance(column, type))
    found: dict[str, Any] = {"kind": kind, "arrays": {}}
    for name, array in column.arrays.items():
        found["arrays"][name] = [array.dtype.name, len(array)]
        body.append(np.ascontiguousarray(array, _TYPES[array.dtype.name]).tobytes())
    match column:
        case Numbers(dates=dates):
            found["dates"] = dates
        case Words(words=words):
            found["words"] = list(words)
        case Lists(fields=fields):
            found["fields"] = {name: _described(field, body) for name, field in fields.items()}
    return found


def read(data: bytes) -> tuple[int, dict[str, Column]]:
    """The rows and columns of a table. Raises ``ValueError`` on bytes that are none."""
    try:
        return _read(data)
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError, zlib.error) as error:
        raise ValueError(f"not a table of facts: {type(error).__name__}") from None


def _read(data: bytes) -> tuple[int, dict[str, Column]]:
    if data[:4] != _MARK:
        raise ValueError("not a table of facts")
    begin = 12 + int.from_bytes(data[4:12], "little")
    header = json.loads(data[12:begin])
    size = header["bytes"]
    if not isinstance(size, int) or not 0 <= size <= MAX_BYTES:
        raise ValueError("a table of facts is too large")
    body = data[begin:]
    if header["packed"]:
        unpacking = zlib.decompressobj()
        # One byte more than promised, to notice that there is more.
        body = unpacking.decompress(body, size + 1)
    if len(body) != size:
        raise ValueError("a table of facts is cut off")
    reader = _Reader(body)
    columns = {name: reader.column(found) for name, found in header["facts"].items()}
    if reader.place != size:
        raise ValueError("a table of facts has bytes that belong to nothing")
    return int(header["rows"]), columns


class _Reader:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.place = 0

    def column(self, found: Mapping[str, Any]) -> Column:
        arrays = {name: self.array(*told) for name, told in found["arrays"].items()}
        match found["kind"]:
            case "truths":
                return Truths(arrays["values"])
            case "numbers":
                return Numbers(arrays["values"], arrays["known"], found["dates"] is True)
            case "words":
                return Words(arrays["codes"], tuple(found["words"]))
            case "lists":
                return Lists(arrays["offsets"], self.fields(found["fields"]), arrays["known"])
        raise ValueError("a table of facts has a column of no kind")

    def fields(self, found: Mapping[str, Any]) -> dict[str, Truths | Numbers | Words]:
        fields: dict[str, Truths | Numbers | Words] = {}
        for name, told in found.items():
            field = self.column(told)
            if isinstance(field, Lists):
                raise ValueError("a table of facts has lists in lists")
            fields[name] = field
        return fields

    def array(self, type: str, length: int) -> npt.NDArray[Any]:
        dtype = _TYPES[type]
        stop = self.place + length * dtype.itemsize
        if not isinstance(length, int) or length < 0 or stop > len(self.body):
            raise ValueError("a table of facts is cut off")
        found = np.frombuffer(self.body, dtype, length, self.place)
        self.place = stop
        if dtype.kind == "b" and found.view(np.uint8).max(initial=0) > 1:
            raise ValueError("a truth value is neither 0 nor 1")
        native: npt.NDArray[Any] = found.astype(found.dtype.newbyteorder("="), copy=False)
        return native
