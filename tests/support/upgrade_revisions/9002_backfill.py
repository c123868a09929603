"""Rows that were there get their value, some at a time."""

from __future__ import annotations

from hemvist.migrations.live import in_batches, outside_transaction

revision = "9002"
down_revision = "9001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with outside_transaction():
        in_batches("cases", "drill_mark = 'old'", "drill_mark IS NULL", batch=50)


def downgrade() -> None:
    """Go back."""
    with outside_transaction():
        in_batches("cases", "drill_mark = NULL", "drill_mark = 'old'")
