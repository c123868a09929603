"""What was answered about a household, and what the engine and people made of it, is sealed."""

from __future__ import annotations

from hemvist.migrations.sealing import JSON, TEXT, Held, open_again, seal_columns, sealed_fields

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_COLUMNS: tuple[tuple[str, tuple[str, ...], Held], ...] = (
    ("answers", ("value",), JSON),
    ("answers", ("reason",), TEXT),
    ("assessments", ("trace",), JSON),
    ("assessments", ("reason",), TEXT),
    ("evaluations", ("facts",), JSON),
    ("evaluations", ("answer",), TEXT),
)


def upgrade() -> None:
    """Go forward."""
    for table, names, held in _COLUMNS:
        seal_columns(table, sealed_fields(table, names), nullable=False, held=held)


def downgrade() -> None:
    """Go back."""
    for table, names, held in reversed(_COLUMNS):
        open_again(table, sealed_fields(table, names), nullable=False, held=held)
