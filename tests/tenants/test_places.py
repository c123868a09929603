"""Lines and columns of keys: held to what ``tomllib`` reads, on every file and on made-up ones."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hemvist_tenants
from hemvist_tenants.places import Place, places_of

FILES = sorted(Path(hemvist_tenants.__file__).parent.rglob("*.toml"))

MIXED = '''# A comment = "with [brackets]"
title = 'literal # no comment'
"quoted key" = 1
a.b.c = { x = [1, 2,
  3], "y z" = "]" } # trailing
long = """
[not.a.table]
k = 1 \\""" still
"""

[one]
days = [2026-01-01, 2026-01-02T03:04:05Z]
[[list]]
k = 1
[[list.inner]]
k = 2
[[list]]
[list.table]
k = [[1], [{ deep = true }]]
'''


def names(value: object, path: str = "") -> Iterator[str]:
    """Each key and item as faults name them."""
    if isinstance(value, dict):
        for key, inner in value.items():
            name = f"{path}.{key}" if path else key
            yield name
            yield from names(inner, name)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield f"{path}[{number}]"
            yield from names(inner, f"{path}[{number}]")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_key_of_every_file_has_its_place(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert set(places_of(text)) == set(names(tomllib.loads(text)))


def test_places_are_where_the_keys_stand() -> None:
    found = places_of(MIXED)
    assert set(found) == set(names(tomllib.loads(MIXED)))
    assert found["title"] == Place(2, 1)
    assert found["quoted key"] == Place(3, 1)
    assert found["a.b.c"] == Place(4, 1)
    assert found["a.b.c.x"] == Place(4, 11)
    assert found["a.b.c.y z"] == Place(5, 7)
    assert found["one.days[2]"] == Place(12, 21)
    assert found["list[1]"] == Place(13, 1)
    assert found["list[2].table.k[2][1].deep"] == Place(19, 14)


_KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=12)
_VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)


def written(value: object) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value)


@given(
    st.dictionaries(_KEYS, _VALUES, max_size=4),
    st.lists(st.dictionaries(_KEYS, _VALUES), max_size=3),
)
def test_made_up_files(top: dict[str, object], tables: list[dict[str, object]]) -> None:
    lines = [f"{key} = {written(value)}  # k = [" for key, value in top.items()]
    for table in tables:
        lines += ["[[z_list]]", *(f"{key} = {written(value)}" for key, value in table.items())]
    text = "\n".join(lines)
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        # JSON's pairs of surrogates are no TOML.
        return
    found = places_of(text)
    assert set(found) == set(names(read))
    for key in top:
        line = text.splitlines()[found[key].line - 1] if "\n" in text else text
        assert line[found[key].column - 1 :].startswith(key)
