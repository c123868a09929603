"""A home that is free again after a contract may be offered again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OPEN = "state IN ('made', 'accepted')"


def upgrade() -> None:
    """Go forward."""
    op.add_column("offers", sa.Column("home_free_on", sa.Date(), nullable=True))
    _index(f"{_OPEN} AND home_free_on IS NULL")


def downgrade() -> None:
    """Go back."""
    _index(_OPEN)
    op.drop_column("offers", "home_free_on")


def _index(which: str) -> None:
    op.drop_index("uq_offers_open_unit", table_name="offers")
    op.create_index(
        "uq_offers_open_unit",
        "offers",
        ["tenant_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text(which),
    )
