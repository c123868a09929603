"""Takeovers, their steps and absences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "absences",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('hospital', 'treatment', 'custody', 'family', 'travel', 'unknown', 'other')",
            name=op.f("ck_absences_reason"),
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= began_on", name=op.f("ck_absences_period")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_absences_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_absences_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_absences_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_absences")),
    )
    op.execute("ALTER TABLE absences ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE absences FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON absences USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON absences TO hemvist_staff")
    op.execute("GRANT SELECT ON absences TO hemvist_worker")
    op.create_index(
        op.f("ix_absences_tenant_id_case_id_began_on"),
        "absences",
        ["tenant_id", "case_id", "began_on"],
        unique=False,
    )
    op.create_table(
        "takeovers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("eligible_on", sa.Date(), nullable=True),
        sa.Column("postponed_until", sa.Date(), nullable=True),
        sa.Column("postponed_because", sa.Text(), server_default="", nullable=False),
        sa.Column("postponed_by", sa.Uuid(), nullable=True),
        sa.Column("requested_on", sa.Date(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("tribunal_applied_on", sa.Date(), nullable=True),
        sa.Column("tribunal_decided_on", sa.Date(), nullable=True),
        sa.Column("tribunal_number", sa.Text(), server_default="", nullable=False),
        sa.Column("taken_over_on", sa.Date(), nullable=True),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state <> 'done' OR taken_over_on IS NOT NULL", name=op.f("ck_takeovers_done")
        ),
        sa.CheckConstraint(
            "postponed_until IS NULL OR postponed_because <> ''",
            name=op.f("ck_takeovers_postponed_with_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'agreed', 'refused', 'tribunal', 'done', 'closed')",
            name=op.f("ck_takeovers_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_takeovers_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_takeovers_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "lease_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_takeovers_tenant_id_lease_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_takeovers_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_takeovers")),
        sa.UniqueConstraint(
            "tenant_id", "contract_id", name=op.f("uq_takeovers_tenant_id_contract_id")
        ),
    )
    op.execute("ALTER TABLE takeovers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE takeovers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON takeovers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON takeovers TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON takeovers TO hemvist_worker")
    op.create_index(
        "ix_takeovers_open",
        "takeovers",
        ["tenant_id", "eligible_on", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'asked', 'agreed', 'refused', 'tribunal')"),
    )
    op.create_index(
        op.f("ix_takeovers_tenant_id_case_id"), "takeovers", ["tenant_id", "case_id"], unique=False
    )
    op.create_table(
        "takeover_steps",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("takeover_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_takeover_steps_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "takeover_id"],
            ["takeovers.tenant_id", "takeovers.id"],
            name=op.f("fk_takeover_steps_tenant_id_takeover_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_takeover_steps_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_takeover_steps")),
        sa.UniqueConstraint(
            "tenant_id",
            "takeover_id",
            "code",
            name=op.f("uq_takeover_steps_tenant_id_takeover_id_code"),
        ),
    )
    op.execute("ALTER TABLE takeover_steps ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE takeover_steps FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON takeover_steps USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON takeover_steps TO hemvist_staff")
    op.execute("GRANT SELECT ON takeover_steps TO hemvist_worker")
    op.create_index(
        op.f("ix_takeover_steps_tenant_id_case_id"),
        "takeover_steps",
        ["tenant_id", "case_id"],
        unique=False,
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_index(op.f("ix_takeover_steps_tenant_id_case_id"), table_name="takeover_steps")
    op.drop_table("takeover_steps")
    op.drop_index(op.f("ix_takeovers_tenant_id_case_id"), table_name="takeovers")
    op.drop_index(
        "ix_takeovers_open",
        table_name="takeovers",
        postgresql_where=sa.text("state IN ('waiting', 'asked', 'agreed', 'refused', 'tribunal')"),
    )
    op.drop_table("takeovers")
    op.drop_index(op.f("ix_absences_tenant_id_case_id_began_on"), table_name="absences")
    op.drop_table("absences")
