"""Searches by persons, each logged in the statement itself: also one that finds nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, CTE, Text, Uuid, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from hemvist_graphql.choosing import Chosen
from hemvist_graphql.compiled.lookups import looked_up
from hemvist_graphql.compiled.objects import Objects
from hemvist_graphql.compiled.parameters import Given
from hemvist_graphql.compiled.roots import Root
from hemvist_graphql.compiled.rows import of
from hemvist_graphql.compiled.trail import entry_of, entry_values


def search_entries(objects: Objects, roots: Sequence[Root], asking: CTE, given: Given) -> list[CTE]:
    """The CTEs that write an entry for each search among the root fields."""
    return [
        _entry(objects, root, root.how, asking, given)
        for root in roots
        if isinstance(root.how, Chosen) and root.how.logged is not None
    ]


def _entry(objects: Objects, root: Root, how: Chosen, asking: CTE, given: Given) -> CTE:
    """Whom a search found is looked up for the entry again: of a unique number it is one row."""
    one = root.field
    assert one.definition is not None and how.logged is not None
    condition = objects.conditions.of(how, one.definition, one.nodes[0], objects.actor)
    rows = objects.rows(how.seen_as.reading)
    person = rows.column(how.seen_as.reading.person_key or "id")
    listed: Any = func.array_agg(aggregate_order_by(person, person))
    nobody: Any = literal_column("'{}'::uuid[]", ARRAY(Uuid()))
    found: Any = nobody
    if condition is not None:
        scan = rows.scan(of(asking.name, "tenant", Uuid()), looked_up(condition)).subquery(
            rows.alias
        )
        found = select(func.coalesce(listed, nobody)).select_from(scan).scalar_subquery()
    values = entry_values(
        given,
        id=given(root.name("entry"), Uuid()),
        action=cast(literal_column(f"'{how.logged}'"), Text()),
        person_ids=found,
        details=literal_column("'{}'::jsonb", JSONB()),
    )
    # From the CTE that sets the tenant: nothing of it is read before.
    return entry_of(values, asking, f"searched{root.at}")
