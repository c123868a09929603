"""The release after: columns that no code names go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9009"
down_revision = "9008"
branch_labels = None
depends_on = None

needs_code = "0065"


def upgrade() -> None:
    """Go forward."""
    op.drop_column("cases", "drill_count")
    op.drop_column("cases", "drill_home_id")


def downgrade() -> None:
    """Go back."""
    op.add_column("cases", sa.Column("drill_home_id", sa.Uuid(), nullable=True))
    op.add_column(
        "cases", sa.Column("drill_count", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.execute(
        "ALTER TABLE cases ADD CONSTRAINT fk_drill_home FOREIGN KEY (tenant_id, drill_home_id)"
        " REFERENCES households (tenant_id, id)"
    )
