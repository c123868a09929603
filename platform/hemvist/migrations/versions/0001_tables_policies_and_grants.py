"""Tables policies and grants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "landlords",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landlords")),
        sa.UniqueConstraint("organisation_number", name=op.f("uq_landlords_organisation_number")),
    )
    op.execute("GRANT SELECT ON landlords TO hemvist_landlord")
    op.execute("GRANT SELECT, INSERT ON landlords TO hemvist_staff")
    op.execute("GRANT SELECT ON landlords TO hemvist_worker")
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kommun_code", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
        sa.UniqueConstraint("kommun_code", name=op.f("uq_tenants_kommun_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_tenants_slug")),
    )
    op.execute("GRANT SELECT ON tenants TO hemvist_exchange")
    op.execute("GRANT SELECT ON tenants TO hemvist_landlord")
    op.execute("GRANT SELECT ON tenants TO hemvist_operator")
    op.execute("GRANT SELECT ON tenants TO hemvist_staff")
    op.execute("GRANT SELECT ON tenants TO hemvist_worker")
    op.create_table(
        "audit_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=True),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("person_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("kind IN ('read', 'write')", name=op.f("ck_audit_entries_kind")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_audit_entries_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_entries")),
    )
    op.execute("ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON audit_entries USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON audit_entries TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT ON audit_entries TO hemvist_worker")
    op.create_index(
        "ix_audit_entries_person_ids",
        "audit_entries",
        ["person_ids"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_audit_entries_tenant_id_at"), "audit_entries", ["tenant_id", "at"], unique=False
    )
    op.create_table(
        "command_receipts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("response", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_command_receipts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_command_receipts")),
        sa.UniqueConstraint(
            "tenant_id",
            "principal_id",
            "key",
            name=op.f("uq_command_receipts_tenant_id_principal_id_key"),
        ),
    )
    op.execute("ALTER TABLE command_receipts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE command_receipts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON command_receipts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON command_receipts TO hemvist_staff")
    op.execute("GRANT SELECT, DELETE ON command_receipts TO hemvist_worker")
    op.create_table(
        "counters",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_counters_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_counters")),
        sa.UniqueConstraint("tenant_id", "series", name=op.f("uq_counters_tenant_id_series")),
    )
    op.execute("ALTER TABLE counters ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE counters FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON counters USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON counters TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON counters TO hemvist_worker")
    op.create_table(
        "households",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_households_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_households")),
        sa.UniqueConstraint("tenant_id", "alias", name=op.f("uq_households_tenant_id_alias")),
    )
    op.execute("ALTER TABLE households ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE households FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON households USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON households TO hemvist_staff")
    op.execute("GRANT SELECT ON households TO hemvist_worker")
    op.create_index(
        op.f("ix_households_tenant_id_department"),
        "households",
        ["tenant_id", "department"],
        unique=False,
    )
    op.create_table(
        "inbox_receipts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_inbox_receipts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inbox_receipts")),
        sa.UniqueConstraint(
            "tenant_id",
            "handler",
            "event_id",
            name=op.f("uq_inbox_receipts_tenant_id_handler_event_id"),
        ),
    )
    op.execute("ALTER TABLE inbox_receipts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inbox_receipts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON inbox_receipts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON inbox_receipts TO hemvist_worker")
    op.create_table(
        "login_attempts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("browser_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("code_verifier_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("return_to", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_login_attempts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_login_attempts")),
        sa.UniqueConstraint(
            "tenant_id", "state_sha256", name=op.f("uq_login_attempts_tenant_id_state_sha256")
        ),
    )
    op.execute("ALTER TABLE login_attempts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE login_attempts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON login_attempts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON login_attempts TO hemvist_staff")
    op.execute("GRANT SELECT, DELETE ON login_attempts TO hemvist_worker")
    op.create_index(
        op.f("ix_login_attempts_tenant_id_expires_at"),
        "login_attempts",
        ["tenant_id", "expires_at"],
        unique=False,
    )
    op.create_table(
        "outbox_events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("trace_context", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("relayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_outbox_events_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outbox_events")),
    )
    op.execute("ALTER TABLE outbox_events ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE outbox_events FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON outbox_events USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON outbox_events TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_events TO hemvist_worker")
    op.create_index(
        "ix_outbox_events_unrelayed",
        "outbox_events",
        ["tenant_id", "occurred_at"],
        unique=False,
        postgresql_where=sa.text("relayed_at IS NULL"),
    )
    op.create_table(
        "pack_adoptions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_pack_adoptions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pack_adoptions")),
        sa.UniqueConstraint("tenant_id", "pack", name=op.f("uq_pack_adoptions_tenant_id_pack")),
    )
    op.execute("ALTER TABLE pack_adoptions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE pack_adoptions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON pack_adoptions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON pack_adoptions TO hemvist_staff")
    op.execute("GRANT SELECT ON pack_adoptions TO hemvist_worker")
    op.create_table(
        "persons",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("number_kind", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("registered_kommun", sa.Text(), nullable=True),
        sa.Column("protection", sa.Text(), nullable=False),
        sa.Column("protection_source", sa.Text(), nullable=True),
        sa.Column("protection_checked_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "number_kind IN ('personal', 'coordination')", name=op.f("ck_persons_number_kind")
        ),
        sa.CheckConstraint(
            "protection <> 'none' OR protection_checked_on IS NOT NULL",
            name=op.f("ck_persons_unprotected_only_when_checked"),
        ),
        sa.CheckConstraint(
            "protection IN ('none', 'secrecy_mark', 'protected_registration', 'fictitious', 'unknown')",
            name=op.f("ck_persons_protection"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_persons_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_persons")),
        sa.UniqueConstraint(
            "tenant_id",
            "department",
            "number_index",
            name=op.f("uq_persons_tenant_id_department_number_index"),
        ),
    )
    op.execute("ALTER TABLE persons ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE persons FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON persons USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON persons TO hemvist_staff")
    op.execute("GRANT SELECT ON persons TO hemvist_worker")
    op.create_table(
        "principals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("memberships_refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('person', 'machine')", name=op.f("ck_principals_kind")),
        sa.CheckConstraint("status IN ('active', 'blocked')", name=op.f("ck_principals_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_principals_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_principals")),
        sa.UniqueConstraint(
            "tenant_id", "issuer", "subject", name=op.f("uq_principals_tenant_id_issuer_subject")
        ),
    )
    op.execute("ALTER TABLE principals ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE principals FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON principals USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON principals TO hemvist_staff")
    op.execute("GRANT SELECT ON principals TO hemvist_worker")
    op.create_table(
        "seen_logout_tokens",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("jti_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_seen_logout_tokens_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_seen_logout_tokens")),
        sa.UniqueConstraint(
            "tenant_id",
            "issuer",
            "jti_sha256",
            name=op.f("uq_seen_logout_tokens_tenant_id_issuer_jti_sha256"),
        ),
    )
    op.execute("ALTER TABLE seen_logout_tokens ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE seen_logout_tokens FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON seen_logout_tokens USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON seen_logout_tokens TO hemvist_staff")
    op.execute("GRANT SELECT, DELETE ON seen_logout_tokens TO hemvist_worker")
    op.create_index(
        op.f("ix_seen_logout_tokens_tenant_id_expires_at"),
        "seen_logout_tokens",
        ["tenant_id", "expires_at"],
        unique=False,
    )
    op.create_table(
        "units",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("property_designation", sa.Text(), nullable=False),
        sa.Column("street_address", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("apartment_number", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("rooms", sa.BigInteger(), nullable=False),
        sa.Column("size_m2", sa.Numeric(precision=6, scale=1), nullable=False),
        sa.Column("rent_ore", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("lift", sa.Boolean(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("adapted", sa.Boolean(), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "source IN ('owner_agreement', 'own_rental', 'rented_in', 'tenant_owned', 'freehold')",
            name=op.f("ck_units_source"),
        ),
        sa.CheckConstraint(
            "state IN ('vacant', 'offered', 'reserved', 'let', 'returned')",
            name=op.f("ck_units_state"),
        ),
        sa.CheckConstraint("rent_ore >= 0", name=op.f("ck_units_rent")),
        sa.CheckConstraint("rooms BETWEEN 1 AND 20", name=op.f("ck_units_rooms")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_units_landlord_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_units_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_units")),
        sa.UniqueConstraint(
            "tenant_id",
            "property_designation",
            "street_address",
            "apartment_number",
            name=op.f("uq_units_tenant_id_property_designation_street_address_apartment_number"),
        ),
    )
    op.execute("ALTER TABLE units ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE units FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON units USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON units TO hemvist_staff")
    op.execute("GRANT SELECT ON units TO hemvist_worker")
    op.create_index(
        op.f("ix_units_tenant_id_state_available_from"),
        "units",
        ["tenant_id", "state", "available_from"],
        unique=False,
    )
    op.create_table(
        "cases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_cases_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "handler_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_cases_tenant_id_handler_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_cases_tenant_id_household_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_cases_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cases")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_cases_tenant_id_number")),
    )
    op.execute("ALTER TABLE cases ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE cases FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON cases USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON cases TO hemvist_staff")
    op.execute("GRANT SELECT ON cases TO hemvist_worker")
    op.create_index(
        op.f("ix_cases_tenant_id_department_opened_on"),
        "cases",
        ["tenant_id", "department", "opened_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_cases_tenant_id_household_id"),
        "cases",
        ["tenant_id", "household_id"],
        unique=False,
    )
    op.create_table(
        "household_members",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('applicant', 'partner', 'child', 'other')",
            name=op.f("ck_household_members_role"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_household_members_tenant_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["persons.tenant_id", "persons.id"],
            name=op.f("fk_household_members_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_household_members_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_household_members")),
        sa.UniqueConstraint(
            "tenant_id",
            "household_id",
            "person_id",
            name=op.f("uq_household_members_tenant_id_household_id_person_id"),
        ),
    )
    op.execute("ALTER TABLE household_members ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE household_members FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON household_members USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON household_members TO hemvist_staff")
    op.execute("GRANT SELECT ON household_members TO hemvist_worker")
    op.create_index(
        op.f("ix_household_members_tenant_id_person_id"),
        "household_members",
        ["tenant_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "login_sessions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("csrf_secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("issuer_session", sa.Text(), nullable=True),
        sa.Column("id_token_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "revoked_reason IN ('logout', 'issuer_logout', 'replaced', 'administrator')",
            name=op.f("ck_login_sessions_revoked_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_login_sessions_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_login_sessions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_login_sessions")),
    )
    op.execute("ALTER TABLE login_sessions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE login_sessions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON login_sessions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON login_sessions TO hemvist_staff")
    op.execute("GRANT SELECT, DELETE ON login_sessions TO hemvist_worker")
    op.create_index(
        op.f("ix_login_sessions_tenant_id_issuer_issuer_session"),
        "login_sessions",
        ["tenant_id", "issuer", "issuer_session"],
        unique=False,
    )
    op.create_index(
        op.f("ix_login_sessions_tenant_id_principal_id"),
        "login_sessions",
        ["tenant_id", "principal_id"],
        unique=False,
    )
    op.create_table(
        "memberships",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('caseworker', 'department_manager', 'property_officer', 'support_worker', 'transfer_coordinator', 'policy_officer', 'log_reviewer', 'steering', 'tenant_admin', 'landlord_agent', 'operator')",
            name=op.f("ck_memberships_role"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_memberships_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_memberships_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "tenant_id",
            "principal_id",
            "role",
            "department",
            name=op.f("uq_memberships_tenant_id_principal_id_role_department"),
        ),
    )
    op.execute("ALTER TABLE memberships ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE memberships FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON memberships USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO hemvist_staff")
    op.execute("GRANT SELECT ON memberships TO hemvist_worker")
    op.create_index(
        op.f("ix_memberships_tenant_id_role_department"),
        "memberships",
        ["tenant_id", "role", "department"],
        unique=False,
    )
    op.create_table(
        "answers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_answers_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_answers_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_answers")),
    )
    op.execute("ALTER TABLE answers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE answers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON answers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON answers TO hemvist_staff")
    op.execute("GRANT SELECT ON answers TO hemvist_worker")
    op.create_index(
        "uq_answers_current",
        "answers",
        ["tenant_id", "case_id", "fact"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "assessments",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("trace", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("conclusion", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("concluded_by", sa.Uuid(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('true', 'false', 'unknown')", name=op.f("ck_assessments_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_assessments_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_assessments_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assessments")),
        sa.UniqueConstraint(
            "tenant_id",
            "case_id",
            "rule",
            "concluded_at",
            name=op.f("uq_assessments_tenant_id_case_id_rule_concluded_at"),
        ),
    )
    op.execute("ALTER TABLE assessments ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE assessments FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON assessments USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON assessments TO hemvist_staff")
    op.execute("GRANT SELECT ON assessments TO hemvist_worker")
    op.create_table(
        "case_disclosures",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("disclosed_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_case_disclosures_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_case_disclosures_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_case_disclosures")),
    )
    op.execute("ALTER TABLE case_disclosures ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE case_disclosures FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON case_disclosures USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON case_disclosures TO hemvist_staff")
    op.execute("GRANT SELECT ON case_disclosures TO hemvist_worker")
    op.create_index(
        op.f("ix_case_disclosures_tenant_id_case_id"),
        "case_disclosures",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_case_disclosures_tenant_id_department_case_id"),
        "case_disclosures",
        ["tenant_id", "department", "case_id"],
        unique=False,
    )
    op.create_table(
        "case_events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_case_events_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_case_events_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_case_events")),
    )
    op.execute("ALTER TABLE case_events ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE case_events FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON case_events USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON case_events TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT ON case_events TO hemvist_worker")
    op.create_index(
        op.f("ix_case_events_tenant_id_case_id_occurred_on"),
        "case_events",
        ["tenant_id", "case_id", "occurred_on"],
        unique=False,
    )
    op.create_table(
        "decisions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("child_assessment", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("departure_reason", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('support_to_obtain_housing', 'housing')", name=op.f("ck_decisions_kind")
        ),
        sa.CheckConstraint("outcome IN ('granted', 'refused')", name=op.f("ck_decisions_outcome")),
        sa.CheckConstraint(
            "state IN ('proposed', 'decided', 'returned')", name=op.f("ck_decisions_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_decisions_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_decisions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_decisions")),
    )
    op.execute("ALTER TABLE decisions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE decisions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON decisions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON decisions TO hemvist_staff")
    op.execute("GRANT SELECT ON decisions TO hemvist_worker")
    op.create_index(
        op.f("ix_decisions_tenant_id_case_id"), "decisions", ["tenant_id", "case_id"], unique=False
    )
    op.create_index(
        "uq_decisions_waiting",
        "decisions",
        ["tenant_id", "case_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "notices",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_notices_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_notices_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "tenant_id",
            "source_id",
            "role",
            "department",
            name=op.f("uq_notices_tenant_id_source_id_role_department"),
        ),
    )
    op.execute("ALTER TABLE notices ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notices FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON notices USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON notices TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON notices TO hemvist_worker")
    op.create_index(
        op.f("ix_notices_tenant_id_department_role_created_at"),
        "notices",
        ["tenant_id", "department", "role", "created_at"],
        unique=False,
    )
    op.create_table(
        "obligations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("anchor_id", sa.Uuid(), nullable=False),
        sa.Column("anchored_on", sa.Date(), nullable=False),
        sa.Column("by", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("departments", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("cite", sa.Text(), nullable=False),
        sa.Column("label", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("agenda", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("creates", sa.Text(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("overdue_since", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'cancelled')", name=op.f("ck_obligations_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_obligations_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_obligations_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_obligations")),
        sa.UniqueConstraint(
            "tenant_id",
            "case_id",
            "anchor_id",
            "code",
            "ordinal",
            name=op.f("uq_obligations_tenant_id_case_id_anchor_id_code_ordinal"),
        ),
    )
    op.execute("ALTER TABLE obligations ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE obligations FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON obligations USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON obligations TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON obligations TO hemvist_worker")
    op.create_index(
        "ix_obligations_open_due",
        "obligations",
        ["tenant_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("state='open'"),
    )
    op.create_table(
        "support_plans",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('agreed', 'replaced')", name=op.f("ck_support_plans_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_support_plans_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_support_plans_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_support_plans")),
    )
    op.execute("ALTER TABLE support_plans ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE support_plans FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON support_plans USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON support_plans TO hemvist_staff")
    op.execute("GRANT SELECT ON support_plans TO hemvist_worker")
    op.create_index(
        op.f("ix_support_plans_tenant_id_case_id"),
        "support_plans",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_table(
        "follow_ups",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("departments", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("resident_took_part", sa.Boolean(), nullable=False),
        sa.Column("in_the_home", sa.Boolean(), nullable=False),
        sa.Column("agenda_done", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_follow_ups_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "obligation_id"],
            ["obligations.tenant_id", "obligations.id"],
            name=op.f("fk_follow_ups_tenant_id_obligation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["support_plans.tenant_id", "support_plans.id"],
            name=op.f("fk_follow_ups_tenant_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_follow_ups_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint(
            "tenant_id", "obligation_id", name=op.f("uq_follow_ups_tenant_id_obligation_id")
        ),
    )
    op.execute("ALTER TABLE follow_ups ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE follow_ups FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON follow_ups USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON follow_ups TO hemvist_staff")
    op.execute("GRANT SELECT ON follow_ups TO hemvist_worker")
    op.create_index(
        op.f("ix_follow_ups_tenant_id_case_id"),
        "follow_ups",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_table(
        "referrals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("told_one_offer_on", sa.Date(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("times_extended", sa.BigInteger(), nullable=False),
        sa.Column("completion_request", sa.Text(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'registered', 'extended', 'expired', 'withdrawn', 'fulfilled')",
            name=op.f("ck_referrals_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_referrals_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decision_id"],
            ["decisions.tenant_id", "decisions.id"],
            name=op.f("fk_referrals_tenant_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "replaces_id"],
            ["referrals.tenant_id", "referrals.id"],
            name=op.f("fk_referrals_tenant_id_replaces_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_referrals_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_referrals")),
    )
    op.execute("ALTER TABLE referrals ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referrals FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON referrals USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON referrals TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON referrals TO hemvist_worker")
    op.create_index(
        op.f("ix_referrals_tenant_id_case_id"), "referrals", ["tenant_id", "case_id"], unique=False
    )
    op.create_index(
        op.f("ix_referrals_tenant_id_state_valid_until"),
        "referrals",
        ["tenant_id", "state", "valid_until"],
        unique=False,
    )
    op.create_table(
        "offers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("decline_code", sa.Text(), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("viewing_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('made', 'accepted', 'declined', 'withdrawn', 'expired')",
            name=op.f("ck_offers_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_offers_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["referrals.tenant_id", "referrals.id"],
            name=op.f("fk_offers_tenant_id_referral_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_offers_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_offers_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_offers")),
    )
    op.execute("ALTER TABLE offers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE offers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON offers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON offers TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON offers TO hemvist_worker")
    op.create_index(
        op.f("ix_offers_tenant_id_case_id"), "offers", ["tenant_id", "case_id"], unique=False
    )
    op.create_index(
        op.f("ix_offers_tenant_id_referral_id"),
        "offers",
        ["tenant_id", "referral_id"],
        unique=False,
    )
    op.create_index(
        "uq_offers_open_unit",
        "offers",
        ["tenant_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('made', 'accepted')"),
    )
    op.create_table(
        "referral_signatures",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("principal_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('resident', 'manager')", name=op.f("ck_referral_signatures_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["persons.tenant_id", "persons.id"],
            name=op.f("fk_referral_signatures_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["referrals.tenant_id", "referrals.id"],
            name=op.f("fk_referral_signatures_tenant_id_referral_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_referral_signatures_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_referral_signatures")),
        sa.UniqueConstraint(
            "tenant_id",
            "referral_id",
            "kind",
            name=op.f("uq_referral_signatures_tenant_id_referral_id_kind"),
        ),
    )
    op.execute("ALTER TABLE referral_signatures ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE referral_signatures FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON referral_signatures USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON referral_signatures TO hemvist_staff")
    op.execute("GRANT SELECT ON referral_signatures TO hemvist_worker")
    op.create_table(
        "contracts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("rent_ore", sa.BigInteger(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("told_of_link_on", sa.Date(), nullable=True),
        sa.Column("owner_notified_on", sa.Date(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('sublease', 'first_hand')", name=op.f("ck_contracts_kind")),
        sa.CheckConstraint("state IN ('signed', 'ended')", name=op.f("ck_contracts_state")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_contracts_period")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_contracts_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"],
            ["offers.tenant_id", "offers.id"],
            name=op.f("fk_contracts_tenant_id_offer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_contracts_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_contracts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contracts")),
    )
    op.execute("ALTER TABLE contracts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contracts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON contracts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON contracts TO hemvist_staff")
    op.execute("GRANT SELECT ON contracts TO hemvist_worker")
    op.create_index(
        op.f("ix_contracts_tenant_id_case_id"), "contracts", ["tenant_id", "case_id"], unique=False
    )
    op.create_index(
        "uq_contracts_running_unit",
        "contracts",
        ["tenant_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text("state = 'signed'"),
    )
    op.create_table(
        "guarantees",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("months", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("covers", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'ended')", name=op.f("ck_guarantees_state")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_guarantees_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_guarantees_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_guarantees_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_guarantees_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantees")),
        sa.UniqueConstraint(
            "tenant_id", "contract_id", name=op.f("uq_guarantees_tenant_id_contract_id")
        ),
    )
    op.execute("ALTER TABLE guarantees ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE guarantees FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON guarantees USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON guarantees TO hemvist_staff")
    op.execute("GRANT SELECT ON guarantees TO hemvist_worker")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_table("guarantees")
    op.drop_index(
        "uq_contracts_running_unit",
        table_name="contracts",
        postgresql_where=sa.text("state = 'signed'"),
    )
    op.drop_index(op.f("ix_contracts_tenant_id_case_id"), table_name="contracts")
    op.drop_table("contracts")
    op.drop_table("referral_signatures")
    op.drop_index(
        "uq_offers_open_unit",
        table_name="offers",
        postgresql_where=sa.text("state IN ('made', 'accepted')"),
    )
    op.drop_index(op.f("ix_offers_tenant_id_referral_id"), table_name="offers")
    op.drop_index(op.f("ix_offers_tenant_id_case_id"), table_name="offers")
    op.drop_table("offers")
    op.drop_index(op.f("ix_referrals_tenant_id_state_valid_until"), table_name="referrals")
    op.drop_index(op.f("ix_referrals_tenant_id_case_id"), table_name="referrals")
    op.drop_table("referrals")
    op.drop_index(op.f("ix_follow_ups_tenant_id_case_id"), table_name="follow_ups")
    op.drop_table("follow_ups")
    op.drop_index(op.f("ix_support_plans_tenant_id_case_id"), table_name="support_plans")
    op.drop_table("support_plans")
    op.drop_index(
        "ix_obligations_open_due",
        table_name="obligations",
        postgresql_where=sa.text("state='open'"),
    )
    op.drop_table("obligations")
    op.drop_index(op.f("ix_notices_tenant_id_department_role_created_at"), table_name="notices")
    op.drop_table("notices")
    op.drop_index(
        "uq_decisions_waiting",
        table_name="decisions",
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_index(op.f("ix_decisions_tenant_id_case_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(op.f("ix_case_events_tenant_id_case_id_occurred_on"), table_name="case_events")
    op.drop_table("case_events")
    op.drop_index(
        op.f("ix_case_disclosures_tenant_id_department_case_id"), table_name="case_disclosures"
    )
    op.drop_index(op.f("ix_case_disclosures_tenant_id_case_id"), table_name="case_disclosures")
    op.drop_table("case_disclosures")
    op.drop_table("assessments")
    op.drop_index(
        "uq_answers_current", table_name="answers", postgresql_where=sa.text("replaced_at IS NULL")
    )
    op.drop_table("answers")
    op.drop_index(op.f("ix_memberships_tenant_id_role_department"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_login_sessions_tenant_id_principal_id"), table_name="login_sessions")
    op.drop_index(
        op.f("ix_login_sessions_tenant_id_issuer_issuer_session"), table_name="login_sessions"
    )
    op.drop_table("login_sessions")
    op.drop_index(op.f("ix_household_members_tenant_id_person_id"), table_name="household_members")
    op.drop_table("household_members")
    op.drop_index(op.f("ix_cases_tenant_id_household_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_tenant_id_department_opened_on"), table_name="cases")
    op.drop_table("cases")
    op.drop_index(op.f("ix_units_tenant_id_state_available_from"), table_name="units")
    op.drop_table("units")
    op.drop_index(
        op.f("ix_seen_logout_tokens_tenant_id_expires_at"), table_name="seen_logout_tokens"
    )
    op.drop_table("seen_logout_tokens")
    op.drop_table("principals")
    op.drop_table("persons")
    op.drop_table("pack_adoptions")
    op.drop_index(
        "ix_outbox_events_unrelayed",
        table_name="outbox_events",
        postgresql_where=sa.text("relayed_at IS NULL"),
    )
    op.drop_table("outbox_events")
    op.drop_index(op.f("ix_login_attempts_tenant_id_expires_at"), table_name="login_attempts")
    op.drop_table("login_attempts")
    op.drop_table("inbox_receipts")
    op.drop_index(op.f("ix_households_tenant_id_department"), table_name="households")
    op.drop_table("households")
    op.drop_table("counters")
    op.drop_table("command_receipts")
    op.drop_index(op.f("ix_audit_entries_tenant_id_at"), table_name="audit_entries")
    op.drop_index("ix_audit_entries_person_ids", table_name="audit_entries", postgresql_using="gin")
    op.drop_table("audit_entries")
    op.drop_table("tenants")
    op.drop_table("landlords")
