"""To whom something of a case was told, or may be, is sealed."""

from __future__ import annotations

from hemvist.migrations.sealing import open_again, seal_columns, sealed_fields

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_RECIPIENTS = ("secrecy_consents", "secrecy_disclosures")


def upgrade() -> None:
    """Go forward."""
    for table in _RECIPIENTS:
        seal_columns(table, sealed_fields(table, ("recipient",)), nullable=False)


def downgrade() -> None:
    """Go back."""
    for table in reversed(_RECIPIENTS):
        open_again(table, sealed_fields(table, ("recipient",)), nullable=False)
