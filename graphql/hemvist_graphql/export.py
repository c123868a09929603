"""Writing the schemas to ``graphql/``, where clients and reviewers read them."""

from __future__ import annotations

from pathlib import Path

from hemvist_graphql.landlord.schema import schema_text as landlord_schema_text
from hemvist_graphql.schema import schema_text

SCHEMA_FILE = Path(__file__).parents[1] / "schema.graphql"
LANDLORD_SCHEMA_FILE = SCHEMA_FILE.with_name("landlord.graphql")


def write(path: Path = SCHEMA_FILE) -> Path:
    """Write the schema and say where."""
    path.write_text(schema_text(), encoding="utf-8")
    return path


def write_landlords(path: Path = LANDLORD_SCHEMA_FILE) -> Path:
    """Write the landlords' schema and say where."""
    path.write_text(landlord_schema_text(), encoding="utf-8")
    return path
