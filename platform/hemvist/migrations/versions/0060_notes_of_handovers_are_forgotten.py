"""The worker forgets what was noted in a handover, when the other kommun is forgotten."""

from __future__ import annotations

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.execute("GRANT SELECT, UPDATE ON handover_items TO hemvist_worker")


def downgrade() -> None:
    """Go back."""
    op.execute("REVOKE SELECT, UPDATE ON handover_items FROM hemvist_worker")
