"""Where it is known from that somebody is protected is sealed."""

from __future__ import annotations

from hemvist.migrations.sealing import open_again, seal_columns, sealed_fields

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_SOURCE = sealed_fields("persons", ("protection_source",))


def upgrade() -> None:
    """Go forward."""
    seal_columns("persons", _SOURCE, nullable=True)


def downgrade() -> None:
    """Go back."""
    open_again("persons", _SOURCE, nullable=True)
