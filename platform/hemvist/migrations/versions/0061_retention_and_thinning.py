"""How long things are kept: marks, runs of thinning with their cases, and vouchers; and who may delete."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

#: What the thinning role may do, frozen from ``thinning.toml`` of this day: a later table says it itself.
_GRANTS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("SELECT", "DELETE"): (
        "absences",
        "address_reveals",
        "answers",
        "appeals",
        "arrears_rows",
        "assessments",
        "case_circles",
        "case_disclosures",
        "case_events",
        "case_openings",
        "cases",
        "circle_members",
        "circle_rows",
        "claim_file_bytes",
        "claim_files",
        "commissions",
        "contract_notices",
        "contract_parties",
        "contracts",
        "decisions",
        "documents",
        "evaluations",
        "evictions",
        "execution_efforts",
        "file_bytes",
        "filled_checklists",
        "follow_ups",
        "guarantee_claims",
        "guarantee_entries",
        "guarantee_postings",
        "guarantee_recourses",
        "guarantee_write_offs",
        "guarantees",
        "handover_handlers",
        "handover_items",
        "handover_parcels",
        "handovers",
        "home_exclusions",
        "home_needs",
        "household_members",
        "households",
        "incident_actions",
        "incident_feedbacks",
        "incidents",
        "inspection_files",
        "inspections",
        "instalment_plans",
        "joint_meetings",
        "key_movements",
        "kommun_request_steps",
        "kommun_requests",
        "ladder_actions",
        "ladder_steps",
        "ladders",
        "landlord_disclosures",
        "landlord_name_consents",
        "landlord_offers",
        "landlord_report_words",
        "landlord_reports",
        "landlord_times",
        "letters",
        "match_ranks",
        "migrated_cases",
        "milestones",
        "missed_follow_ups",
        "notices",
        "obligation_horizons",
        "obligation_pauses",
        "obligations",
        "offers",
        "persons",
        "plan_goals",
        "plan_reviews",
        "plan_signatures",
        "presented_households",
        "prevention_contacts",
        "prevention_entries",
        "recovery_periods",
        "referral_signatures",
        "referrals",
        "renewed_needs",
        "rent_accounts",
        "rent_changes",
        "rent_liabilities",
        "rent_months",
        "retention_marks",
        "secrecy_consents",
        "secrecy_disclosures",
        "service_clocks",
        "simulation_changes",
        "support_plans",
        "support_reports",
        "takeover_replies",
        "takeover_shown",
        "takeover_steps",
        "takeovers",
        "tenure_waivers",
        "transfer_bans",
        "transfer_entries",
        "transfer_overrides",
        "transfer_proposals",
        "transfer_requests",
    ),
    ("SELECT",): (
        "arrears_files",
        "thinning_runs",
        "units",
    ),
    ("SELECT", "INSERT"): (
        "audit_entries",
        "kept_vouchers",
    ),
    ("SELECT", "UPDATE"): ("thinning_items",),
}

#: What refuses to delete a record, but for the one who thins.
_KEEPING = {
    "hemvist_keep_document": "RAISE EXCEPTION 'a document is kept as it was given out'"
    " USING ERRCODE = 'restrict_violation';",
    "hemvist_lines_are_kept": "RAISE EXCEPTION 'lines of % are only added', TG_TABLE_NAME"
    " USING ERRCODE = 'restrict_violation';",
    "guarantee_ledger_is_kept": "RAISE EXCEPTION 'the ledger of guarantees is only added to'"
    " USING ERRCODE = 'check_violation';",
}
_RESEALING = """
    IF TG_OP = 'UPDATE' AND current_setting('hemvist.resealing', true) = 'on' THEN
        IF hemvist_sealed_anew(TG_RELID, to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;"""
_THINNING = """
    IF TG_OP = 'DELETE' AND current_user = 'hemvist_thinning' THEN
        RETURN OLD;
    END IF;"""
#: No case goes without a run that two people have agreed on, nor one that is open.
_APPROVED = """
CREATE FUNCTION hemvist_thinned_when_approved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_user = 'hemvist_thinning' AND (OLD.state <> 'closed' OR NOT EXISTS (
        SELECT FROM thinning_items i JOIN thinning_runs r
            ON r.tenant_id = i.tenant_id AND r.id = i.run_id
        WHERE i.tenant_id = OLD.tenant_id AND i.case_id = OLD.id AND i.state = 'waiting'
            AND r.state = 'running' AND r.approved_by <> r.proposed_by
    )) THEN
        RAISE EXCEPTION 'nobody has approved that case % is thinned', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$"""
#: A hold that somebody has placed, and a child's placement, stand in the way whatever the worker thinks.
_HELD = """
CREATE FUNCTION hemvist_held_from_thinning() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_user = 'hemvist_thinning' AND OLD.lifted_on IS NULL AND (
        OLD.kind = 'child_placement' OR (OLD.kind = 'hold' AND (OLD.until IS NULL OR EXISTS (
            SELECT FROM thinning_items i JOIN thinning_runs r
                ON r.tenant_id = i.tenant_id AND r.id = i.run_id
            WHERE i.tenant_id = OLD.tenant_id AND i.case_id = OLD.case_id
                AND r.state = 'running' AND r.on_day <= OLD.until
        )))
    ) THEN
        RAISE EXCEPTION 'case % is held', OLD.case_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$"""


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "retention_marks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NOT NULL) = (kind = 'child_inquiry')",
            name=op.f("ck_retention_marks_person"),
        ),
        sa.CheckConstraint(
            "kind IN ('hold', 'child_placement', 'child_inquiry')",
            name=op.f("ck_retention_marks_kind"),
        ),
        sa.CheckConstraint("until IS NULL OR kind = 'hold'", name=op.f("ck_retention_marks_until")),
        sa.CheckConstraint(
            "(lifted_on IS NULL) = (lifted_by IS NULL)", name=op.f("ck_retention_marks_lifted")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_retention_marks_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["persons.tenant_id", "persons.id"],
            name=op.f("fk_retention_marks_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placed_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_retention_marks_tenant_id_placed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_retention_marks_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_retention_marks")),
    )
    op.create_index(
        op.f("ix_retention_marks_tenant_id_case_id"),
        "retention_marks",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.execute("ALTER TABLE retention_marks ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE retention_marks FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON retention_marks USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON retention_marks TO hemvist_staff")
    op.execute("GRANT SELECT ON retention_marks TO hemvist_worker")
    op.create_table(
        "thinning_runs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gathered_to", sa.Uuid(), nullable=True),
        sa.Column("cases_total", sa.BigInteger(), nullable=False),
        sa.Column("cases_done", sa.BigInteger(), nullable=False),
        sa.Column("preview", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("judged", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("stirred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "certificate", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("certificate_sha256", sa.Text(), nullable=True),
        sa.Column("backups_until", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'done') = (certificate IS NOT NULL)",
            name=op.f("ck_thinning_runs_certificate"),
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'running', 'done')) = (approved_by IS NOT NULL)",
            name=op.f("ck_thinning_runs_approved"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'proposed', 'approved', 'running', 'done', 'withdrawn')",
            name=op.f("ck_thinning_runs_state"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by",
            name=op.f("ck_thinning_runs_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "approved_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_thinning_runs_tenant_id_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "proposed_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_thinning_runs_tenant_id_proposed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_thinning_runs_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_thinning_runs")),
    )
    op.create_index(
        op.f("ix_thinning_runs_tenant_id_proposed_at"),
        "thinning_runs",
        ["tenant_id", "proposed_at"],
        unique=False,
    )
    op.create_index(
        "uq_thinning_runs_under_way",
        "thinning_runs",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested', 'proposed', 'approved', 'running')"),
    )
    op.execute("ALTER TABLE thinning_runs ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE thinning_runs FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON thinning_runs USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON thinning_runs TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON thinning_runs TO hemvist_worker")
    op.create_table(
        "thinning_items",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_by", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("left_because", sa.Text(), server_default="", nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("thinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state = 'left') = (left_because <> '')", name=op.f("ck_thinning_items_left_because")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'thinned', 'left')", name=op.f("ck_thinning_items_state")
        ),
        sa.CheckConstraint(
            'NOT counts @? \'strict $.** ? (@.type() == "string" && @ like_regex "\\\\s|^.{101}")\'',
            name=op.f("ck_thinning_items_codes_only"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["thinning_runs.tenant_id", "thinning_runs.id"],
            name=op.f("fk_thinning_items_tenant_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_thinning_items_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_thinning_items")),
        sa.UniqueConstraint(
            "tenant_id",
            "run_id",
            "case_id",
            name=op.f("uq_thinning_items_tenant_id_run_id_case_id"),
        ),
    )
    op.create_index(
        op.f("ix_thinning_items_tenant_id_case_id"),
        "thinning_items",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_thinning_items_tenant_id_run_id_state"),
        "thinning_items",
        ["tenant_id", "run_id", "state"],
        unique=False,
    )
    op.execute("ALTER TABLE thinning_items ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE thinning_items FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON thinning_items USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON thinning_items TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON thinning_items TO hemvist_worker")
    op.create_table(
        "kept_vouchers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("debit", sa.Text(), server_default="", nullable=False),
        sa.Column("credit", sa.Text(), server_default="", nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=True),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'entry') = (amount_ore IS NOT NULL)", name=op.f("ck_kept_vouchers_amount")
        ),
        sa.CheckConstraint(
            "(kind = 'file') = (content_sealed IS NOT NULL)", name=op.f("ck_kept_vouchers_content")
        ),
        sa.CheckConstraint("kind IN ('entry', 'file')", name=op.f("ck_kept_vouchers_kind")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_kept_vouchers_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["thinning_runs.tenant_id", "thinning_runs.id"],
            name=op.f("fk_kept_vouchers_tenant_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_kept_vouchers_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_kept_vouchers")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "voucher_id",
            name=op.f("uq_kept_vouchers_tenant_id_kind_voucher_id"),
        ),
    )
    op.create_index(
        op.f("ix_kept_vouchers_tenant_id_keep_until"),
        "kept_vouchers",
        ["tenant_id", "keep_until"],
        unique=False,
    )
    op.execute("ALTER TABLE kept_vouchers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE kept_vouchers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON kept_vouchers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON kept_vouchers TO hemvist_staff")
    op.execute("GRANT SELECT, DELETE ON kept_vouchers TO hemvist_worker")
    for privileges, tables in _GRANTS.items():
        op.execute(f"GRANT {', '.join(privileges)} ON {', '.join(tables)} TO hemvist_thinning")
    _keep(_RESEALING + _THINNING)
    op.execute(_APPROVED)
    op.execute(
        "CREATE TRIGGER thinned_when_approved BEFORE DELETE ON cases FOR EACH ROW"
        " EXECUTE FUNCTION hemvist_thinned_when_approved()"
    )
    op.execute(_HELD)
    op.execute(
        "CREATE TRIGGER held_from_thinning BEFORE DELETE ON retention_marks FOR EACH ROW"
        " EXECUTE FUNCTION hemvist_held_from_thinning()"
    )


def downgrade() -> None:
    """Go back."""
    op.execute("DROP TRIGGER thinned_when_approved ON cases")
    op.execute("DROP FUNCTION hemvist_thinned_when_approved()")
    _keep(_RESEALING)
    for privileges, tables in _GRANTS.items():
        op.execute(f"REVOKE {', '.join(privileges)} ON {', '.join(tables)} FROM hemvist_thinning")
    op.drop_table("kept_vouchers")
    op.drop_table("thinning_items")
    op.drop_table("thinning_runs")
    op.drop_table("retention_marks")
    op.execute("DROP FUNCTION hemvist_held_from_thinning()")


def _keep(unless: str) -> None:
    for function, refused in _KEEPING.items():
        op.execute(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN{unless}\n    {refused}\nEND $$"
        )
