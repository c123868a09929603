"""The landlord's documents of a claim as files; an entry of the ledger can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

#: Table → its states before; now there is "reversed" as well.
STATES = {
    "guarantee_recourses": ("open", "settled"),
    "guarantee_write_offs": ("proposed", "granted", "refused"),
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "claim_files",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'application/pdf')",
            name=op.f("ck_claim_files_media_type"),
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_claim_files_size")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_claim_files_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claim_id"],
            ["guarantee_claims.tenant_id", "guarantee_claims.id"],
            name=op.f("fk_claim_files_tenant_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_claim_files_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_claim_files")),
        sa.UniqueConstraint(
            "tenant_id", "claim_id", "sha256", name=op.f("uq_claim_files_tenant_id_claim_id_sha256")
        ),
    )
    op.execute("ALTER TABLE claim_files ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE claim_files FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON claim_files USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON claim_files TO hemvist_staff")
    op.execute("GRANT SELECT ON claim_files TO hemvist_worker")
    op.create_index(
        op.f("ix_claim_files_tenant_id_case_id"),
        "claim_files",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_table(
        "claim_file_bytes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["claim_files.tenant_id", "claim_files.id"],
            name=op.f("fk_claim_file_bytes_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_claim_file_bytes_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_claim_file_bytes")),
        sa.UniqueConstraint(
            "tenant_id", "file_id", name=op.f("uq_claim_file_bytes_tenant_id_file_id")
        ),
    )
    op.execute("ALTER TABLE claim_file_bytes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE claim_file_bytes FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON claim_file_bytes USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON claim_file_bytes TO hemvist_staff")
    op.add_column(
        "guarantee_entries",
        sa.Column("attempt", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.drop_index(
        op.f("uq_guarantee_entries_reference"),
        table_name="guarantee_entries",
        postgresql_where="(reference <> ''::text)",
    )
    op.create_index(
        "uq_guarantee_entries_reference",
        "guarantee_entries",
        ["tenant_id", "guarantee_id", "kind", "reference", "attempt"],
        unique=True,
        postgresql_where=sa.text("reference <> ''"),
    )
    for table, states in STATES.items():
        _allow(table, (*states, "reversed"))
    op.execute("GRANT UPDATE ON guarantees TO hemvist_worker")


def _allow(table: str, states: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_state")
    op.drop_constraint(name, table, type_="check")
    listed = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(name, table, f"state IN ({listed})")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.execute("REVOKE UPDATE ON guarantees FROM hemvist_worker")
    for table, states in STATES.items():
        _allow(table, states)
    op.drop_index(
        "uq_guarantee_entries_reference",
        table_name="guarantee_entries",
        postgresql_where=sa.text("reference <> ''"),
    )
    op.create_index(
        op.f("uq_guarantee_entries_reference"),
        "guarantee_entries",
        ["tenant_id", "guarantee_id", "kind", "reference"],
        unique=True,
        postgresql_where="(reference <> ''::text)",
    )
    op.drop_column("guarantee_entries", "attempt")
    op.drop_table("claim_file_bytes")
    op.drop_index(op.f("ix_claim_files_tenant_id_case_id"), table_name="claim_files")
    op.drop_table("claim_files")
