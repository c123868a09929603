"""A rule and a reference that hold from now on."""

from __future__ import annotations

from alembic import op

from hemvist.migrations.live import add_check, add_foreign_key

revision = "9004"
down_revision = "9003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    add_check("ck_drill_mark", "cases", "drill_mark IS NOT NULL")
    add_foreign_key(
        "fk_drill_home", "cases", ("tenant_id", "drill_home_id"), "households", ("tenant_id", "id")
    )


def downgrade() -> None:
    """Go back."""
    op.execute("ALTER TABLE cases DROP CONSTRAINT IF EXISTS fk_drill_home")
    op.execute("ALTER TABLE cases DROP CONSTRAINT IF EXISTS ck_drill_mark")
