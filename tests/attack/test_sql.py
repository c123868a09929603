"""Every table of the catalogue attacked as every role."""

from __future__ import annotations

from uuid import UUID

import pytest

from hemvist.db import Audience
from hemvist.ids import new_id
from hemvist.migrations.tables import metadata
from hemvist_attack import Tally
from hemvist_attack_pointers import attack_functions, attack_pointers
from hemvist_attack_sql import (
    attack_circle,
    attack_roles,
    attack_tables,
    close_made_up_circle,
)
from hemvist_rows import owner_engine, set_context

pytestmark = pytest.mark.slow


def test_no_role_gets_at_anything_of_another_kommun(
    tally: Tally, filled: dict[str, UUID], other: UUID
) -> None:
    attack_tables(tally, filled, other)
    assert tally.count("tables and views") >= len(metadata.tables)
    assert tally.count("roles") == len(Audience)


def test_no_row_points_at_another_kommuns_and_none_tells_that_there_is_one(
    tally: Tally, filled: dict[str, UUID], other_rows: dict[str, UUID]
) -> None:
    attack_pointers(tally, filled, other_rows)
    columns = tally.attacked["columns that point at rows"]
    assert len(columns) > 250
    # Controls: what points nowhere is refused for that, and what is new is taken, nearly everywhere.
    held = tally.attacked["columns that are held to their kommun"]
    assert len(held) > 0.9 * len(columns), columns - held
    tables = tally.attacked["ids that are another's"]
    taken = tally.attacked["ids that are taken beside another's"]
    assert len(taken) > 0.5 * len(tables), tables - taken


def test_no_function_tells_of_another_kommun(
    tally: Tally, filled: dict[str, UUID], other_rows: dict[str, UUID]
) -> None:
    attack_functions(tally, filled, other_rows)
    assert tally.count("functions") > 20


def test_no_role_becomes_another(tally: Tally, filled: dict[str, UUID]) -> None:
    attack_roles(tally)


def test_who_is_outside_a_closed_circle_sees_nothing_of_it(
    tally: Tally, filled: dict[str, UUID]
) -> None:
    with owner_engine().begin() as owner:
        set_context(owner, filled["tenants"])
        close_made_up_circle(owner)
    attack_circle(tally, filled["tenants"], new_id())
    assert tally.count("tables of a closed case") > 50
