"""Every table of a kommun says, once and in one place, what thinning does with its rows."""

from __future__ import annotations

import pytest
from sqlalchemy import MetaData

from hemvist.migrations.tables import metadata
from hemvist.retention import plan
from hemvist.retention.fates import Fates, fates
from hemvist.tenancy import Owned


def problems(metadata: MetaData, said: Fates) -> list[str]:
    """What the file says and the tables do not, and the other way round."""
    owned = {t.name for t in metadata.sorted_tables if isinstance(t.info["tenancy"], Owned)}
    names = said.names()
    found = [f"{name}: says nothing" for name in sorted(owned - set(names))]
    found += [f"{name}: there is no such table" for name in sorted(set(names) - owned)]
    found += [f"{name}: is said twice" for name in sorted(set(names)) if names.count(name) > 1]
    for table in metadata.sorted_tables:
        if table.name not in said.kept:
            continue
        for constraint in table.foreign_key_constraints:
            target = constraint.referred_table.name
            if target in said.case | said.household | said.shared:
                found.append(f"{table.name}: is kept and points at {target}, which goes")
    return found


def test_every_table_says_what_becomes_of_its_rows() -> None:
    """A new table without a line: add it to ``platform/hemvist/retention/thinning.toml``."""
    assert problems(metadata, fates()) == []
    assert all(len(why) > 20 for why in fates().kept.values())


@pytest.mark.parametrize(
    ("group", "table", "told"),
    [
        ("case", "decisions", "decisions: says nothing"),
        ("case", "contract_parties", "contract_parties: says nothing"),
        ("household", "household_members", "household_members: says nothing"),
        ("shared", "persons", "persons: says nothing"),
    ],
)
def test_a_table_that_is_forgotten_is_found(group: str, table: str, told: str) -> None:
    said = fates()
    fewer = {name: getattr(said, name) for name in Fates.__slots__}
    fewer[group] = fewer[group] - {table}
    assert told in problems(metadata, Fates(**fewer))


def test_a_table_that_is_kept_and_points_at_what_goes_is_found() -> None:
    said = fates()
    wrong = {name: getattr(said, name) for name in Fates.__slots__}
    wrong["case"] = said.case - {"letters"}
    wrong["kept"] = {**said.kept, "letters": "planted"}
    assert "letters: is kept and points at cases, which goes" in problems(metadata, Fates(**wrong))


def test_nothing_points_at_what_is_deleted_before_it() -> None:
    order = [step.table for step in plan.plan_of(metadata).rows]
    assert set(order) == fates().case | fates().household
    for table in metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            target = constraint.referred_table.name
            if table.name in order and target in order and target != table.name:
                assert order.index(table.name) < order.index(target)
