"""Agreements with landlords and their quotas."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "agreements",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("notice_months", sa.BigInteger(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_on IS NOT NULL AND ended_because <> '')",
            name=op.f("ck_agreements_ended"),
        ),
        sa.CheckConstraint(
            "kind IN ('cooperation', 'owner_directive', 'land_deal', 'letter_of_intent', 'other')",
            name=op.f("ck_agreements_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_force', 'ended', 'discarded')", name=op.f("ck_agreements_state")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_agreements_period")
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_agreements_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_agreements_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreements")),
    )
    op.execute("ALTER TABLE agreements ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE agreements FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON agreements USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON agreements TO hemvist_staff")
    op.execute("GRANT SELECT ON agreements TO hemvist_worker")
    op.create_index(
        op.f("ix_agreements_tenant_id_landlord_id"),
        "agreements",
        ["tenant_id", "landlord_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_agreements_tenant_id_state_id"),
        "agreements",
        ["tenant_id", "state", "id"],
        unique=False,
    )
    op.create_table(
        "agreement_files",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'application/pdf')",
            name=op.f("ck_agreement_files_media_type"),
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_agreement_files_size")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["agreements.tenant_id", "agreements.id"],
            name=op.f("fk_agreement_files_tenant_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_agreement_files_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreement_files")),
        sa.UniqueConstraint(
            "tenant_id",
            "agreement_id",
            "sha256",
            name=op.f("uq_agreement_files_tenant_id_agreement_id_sha256"),
        ),
    )
    op.execute("ALTER TABLE agreement_files ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE agreement_files FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON agreement_files USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON agreement_files TO hemvist_staff")
    op.execute("GRANT SELECT ON agreement_files TO hemvist_worker")
    op.create_table(
        "agreement_meetings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("present", sa.Text(), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'held') = (held_on IS NOT NULL)", name=op.f("ck_agreement_meetings_held")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'cancelled')", name=op.f("ck_agreement_meetings_state")
        ),
        sa.CheckConstraint(
            "(pack IS NULL) = (code IS NULL)", name=op.f("ck_agreement_meetings_of_the_guideline")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["agreements.tenant_id", "agreements.id"],
            name=op.f("fk_agreement_meetings_tenant_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_agreement_meetings_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreement_meetings")),
    )
    op.execute("ALTER TABLE agreement_meetings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE agreement_meetings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON agreement_meetings USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON agreement_meetings TO hemvist_staff")
    op.execute("GRANT SELECT ON agreement_meetings TO hemvist_worker")
    op.create_index(
        "ix_agreement_meetings_planned",
        "agreement_meetings",
        ["tenant_id", "planned_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index(
        op.f("ix_agreement_meetings_tenant_id_agreement_id_planned_on"),
        "agreement_meetings",
        ["tenant_id", "agreement_id", "planned_on"],
        unique=False,
    )
    op.create_table(
        "agreement_notes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["agreements.tenant_id", "agreements.id"],
            name=op.f("fk_agreement_notes_tenant_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_agreement_notes_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreement_notes")),
    )
    op.execute("ALTER TABLE agreement_notes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE agreement_notes FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON agreement_notes USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON agreement_notes TO hemvist_staff")
    op.execute("GRANT SELECT ON agreement_notes TO hemvist_worker")
    op.create_index(
        op.f("ix_agreement_notes_tenant_id_agreement_id_noted_on_id"),
        "agreement_notes",
        ["tenant_id", "agreement_id", "noted_on", "id"],
        unique=False,
    )
    op.create_table(
        "agreement_versions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("target_groups", sa.Text(), server_default="", nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "takes_in_at_once", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("hands", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'in_force') = (confirmed_on IS NOT NULL AND confirmed_by IS NOT NULL)",
            name=op.f("ck_agreement_versions_confirmed"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_force', 'discarded')", name=op.f("ck_agreement_versions_state")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> ALL (hands)",
            name=op.f("ck_agreement_versions_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["agreements.tenant_id", "agreements.id"],
            name=op.f("fk_agreement_versions_tenant_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_agreement_versions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreement_versions")),
        sa.UniqueConstraint(
            "tenant_id",
            "agreement_id",
            "number",
            name=op.f("uq_agreement_versions_tenant_id_agreement_id_number"),
        ),
    )
    op.execute("ALTER TABLE agreement_versions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE agreement_versions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON agreement_versions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON agreement_versions TO hemvist_staff")
    op.execute("GRANT SELECT ON agreement_versions TO hemvist_worker")
    op.create_index(
        "uq_agreement_versions_day",
        "agreement_versions",
        ["tenant_id", "agreement_id", "holds_from"],
        unique=True,
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.create_index(
        "uq_agreement_versions_draft",
        "agreement_versions",
        ["tenant_id", "agreement_id"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "quota_bases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=True),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("homes", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("taken_back_on", sa.Date(), nullable=True),
        sa.Column("taken_back_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'vacated') = (to_on IS NOT NULL)", name=op.f("ck_quota_bases_kind_of_period")
        ),
        sa.CheckConstraint(
            "(kind IN ('market', 'need')) = (landlord_id IS NULL)",
            name=op.f("ck_quota_bases_whose_figure"),
        ),
        sa.CheckConstraint(
            "kind = 'production' OR agreement_id IS NULL",
            name=op.f("ck_quota_bases_land_deal_of_production"),
        ),
        sa.CheckConstraint(
            "kind IN ('vacated', 'stock', 'market', 'production', 'need')",
            name=op.f("ck_quota_bases_kind"),
        ),
        sa.CheckConstraint("homes BETWEEN 0 AND 10000000", name=op.f("ck_quota_bases_homes")),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_quota_bases_period")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_quota_bases_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["agreements.tenant_id", "agreements.id"],
            name=op.f("fk_quota_bases_tenant_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_quota_bases_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_quota_bases")),
    )
    op.execute("ALTER TABLE quota_bases ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quota_bases FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON quota_bases USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON quota_bases TO hemvist_staff")
    op.execute("GRANT SELECT ON quota_bases TO hemvist_worker")
    op.create_index(
        op.f("ix_quota_bases_tenant_id_landlord_id_kind_from_on"),
        "quota_bases",
        ["tenant_id", "landlord_id", "kind", "from_on"],
        unique=False,
    )
    op.create_table(
        "quota_placements",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("because <> ''", name=op.f("ck_quota_placements_because")),
        sa.CheckConstraint(
            "(agreement_id IS NULL) = (code IS NULL)", name=op.f("ck_quota_placements_whole")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["agreements.tenant_id", "agreements.id"],
            name=op.f("fk_quota_placements_tenant_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_quota_placements_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_quota_placements_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_quota_placements")),
        sa.UniqueConstraint(
            "tenant_id", "unit_id", name=op.f("uq_quota_placements_tenant_id_unit_id")
        ),
    )
    op.execute("ALTER TABLE quota_placements ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quota_placements FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON quota_placements USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON quota_placements TO hemvist_staff")
    op.execute("GRANT SELECT ON quota_placements TO hemvist_worker")
    op.create_index(
        op.f("ix_quota_placements_tenant_id_agreement_id"),
        "quota_placements",
        ["tenant_id", "agreement_id"],
        unique=False,
        postgresql_where=sa.text("agreement_id IS NOT NULL"),
    )
    op.create_table(
        "agreement_file_bytes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["agreement_files.tenant_id", "agreement_files.id"],
            name=op.f("fk_agreement_file_bytes_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_agreement_file_bytes_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreement_file_bytes")),
        sa.UniqueConstraint(
            "tenant_id", "file_id", name=op.f("uq_agreement_file_bytes_tenant_id_file_id")
        ),
    )
    op.execute("ALTER TABLE agreement_file_bytes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE agreement_file_bytes FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON agreement_file_bytes USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON agreement_file_bytes TO hemvist_staff")
    op.create_table(
        "agreement_parties",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("undertakes", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "role IN ('kommun', 'landlord', 'department', 'provider', 'other')",
            name=op.f("ck_agreement_parties_role"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["agreement_versions.tenant_id", "agreement_versions.id"],
            name=op.f("fk_agreement_parties_tenant_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_agreement_parties_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreement_parties")),
        sa.UniqueConstraint(
            "tenant_id",
            "version_id",
            "position",
            name=op.f("uq_agreement_parties_tenant_id_version_id_position"),
        ),
    )
    op.execute("ALTER TABLE agreement_parties ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE agreement_parties FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON agreement_parties USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON agreement_parties TO hemvist_staff")
    op.execute("GRANT SELECT ON agreement_parties TO hemvist_worker")
    op.create_table(
        "agreement_terms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), server_default="", nullable=False),
        sa.Column("actual", sa.Text(), server_default="", nullable=False),
        sa.Column("actual_noted_on", sa.Date(), nullable=True),
        sa.Column("actual_noted_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(actual = '') = (actual_noted_on IS NULL)",
            name=op.f("ck_agreement_terms_actual_dated"),
        ),
        sa.CheckConstraint(
            "written <> '' OR actual <> ''", name=op.f("ck_agreement_terms_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["agreement_versions.tenant_id", "agreement_versions.id"],
            name=op.f("fk_agreement_terms_tenant_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_agreement_terms_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreement_terms")),
        sa.UniqueConstraint(
            "tenant_id",
            "version_id",
            "position",
            name=op.f("uq_agreement_terms_tenant_id_version_id_position"),
        ),
    )
    op.execute("ALTER TABLE agreement_terms ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE agreement_terms FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON agreement_terms USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON agreement_terms TO hemvist_staff")
    op.execute("GRANT SELECT ON agreement_terms TO hemvist_worker")
    op.create_table(
        "quota_terms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("per", sa.Text(), nullable=False),
        sa.Column("homes", sa.BigInteger(), nullable=True),
        sa.Column("share_bp", sa.BigInteger(), nullable=True),
        sa.Column("rounding", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("delivered_in", sa.Text(), nullable=False),
        sa.Column("excluded_areas", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("properties", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("within_code", sa.Text(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=True),
        sa.Column("pack_quota", sa.Text(), nullable=True),
        sa.Column("groups", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(homes IS NULL OR share_bp IS NULL) AND (homes IS NOT NULL OR kind = 'market_share' OR share_bp IS NOT NULL)",
            name=op.f("ck_quota_terms_share"),
        ),
        sa.CheckConstraint(
            "(kind IN ('number', 'owner_directive', 'beside_requirements')) = (homes IS NOT NULL)",
            name=op.f("ck_quota_terms_figure"),
        ),
        sa.CheckConstraint("counts IN ('let', 'taken_in')", name=op.f("ck_quota_terms_counts")),
        sa.CheckConstraint(
            "delivered_in IN ('any', 'new', 'existing')", name=op.f("ck_quota_terms_delivered_in")
        ),
        sa.CheckConstraint(
            "force IN ('binding', 'target', 'observed')", name=op.f("ck_quota_terms_force")
        ),
        sa.CheckConstraint(
            "kind IN ('number', 'vacated_share', 'stock_share', 'market_share', 'production_share', 'owner_directive', 'beside_requirements')",
            name=op.f("ck_quota_terms_kind"),
        ),
        sa.CheckConstraint(
            "per IN ('year', 'half_year', 'agreement', 'standing')", name=op.f("ck_quota_terms_per")
        ),
        sa.CheckConstraint(
            "rounding IN ('nearest', 'up', 'down')", name=op.f("ck_quota_terms_rounding")
        ),
        sa.CheckConstraint(
            "(pack IS NULL) = (pack_quota IS NULL)", name=op.f("ck_quota_terms_of_the_guideline")
        ),
        sa.CheckConstraint(
            "homes IS NULL OR homes BETWEEN 0 AND 100000", name=op.f("ck_quota_terms_homes")
        ),
        sa.CheckConstraint(
            "share_bp IS NULL OR share_bp BETWEEN 1 AND 10000", name=op.f("ck_quota_terms_share_bp")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["agreements.tenant_id", "agreements.id"],
            name=op.f("fk_quota_terms_tenant_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["agreement_versions.tenant_id", "agreement_versions.id"],
            name=op.f("fk_quota_terms_tenant_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_quota_terms_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_quota_terms")),
        sa.UniqueConstraint(
            "tenant_id", "version_id", "code", name=op.f("uq_quota_terms_tenant_id_version_id_code")
        ),
    )
    op.execute("ALTER TABLE quota_terms ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quota_terms FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON quota_terms USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quota_terms TO hemvist_staff")
    op.execute("GRANT SELECT ON quota_terms TO hemvist_worker")
    op.create_index(
        op.f("ix_quota_terms_tenant_id_agreement_id"),
        "quota_terms",
        ["tenant_id", "agreement_id"],
        unique=False,
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_index(op.f("ix_quota_terms_tenant_id_agreement_id"), table_name="quota_terms")
    op.drop_table("quota_terms")
    op.drop_table("agreement_terms")
    op.drop_table("agreement_parties")
    op.drop_table("agreement_file_bytes")
    op.drop_index(
        op.f("ix_quota_placements_tenant_id_agreement_id"),
        table_name="quota_placements",
        postgresql_where=sa.text("agreement_id IS NOT NULL"),
    )
    op.drop_table("quota_placements")
    op.drop_index(
        op.f("ix_quota_bases_tenant_id_landlord_id_kind_from_on"), table_name="quota_bases"
    )
    op.drop_table("quota_bases")
    op.drop_index(
        "uq_agreement_versions_draft",
        table_name="agreement_versions",
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.drop_index(
        "uq_agreement_versions_day",
        table_name="agreement_versions",
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.drop_table("agreement_versions")
    op.drop_index(
        op.f("ix_agreement_notes_tenant_id_agreement_id_noted_on_id"), table_name="agreement_notes"
    )
    op.drop_table("agreement_notes")
    op.drop_index(
        op.f("ix_agreement_meetings_tenant_id_agreement_id_planned_on"),
        table_name="agreement_meetings",
    )
    op.drop_index(
        "ix_agreement_meetings_planned",
        table_name="agreement_meetings",
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.drop_table("agreement_meetings")
    op.drop_table("agreement_files")
    op.drop_index(op.f("ix_agreements_tenant_id_state_id"), table_name="agreements")
    op.drop_index(op.f("ix_agreements_tenant_id_landlord_id"), table_name="agreements")
    op.drop_table("agreements")
