"""Where a household may not live, what it was ranked by and the snapshot of all its facts are sealed."""

from __future__ import annotations

from collections.abc import Mapping

from hemvist.migrations.sealing import (
    JSON,
    TEXT,
    TEXTS,
    Held,
    open_again,
    seal_columns,
    sealed_fields,
)

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_CHUNK = sealed_fields("snapshot_chunks", ("facts", "about"))
#: Table, each column with its field, and what the columns hold. PostgreSQL copies chunks into parts.
_COLUMNS: tuple[tuple[str, Mapping[str, str], Held], ...] = (
    ("snapshot_chunks", _CHUNK, JSON),
    ("simulation_parts", _CHUNK, JSON),
    ("simulation_changes", sealed_fields("simulation_changes", ("facts",)), JSON),
    ("home_needs", sealed_fields("home_needs", ("unsuitable_areas",)), TEXTS),
    ("home_exclusions", sealed_fields("home_exclusions", ("value",)), TEXT),
    ("match_ranks", sealed_fields("match_ranks", ("ranked_by",)), JSON),
    ("address_reveals", sealed_fields("address_reveals", ("reason",)), TEXT),
)


def upgrade() -> None:
    """Go forward."""
    for table, columns, held in _COLUMNS:
        seal_columns(table, columns, nullable=False, held=held)


def downgrade() -> None:
    """Go back."""
    for table, columns, held in reversed(_COLUMNS):
        open_again(table, columns, nullable=False, held=held)
