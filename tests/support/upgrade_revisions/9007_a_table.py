"""A table of its own, with references to those in use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9007"
down_revision = "9006"
branch_labels = None
depends_on = None

_POLICY = "tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "drill_notes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"], ["cases.tenant_id", "cases.id"], name="fk_drill_notes_case"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_drill_notes_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_drill_notes"),
    )
    op.execute("ALTER TABLE drill_notes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE drill_notes FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant_isolation ON drill_notes USING ({_POLICY}) WITH CHECK ({_POLICY})"
    )
    op.execute("GRANT SELECT, INSERT ON drill_notes TO hemvist_staff")


def downgrade() -> None:
    """Go back."""
    op.drop_table("drill_notes")
