"""Columns on a table in use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hemvist.migrations.fit import code_revision

revision = "9001"
down_revision = f"{code_revision():04d}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: rows that are there have nothing in the first, and rows to come have something."""
    op.add_column("cases", sa.Column("drill_mark", sa.Text(), nullable=True))
    op.execute("ALTER TABLE cases ALTER COLUMN drill_mark SET DEFAULT 'new'")
    op.add_column("cases", sa.Column("drill_home_id", sa.Uuid(), nullable=True))
    op.add_column(
        "cases", sa.Column("drill_count", sa.BigInteger(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    """Go back."""
    for name in ("drill_count", "drill_home_id", "drill_mark"):
        op.drop_column("cases", name)
