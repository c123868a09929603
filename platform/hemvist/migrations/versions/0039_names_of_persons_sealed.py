"""Names of persons are sealed under their kommun's keys."""

from __future__ import annotations

import sqlalchemy as sa

from hemvist.migrations.sealing import open_again, seal_columns

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_COLUMNS = {"given_name": "persons.given_name", "family_name": "persons.family_name"}


def upgrade() -> None:
    """Go forward."""
    seal_columns("persons", _COLUMNS, nullable=False)


def downgrade() -> None:
    """Go back."""
    open_again("persons", _COLUMNS, sa.Text(), nullable=False)
