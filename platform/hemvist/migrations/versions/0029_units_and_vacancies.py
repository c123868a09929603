"""What is known of a unit, its states over time, and reported vacancies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_SOURCES = (
    "owner_agreement",
    "own_rental",
    "rented_in",
    "block_hired",
    "tenant_owned",
    "freehold",
)
#: Units there were before: they came into their state at some time, at the latest today.
_KNOWN_BEFORE = """
    INSERT INTO unit_states (tenant_id, id, unit_id, landlord_id, state, since, cause, subject_type,
        subject_id, recorded_at, recorded_by)
    SELECT tenant_id, gen_random_uuid(), id, landlord_id, state,
        LEAST(available_from, CURRENT_DATE), 'known_before', '', NULL, now(), NULL
    FROM units
"""
#: The owner of the tables is held to row security as well: for what there was before it steps aside.
_OPEN = ("units", "unit_states")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "vacancy_files",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
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
        sa.CheckConstraint(
            "channel IN ('landlord', 'office')", name=op.f("ck_vacancy_files_channel")
        ),
        sa.CheckConstraint("format IN ('csv', 'xlsx')", name=op.f("ck_vacancy_files_format")),
        sa.CheckConstraint(
            "state IN ('read', 'imported', 'discarded')", name=op.f("ck_vacancy_files_state")
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_vacancy_files_size")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_vacancy_files_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_vacancy_files_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_vacancy_files")),
    )
    op.execute("ALTER TABLE vacancy_files ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE vacancy_files FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON vacancy_files USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON vacancy_files TO hemvist_staff")
    op.create_index(
        op.f("ix_vacancy_files_tenant_id_landlord_id_read_at"),
        "vacancy_files",
        ["tenant_id", "landlord_id", "read_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_vacancy_files_tenant_id_read_at"),
        "vacancy_files",
        ["tenant_id", "read_at"],
        unique=False,
    )
    op.create_index(
        "uq_vacancy_files_sha256",
        "vacancy_files",
        ["tenant_id", "landlord_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.create_table(
        "unit_files",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind = 'plan' OR media_type <> 'application/pdf'", name=op.f("ck_unit_files_picture")
        ),
        sa.CheckConstraint("kind IN ('picture', 'plan')", name=op.f("ck_unit_files_kind")),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'application/pdf')",
            name=op.f("ck_unit_files_media_type"),
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_unit_files_size")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_unit_files_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_unit_files_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_unit_files")),
        sa.UniqueConstraint(
            "tenant_id", "unit_id", "sha256", name=op.f("uq_unit_files_tenant_id_unit_id_sha256")
        ),
    )
    op.execute("ALTER TABLE unit_files ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE unit_files FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON unit_files USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON unit_files TO hemvist_staff")
    op.create_table(
        "unit_states",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "cause IN ('registered', 'taken_in', 'offer_made', 'offer_accepted', 'offer_declined', 'offer_withdrawn', 'offer_expired', 'contract_signed', 'contract_ended', 'taken_over', 'given_back', 'known_before')",
            name=op.f("ck_unit_states_cause"),
        ),
        sa.CheckConstraint(
            "state IN ('vacant', 'offered', 'reserved', 'let', 'returned')",
            name=op.f("ck_unit_states_state"),
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_unit_states_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_unit_states_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_unit_states_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_unit_states")),
    )
    op.execute("ALTER TABLE unit_states ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE unit_states FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON unit_states USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON unit_states TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT ON unit_states TO hemvist_worker")
    op.create_index(
        op.f("ix_unit_states_tenant_id_landlord_id_since"),
        "unit_states",
        ["tenant_id", "landlord_id", "since"],
        unique=False,
    )
    op.create_index(
        op.f("ix_unit_states_tenant_id_unit_id_id"),
        "unit_states",
        ["tenant_id", "unit_id", "id"],
        unique=False,
    )
    op.create_table(
        "vacancies",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("flat_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("property_designation", sa.Text(), nullable=False),
        sa.Column("street_address", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("apartment_number", sa.Text(), nullable=False),
        sa.Column("rooms", sa.BigInteger(), nullable=False),
        sa.Column("size_m2", sa.Numeric(precision=6, scale=1), nullable=False),
        sa.Column("rent_ore", sa.BigInteger(), nullable=False),
        sa.Column(
            "rent_parts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("lift", sa.Boolean(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("step_free_width_cm", sa.BigInteger(), nullable=True),
        sa.Column("adapted", sa.Boolean(), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("row_number", sa.BigInteger(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("decline_code", sa.Text(), nullable=True),
        sa.Column("answer_words", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_code IS NOT NULL)", name=op.f("ck_vacancies_declined")
        ),
        sa.CheckConstraint(
            "(state = 'reported') = (answered_on IS NULL)", name=op.f("ck_vacancies_answered")
        ),
        sa.CheckConstraint("channel IN ('landlord', 'office')", name=op.f("ck_vacancies_channel")),
        sa.CheckConstraint(
            "decline_code IN ('not_needed', 'too_expensive', 'too_small', 'not_accessible', 'poor_condition', 'area_not_agreed', 'outside_agreement', 'already_known', 'other')",
            name=op.f("ck_vacancies_decline_code"),
        ),
        sa.CheckConstraint(
            "state <> 'taken_in' OR unit_id IS NOT NULL", name=op.f("ck_vacancies_taken_in")
        ),
        sa.CheckConstraint(
            "state IN ('reported', 'taken_in', 'declined', 'withdrawn')",
            name=op.f("ck_vacancies_state"),
        ),
        sa.CheckConstraint("rent_ore >= 0", name=op.f("ck_vacancies_rent")),
        sa.CheckConstraint("rooms BETWEEN 1 AND 20", name=op.f("ck_vacancies_rooms")),
        sa.CheckConstraint(
            "step_free_width_cm BETWEEN 50 AND 300", name=op.f("ck_vacancies_step_free_width")
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_vacancies_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["vacancy_files.tenant_id", "vacancy_files.id"],
            name=op.f("fk_vacancies_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_vacancies_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_vacancies_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_vacancies")),
    )
    op.execute("ALTER TABLE vacancies ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE vacancies FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON vacancies USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON vacancies TO hemvist_staff")
    op.execute("GRANT SELECT ON vacancies TO hemvist_worker")
    op.create_index(
        op.f("ix_vacancies_tenant_id_landlord_id_state_reported_at"),
        "vacancies",
        ["tenant_id", "landlord_id", "state", "reported_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_vacancies_tenant_id_state_reported_at"),
        "vacancies",
        ["tenant_id", "state", "reported_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_vacancies_tenant_id_unit_id"), "vacancies", ["tenant_id", "unit_id"], unique=False
    )
    op.create_index(
        "uq_vacancies_waiting",
        "vacancies",
        ["tenant_id", "flat_key"],
        unique=True,
        postgresql_where=sa.text("state = 'reported'"),
    )
    op.create_table(
        "vacancy_rows",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "state <> 'faulty' OR problems <> '[]'::jsonb",
            name=op.f("ck_vacancy_rows_faulty_with_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('good', 'faulty', 'known', 'imported', 'left_out')",
            name=op.f("ck_vacancy_rows_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["vacancy_files.tenant_id", "vacancy_files.id"],
            name=op.f("fk_vacancy_rows_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_vacancy_rows_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_vacancy_rows")),
        sa.UniqueConstraint(
            "tenant_id", "file_id", "number", name=op.f("uq_vacancy_rows_tenant_id_file_id_number")
        ),
    )
    op.execute("ALTER TABLE vacancy_rows ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE vacancy_rows FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON vacancy_rows USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON vacancy_rows TO hemvist_staff")
    op.create_index(
        op.f("ix_vacancy_rows_tenant_id_file_id_state_number"),
        "vacancy_rows",
        ["tenant_id", "file_id", "state", "number"],
        unique=False,
    )
    op.create_table(
        "unit_file_bytes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["unit_files.tenant_id", "unit_files.id"],
            name=op.f("fk_unit_file_bytes_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_unit_file_bytes_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_unit_file_bytes")),
        sa.UniqueConstraint(
            "tenant_id", "file_id", name=op.f("uq_unit_file_bytes_tenant_id_file_id")
        ),
    )
    op.execute("ALTER TABLE unit_file_bytes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE unit_file_bytes FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON unit_file_bytes USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON unit_file_bytes TO hemvist_staff")
    op.add_column(
        "units",
        sa.Column(
            "rent_parts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
    )
    op.add_column("units", sa.Column("step_free_width_cm", sa.BigInteger(), nullable=True))
    op.add_column("units", sa.Column("kept_for", sa.Text(), server_default="", nullable=False))
    op.add_column("units", sa.Column("kept_because", sa.Text(), server_default="", nullable=False))
    op.create_index(
        op.f("ix_units_tenant_id_landlord_id_state"),
        "units",
        ["tenant_id", "landlord_id", "state"],
        unique=False,
    )
    op.create_check_constraint(
        op.f("ck_units_kept_for"), "units", "kept_for IN ('', 'large', 'adapted', 'other')"
    )
    op.create_check_constraint(
        op.f("ck_units_step_free_width"), "units", "step_free_width_cm BETWEEN 50 AND 300"
    )
    _allow_sources(_SOURCES)
    for table in _OPEN:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(_KNOWN_BEFORE)
    for table in _OPEN:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _allow_sources(sources: tuple[str, ...]) -> None:
    name = op.f("ck_units_source")
    op.drop_constraint(name, "units", type_="check")
    listed = ", ".join(f"'{source}'" for source in sources)
    op.create_check_constraint(name, "units", f"source IN ({listed})")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    _allow_sources(tuple(one for one in _SOURCES if one != "block_hired"))
    for name in ("step_free_width", "kept_for"):
        op.drop_constraint(op.f(f"ck_units_{name}"), "units", type_="check")
    op.drop_index(op.f("ix_units_tenant_id_landlord_id_state"), table_name="units")
    op.drop_column("units", "kept_because")
    op.drop_column("units", "kept_for")
    op.drop_column("units", "step_free_width_cm")
    op.drop_column("units", "rent_parts")
    op.drop_table("unit_file_bytes")
    op.drop_index(op.f("ix_vacancy_rows_tenant_id_file_id_state_number"), table_name="vacancy_rows")
    op.drop_table("vacancy_rows")
    op.drop_index(
        "uq_vacancies_waiting",
        table_name="vacancies",
        postgresql_where=sa.text("state = 'reported'"),
    )
    op.drop_index(op.f("ix_vacancies_tenant_id_unit_id"), table_name="vacancies")
    op.drop_index(op.f("ix_vacancies_tenant_id_state_reported_at"), table_name="vacancies")
    op.drop_index(
        op.f("ix_vacancies_tenant_id_landlord_id_state_reported_at"), table_name="vacancies"
    )
    op.drop_table("vacancies")
    op.drop_index(op.f("ix_unit_states_tenant_id_unit_id_id"), table_name="unit_states")
    op.drop_index(op.f("ix_unit_states_tenant_id_landlord_id_since"), table_name="unit_states")
    op.drop_table("unit_states")
    op.drop_table("unit_files")
    op.drop_index(
        "uq_vacancy_files_sha256",
        table_name="vacancy_files",
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.drop_index(op.f("ix_vacancy_files_tenant_id_read_at"), table_name="vacancy_files")
    op.drop_index(
        op.f("ix_vacancy_files_tenant_id_landlord_id_read_at"), table_name="vacancy_files"
    )
    op.drop_table("vacancy_files")
