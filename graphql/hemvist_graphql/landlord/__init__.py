"""The landlords' API: one schema over every kommun whose door is open for them.

``execute`` carries out an operation for somebody of the landlords' own tenant. Reads go through the
views of ``hemvist.landlords.views`` and nothing else; each area declares its types, lists and
commands in a module of its own here (see docs/landlord-schema.md).
"""

from hemvist_graphql.landlord.execution import execute, execute_text

__all__ = ["execute", "execute_text"]
