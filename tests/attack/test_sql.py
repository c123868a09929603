"""Every table of the catalogue attacked as every role."""

from __future__ import annotations

from uuid import UUID

import pytest

from hemvist.db import Audience
from hemvist.ids import new_id
from hemvist.migrations.tables import metadata
from hemvist_attack import Tally
from hemvist_attack_sql import (
    attack_circle,
    attack_roles,
    attack_tables,
    close_made_up_circle,
)
from hemvist_rows import fill, owner_engine, set_context
from hemvist_testing import new_tenant

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def filled(database: str) -> dict[str, UUID]:
    tenant_id = new_tenant()
    return {**fill(tenant_id), "tenants": tenant_id}


@pytest.fixture(scope="module")
def other(database: str) -> UUID:
    """A kommun with rows of its own, which could be moved."""
    tenant_id = new_tenant()
    fill(tenant_id)
    return tenant_id


def test_no_role_gets_at_anything_of_another_kommun(
    tally: Tally, filled: dict[str, UUID], other: UUID
) -> None:
    attack_tables(tally, filled, other)
    assert tally.count("tables and views") >= len(metadata.tables)
    assert tally.count("roles") == len(Audience)


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
