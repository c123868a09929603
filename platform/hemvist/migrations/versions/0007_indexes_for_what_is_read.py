"""indexes for what is read: guarantees by case; none on the persons of the audit log."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_index(
        "ix_guarantees_tenant_id_case_id", "guarantees", ["tenant_id", "case_id"], unique=False
    )
    # No role under row security could use it, since @> is not leakproof; every read kept it up.
    op.drop_index("ix_audit_entries_person_ids", table_name="audit_entries")


def downgrade() -> None:
    """Go back."""
    op.create_index(
        "ix_audit_entries_person_ids",
        "audit_entries",
        ["person_ids"],
        unique=False,
        postgresql_using="gin",
    )
    op.drop_index("ix_guarantees_tenant_id_case_id", table_name="guarantees")
