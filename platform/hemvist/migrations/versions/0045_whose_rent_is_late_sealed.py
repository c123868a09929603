"""Names and addresses of tenancies whose rent is late are sealed, and the files they came with."""

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

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_COLUMNS: tuple[tuple[str, tuple[str, ...], Held], ...] = (
    ("rent_accounts", ("tenant_name", "street_address", "apartment_number"), TEXT),
    ("arrears_rows", ("values",), JSON),
    ("arrears_file_bytes", ("content",), FILES),
)


def upgrade() -> None:
    """Go forward."""
    for table, names, held in _COLUMNS:
        seal_columns(table, sealed_fields(table, names), nullable=False, held=held)


def downgrade() -> None:
    """Go back."""
    for table, names, held in reversed(_COLUMNS):
        open_again(table, sealed_fields(table, names), nullable=False, held=held)
