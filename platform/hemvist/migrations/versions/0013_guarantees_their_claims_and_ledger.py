"""guarantees and sureties with claims, recourse and a ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


CHECKS = {
    "kind": "kind IN ('guarantee', 'surety')",
    "end_reason": "end_reason IN ('dialogue', 'expired', 'notice', 'contract_ended')",
    "ended": "(state = 'ended') = (ended_on IS NOT NULL)",
    "cap": "cap_ore > 0 AND approved_ore <= cap_ore",
    "paid": "0 <= demanded_ore AND demanded_ore <= paid_ore AND paid_ore <= approved_ore",
    "recourse": "0 <= recovered_ore AND 0 <= written_off_ore"
    " AND recovered_ore + written_off_ore <= demanded_ore",
}
#: At COMMIT: an entry has two lines that come to nothing, on the accounts of its kind.
BALANCES = """
CREATE FUNCTION guarantee_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_entry uuid;
    entry guarantee_entries%ROWTYPE;
    lines bigint;
    whole numeric;
    fits boolean;
BEGIN
    IF TG_TABLE_NAME = 'guarantee_entries' THEN of_entry := NEW.id;
    ELSE of_entry := NEW.entry_id; END IF;
    SELECT * INTO entry FROM guarantee_entries e
        WHERE e.tenant_id = NEW.tenant_id AND e.id = of_entry;
    SELECT count(*), COALESCE(sum(p.amount_ore), 0), COALESCE(bool_and(
            p.guarantee_id = entry.guarantee_id
            AND p.account = CASE WHEN p.amount_ore = entry.amount_ore
                THEN CASE entry.kind WHEN 'approval' THEN 'liability' WHEN 'payment' THEN 'landlord'
                    WHEN 'demand' THEN 'household' WHEN 'recovery' THEN 'bank' ELSE 'loss' END
                ELSE CASE entry.kind WHEN 'approval' THEN 'landlord' WHEN 'payment' THEN 'bank'
                    WHEN 'demand' THEN 'liability' ELSE 'household' END END), false)
        INTO lines, whole, fits
        FROM guarantee_postings p WHERE p.tenant_id = NEW.tenant_id AND p.entry_id = of_entry;
    IF entry.id IS NULL OR lines <> 2 OR whole <> 0 OR NOT fits THEN
        RAISE EXCEPTION 'guarantee entry % does not balance', of_entry
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$"""
#: At COMMIT: the amounts of a guarantee, its claim and its recourse are what the entries come to.
AS_THE_LEDGER = """
CREATE FUNCTION guarantee_as_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_guarantee uuid;
    same boolean;
BEGIN
    IF TG_TABLE_NAME = 'guarantees' THEN of_guarantee := NEW.id;
    ELSE of_guarantee := NEW.guarantee_id; END IF;
    SELECT g.approved_ore = COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'approval'), 0)
            AND g.paid_ore = COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'payment'), 0)
            AND g.demanded_ore = COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'demand'), 0)
            AND g.recovered_ore = COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'recovery'), 0)
            AND g.written_off_ore
                = COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'write_off'), 0)
        INTO same
        FROM guarantees g LEFT JOIN guarantee_entries e
            ON e.tenant_id = g.tenant_id AND e.guarantee_id = g.id
        WHERE g.tenant_id = NEW.tenant_id AND g.id = of_guarantee
        GROUP BY g.tenant_id, g.id;
    IF same IS NOT TRUE THEN
        RAISE EXCEPTION 'guarantee % is not as its ledger', of_guarantee
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$"""
#: Entries and lines are only ever added.
KEPT = """
CREATE FUNCTION guarantee_ledger_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of guarantees is only added to' USING ERRCODE = 'check_violation';
END $$"""
TRIGGERS = (
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_balance AFTER INSERT ON {table}"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guarantee_entry_balances()"
        for table in ("guarantee_entries", "guarantee_postings")
    ),
    *(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION guarantee_ledger_is_kept()"
        for table in ("guarantee_entries", "guarantee_postings")
    ),
    "CREATE CONSTRAINT TRIGGER guarantee_entries_as_the_ledger AFTER INSERT ON guarantee_entries"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guarantee_as_the_ledger()",
    "CREATE CONSTRAINT TRIGGER guarantees_as_the_ledger AFTER INSERT OR UPDATE ON guarantees"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guarantee_as_the_ledger()",
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "guarantee_claims",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("approved_ore", sa.BigInteger(), nullable=False),
        sa.Column("paid_ore", sa.BigInteger(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("documents", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('rent', 'condition')", name=op.f("ck_guarantee_claims_kind")),
        sa.CheckConstraint(
            "state IN ('received', 'approved', 'refused', 'paid')",
            name=op.f("ck_guarantee_claims_state"),
        ),
        sa.CheckConstraint(
            "0 <= paid_ore AND paid_ore <= approved_ore AND approved_ore <= amount_ore",
            name=op.f("ck_guarantee_claims_approved"),
        ),
        sa.CheckConstraint("amount_ore > 0", name=op.f("ck_guarantee_claims_amount")),
        sa.CheckConstraint("period_to >= period_from", name=op.f("ck_guarantee_claims_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_guarantee_claims_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guarantee_id"],
            ["guarantees.tenant_id", "guarantees.id"],
            name=op.f("fk_guarantee_claims_tenant_id_guarantee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_guarantee_claims_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantee_claims")),
    )
    op.execute("ALTER TABLE guarantee_claims ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE guarantee_claims FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON guarantee_claims USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON guarantee_claims TO hemvist_staff")
    op.execute("GRANT SELECT ON guarantee_claims TO hemvist_worker")
    op.create_index(
        op.f("ix_guarantee_claims_tenant_id_case_id"),
        "guarantee_claims",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guarantee_claims_tenant_id_guarantee_id_received_on"),
        "guarantee_claims",
        ["tenant_id", "guarantee_id", "received_on"],
        unique=False,
    )
    op.create_table(
        "guarantee_recourses",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("paid_ore", sa.BigInteger(), nullable=False),
        sa.Column("written_off_ore", sa.BigInteger(), nullable=False),
        sa.Column("demanded_on", sa.Date(), nullable=False),
        sa.Column("instalments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("demanded_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'settled')", name=op.f("ck_guarantee_recourses_state")
        ),
        sa.CheckConstraint(
            "0 <= paid_ore AND 0 <= written_off_ore AND paid_ore + written_off_ore <= amount_ore",
            name=op.f("ck_guarantee_recourses_balance"),
        ),
        sa.CheckConstraint("amount_ore > 0", name=op.f("ck_guarantee_recourses_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_guarantee_recourses_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guarantee_id"],
            ["guarantees.tenant_id", "guarantees.id"],
            name=op.f("fk_guarantee_recourses_tenant_id_guarantee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_guarantee_recourses_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantee_recourses")),
    )
    op.execute("ALTER TABLE guarantee_recourses ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE guarantee_recourses FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON guarantee_recourses USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON guarantee_recourses TO hemvist_staff")
    op.execute("GRANT SELECT ON guarantee_recourses TO hemvist_worker")
    op.create_index(
        op.f("ix_guarantee_recourses_tenant_id_case_id"),
        "guarantee_recourses",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guarantee_recourses_tenant_id_guarantee_id_demanded_on"),
        "guarantee_recourses",
        ["tenant_id", "guarantee_id", "demanded_on"],
        unique=False,
    )
    op.create_table(
        "guarantee_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("recourse_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(claim_id IS NULL) = (kind IN ('demand', 'recovery', 'write_off'))",
            name=op.f("ck_guarantee_entries_claim"),
        ),
        sa.CheckConstraint(
            "(recourse_id IS NULL) = (kind IN ('approval', 'payment'))",
            name=op.f("ck_guarantee_entries_recourse"),
        ),
        sa.CheckConstraint(
            "kind IN ('approval', 'payment', 'demand', 'recovery', 'write_off')",
            name=op.f("ck_guarantee_entries_kind"),
        ),
        sa.CheckConstraint(
            "(amount_ore < 0) = (reverses_id IS NOT NULL)",
            name=op.f("ck_guarantee_entries_reversal"),
        ),
        sa.CheckConstraint("amount_ore <> 0", name=op.f("ck_guarantee_entries_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_guarantee_entries_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claim_id"],
            ["guarantee_claims.tenant_id", "guarantee_claims.id"],
            name=op.f("fk_guarantee_entries_tenant_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guarantee_id"],
            ["guarantees.tenant_id", "guarantees.id"],
            name=op.f("fk_guarantee_entries_tenant_id_guarantee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recourse_id"],
            ["guarantee_recourses.tenant_id", "guarantee_recourses.id"],
            name=op.f("fk_guarantee_entries_tenant_id_recourse_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reverses_id"],
            ["guarantee_entries.tenant_id", "guarantee_entries.id"],
            name=op.f("fk_guarantee_entries_tenant_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_guarantee_entries_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantee_entries")),
        sa.UniqueConstraint(
            "tenant_id", "reverses_id", name=op.f("uq_guarantee_entries_tenant_id_reverses_id")
        ),
    )
    op.execute("ALTER TABLE guarantee_entries ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE guarantee_entries FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON guarantee_entries USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON guarantee_entries TO hemvist_staff")
    op.execute("GRANT SELECT ON guarantee_entries TO hemvist_worker")
    op.create_index(
        op.f("ix_guarantee_entries_tenant_id_case_id"),
        "guarantee_entries",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guarantee_entries_tenant_id_guarantee_id_recorded_at"),
        "guarantee_entries",
        ["tenant_id", "guarantee_id", "recorded_at"],
        unique=False,
    )
    op.create_index(
        "uq_guarantee_entries_reference",
        "guarantee_entries",
        ["tenant_id", "guarantee_id", "kind", "reference"],
        unique=True,
        postgresql_where=sa.text("reference <> ''"),
    )
    op.create_table(
        "guarantee_write_offs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("recourse_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'granted', 'refused')",
            name=op.f("ck_guarantee_write_offs_state"),
        ),
        sa.CheckConstraint("amount_ore > 0", name=op.f("ck_guarantee_write_offs_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_guarantee_write_offs_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guarantee_id"],
            ["guarantees.tenant_id", "guarantees.id"],
            name=op.f("fk_guarantee_write_offs_tenant_id_guarantee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recourse_id"],
            ["guarantee_recourses.tenant_id", "guarantee_recourses.id"],
            name=op.f("fk_guarantee_write_offs_tenant_id_recourse_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_guarantee_write_offs_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantee_write_offs")),
    )
    op.execute("ALTER TABLE guarantee_write_offs ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE guarantee_write_offs FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON guarantee_write_offs USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON guarantee_write_offs TO hemvist_staff")
    op.execute("GRANT SELECT ON guarantee_write_offs TO hemvist_worker")
    op.create_index(
        op.f("ix_guarantee_write_offs_tenant_id_case_id"),
        "guarantee_write_offs",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guarantee_write_offs_tenant_id_guarantee_id_proposed_on"),
        "guarantee_write_offs",
        ["tenant_id", "guarantee_id", "proposed_on"],
        unique=False,
    )
    op.create_index(
        "uq_guarantee_write_offs_waiting",
        "guarantee_write_offs",
        ["tenant_id", "recourse_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "guarantee_postings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "account IN ('liability', 'landlord', 'household', 'loss', 'bank')",
            name=op.f("ck_guarantee_postings_account"),
        ),
        sa.CheckConstraint("amount_ore <> 0", name=op.f("ck_guarantee_postings_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["guarantee_entries.tenant_id", "guarantee_entries.id"],
            name=op.f("fk_guarantee_postings_tenant_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guarantee_id"],
            ["guarantees.tenant_id", "guarantees.id"],
            name=op.f("fk_guarantee_postings_tenant_id_guarantee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_guarantee_postings_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantee_postings")),
    )
    op.execute("ALTER TABLE guarantee_postings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE guarantee_postings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON guarantee_postings USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON guarantee_postings TO hemvist_staff")
    op.execute("GRANT SELECT ON guarantee_postings TO hemvist_worker")
    op.create_index(
        op.f("ix_guarantee_postings_tenant_id_entry_id"),
        "guarantee_postings",
        ["tenant_id", "entry_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guarantee_postings_tenant_id_guarantee_id_account"),
        "guarantee_postings",
        ["tenant_id", "guarantee_id", "account"],
        unique=False,
    )
    op.add_column("guarantees", sa.Column("landlord_id", sa.Uuid(), nullable=True))
    op.add_column(
        "guarantees", sa.Column("kind", sa.Text(), server_default="guarantee", nullable=False)
    )
    op.add_column("guarantees", sa.Column("rent_ore", sa.BigInteger(), nullable=True))
    op.add_column("guarantees", sa.Column("cap_rent_months", sa.BigInteger(), nullable=True))
    op.add_column("guarantees", sa.Column("cap_ore", sa.BigInteger(), nullable=True))
    op.add_column(
        "guarantees", sa.Column("approved_ore", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "guarantees", sa.Column("paid_ore", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "guarantees", sa.Column("demanded_ore", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "guarantees",
        sa.Column("recovered_ore", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.add_column(
        "guarantees",
        sa.Column("written_off_ore", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.add_column("guarantees", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column(
        "guarantees",
        sa.Column(
            "reviews",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("guarantees", sa.Column("notice_given_on", sa.Date(), nullable=True))
    op.add_column("guarantees", sa.Column("notice_ends_on", sa.Date(), nullable=True))
    op.add_column(
        "guarantees", sa.Column("notice_because", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("guarantees", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("guarantees", sa.Column("end_reason", sa.Text(), nullable=True))
    op.add_column("guarantees", sa.Column("dialogue_on", sa.Date(), nullable=True))
    op.add_column(
        "guarantees", sa.Column("ended_because", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("guarantees", sa.Column("ended_by", sa.Uuid(), nullable=True))
    op.add_column(
        "guarantees",
        sa.Column(
            "grant_fields",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("guarantees", sa.Column("grant_applied_on", sa.Date(), nullable=True))
    _fill_in()
    for column in ("landlord_id", "rent_ore", "cap_ore"):
        op.alter_column("guarantees", column, nullable=False)
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_guarantees_{name}"), "guarantees", condition)
    op.create_index(
        op.f("ix_guarantees_tenant_id_landlord_id_state"),
        "guarantees",
        ["tenant_id", "landlord_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guarantees_tenant_id_issued_on_id"),
        "guarantees",
        ["tenant_id", "issued_on", "id"],
        unique=False,
    )
    op.create_foreign_key(
        op.f("fk_guarantees_landlord_id"), "guarantees", "landlords", ["landlord_id"], ["id"]
    )
    for statement in (BALANCES, AS_THE_LEDGER, KEPT, *TRIGGERS):
        op.execute(statement)


def _fill_in() -> None:
    """Guarantees of before: the landlord is the home's, the cap the rent of the whole period."""
    tables = ("guarantees", "contracts", "units")
    # The owner is bound by row security too; for this one statement of every kommun it is not.
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE guarantees g SET landlord_id = u.landlord_id, rent_ore = c.rent_ore,"
        " cap_rent_months = g.months, cap_ore = GREATEST(c.rent_ore * g.months, 1),"
        " ended_on = CASE WHEN g.state = 'ended' THEN g.ends_on END"
        " FROM contracts c JOIN units u ON u.tenant_id = c.tenant_id AND u.id = c.unit_id"
        " WHERE c.tenant_id = g.tenant_id AND c.id = g.contract_id"
    )
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.execute("DROP TRIGGER guarantees_as_the_ledger ON guarantees")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_guarantees_{name}"), "guarantees", type_="check")
    op.drop_column("guarantees", "grant_applied_on")
    op.drop_column("guarantees", "grant_fields")
    op.drop_constraint(op.f("fk_guarantees_landlord_id"), "guarantees", type_="foreignkey")
    op.drop_index(op.f("ix_guarantees_tenant_id_issued_on_id"), table_name="guarantees")
    op.drop_index(op.f("ix_guarantees_tenant_id_landlord_id_state"), table_name="guarantees")
    op.drop_column("guarantees", "ended_by")
    op.drop_column("guarantees", "ended_because")
    op.drop_column("guarantees", "dialogue_on")
    op.drop_column("guarantees", "end_reason")
    op.drop_column("guarantees", "ended_on")
    op.drop_column("guarantees", "notice_because")
    op.drop_column("guarantees", "notice_ends_on")
    op.drop_column("guarantees", "notice_given_on")
    op.drop_column("guarantees", "reviews")
    op.drop_column("guarantees", "review_on")
    op.drop_column("guarantees", "written_off_ore")
    op.drop_column("guarantees", "recovered_ore")
    op.drop_column("guarantees", "demanded_ore")
    op.drop_column("guarantees", "paid_ore")
    op.drop_column("guarantees", "approved_ore")
    op.drop_column("guarantees", "cap_ore")
    op.drop_column("guarantees", "cap_rent_months")
    op.drop_column("guarantees", "rent_ore")
    op.drop_column("guarantees", "kind")
    op.drop_column("guarantees", "landlord_id")
    op.drop_index(
        op.f("ix_guarantee_postings_tenant_id_guarantee_id_account"),
        table_name="guarantee_postings",
    )
    op.drop_index(op.f("ix_guarantee_postings_tenant_id_entry_id"), table_name="guarantee_postings")
    op.drop_table("guarantee_postings")
    op.drop_index(
        "uq_guarantee_write_offs_waiting",
        table_name="guarantee_write_offs",
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_index(
        op.f("ix_guarantee_write_offs_tenant_id_guarantee_id_proposed_on"),
        table_name="guarantee_write_offs",
    )
    op.drop_index(
        op.f("ix_guarantee_write_offs_tenant_id_case_id"), table_name="guarantee_write_offs"
    )
    op.drop_table("guarantee_write_offs")
    op.drop_index(
        "uq_guarantee_entries_reference",
        table_name="guarantee_entries",
        postgresql_where=sa.text("reference <> ''"),
    )
    op.drop_index(
        op.f("ix_guarantee_entries_tenant_id_guarantee_id_recorded_at"),
        table_name="guarantee_entries",
    )
    op.drop_index(op.f("ix_guarantee_entries_tenant_id_case_id"), table_name="guarantee_entries")
    op.drop_table("guarantee_entries")
    op.drop_index(
        op.f("ix_guarantee_recourses_tenant_id_guarantee_id_demanded_on"),
        table_name="guarantee_recourses",
    )
    op.drop_index(
        op.f("ix_guarantee_recourses_tenant_id_case_id"), table_name="guarantee_recourses"
    )
    op.drop_table("guarantee_recourses")
    op.drop_index(
        op.f("ix_guarantee_claims_tenant_id_guarantee_id_received_on"),
        table_name="guarantee_claims",
    )
    op.drop_index(op.f("ix_guarantee_claims_tenant_id_case_id"), table_name="guarantee_claims")
    op.drop_table("guarantee_claims")
    for function in ("entry_balances", "as_the_ledger", "ledger_is_kept"):
        op.execute(f"DROP FUNCTION guarantee_{function}()")
