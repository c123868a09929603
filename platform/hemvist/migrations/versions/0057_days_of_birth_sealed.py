"""Days of birth are sealed: they are the first half of a personal number."""

from __future__ import annotations

from hemvist.migrations.sealing import DAY, open_again, seal_columns, sealed_fields

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_TABLES = {"persons": False, "rent_accounts": True}


def upgrade() -> None:
    """Go forward."""
    for table, nullable in _TABLES.items():
        seal_columns(table, sealed_fields(table, ("birth_date",)), nullable=nullable, held=DAY)


def downgrade() -> None:
    """Go back."""
    for table, nullable in reversed(_TABLES.items()):
        open_again(table, sealed_fields(table, ("birth_date",)), nullable=nullable, held=DAY)
