"""Photographs, protocols and papers that came into a case are sealed, and what is said of homes."""

from __future__ import annotations

from hemvist.migrations.sealing import (
    FILES,
    JSON,
    TEXT,
    Held,
    open_again,
    seal_columns,
    sealed_fields,
)

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_COLUMNS: tuple[tuple[str, tuple[str, ...], Held], ...] = (
    ("file_bytes", ("content",), FILES),
    ("claim_file_bytes", ("content",), FILES),
    ("landlord_paper_bytes", ("content",), FILES),
    ("inspections", ("items",), JSON),
    ("inspections", ("notes",), TEXT),
    ("inspection_files", ("name", "caption"), TEXT),
    ("claim_files", ("name", "caption"), TEXT),
    ("key_movements", ("terms",), TEXT),
)


def upgrade() -> None:
    """Go forward."""
    for table, names, held in _COLUMNS:
        seal_columns(table, sealed_fields(table, names), nullable=False, held=held)


def downgrade() -> None:
    """Go back."""
    for table, names, held in reversed(_COLUMNS):
        open_again(table, sealed_fields(table, names), nullable=False, held=held)
