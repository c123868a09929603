"""Holds a database against what the code declares: keys, row security, grants, owners, roles.

The same check is a test here and ``hemvist db check`` at an operator: nobody has to believe that
the database isolates the kommuner, they can ask it.
"""

from __future__ import annotations

from sqlalchemy import Connection

from hemvist_infra import circle_policies, landlord_views
from hemvist_infra.catalogue import keys, rights
from hemvist_infra.catalogue.relations import read_relations, undeclared
from hemvist_infra.upgrades import indexes

__all__ = ["problems"]


def problems(connection: Connection) -> list[str]:
    """Everything in the schema ``public`` that is not as declared, a line each, in order."""
    relations = read_relations(connection)
    found = undeclared(connection, relations)
    for relation in relations:
        if relation.declaration is not None:
            found += keys.problems(connection, relation)
            found += rights.table_problems(connection, relation)
    found += rights.role_problems(connection)
    found += landlord_views.problems(connection)
    found += circle_policies.problems(connection)
    found += [f"index {name} is not valid" for name in indexes.broken(connection)]
    return sorted(found)
