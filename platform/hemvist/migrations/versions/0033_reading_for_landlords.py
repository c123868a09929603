"""Indexes by which landlords' tenancies and takeovers are looked up."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_INDEXES = (
    ("contracts", ["tenant_id", "unit_id"]),
    ("contracts", ["tenant_id", "offer_id"]),
    ("takeovers", ["tenant_id", "contract_id"]),
)


def upgrade() -> None:
    """Go forward."""
    for table, columns in _INDEXES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)


def downgrade() -> None:
    """Go back."""
    for table, columns in reversed(_INDEXES):
        op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table_name=table)
