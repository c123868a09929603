"""indexes for what waits for somebody: open cases by handler, offers to answer, unread notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_index(
        "ix_cases_open_handler",
        "cases",
        ["tenant_id", "handler_id", "opened_on", "id"],
        unique=False,
        postgresql_where=sa.text("state='open'"),
    )
    op.create_index(
        "ix_offers_made_answer_by",
        "offers",
        ["tenant_id", "answer_by", "id"],
        unique=False,
        postgresql_where=sa.text("state='made'"),
    )
    op.create_index(
        "ix_notices_unread",
        "notices",
        ["tenant_id", "department", "role", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_notices_unread", table_name="notices")
    op.drop_index("ix_offers_made_answer_by", table_name="offers")
    op.drop_index("ix_cases_open_handler", table_name="cases")
