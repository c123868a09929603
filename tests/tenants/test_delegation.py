"""A delegation order in a kommun's file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hemvist.decisions.models import KINDS, OUTCOMES
from hemvist.identity.delegation import Entrusted
from hemvist_tenants import TenantFileError, load_tenant, load_tenants
from hemvist_tenants import delegation as orders

ORIGINAL = Path(orders.__file__).parent / "helsingborg.toml"
ORDER = """
[[delegation]]
since = 2026-01-01
cite = "DO 2026"
[[delegation.lines]]
level = "caseworker"
kinds = ["extension"]
outcomes = ["granted"]
max_months = 6
follows_advice = true
[[delegation.lines]]
level = "manager"
max_cost_ore = 1500000
cite = "DO 2026 §3"
"""


def written(folder: Path, more: str) -> Path:
    file = folder / "helsingborg.toml"
    file.write_text(ORIGINAL.read_text() + more)
    return file


def test_an_order_is_read_line_by_line(tmp_path: Path) -> None:
    found = load_tenant(written(tmp_path, ORDER)).delegation
    assert [order.since for order in found] == [date(2018, 1, 1), date(2026, 1, 1)]
    assert found[1].lines == (
        Entrusted("caseworker", ("extension",), ("granted",), max_months=6, departs=False),
        Entrusted("manager", max_cost_ore=1_500_000, cite="DO 2026 §3"),
    )


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        (ORDER.replace("manager", "mayor"), "level"),
        (ORDER.replace('"extension"', '"eviction"'), "kinds"),
        (ORDER.replace("max_months = 6", 'max_months = "six"'), "max_months"),
        (ORDER.replace("2026-01-01", '"2026-01-01"'), "since"),
        (ORDER.replace("2026-01-01", "2018-01-01"), "delegation"),
        (ORDER.replace("follows_advice", "follow_advice"), "follow_advice"),
    ],
)
def test_what_does_not_hold_is_named(tmp_path: Path, wrong: str, key: str) -> None:
    with pytest.raises(TenantFileError) as refused:
        load_tenant(written(tmp_path, wrong))
    assert key in str(refused.value)


def test_lines_name_what_the_core_knows() -> None:
    assert set(orders.KINDS) == set(KINDS)
    assert set(orders.OUTCOMES) == set(OUTCOMES)


def test_every_kommun_says_who_decides_and_from_which_source() -> None:
    for tenant in load_tenants().values():
        assert tenant.delegation and all(order.cite for order in tenant.delegation), tenant.slug
