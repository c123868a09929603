"""Events that a handler cannot take, counted and parked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_POLICY = "tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "event_troubles",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"],
            ["outbox_events.tenant_id", "outbox_events.id"],
            name=op.f("fk_event_troubles_tenant_id_event_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_event_troubles_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_event_troubles")),
        sa.UniqueConstraint(
            "tenant_id",
            "event_id",
            "handler",
            name=op.f("uq_event_troubles_tenant_id_event_id_handler"),
        ),
    )
    op.create_index(
        "ix_event_troubles_parked",
        "event_troubles",
        ["tenant_id", "parked_at"],
        postgresql_where=sa.text("parked_at IS NOT NULL"),
    )
    op.execute("ALTER TABLE event_troubles ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE event_troubles FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant_isolation ON event_troubles USING ({_POLICY}) WITH CHECK ({_POLICY})"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON event_troubles TO hemvist_worker")


def downgrade() -> None:
    """Go back."""
    op.drop_table("event_troubles")
