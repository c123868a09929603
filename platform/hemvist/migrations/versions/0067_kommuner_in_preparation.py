"""A kommun that is being made is entered before it is open."""

from __future__ import annotations

from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

accepts = {
    "ban-drop-constraint": "The check comes back in the same transaction with one value more: who serves"
    " meanwhile writes none that it refuses.",
    "constraint-missing-not-valid": "The register has a row for each kommun, some hundreds at most: they are"
    " looked through in less than a millisecond.",
}

_TABLE, _CHECK = "tenants", "ck_tenants_status"


def upgrade() -> None:
    """Go forward."""
    _hold_to("'preparing', 'active', 'suspended', 'closed'")


def downgrade() -> None:
    """Go back: the version before does not know of kommuner in preparation and would let people in."""
    op.execute("UPDATE tenants SET status = 'suspended' WHERE status = 'preparing'")
    _hold_to("'active', 'suspended', 'closed'")


def _hold_to(statuses: str) -> None:
    op.drop_constraint(op.f(_CHECK), _TABLE, type_="check")
    op.create_check_constraint(op.f(_CHECK), _TABLE, f"status IN ({statuses})")
