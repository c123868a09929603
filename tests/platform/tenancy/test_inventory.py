"""Every column that can hold text, a document or bytes is sealed, in clear for a reason, or waiting."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from hemvist.migrations.tables import metadata
from hemvist_inventory import faults, inventory

Said = dict[str, dict[str, Any]]


def test_the_inventory_and_the_tables_say_the_same() -> None:
    """A new column without a line: add it to ``platform/hemvist/tenancy/inventory.toml``."""
    assert list(faults(metadata, inventory())) == []


def _forgotten(said: Said) -> None:
    said["cases"]["clear"]["code"].remove("state")


def _gone(said: Said) -> None:
    said["cases"]["waiting"] = ["secret"]


def _claimed(said: Said) -> None:
    said["decisions"]["clear"]["code"].remove("about")
    said["decisions"]["sealed"].append("about")


def _opened(said: Said) -> None:
    said["persons"]["sealed"].remove("number_sealed")
    said["persons"]["clear"]["digest"].append("number_sealed")


def _twice(said: Said) -> None:
    said["cases"]["clear"]["number"].append("state")


def _made_up(said: Said) -> None:
    said["cases"]["clear"]["because"] = said["cases"]["clear"].pop("number")


def _no_table(said: Said) -> None:
    said["castles"] = {"waiting": ["name"]}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (_forgotten, "cases.state: says nothing"),
        (_gone, "cases.secret: is not there"),
        (_claimed, "decisions.about: is not sealed"),
        (_opened, "persons.number_sealed: is sealed"),
        (_twice, "cases.state: is said twice"),
        (_made_up, "cases: because is no reason"),
        (_no_table, "castles: there is no such table"),
    ],
)
def test_a_wrong_line_is_found(wrong: Callable[[Said], None], told: str) -> None:
    said: Said = copy.deepcopy(dict(inventory()))  # type: ignore[arg-type]
    wrong(said)
    assert told in list(faults(metadata, said))
