"""Parameters as the files of a draft have them, read without loading the pack."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from hemvist.pack_versions.written import written_parameters
from hemvist.policy import ParamType, load_pack
from hemvist.policy.registry import pack_folders

FOLDERS = sorted(pack_folders(files("hemvist_policy_packs")), key=str)


@pytest.mark.parametrize(
    "folder", FOLDERS, ids=lambda folder: "/".join(str(folder).split("/")[-2:])
)
def test_they_are_those_of_the_loaded_pack(folder: object) -> None:
    """Same names, types, values over time, sources and words, for every installed pack."""
    texts = {
        one.name: one.read_text("utf-8") for one in folder.iterdir() if one.name[-5:] == ".yaml"
    }  # type: ignore[attr-defined]
    found = {one.name: one for one in written_parameters(texts)}
    loaded = load_pack(folder).params  # type: ignore[arg-type]
    assert set(found) == set(loaded)
    for name, param in loaded.items():
        one = found[name]
        assert (one.type, one.values, one.cite, one.label) == (
            param.type,
            param.values,
            param.cite,
            param.label,
        )


def test_what_cannot_be_read_is_left_out() -> None:
    """A file that is no YAML, a type that there is not, a value that does not fit."""
    texts = {
        "broken.yaml": "params: {x: [",
        "odd.yaml": "params:\n  a: {type: colour, values: {2026-01-01: red}}\n  b: 3\n",
        "well.yaml": "params:\n  c: {type: int, values: {2026-01-01: many, soon: 2, 2027-01-01: 4}}\n",
    }
    (one,) = written_parameters(texts)
    assert (one.name, one.type, one.label) == ("c", ParamType.INT, None)
    assert one.values == ((date(2026, 1, 1), None), (date(2027, 1, 1), 4))
