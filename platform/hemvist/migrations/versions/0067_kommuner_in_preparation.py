"""A kommun that is being made is entered before it is open."""

from __future__ import annotations

from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

_TABLE, _CHECK = "tenants", "ck_tenants_status"


def upgrade() -> None:
    """Go forward."""
    _hold_to("'preparing', 'active', 'suspended', 'closed'")


def downgrade() -> None:
    """Go back: the version before does not know of kommuner in preparation and would let people in."""
    op.execute("UPDATE tenants SET status = 'suspended' WHERE status = 'preparing'")
    _hold_to("'active', 'suspended', 'closed'")


def _hold_to(statuses: str) -> None:
    # The check is put on without a look at the rows, which come after it: both are over at once.
    op.drop_constraint(op.f(_CHECK), _TABLE, type_="check")
    op.execute(
        f"ALTER TABLE {_TABLE} ADD CONSTRAINT {_CHECK} CHECK (status IN ({statuses})) NOT VALID"
    )
    op.execute(f"ALTER TABLE {_TABLE} VALIDATE CONSTRAINT {_CHECK}")
