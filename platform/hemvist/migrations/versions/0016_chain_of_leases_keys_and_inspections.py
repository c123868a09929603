"""Head leases, days of letting kept apart by the database, waivers, rents, keys, inspections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: PostgreSQL writes a lease's days down itself, whoever changes the lease and by what.
_LETTINGS = (
    """
    CREATE FUNCTION hemvist_let(tenant uuid, unit uuid, level text, source uuid, starts date, ends date)
    RETURNS void LANGUAGE sql AS $$
        INSERT INTO lettings AS l (tenant_id, id, unit_id, level, starts_on, ends_on, source_id)
        VALUES (tenant, gen_random_uuid(), unit, level, starts,
            CASE WHEN ends IS NULL THEN NULL ELSE GREATEST(starts, ends) END, source)
        ON CONFLICT (tenant_id, source_id, level)
        DO UPDATE SET starts_on = EXCLUDED.starts_on, ends_on = EXCLUDED.ends_on
    $$
    """,
    """
    CREATE FUNCTION hemvist_contract_let() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM hemvist_let(
            NEW.tenant_id, NEW.unit_id, 'home', NEW.id, NEW.starts_on, NEW.ended_on);
        IF NEW.kind <> 'sublease' THEN
            PERFORM hemvist_let(
                NEW.tenant_id, NEW.unit_id, 'first_hand', NEW.id, NEW.starts_on, NEW.ended_on);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE FUNCTION hemvist_head_lease_let() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM hemvist_let(
            NEW.tenant_id, NEW.unit_id, 'first_hand', NEW.id, NEW.starts_on, NEW.ended_on);
        RETURN NULL;
    END
    $$
    """,
    "CREATE TRIGGER contract_let AFTER INSERT OR UPDATE OF starts_on, ended_on, unit_id, kind"
    " ON contracts FOR EACH ROW EXECUTE FUNCTION hemvist_contract_let()",
    "CREATE TRIGGER head_lease_let AFTER INSERT OR UPDATE OF starts_on, ended_on, unit_id"
    " ON head_lease_units FOR EACH ROW EXECUTE FUNCTION hemvist_head_lease_let()",
    "ALTER TABLE lettings ADD CONSTRAINT ex_lettings_days EXCLUDE USING gist"
    " (tenant_id WITH =, unit_id WITH =, level WITH =, daterange(starts_on, ends_on) WITH &&)",
)
#: Leases that were signed before; none had ended.
_EARLIER = """
    INSERT INTO lettings (tenant_id, id, unit_id, level, starts_on, ends_on, source_id)
    SELECT c.tenant_id, gen_random_uuid(), c.unit_id, l.level, c.starts_on,
        CASE WHEN c.ended_on IS NULL THEN NULL ELSE GREATEST(c.starts_on, c.ended_on) END, c.id
    FROM contracts c
    JOIN (VALUES ('home'), ('first_hand')) l (level) ON l.level = 'home' OR c.kind <> 'sublease'
"""
_KINDS = "kind IN ('sublease', 'first_hand', 'three_party')"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "head_leases",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("rent_ore", sa.BigInteger(), nullable=False),
        sa.Column("units_signed", sa.BigInteger(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state <> 'ended' OR ended_on IS NOT NULL", name=op.f("ck_head_leases_ended")
        ),
        sa.CheckConstraint("state IN ('signed', 'ended')", name=op.f("ck_head_leases_state")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_head_leases_period")
        ),
        sa.CheckConstraint("rent_ore >= 0", name=op.f("ck_head_leases_rent")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_head_leases_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_head_leases_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_head_leases")),
    )
    op.execute("ALTER TABLE head_leases ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE head_leases FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON head_leases USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON head_leases TO hemvist_staff")
    op.execute("GRANT SELECT ON head_leases TO hemvist_worker")
    op.create_index(
        op.f("ix_head_leases_tenant_id_starts_on"),
        "head_leases",
        ["tenant_id", "starts_on"],
        unique=False,
    )
    op.create_table(
        "head_lease_units",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("head_lease_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "head_lease_id"],
            ["head_leases.tenant_id", "head_leases.id"],
            name=op.f("fk_head_lease_units_tenant_id_head_lease_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_head_lease_units_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_head_lease_units_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_head_lease_units")),
        sa.UniqueConstraint(
            "tenant_id",
            "head_lease_id",
            "unit_id",
            name=op.f("uq_head_lease_units_tenant_id_head_lease_id_unit_id"),
        ),
    )
    op.execute("ALTER TABLE head_lease_units ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE head_lease_units FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON head_lease_units USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON head_lease_units TO hemvist_staff")
    op.execute("GRANT SELECT ON head_lease_units TO hemvist_worker")
    op.create_index(
        op.f("ix_head_lease_units_tenant_id_unit_id_starts_on"),
        "head_lease_units",
        ["tenant_id", "unit_id", "starts_on"],
        unique=False,
    )
    op.create_table(
        "lettings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("level IN ('home', 'first_hand')", name=op.f("ck_lettings_level")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_lettings_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_lettings_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_lettings")),
        sa.UniqueConstraint(
            "tenant_id", "source_id", "level", name=op.f("uq_lettings_tenant_id_source_id_level")
        ),
    )
    op.execute("ALTER TABLE lettings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE lettings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON lettings USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON lettings TO hemvist_staff")
    op.execute("GRANT SELECT ON lettings TO hemvist_worker")
    op.create_table(
        "contract_parties",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("landlord_id", sa.Uuid(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("signs", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('tenant', 'co_tenant', 'landlord', 'kommun')",
            name=op.f("ck_contract_parties_role"),
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_contract_parties_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_contract_parties_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["persons.tenant_id", "persons.id"],
            name=op.f("fk_contract_parties_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_contract_parties_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contract_parties")),
    )
    op.execute("ALTER TABLE contract_parties ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contract_parties FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON contract_parties USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON contract_parties TO hemvist_staff")
    op.execute("GRANT SELECT ON contract_parties TO hemvist_worker")
    op.create_index(
        op.f("ix_contract_parties_tenant_id_contract_id"),
        "contract_parties",
        ["tenant_id", "contract_id"],
        unique=False,
    )
    op.create_table(
        "inspections",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("present", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("signed_by_tenant", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('move_in', 'status', 'move_out')", name=op.f("ck_inspections_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_inspections_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_inspections_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_inspections_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inspections")),
    )
    op.execute("ALTER TABLE inspections ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON inspections USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON inspections TO hemvist_staff")
    op.execute("GRANT SELECT ON inspections TO hemvist_worker")
    op.create_index(
        op.f("ix_inspections_tenant_id_case_id"),
        "inspections",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inspections_tenant_id_contract_id_held_on"),
        "inspections",
        ["tenant_id", "contract_id", "held_on"],
        unique=False,
    )
    op.create_table(
        "key_movements",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("key_kind", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("terms_agreed_on", sa.Date(), nullable=True),
        sa.Column("receipt_signed", sa.Boolean(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "holder IN ('tenant', 'support', 'property')", name=op.f("ck_key_movements_holder")
        ),
        sa.CheckConstraint(
            "key_kind IN ('flat', 'entrance', 'storage', 'laundry', 'post', 'spare')",
            name=op.f("ck_key_movements_key_kind"),
        ),
        sa.CheckConstraint(
            "move IN ('handed_out', 'returned', 'lost')", name=op.f("ck_key_movements_move")
        ),
        sa.CheckConstraint("quantity BETWEEN 1 AND 50", name=op.f("ck_key_movements_quantity")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_key_movements_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_key_movements_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_key_movements_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_key_movements")),
    )
    op.execute("ALTER TABLE key_movements ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE key_movements FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON key_movements USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON key_movements TO hemvist_staff")
    op.execute("GRANT SELECT ON key_movements TO hemvist_worker")
    op.create_index(
        op.f("ix_key_movements_tenant_id_case_id"),
        "key_movements",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_key_movements_tenant_id_contract_id_moved_on"),
        "key_movements",
        ["tenant_id", "contract_id", "moved_on"],
        unique=False,
    )
    op.create_table(
        "rent_changes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rent_ore", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("rent_ore >= 0", name=op.f("ck_rent_changes_rent")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_rent_changes_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_rent_changes_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_rent_changes")),
        sa.UniqueConstraint(
            "tenant_id",
            "contract_id",
            "valid_from",
            name=op.f("uq_rent_changes_tenant_id_contract_id_valid_from"),
        ),
    )
    op.execute("ALTER TABLE rent_changes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE rent_changes FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON rent_changes USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON rent_changes TO hemvist_staff")
    op.execute("GRANT SELECT ON rent_changes TO hemvist_worker")
    op.create_table(
        "tenure_waivers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("months", sa.BigInteger(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("approval_number", sa.Text(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("exempt_form", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("partner_accepted_on", sa.Date(), nullable=True),
        sa.Column("alarm_on", sa.Date(), nullable=False),
        sa.Column("legal_findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("went_on_because", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('tribunal', 'exempt_form')", name=op.f("ck_tenure_waivers_basis")
        ),
        sa.CheckConstraint(
            "partner IN ('none', 'accepts', 'does_not_accept')",
            name=op.f("ck_tenure_waivers_partner"),
        ),
        sa.CheckConstraint(
            "state IN ('standing', 'replaced')", name=op.f("ck_tenure_waivers_state")
        ),
        sa.CheckConstraint("months BETWEEN 1 AND 600", name=op.f("ck_tenure_waivers_months")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contracts.tenant_id", "contracts.id"],
            name=op.f("fk_tenure_waivers_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_tenure_waivers_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tenure_waivers")),
    )
    op.execute("ALTER TABLE tenure_waivers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tenure_waivers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON tenure_waivers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON tenure_waivers TO hemvist_staff")
    op.execute("GRANT SELECT ON tenure_waivers TO hemvist_worker")
    op.create_index(
        op.f("ix_tenure_waivers_tenant_id_contract_id_signed_on"),
        "tenure_waivers",
        ["tenant_id", "contract_id", "signed_on"],
        unique=False,
    )
    op.create_table(
        "inspection_files",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
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
            name=op.f("ck_inspection_files_media_type"),
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_inspection_files_size")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_inspection_files_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "inspection_id"],
            ["inspections.tenant_id", "inspections.id"],
            name=op.f("fk_inspection_files_tenant_id_inspection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_inspection_files_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inspection_files")),
        sa.UniqueConstraint(
            "tenant_id",
            "inspection_id",
            "sha256",
            name=op.f("uq_inspection_files_tenant_id_inspection_id_sha256"),
        ),
    )
    op.execute("ALTER TABLE inspection_files ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspection_files FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON inspection_files USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON inspection_files TO hemvist_staff")
    op.execute("GRANT SELECT ON inspection_files TO hemvist_worker")
    op.create_table(
        "file_bytes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["inspection_files.tenant_id", "inspection_files.id"],
            name=op.f("fk_file_bytes_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_file_bytes_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_file_bytes")),
        sa.UniqueConstraint("tenant_id", "file_id", name=op.f("uq_file_bytes_tenant_id_file_id")),
    )
    op.execute("ALTER TABLE file_bytes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE file_bytes FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON file_bytes USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON file_bytes TO hemvist_staff")
    op.add_column("contracts", sa.Column("head_lease_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_contracts_tenant_id_head_lease_id"),
        "contracts",
        "head_leases",
        ["tenant_id", "head_lease_id"],
        ["tenant_id", "id"],
    )
    op.drop_constraint(op.f("ck_contracts_kind"), "contracts", type_="check")
    op.create_check_constraint(op.f("ck_contracts_kind"), "contracts", _KINDS)
    for table in ("contracts", "lettings"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(_EARLIER)
    for table in ("contracts", "lettings"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for statement in _LETTINGS:
        op.execute(statement)


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.execute("DROP TRIGGER head_lease_let ON head_lease_units")
    op.execute("DROP TRIGGER contract_let ON contracts")
    for function in ("hemvist_head_lease_let()", "hemvist_contract_let()"):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP FUNCTION hemvist_let(uuid, uuid, text, uuid, date, date)")
    op.drop_constraint(op.f("ck_contracts_kind"), "contracts", type_="check")
    op.create_check_constraint(
        op.f("ck_contracts_kind"), "contracts", "kind IN ('sublease', 'first_hand')"
    )
    op.drop_constraint(
        op.f("fk_contracts_tenant_id_head_lease_id"), "contracts", type_="foreignkey"
    )
    op.drop_column("contracts", "head_lease_id")
    op.drop_table("file_bytes")
    op.drop_table("inspection_files")
    op.drop_index(
        op.f("ix_tenure_waivers_tenant_id_contract_id_signed_on"), table_name="tenure_waivers"
    )
    op.drop_table("tenure_waivers")
    op.drop_table("rent_changes")
    op.drop_index(
        op.f("ix_key_movements_tenant_id_contract_id_moved_on"), table_name="key_movements"
    )
    op.drop_index(op.f("ix_key_movements_tenant_id_case_id"), table_name="key_movements")
    op.drop_table("key_movements")
    op.drop_index(op.f("ix_inspections_tenant_id_contract_id_held_on"), table_name="inspections")
    op.drop_index(op.f("ix_inspections_tenant_id_case_id"), table_name="inspections")
    op.drop_table("inspections")
    op.drop_index(op.f("ix_contract_parties_tenant_id_contract_id"), table_name="contract_parties")
    op.drop_table("contract_parties")
    op.drop_table("lettings")
    op.drop_index(
        op.f("ix_head_lease_units_tenant_id_unit_id_starts_on"), table_name="head_lease_units"
    )
    op.drop_table("head_lease_units")
    op.drop_index(op.f("ix_head_leases_tenant_id_starts_on"), table_name="head_leases")
    op.drop_table("head_leases")
