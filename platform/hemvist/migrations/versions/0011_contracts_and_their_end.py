"""Notices of contracts and their end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "contract_notices",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("stated_ends_on", sa.Date(), nullable=True),
        sa.Column("lawful_ends_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("legal_findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("went_on_because", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "given_by IN ('landlord', 'tenant')", name=op.f("ck_contract_notices_given_by")
        ),
        sa.CheckConstraint("ends_on >= given_on", name=op.f("ck_contract_notices_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_contract_notices_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_contract_notices_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contract_notices")),
    )
    op.execute("ALTER TABLE contract_notices ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contract_notices FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON contract_notices USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON contract_notices TO hemvist_staff")
    op.execute("GRANT SELECT ON contract_notices TO hemvist_worker")
    op.create_index(
        op.f("ix_contract_notices_tenant_id_contract_id_given_on"),
        "contract_notices",
        ["tenant_id", "contract_id", "given_on"],
        unique=False,
    )
    op.add_column("contracts", sa.Column("notice_given_on", sa.Date(), nullable=True))
    op.add_column("contracts", sa.Column("notice_ends_on", sa.Date(), nullable=True))
    op.add_column("contracts", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("contracts", sa.Column("end_reason", sa.Text(), nullable=True))
    op.add_column("contracts", sa.Column("ended_by", sa.Uuid(), nullable=True))
    op.add_column("contracts", sa.Column("follows_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_contracts_tenant_id_follows_id"),
        "contracts",
        "contracts",
        ["tenant_id", "follows_id"],
        ["tenant_id", "id"],
    )
    op.create_check_constraint(
        op.f("ck_contracts_ended"), "contracts", "state <> 'ended' OR ended_on IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_contracts_end_reason_told"),
        "contracts",
        "(ended_on IS NULL) = (end_reason IS NULL)",
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_constraint(op.f("ck_contracts_end_reason_told"), "contracts", type_="check")
    op.drop_constraint(op.f("ck_contracts_ended"), "contracts", type_="check")
    op.drop_constraint(op.f("fk_contracts_tenant_id_follows_id"), "contracts", type_="foreignkey")
    op.drop_column("contracts", "follows_id")
    op.drop_column("contracts", "ended_by")
    op.drop_column("contracts", "end_reason")
    op.drop_column("contracts", "ended_on")
    op.drop_column("contracts", "notice_ends_on")
    op.drop_column("contracts", "notice_given_on")
    op.drop_index(
        op.f("ix_contract_notices_tenant_id_contract_id_given_on"), table_name="contract_notices"
    )
    op.drop_table("contract_notices")
