"""whose act a notice tells of: to that person it is no news"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("notices", sa.Column("caused_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("notices", "caused_by")
