"""The rows that were there are held against both."""

from __future__ import annotations

from hemvist.migrations.live import outside_transaction, validate

revision = "9005"
down_revision = "9004"
branch_labels = None
depends_on = None

irreversible = "validated or not, a constraint holds the same rows: there is nothing to undo"


def upgrade() -> None:
    """Go forward."""
    with outside_transaction():
        validate("ck_drill_mark", "cases")
        validate("fk_drill_home", "cases")


def downgrade() -> None:
    """Nothing."""
