"""offers by unit: who was offered a unit in a case that they see may see the unit."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_offers_tenant_id_unit_id", "offers", ["tenant_id", "unit_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_offers_tenant_id_unit_id", table_name="offers")
