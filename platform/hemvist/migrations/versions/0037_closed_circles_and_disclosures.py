"""Closed circles and disclosures over borders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_TABLES = (
    "case_circles",
    "secrecy_consents",
    "case_openings",
    "circle_rows",
    "secrecy_disclosures",
    "circle_members",
)
#: What the restrictive policies ask, once for each statement and table: the ids that are hidden from the
#: session's principal. The policies themselves are made after the migrations, from the tables'
#: references. Nothing is hidden from the platform itself; somebody who is in one of several circles
#: round the same person sees that person.
_HIDDEN = """
    CREATE FUNCTION hemvist_hidden_rows() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
    DECLARE
        own_tenant uuid := NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid;
        own uuid := NULLIF(current_setting('hemvist.principal_id', true), '')::uuid;
    BEGIN
        IF own = '00000000-0000-0000-0000-000000000000' THEN
            RETURN '{}';
        END IF;
        RETURN ARRAY(
            SELECT hidden.row_id FROM circle_rows hidden WHERE hidden.tenant_id = own_tenant
            EXCEPT
            SELECT shown.row_id FROM circle_members m
            JOIN circle_rows shown
                ON shown.tenant_id = m.tenant_id AND shown.circle_id = m.circle_id
            WHERE m.tenant_id = own_tenant AND m.principal_id = own AND m.removed_at IS NULL
                AND (m.until IS NULL OR (
                    m.until > clock_timestamp() AND NOT EXISTS (
                        SELECT FROM case_openings o
                        WHERE o.tenant_id = m.tenant_id AND o.id = m.opening_id
                            AND o.state = 'questioned')))
        );
    END
    $$
"""
#: What is hidden while a circle is in force, and what joins it later.
_JOINING = (
    """
    CREATE FUNCTION hemvist_gather_circle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.in_force THEN
            INSERT INTO circle_rows (tenant_id, id, circle_id, row_id, case_number, department)
            SELECT NEW.tenant_id, gen_random_uuid(), NEW.id, hangs.id, hangs.number, hangs.department
            FROM (
                SELECT NEW.id, NULL AS number, NULL AS department
                UNION SELECT NEW.household_id, NULL, NULL
                UNION SELECT person_id, NULL, NULL FROM household_members
                WHERE tenant_id = NEW.tenant_id AND household_id = NEW.household_id
                UNION SELECT id, number, cases.department FROM cases
                WHERE tenant_id = NEW.tenant_id AND household_id = NEW.household_id
                UNION SELECT letters.document_id, NULL, NULL FROM letters JOIN cases
                    ON cases.tenant_id = letters.tenant_id AND cases.id = letters.case_id
                WHERE cases.tenant_id = NEW.tenant_id AND household_id = NEW.household_id
                    AND letters.document_id IS NOT NULL
            ) hangs;
        ELSE
            DELETE FROM circle_rows WHERE tenant_id = NEW.tenant_id AND circle_id = NEW.id;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE FUNCTION hemvist_join_circle() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        joining uuid;
        by_way_of uuid;
        of_number text;
        of_department text;
    BEGIN
        IF TG_TABLE_NAME = 'cases' THEN
            joining := NEW.id;
            by_way_of := NEW.household_id;
            of_number := NEW.number;
            of_department := NEW.department;
        ELSIF TG_TABLE_NAME = 'household_members' THEN
            joining := NEW.person_id;
            by_way_of := NEW.household_id;
        ELSE
            joining := NEW.document_id;
            by_way_of := NEW.case_id;
        END IF;
        INSERT INTO circle_rows (tenant_id, id, circle_id, row_id, case_number, department)
        SELECT r.tenant_id, gen_random_uuid(), r.circle_id, joining, of_number, of_department
        FROM circle_rows r WHERE r.tenant_id = NEW.tenant_id AND r.row_id = by_way_of
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END
    $$
    """,
    "CREATE TRIGGER gather_circle AFTER UPDATE OF in_force ON case_circles FOR EACH ROW"
    " WHEN (NEW.in_force IS DISTINCT FROM OLD.in_force) EXECUTE FUNCTION hemvist_gather_circle()",
    "CREATE TRIGGER join_circle AFTER INSERT OR UPDATE OF household_id ON cases FOR EACH ROW"
    " EXECUTE FUNCTION hemvist_join_circle()",
    "CREATE TRIGGER join_circle AFTER INSERT OR UPDATE OF household_id, person_id"
    " ON household_members FOR EACH ROW EXECUTE FUNCTION hemvist_join_circle()",
    "CREATE TRIGGER join_circle AFTER INSERT OR UPDATE OF document_id ON letters FOR EACH ROW"
    " WHEN (NEW.document_id IS NOT NULL) EXECUTE FUNCTION hemvist_join_circle()",
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "case_circles",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_case_circles_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "closed_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_case_circles_tenant_id_closed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_case_circles_tenant_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "lifted_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_case_circles_tenant_id_lifted_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_case_circles_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_case_circles")),
    )
    op.execute("ALTER TABLE case_circles ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE case_circles FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON case_circles USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON case_circles TO hemvist_staff")
    op.execute("GRANT SELECT ON case_circles TO hemvist_worker")
    op.create_index(
        "ix_case_circles_household",
        "case_circles",
        ["tenant_id", "household_id"],
        unique=True,
        postgresql_where=sa.text("in_force"),
    )
    op.create_table(
        "secrecy_consents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("scope", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_how", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "given IN ('written', 'signed_electronically', 'oral')",
            name=op.f("ck_secrecy_consents_given"),
        ),
        sa.CheckConstraint(
            "recipient_kind IN ('board', 'authority', 'kommun', 'landlord', 'provider', 'other')",
            name=op.f("ck_secrecy_consents_recipient_kind"),
        ),
        sa.CheckConstraint("cardinality(scope) > 0", name=op.f("ck_secrecy_consents_scope")),
        sa.CheckConstraint(
            "until IS NULL OR until >= given_on", name=op.f("ck_secrecy_consents_until")
        ),
        sa.CheckConstraint(
            "withdrawn_on IS NULL OR withdrawn_on >= given_on",
            name=op.f("ck_secrecy_consents_withdrawn"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_secrecy_consents_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["persons.tenant_id", "persons.id"],
            name=op.f("fk_secrecy_consents_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "registered_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_secrecy_consents_tenant_id_registered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_secrecy_consents_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_secrecy_consents")),
    )
    op.execute("ALTER TABLE secrecy_consents ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE secrecy_consents FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON secrecy_consents USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON secrecy_consents TO hemvist_staff")
    op.execute("GRANT SELECT ON secrecy_consents TO hemvist_worker")
    op.create_index(
        op.f("ix_secrecy_consents_tenant_id_case_id"),
        "secrecy_consents",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_table(
        "case_openings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("circle_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("remark_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (reviewed_at IS NULL) AND (reviewed_at IS NULL) = (reviewed_by IS NULL) AND (state <> 'questioned' OR remark_sealed IS NOT NULL)",
            name=op.f("ck_case_openings_reviewed"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'questioned')", name=op.f("ck_case_openings_state")
        ),
        sa.CheckConstraint("ends_at > opened_at", name=op.f("ck_case_openings_ends")),
        sa.CheckConstraint("reviewed_by <> principal_id", name=op.f("ck_case_openings_by_another")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_case_openings_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "circle_id"],
            ["case_circles.tenant_id", "case_circles.id"],
            name=op.f("fk_case_openings_tenant_id_circle_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_case_openings_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reviewed_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_case_openings_tenant_id_reviewed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_case_openings_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_case_openings")),
    )
    op.execute("ALTER TABLE case_openings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE case_openings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON case_openings USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON case_openings TO hemvist_staff")
    op.execute("GRANT SELECT ON case_openings TO hemvist_worker")
    op.create_index(
        op.f("ix_case_openings_tenant_id_case_id"),
        "case_openings",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_case_openings_tenant_id_state_opened_at"),
        "case_openings",
        ["tenant_id", "state", "opened_at"],
        unique=False,
    )
    op.create_table(
        "circle_rows",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("circle_id", sa.Uuid(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "circle_id"],
            ["case_circles.tenant_id", "case_circles.id"],
            name=op.f("fk_circle_rows_tenant_id_circle_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_circle_rows_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_circle_rows")),
        sa.UniqueConstraint(
            "tenant_id",
            "row_id",
            "circle_id",
            name=op.f("uq_circle_rows_tenant_id_row_id_circle_id"),
        ),
    )
    op.execute("ALTER TABLE circle_rows ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE circle_rows FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON circle_rows USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON circle_rows TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT ON circle_rows TO hemvist_worker")
    op.create_index(
        "ix_circle_rows_number",
        "circle_rows",
        ["tenant_id", "case_number"],
        unique=False,
        postgresql_where=sa.text("case_number IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_circle_rows_tenant_id_circle_id"),
        "circle_rows",
        ["tenant_id", "circle_id"],
        unique=False,
    )
    op.create_table(
        "secrecy_disclosures",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("cite", sa.Text(), nullable=False),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("purpose_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("disclosed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disclosed_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ground = 'consent') = (consent_id IS NOT NULL)",
            name=op.f("ck_secrecy_disclosures_consented"),
        ),
        sa.CheckConstraint(
            "ground IN ('consent', 'necessity', 'statutory_duty')",
            name=op.f("ck_secrecy_disclosures_ground"),
        ),
        sa.CheckConstraint(
            "recipient_kind IN ('board', 'authority', 'kommun', 'landlord', 'provider', 'other')",
            name=op.f("ck_secrecy_disclosures_recipient_kind"),
        ),
        sa.CheckConstraint("cardinality(fields) > 0", name=op.f("ck_secrecy_disclosures_fields")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_secrecy_disclosures_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consent_id"],
            ["secrecy_consents.tenant_id", "secrecy_consents.id"],
            name=op.f("fk_secrecy_disclosures_tenant_id_consent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "disclosed_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_secrecy_disclosures_tenant_id_disclosed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_secrecy_disclosures_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_secrecy_disclosures")),
    )
    op.execute("ALTER TABLE secrecy_disclosures ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE secrecy_disclosures FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON secrecy_disclosures USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON secrecy_disclosures TO hemvist_staff")
    op.execute("GRANT SELECT ON secrecy_disclosures TO hemvist_worker")
    op.create_index(
        op.f("ix_secrecy_disclosures_tenant_id_case_id_disclosed_on"),
        "secrecy_disclosures",
        ["tenant_id", "case_id", "disclosed_on"],
        unique=False,
    )
    op.create_table(
        "circle_members",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("circle_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opening_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(until IS NULL) = (opening_id IS NULL)", name=op.f("ck_circle_members_for_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "added_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_circle_members_tenant_id_added_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "circle_id"],
            ["case_circles.tenant_id", "case_circles.id"],
            name=op.f("fk_circle_members_tenant_id_circle_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opening_id"],
            ["case_openings.tenant_id", "case_openings.id"],
            name=op.f("fk_circle_members_tenant_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_circle_members_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "removed_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_circle_members_tenant_id_removed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_circle_members_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_circle_members")),
    )
    op.execute("ALTER TABLE circle_members ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE circle_members FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON circle_members USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON circle_members TO hemvist_staff")
    op.execute("GRANT SELECT ON circle_members TO hemvist_worker")
    op.create_index(
        "ix_circle_members_named",
        "circle_members",
        ["tenant_id", "circle_id", "principal_id"],
        unique=True,
        postgresql_where=sa.text("opening_id IS NULL AND removed_at IS NULL"),
    )
    op.create_index(
        op.f("ix_circle_members_tenant_id_principal_id_circle_id"),
        "circle_members",
        ["tenant_id", "principal_id", "circle_id"],
        unique=False,
    )
    op.execute(_HIDDEN)
    for statement in _JOINING:
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    # Policies made after the migration rest on the function.
    op.execute(
        """
        DO $$
        DECLARE one record;
        BEGIN
            FOR one IN SELECT c.relname, p.polname FROM pg_policy p JOIN pg_class c
                ON c.oid = p.polrelid WHERE p.polname LIKE 'closed_circle%'
                AND c.relnamespace = current_schema()::regnamespace
            LOOP
                EXECUTE format('DROP POLICY %I ON %I', one.polname, one.relname);
            END LOOP;
        END
        $$
        """
    )
    for table in ("letters", "household_members", "cases"):
        op.execute(f"DROP TRIGGER join_circle ON {table}")
    for table in reversed(_TABLES):
        op.drop_table(table)
    for function in ("gather_circle", "join_circle", "hidden_rows"):
        op.execute(f"DROP FUNCTION hemvist_{function}()")
