"""Forms of authorities, and the rows of cases that their figures are made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "authority_forms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("form_version", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_by", sa.Uuid(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_on IS NOT NULL)", name=op.f("ck_authority_forms_sent")
        ),
        sa.CheckConstraint("reach IN ('own', 'disclosed')", name=op.f("ck_authority_forms_reach")),
        sa.CheckConstraint(
            "state = 'counting' OR counted_at IS NOT NULL", name=op.f("ck_authority_forms_counted")
        ),
        sa.CheckConstraint(
            "state IN ('counting', 'draft', 'ready', 'sent')", name=op.f("ck_authority_forms_state")
        ),
        sa.CheckConstraint(
            "last_day >= first_day", name=op.f("ck_authority_forms_period_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "prepared_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_authority_forms_tenant_id_prepared_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ready_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_authority_forms_tenant_id_ready_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sent_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_authority_forms_tenant_id_sent_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_authority_forms_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_authority_forms")),
        sa.UniqueConstraint(
            "tenant_id",
            "department",
            "form",
            "period",
            name=op.f("uq_authority_forms_tenant_id_department_form_period"),
        ),
    )
    op.execute("ALTER TABLE authority_forms ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE authority_forms FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON authority_forms USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON authority_forms TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON authority_forms TO hemvist_worker")
    op.create_table(
        "authority_form_lines",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("of", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("fields_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_authority_form_lines_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "form_id"],
            ["authority_forms.tenant_id", "authority_forms.id"],
            name=op.f("fk_authority_form_lines_tenant_id_form_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_authority_form_lines_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_authority_form_lines")),
        sa.UniqueConstraint(
            "tenant_id", "form_id", "question", "of", name="uq_authority_form_lines_of"
        ),
    )
    op.execute("ALTER TABLE authority_form_lines ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE authority_form_lines FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON authority_form_lines USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON authority_form_lines TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON authority_form_lines TO hemvist_worker")
    op.create_index(
        op.f("ix_authority_form_lines_tenant_id_case_id"),
        "authority_form_lines",
        ["tenant_id", "case_id"],
        unique=False,
    )
    # Lines go with their case; the figures stay.
    op.execute("GRANT SELECT, DELETE ON authority_form_lines TO hemvist_thinning")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_index(
        op.f("ix_authority_form_lines_tenant_id_case_id"), table_name="authority_form_lines"
    )
    op.drop_table("authority_form_lines")
    op.drop_table("authority_forms")
