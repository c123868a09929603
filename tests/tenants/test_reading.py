"""What is wrong with a file is told all at once, with line, column and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from hemvist_tenants import TenantFileError, load_tenant
from hemvist_tenants import config as beside
from hemvist_tenants.reading import Fault

ORIGINAL = (Path(beside.__file__).parent / "karlstad.toml").read_text(encoding="utf-8")


def faults_of(folder: Path, text: str) -> tuple[Fault, ...]:
    file = folder / "karlstad.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TenantFileError) as told:
        load_tenant(file)
    return told.value.faults


def test_all_faults_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        ORIGINAL.replace('"#8a4b08"', '"brown"')
        .replace('kind = "property"', 'kid = "property"')
        .replace('role = "caseworker"', 'role = "casworker"')
        .replace('api_scope = "hemvist.api"', "api_scope = 7")
    )
    lines = text.splitlines()
    found = faults_of(tmp_path, text)
    assert [fault.key for fault in found] == [
        "colours.primary",
        "departments[2].kind",
        "departments[2].kid",
        "issuers[1].api_scope",
        "issuers[1].memberships.rules[1].role",
    ]
    for fault, words in zip(
        found, ('primary = "brown"', "[[departments]]", "kid =", "api_scope", "role ="), strict=True
    ):
        assert fault.place is not None
        assert lines[fault.place.line - 1][fault.place.column - 1 :].startswith(words)
    assert "did you mean 'kind'?" in found[2].cure
    assert "did you mean 'caseworker'?" in found[4].cure


def test_a_code_in_small_letters_is_told_once(tmp_path: Path) -> None:
    (only,) = faults_of(tmp_path, ORIGINAL.replace('code = "ASF"', 'code = "asf"'))
    assert only.key == "departments[1].code"
    assert "'ASF'" in only.cure


def test_an_empty_file_lacks_what_every_kommun_has(tmp_path: Path) -> None:
    found = faults_of(tmp_path, "")
    assert [fault.key for fault in found] == [
        *("kommun_code", "slug", "departments", "name", "colours", "issuers"),
    ]
    assert all(fault.message == "is missing" for fault in found)


def test_the_one_line_of_a_start_says_how_many_more(tmp_path: Path) -> None:
    with pytest.raises(TenantFileError) as told:
        (tmp_path / "karlstad.toml").write_text(
            ORIGINAL.replace("#8a4b08", "x").replace("#f2b705", "y")
        )
        load_tenant(tmp_path / "karlstad.toml")
    assert "\n" not in str(told.value)
    assert "and 1 more: hemvist tenant check karlstad.toml" in str(told.value)


def test_what_is_no_toml_is_told_with_its_line_and_column(tmp_path: Path) -> None:
    (only,) = faults_of(tmp_path, 'slug = "x"\nname = \n')
    assert only.place == (2, 8)
    (only,) = faults_of(tmp_path, 'slug = """')
    assert only.place is not None
