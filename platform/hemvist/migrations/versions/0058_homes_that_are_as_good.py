"""In a matching, the homes that are as good for a household as the planned one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "match_ranks",
        sa.Column("as_good", sa.ARRAY(sa.SmallInteger()), server_default="{}", nullable=False),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("match_ranks", "as_good")
