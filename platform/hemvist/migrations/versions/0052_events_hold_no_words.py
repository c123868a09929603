"""The database takes no words in what events say: codes, ids, days and numbers."""

from __future__ import annotations

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_COLUMNS = (("case_events", "data"), ("outbox_events", "payload"))
_WORDS = r'strict $.** ? (@.type() == "string" && @ like_regex "\\s|^.{101}")'


def upgrade() -> None:
    """Go forward."""
    for table, column in _COLUMNS:
        op.create_check_constraint(
            op.f(f"ck_{table}_codes_only"), table, f"NOT {column} @? '{_WORDS}'"
        )


def downgrade() -> None:
    """Go back."""
    for table, _ in _COLUMNS:
        op.drop_constraint(op.f(f"ck_{table}_codes_only"), table)
