"""Reading and writing the JSON of plans that are finished in Python."""

from __future__ import annotations

import json
from typing import Any

import orjson


def loads(text: str | bytes) -> Any:
    """What the database wrote."""
    return orjson.loads(text)


def dumps(value: Any) -> str:
    """``value`` as text, as short as it goes."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # A whole number of more than 64 bits, which a Json field may hold.
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
