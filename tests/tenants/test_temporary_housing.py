"""What a kommun's file assumes of temporary housing: read whole, refused by the key."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from hemvist_tenants import TenantFileError, load_tenant, load_tenants

FILE = Path(__file__).resolve().parents[2] / "tenants" / "hemvist_tenants" / "helsingborg.toml"
WHOLE = 'since = 2031-01-01\nnight_ore = 90000\nrent_ore = 750000\ncite = "Budget 2031"'


def test_assumptions_are_read_with_their_days(tmp_path: Path) -> None:
    file = tmp_path / "helsingborg.toml"
    file.write_text(f"{FILE.read_text()}\n[[temporary_housing]]\n{WHOLE}\n")
    *_, last = load_tenant(file).temporary_housing
    assert (last.since, last.night_ore, last.rent_ore) == (date(2031, 1, 1), 90_000, 750_000)
    assert last.cite == "Budget 2031"


def test_a_kommun_that_says_nothing_assumes_nothing() -> None:
    assert load_tenants()["karlstad"].temporary_housing == ()


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("night_ore = 90000", "", "night_ore: is missing"),
        ("night_ore = 90000", "night_ore = 0", "night_ore: is 0, must be 1 to"),
        ("rent_ore = 750000", "rent_ore = 9000000", "rent_ore: is 9000000, must be 1 to"),
        ("rent_ore = 750000", 'rent_ore = "much"', "rent_ore: must be a whole number"),
        ('cite = "Budget 2031"', "", "cite"),
        ("since = 2031-01-01", 'since = "then"', "since"),
        ("since = 2031-01-01", "since = 2031-01-01\nnight = 1", "night"),
    ],
)
def test_what_does_not_hold_is_named(tmp_path: Path, line: str, instead: str, told: str) -> None:
    file = tmp_path / "helsingborg.toml"
    file.write_text(f"{FILE.read_text()}\n[[temporary_housing]]\n{WHOLE.replace(line, instead)}\n")
    with pytest.raises(TenantFileError, match=re.escape(told)):
        load_tenant(file)
