"""What is hidden is asked for by kind, and found without going through all of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_KINDS = ("case", "circle", "document", "household", "person")
_LISTED = ", ".join(f"'{kind}'" for kind in _KINDS)
#: Rows that are there say themselves what they are, but for who is a person and what a document.
_BACKFILL = """
    UPDATE circle_rows r SET kind = CASE
        WHEN r.row_id = r.circle_id THEN 'circle'
        WHEN r.case_number IS NOT NULL THEN 'case'
        WHEN r.row_id = (SELECT c.household_id FROM case_circles c
            WHERE c.tenant_id = r.tenant_id AND c.id = r.circle_id) THEN 'household'
        WHEN EXISTS (SELECT FROM persons p
            WHERE p.tenant_id = r.tenant_id AND p.id = r.row_id) THEN 'person'
        ELSE 'document'
    END
"""
_READ = ("circle_rows", "case_circles", "persons")
#: A set of ids is a multirange: it is searched by halves, where an array is gone through, and it is in
#: order by being one. Whoever is in no circle, as nearly everybody is, needs no more than the first
#: question. A kind that there is none of is an error, for it would hide nothing.
_HIDDEN = """
    CREATE FUNCTION hemvist_hidden(wanted text) RETURNS hemvist_id_set
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
    DECLARE
        own_tenant uuid := NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid;
        own uuid := NULLIF(current_setting('hemvist.principal_id', true), '')::uuid;
        hidden hemvist_id_set;
    BEGIN
        IF own = '00000000-0000-0000-0000-000000000000' THEN
            RETURN '{}';
        END IF;
        SELECT range_agg(hemvist_ids(one.row_id, one.row_id, '[]')) INTO hidden FROM (
            SELECT r.row_id FROM circle_rows r
            WHERE r.tenant_id = own_tenant AND r.kind = wanted ORDER BY r.row_id
        ) one;
        IF hidden IS NULL THEN
            IF wanted IS NULL
                OR wanted NOT IN ('case', 'circle', 'document', 'household', 'person')
            THEN
                RAISE EXCEPTION 'nothing of the kind % is ever hidden', wanted
                    USING ERRCODE = 'invalid_parameter_value';
            END IF;
            RETURN '{}';
        END IF;
        IF NOT EXISTS (
            SELECT FROM circle_members m WHERE m.tenant_id = own_tenant
                AND m.principal_id = own AND m.removed_at IS NULL
        ) THEN
            RETURN hidden;
        END IF;
        SELECT range_agg(hemvist_ids(one.row_id, one.row_id, '[]')) INTO hidden FROM (
            SELECT r.row_id FROM circle_rows r
            WHERE r.tenant_id = own_tenant AND r.kind = wanted
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
        ) one;
        RETURN COALESCE(hidden, '{}');
    END
    $$
"""
#: Both as they were, with the kind where it is given.
_GATHER = """
    CREATE OR REPLACE FUNCTION hemvist_gather_circle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.in_force THEN
            INSERT INTO circle_rows
                (tenant_id, id, circle_id, row_id, {kind}case_number, department)
            SELECT NEW.tenant_id, gen_random_uuid(), NEW.id, hangs.id, {hangs_kind}hangs.number,
                hangs.department
            FROM (
                SELECT NEW.id, {circle}NULL AS number, NULL AS department
                UNION SELECT NEW.household_id, {household}NULL, NULL
                UNION SELECT person_id, {person}NULL, NULL FROM household_members
                WHERE tenant_id = NEW.tenant_id AND household_id = NEW.household_id
                UNION SELECT id, {case}number, cases.department FROM cases
                WHERE tenant_id = NEW.tenant_id AND household_id = NEW.household_id
                UNION SELECT letters.document_id, {document}NULL, NULL FROM letters JOIN cases
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
"""
_JOIN = """
    CREATE OR REPLACE FUNCTION hemvist_join_circle() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        joining uuid;
        by_way_of uuid;
        of_kind text;
        of_number text;
        of_department text;
    BEGIN
        IF TG_TABLE_NAME = 'cases' THEN
            joining := NEW.id;
            by_way_of := NEW.household_id;
            of_kind := 'case';
            of_number := NEW.number;
            of_department := NEW.department;
        ELSIF TG_TABLE_NAME = 'household_members' THEN
            joining := NEW.person_id;
            by_way_of := NEW.household_id;
            of_kind := 'person';
        ELSE
            joining := NEW.document_id;
            by_way_of := NEW.case_id;
            of_kind := 'document';
        END IF;
        INSERT INTO circle_rows (tenant_id, id, circle_id, row_id, {kind}case_number, department)
        SELECT r.tenant_id, gen_random_uuid(), r.circle_id, joining, {of_kind}of_number, of_department
        FROM circle_rows r WHERE r.tenant_id = NEW.tenant_id AND r.row_id = by_way_of
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END
    $$
"""
_WITH = {
    "kind": "kind, ",
    "hangs_kind": "hangs.kind, ",
    "of_kind": "of_kind, ",
    "circle": "'circle' AS kind, ",
    **{kind: f"'{kind}', " for kind in _KINDS if kind != "circle"},
}
_WITHOUT = dict.fromkeys(_WITH, "")


def upgrade() -> None:
    """Go forward."""
    op.add_column("circle_rows", sa.Column("kind", sa.Text(), nullable=True))
    # The owner too is bound to one kommun, but for this.
    for table in _READ:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(_BACKFILL)
    for table in _READ:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.alter_column("circle_rows", "kind", nullable=False)
    op.create_check_constraint(op.f("ck_circle_rows_kind"), "circle_rows", f"kind IN ({_LISTED})")
    op.create_index(
        op.f("ix_circle_rows_tenant_id_kind_row_id"),
        "circle_rows",
        ["tenant_id", "kind", "row_id"],
        unique=False,
    )
    op.execute(
        "CREATE TYPE hemvist_ids AS RANGE (SUBTYPE = uuid, MULTIRANGE_TYPE_NAME = hemvist_id_set)"
    )
    op.execute(_HIDDEN)
    op.execute(_GATHER.format(**_WITH))
    op.execute(_JOIN.format(**_WITH))
    # hemvist_hidden_rows() stays: the policies rest on it until they are made anew, after this, and
    # closed rows are to be hidden in between.


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
    op.execute(_JOIN.format(**_WITHOUT))
    op.execute(_GATHER.format(**_WITHOUT))
    op.execute("DROP FUNCTION hemvist_hidden(text)")
    op.execute("DROP TYPE hemvist_ids")
    op.drop_index(op.f("ix_circle_rows_tenant_id_kind_row_id"), table_name="circle_rows")
    op.drop_constraint(op.f("ck_circle_rows_kind"), "circle_rows", type_="check")
    op.drop_column("circle_rows", "kind")
