"""As it must not be: every row of the audit log is written anew, and nobody gets at it meanwhile."""

from __future__ import annotations

from alembic import op

from hemvist.migrations.fit import code_revision

revision = "9001"
down_revision = f"{code_revision():04d}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: another value for each row, and as long as a large table takes."""
    op.execute("ALTER TABLE audit_entries ADD COLUMN drill_slow uuid DEFAULT gen_random_uuid()")
    op.execute("SELECT pg_sleep(3)")


def downgrade() -> None:
    """Go back."""
    op.execute("ALTER TABLE audit_entries DROP COLUMN drill_slow")
