"""The release after: an index that nothing uses goes."""

from __future__ import annotations

from hemvist.migrations.live import add_index, outside_transaction, remove_index

revision = "9008"
down_revision = "9007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with outside_transaction():
        remove_index("ix_drill_cases")


def downgrade() -> None:
    """Go back."""
    with outside_transaction():
        add_index("ix_drill_cases", "cases", ("tenant_id", "drill_mark"))
