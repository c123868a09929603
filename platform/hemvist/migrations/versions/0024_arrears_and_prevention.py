"""Rent and arrears files, arrears with their statutory clock, campaigns of prevention."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "arrears_files",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position_on", sa.Date(), nullable=False),
        sa.Column("headings", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("day_first", sa.Boolean(), nullable=True),
        sa.Column("rows_total", sa.BigInteger(), nullable=False),
        sa.Column("rows_good", sa.BigInteger(), nullable=False),
        sa.Column("rows_faulty", sa.BigInteger(), nullable=False),
        sa.Column("rows_known", sa.BigInteger(), nullable=False),
        sa.Column("rows_imported", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("format IN ('csv', 'xlsx')", name=op.f("ck_arrears_files_format")),
        sa.CheckConstraint(
            "state IN ('read', 'imported', 'discarded')", name=op.f("ck_arrears_files_state")
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_arrears_files_size")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_arrears_files_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_arrears_files_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_arrears_files")),
    )
    op.execute("ALTER TABLE arrears_files ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE arrears_files FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON arrears_files USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON arrears_files TO hemvist_staff")
    op.execute("GRANT SELECT ON arrears_files TO hemvist_worker")
    op.create_index(
        op.f("ix_arrears_files_tenant_id_department_read_at"),
        "arrears_files",
        ["tenant_id", "department", "read_at"],
        unique=False,
    )
    op.create_index(
        "uq_arrears_files_sha256",
        "arrears_files",
        ["tenant_id", "department", "landlord_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.create_table(
        "arrears_mappings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("day_first", sa.Boolean(), nullable=True),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_arrears_mappings_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_arrears_mappings_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_arrears_mappings")),
        sa.UniqueConstraint(
            "tenant_id",
            "department",
            "landlord_id",
            name=op.f("uq_arrears_mappings_tenant_id_department_landlord_id"),
        ),
    )
    op.execute("ALTER TABLE arrears_mappings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE arrears_mappings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON arrears_mappings USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON arrears_mappings TO hemvist_staff")
    op.create_table(
        "prevention_runs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=True),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("accounts_seen", sa.BigInteger(), nullable=False),
        sa.Column("entries_total", sa.BigInteger(), nullable=False),
        sa.Column("unknown_total", sa.BigInteger(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state <> 'closed' OR closed_on IS NOT NULL", name=op.f("ck_prevention_runs_closed")
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_prevention_runs_state")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_prevention_runs_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_prevention_runs_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prevention_runs")),
        sa.UniqueConstraint(
            "tenant_id",
            "department",
            "campaign",
            "period",
            "scope",
            name=op.f("uq_prevention_runs_tenant_id_department_campaign_period_scope"),
        ),
    )
    op.execute("ALTER TABLE prevention_runs ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE prevention_runs FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON prevention_runs USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON prevention_runs TO hemvist_staff")
    op.execute("GRANT SELECT ON prevention_runs TO hemvist_worker")
    op.create_index(
        op.f("ix_prevention_runs_tenant_id_department_made_on"),
        "prevention_runs",
        ["tenant_id", "department", "made_on"],
        unique=False,
    )
    op.create_table(
        "arrears_file_bytes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["arrears_files.tenant_id", "arrears_files.id"],
            name=op.f("fk_arrears_file_bytes_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_arrears_file_bytes_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_arrears_file_bytes")),
        sa.UniqueConstraint(
            "tenant_id", "file_id", name=op.f("uq_arrears_file_bytes_tenant_id_file_id")
        ),
    )
    op.execute("ALTER TABLE arrears_file_bytes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE arrears_file_bytes FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON arrears_file_bytes USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON arrears_file_bytes TO hemvist_staff")
    op.create_table(
        "arrears_rows",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "state <> 'faulty' OR problems <> '[]'::jsonb",
            name=op.f("ck_arrears_rows_faulty_with_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('good', 'faulty', 'known', 'imported', 'left_out')",
            name=op.f("ck_arrears_rows_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["arrears_files.tenant_id", "arrears_files.id"],
            name=op.f("fk_arrears_rows_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_arrears_rows_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_arrears_rows")),
        sa.UniqueConstraint(
            "tenant_id", "file_id", "number", name=op.f("uq_arrears_rows_tenant_id_file_id_number")
        ),
    )
    op.execute("ALTER TABLE arrears_rows ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE arrears_rows FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON arrears_rows USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON arrears_rows TO hemvist_staff")
    op.create_index(
        op.f("ix_arrears_rows_tenant_id_file_id_state_number"),
        "arrears_rows",
        ["tenant_id", "file_id", "state", "number"],
        unique=False,
    )
    op.create_table(
        "rent_accounts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("tenant_name", sa.Text(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("street_address", sa.Text(), nullable=False),
        sa.Column("apartment_number", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("protected", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("balance_ore", sa.BigInteger(), nullable=False),
        sa.Column("owing_since", sa.Date(), nullable=True),
        sa.Column("months_owing", sa.BigInteger(), nullable=False),
        sa.Column("late_months", sa.BigInteger(), nullable=False),
        sa.Column("signals", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("position_on", sa.Date(), nullable=False),
        sa.Column("collection", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "eviction_applied", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("called_on", sa.Date(), nullable=True),
        sa.Column("children", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "children IN ('unknown', 'yes', 'no')", name=op.f("ck_rent_accounts_children")
        ),
        sa.CheckConstraint(
            "(balance_ore = 0) = (owing_since IS NULL)", name=op.f("ck_rent_accounts_owing_since")
        ),
        sa.CheckConstraint("balance_ore >= 0", name=op.f("ck_rent_accounts_balance")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_rent_accounts_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_rent_accounts_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_rent_accounts_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_rent_accounts_tenant_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_rent_accounts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_rent_accounts")),
        sa.UniqueConstraint(
            "tenant_id",
            "department",
            "landlord_id",
            "reference",
            name=op.f("uq_rent_accounts_tenant_id_department_landlord_id_reference"),
        ),
    )
    op.execute("ALTER TABLE rent_accounts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE rent_accounts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON rent_accounts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON rent_accounts TO hemvist_staff")
    op.execute("GRANT SELECT ON rent_accounts TO hemvist_worker")
    op.create_index(
        "ix_rent_accounts_signals",
        "rent_accounts",
        ["tenant_id", "balance_ore", "id"],
        unique=False,
        postgresql_where=sa.text("signals <> '{}'"),
    )
    op.create_index(
        op.f("ix_rent_accounts_tenant_id_case_id"),
        "rent_accounts",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_rent_accounts_tenant_id_contract_id"),
        "rent_accounts",
        ["tenant_id", "contract_id"],
        unique=False,
    )
    op.create_table(
        "instalment_plans",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("total_ore", sa.BigInteger(), nullable=False),
        sa.Column("instalments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('running', 'kept', 'broken', 'ended')",
            name=op.f("ck_instalment_plans_state"),
        ),
        sa.CheckConstraint("total_ore > 0", name=op.f("ck_instalment_plans_total")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["rent_accounts.tenant_id", "rent_accounts.id"],
            name=op.f("fk_instalment_plans_tenant_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_instalment_plans_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_instalment_plans_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_instalment_plans")),
    )
    op.execute("ALTER TABLE instalment_plans ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE instalment_plans FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON instalment_plans USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON instalment_plans TO hemvist_staff")
    op.execute("GRANT SELECT ON instalment_plans TO hemvist_worker")
    op.create_index(
        op.f("ix_instalment_plans_tenant_id_case_id"),
        "instalment_plans",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        "uq_instalment_plans_running",
        "instalment_plans",
        ["tenant_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "prevention_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("first", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("children", sa.Text(), nullable=False),
        sa.Column("children_note", sa.Text(), server_default="", nullable=False),
        sa.Column("letter_on", sa.Date(), nullable=True),
        sa.Column("contacted_on", sa.Date(), nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=True),
        sa.Column("cannot_pay", sa.Boolean(), nullable=True),
        sa.Column("reference_on", sa.Date(), nullable=True),
        sa.Column("consultant_on", sa.Date(), nullable=True),
        sa.Column("income_ore", sa.BigInteger(), nullable=True),
        sa.Column("support_line_ore", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "children <> 'yes' OR state <> 'done' OR children_note <> ''",
            name=op.f("ck_prevention_entries_children_note"),
        ),
        sa.CheckConstraint(
            "children IN ('unknown', 'yes', 'no')", name=op.f("ck_prevention_entries_children")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('paid', 'instalments', 'applies_for_support', 'consultant', 'case_opened', 'moved', 'declined_help', 'not_reached', 'no_need', 'other')",
            name=op.f("ck_prevention_entries_outcome"),
        ),
        sa.CheckConstraint(
            "state <> 'done' OR (outcome IS NOT NULL AND children <> 'unknown')",
            name=op.f("ck_prevention_entries_done_with_children_raised"),
        ),
        sa.CheckConstraint("state IN ('open', 'done')", name=op.f("ck_prevention_entries_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["rent_accounts.tenant_id", "rent_accounts.id"],
            name=op.f("fk_prevention_entries_tenant_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["prevention_runs.tenant_id", "prevention_runs.id"],
            name=op.f("fk_prevention_entries_tenant_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_prevention_entries_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prevention_entries")),
        sa.UniqueConstraint(
            "tenant_id",
            "run_id",
            "account_id",
            name=op.f("uq_prevention_entries_tenant_id_run_id_account_id"),
        ),
    )
    op.execute("ALTER TABLE prevention_entries ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE prevention_entries FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON prevention_entries USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON prevention_entries TO hemvist_staff")
    op.execute("GRANT SELECT ON prevention_entries TO hemvist_worker")
    op.create_index(
        "ix_prevention_entries_open",
        "prevention_entries",
        ["tenant_id", "department", "made_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_prevention_entries_tenant_id_account_id"),
        "prevention_entries",
        ["tenant_id", "account_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_prevention_entries_tenant_id_run_id_place"),
        "prevention_entries",
        ["tenant_id", "run_id", "place"],
        unique=False,
    )
    op.create_table(
        "recovery_periods",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("board_told_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'running') = (ended_on IS NULL)", name=op.f("ck_recovery_periods_ended")
        ),
        sa.CheckConstraint(
            "state IN ('running', 'paid', 'assumed', 'expired', 'withdrawn')",
            name=op.f("ck_recovery_periods_state"),
        ),
        sa.CheckConstraint("amount_ore > 0", name=op.f("ck_recovery_periods_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["rent_accounts.tenant_id", "rent_accounts.id"],
            name=op.f("fk_recovery_periods_tenant_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_recovery_periods_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_recovery_periods_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_recovery_periods")),
    )
    op.execute("ALTER TABLE recovery_periods ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE recovery_periods FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON recovery_periods USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON recovery_periods TO hemvist_staff")
    op.execute("GRANT SELECT ON recovery_periods TO hemvist_worker")
    op.create_index(
        op.f("ix_recovery_periods_tenant_id_case_id"),
        "recovery_periods",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_recovery_periods_tenant_id_department_last_on"),
        "recovery_periods",
        ["tenant_id", "department", "last_on"],
        unique=False,
    )
    op.create_index(
        "uq_recovery_periods_running",
        "recovery_periods",
        ["tenant_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "rent_months",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rent_ore", sa.BigInteger(), nullable=True),
        sa.Column("owed_ore", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_rent_months_month")),
        sa.CheckConstraint("owed_ore >= 0", name=op.f("ck_rent_months_owed")),
        sa.CheckConstraint("rent_ore IS NULL OR rent_ore >= 0", name=op.f("ck_rent_months_rent")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["rent_accounts.tenant_id", "rent_accounts.id"],
            name=op.f("fk_rent_months_tenant_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["arrears_files.tenant_id", "arrears_files.id"],
            name=op.f("fk_rent_months_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_rent_months_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_rent_months")),
        sa.UniqueConstraint(
            "tenant_id",
            "account_id",
            "month",
            name=op.f("uq_rent_months_tenant_id_account_id_month"),
        ),
    )
    op.execute("ALTER TABLE rent_months ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE rent_months FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON rent_months USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON rent_months TO hemvist_staff")
    op.execute("GRANT SELECT ON rent_months TO hemvist_worker")
    op.create_table(
        "prevention_contacts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('letter', 'phone', 'visit', 'reference', 'consultant_call', 'meeting', 'other')",
            name=op.f("ck_prevention_contacts_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["prevention_entries.tenant_id", "prevention_entries.id"],
            name=op.f("fk_prevention_contacts_tenant_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_prevention_contacts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prevention_contacts")),
    )
    op.execute("ALTER TABLE prevention_contacts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE prevention_contacts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON prevention_contacts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON prevention_contacts TO hemvist_staff")
    op.execute("GRANT SELECT ON prevention_contacts TO hemvist_worker")
    op.create_index(
        op.f("ix_prevention_contacts_tenant_id_entry_id_made_on"),
        "prevention_contacts",
        ["tenant_id", "entry_id", "made_on"],
        unique=False,
    )
    op.create_table(
        "rent_liabilities",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("recovery_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("children_considered", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decision_note", sa.Text(), server_default="", nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state <> 'told' OR told_on IS NOT NULL", name=op.f("ck_rent_liabilities_told")
        ),
        sa.CheckConstraint(
            "state = 'proposed' OR decided_on IS NOT NULL", name=op.f("ck_rent_liabilities_decided")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'decided', 'refused', 'told')",
            name=op.f("ck_rent_liabilities_state"),
        ),
        sa.CheckConstraint("amount_ore > 0", name=op.f("ck_rent_liabilities_amount")),
        sa.CheckConstraint(
            "decided_by IS DISTINCT FROM proposed_by OR decided_by IS NULL",
            name=op.f("ck_rent_liabilities_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["rent_accounts.tenant_id", "rent_accounts.id"],
            name=op.f("fk_rent_liabilities_tenant_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_rent_liabilities_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recovery_id"],
            ["recovery_periods.tenant_id", "recovery_periods.id"],
            name=op.f("fk_rent_liabilities_tenant_id_recovery_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_rent_liabilities_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_rent_liabilities")),
    )
    op.execute("ALTER TABLE rent_liabilities ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE rent_liabilities FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON rent_liabilities USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON rent_liabilities TO hemvist_staff")
    op.execute("GRANT SELECT ON rent_liabilities TO hemvist_worker")
    op.create_index(
        op.f("ix_rent_liabilities_tenant_id_account_id"),
        "rent_liabilities",
        ["tenant_id", "account_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_rent_liabilities_tenant_id_case_id"),
        "rent_liabilities",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        "uq_rent_liabilities_open",
        "rent_liabilities",
        ["tenant_id", "recovery_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'refused'"),
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_index(
        "uq_rent_liabilities_open",
        table_name="rent_liabilities",
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.drop_index(op.f("ix_rent_liabilities_tenant_id_case_id"), table_name="rent_liabilities")
    op.drop_index(op.f("ix_rent_liabilities_tenant_id_account_id"), table_name="rent_liabilities")
    op.drop_table("rent_liabilities")
    op.drop_index(
        op.f("ix_prevention_contacts_tenant_id_entry_id_made_on"), table_name="prevention_contacts"
    )
    op.drop_table("prevention_contacts")
    op.drop_table("rent_months")
    op.drop_index(
        "uq_recovery_periods_running",
        table_name="recovery_periods",
        postgresql_where=sa.text("state = 'running'"),
    )
    op.drop_index(
        op.f("ix_recovery_periods_tenant_id_department_last_on"), table_name="recovery_periods"
    )
    op.drop_index(op.f("ix_recovery_periods_tenant_id_case_id"), table_name="recovery_periods")
    op.drop_table("recovery_periods")
    op.drop_index(
        op.f("ix_prevention_entries_tenant_id_run_id_place"), table_name="prevention_entries"
    )
    op.drop_index(
        op.f("ix_prevention_entries_tenant_id_account_id"), table_name="prevention_entries"
    )
    op.drop_index(
        "ix_prevention_entries_open",
        table_name="prevention_entries",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("prevention_entries")
    op.drop_index(
        "uq_instalment_plans_running",
        table_name="instalment_plans",
        postgresql_where=sa.text("state = 'running'"),
    )
    op.drop_index(op.f("ix_instalment_plans_tenant_id_case_id"), table_name="instalment_plans")
    op.drop_table("instalment_plans")
    op.drop_index(op.f("ix_rent_accounts_tenant_id_contract_id"), table_name="rent_accounts")
    op.drop_index(op.f("ix_rent_accounts_tenant_id_case_id"), table_name="rent_accounts")
    op.drop_index(
        "ix_rent_accounts_signals",
        table_name="rent_accounts",
        postgresql_where=sa.text("signals <> '{}'"),
    )
    op.drop_table("rent_accounts")
    op.drop_index(op.f("ix_arrears_rows_tenant_id_file_id_state_number"), table_name="arrears_rows")
    op.drop_table("arrears_rows")
    op.drop_table("arrears_file_bytes")
    op.drop_index(
        op.f("ix_prevention_runs_tenant_id_department_made_on"), table_name="prevention_runs"
    )
    op.drop_table("prevention_runs")
    op.drop_table("arrears_mappings")
    op.drop_index(
        "uq_arrears_files_sha256",
        table_name="arrears_files",
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.drop_index(op.f("ix_arrears_files_tenant_id_department_read_at"), table_name="arrears_files")
    op.drop_table("arrears_files")
