"""Marks on the audit log's entries, the chain over them and its anchors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_POLICY = "tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid"
#: An act gives a key of its own in the place of the mark, and one byte more. Every column but the mark is
#: in it, as it is stored: ``hemvist.audit.marks.ENCODED`` says the same to who looks through the log.
_MARK = """
    CREATE FUNCTION hemvist_mark_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.mac := substr(NEW.mac, 1, 17) || sha256(substr(NEW.mac, 18, 32) || sha256(convert_to(
            jsonb_build_array(
                NEW.tenant_id::text, NEW.id::text, extract(epoch FROM NEW.at)::text, NEW.kind,
                NEW.principal_id::text, NEW.roles::text, NEW.channel, NEW.action,
                NEW.case_id::text, NEW.person_ids::text, NEW.subject_type, NEW.subject_id::text,
                NEW.details::text, NEW.origin)::text, 'UTF8')));
        RETURN NEW;
    END
    $$
"""
_MARKS = """
    CREATE TRIGGER mark_audit_entry BEFORE INSERT ON audit_entries
    FOR EACH ROW WHEN (octet_length(NEW.mac) = 50) EXECUTE FUNCTION hemvist_mark_audit_entry()
"""


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "audit_entries", sa.Column("origin", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("audit_entries", sa.Column("mac", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("ck_audit_entries_mac"), "audit_entries", "octet_length(mac) = 49"
    )
    _kinds("'read', 'write', 'refused'")
    op.execute(_MARK)
    op.execute(_MARKS)
    op.create_table(
        "audit_links",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("section IN ('before', 'marked')", name=op.f("ck_audit_links_section")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["audit_entries.tenant_id", "audit_entries.id"],
            name=op.f("fk_audit_links_tenant_id_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_audit_links_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_links")),
        sa.UniqueConstraint("tenant_id", "ordinal", name=op.f("uq_audit_links_tenant_id_ordinal")),
    )
    op.create_table(
        "audit_anchors",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_audit_anchors_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_anchors")),
        sa.UniqueConstraint(
            "tenant_id", "ordinal", name=op.f("uq_audit_anchors_tenant_id_ordinal")
        ),
    )
    for table in ("audit_links", "audit_anchors"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant_isolation ON {table} USING ({_POLICY}) WITH CHECK ({_POLICY})"
        )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO hemvist_worker")


def downgrade() -> None:
    """Go back."""
    op.drop_table("audit_anchors")
    op.drop_table("audit_links")
    op.execute("DROP TRIGGER mark_audit_entry ON audit_entries")
    op.execute("DROP FUNCTION hemvist_mark_audit_entry()")
    # What was refused has no place in the log that the version before knows.
    _kinds("'read', 'write'", validated=False)
    op.drop_constraint(op.f("ck_audit_entries_mac"), "audit_entries")
    op.drop_column("audit_entries", "mac")
    op.drop_column("audit_entries", "origin")


def _kinds(kinds: str, *, validated: bool = True) -> None:
    op.drop_constraint(op.f("ck_audit_entries_kind"), "audit_entries")
    op.execute(
        f"ALTER TABLE audit_entries ADD CONSTRAINT ck_audit_entries_kind CHECK (kind IN ({kinds}))"
        + ("" if validated else " NOT VALID")
    )
