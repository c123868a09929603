"""Samples of the audit log, and what became of the looks in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_POLICY = "tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid"
_GRANTS = {
    "staff_addresses": {"hemvist_staff": "SELECT, INSERT, UPDATE", "hemvist_worker": "SELECT"},
    "log_samples": {"hemvist_staff": "SELECT", "hemvist_worker": "SELECT, INSERT"},
    "log_looks": {"hemvist_staff": "SELECT, UPDATE", "hemvist_worker": "SELECT, INSERT"},
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "log_samples",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("looks", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_log_samples_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_log_samples")),
        sa.UniqueConstraint("tenant_id", "month", name=op.f("uq_log_samples_tenant_id_month")),
    )
    op.create_table(
        "staff_addresses",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_staff_addresses_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_staff_addresses_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_staff_addresses")),
        sa.UniqueConstraint(
            "tenant_id", "principal_id", name=op.f("uq_staff_addresses_tenant_id_principal_id")
        ),
    )
    op.create_table(
        "log_looks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=True),
        sa.Column("persons", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("remark_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'signed_off', 'matter', 'founded', 'unfounded')",
            name=op.f("ck_log_looks_state"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (reviewed_at IS NULL)",
            name=op.f("ck_log_looks_reviewed_when_not_open"),
        ),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)",
            name=op.f("ck_log_looks_reviewed_by_someone"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_log_looks_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reviewed_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_log_looks_tenant_id_reviewed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sample_id"],
            ["log_samples.tenant_id", "log_samples.id"],
            name=op.f("fk_log_looks_tenant_id_sample_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_log_looks_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_log_looks")),
    )
    op.create_index(
        op.f("ix_log_looks_tenant_id_sample_id"), "log_looks", ["tenant_id", "sample_id"]
    )
    op.create_index(
        op.f("ix_log_looks_tenant_id_state_weight_id"),
        "log_looks",
        ["tenant_id", "state", "weight", "id"],
    )
    for table, grants in _GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant_isolation ON {table} USING ({_POLICY}) WITH CHECK ({_POLICY})"
        )
        for role, rights in grants.items():
            op.execute(f"GRANT {rights} ON {table} TO {role}")


def downgrade() -> None:
    """Go back."""
    op.drop_table("log_looks")
    op.drop_table("log_samples")
    op.drop_table("staff_addresses")
