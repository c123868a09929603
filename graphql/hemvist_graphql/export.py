"""Writing the schema to ``graphql/schema.graphql``, where clients and reviewers read it."""

from __future__ import annotations

from pathlib import Path

from hemvist_graphql.schema import schema_text

SCHEMA_FILE = Path(__file__).parents[1] / "schema.graphql"


def write(path: Path = SCHEMA_FILE) -> Path:
    """Write the schema and say where."""
    path.write_text(schema_text(), encoding="utf-8")
    return path
