"""Indexes on the tables that are written most."""

from __future__ import annotations

from hemvist.migrations.live import add_index, outside_transaction, remove_index

revision = "9003"
down_revision = "9002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with outside_transaction():
        add_index("ix_drill_audit", "audit_entries", ("tenant_id", "action", "at"))
        add_index("ix_drill_cases", "cases", ("tenant_id", "drill_mark"))


def downgrade() -> None:
    """Go back."""
    with outside_transaction():
        remove_index("ix_drill_cases")
        remove_index("ix_drill_audit")
