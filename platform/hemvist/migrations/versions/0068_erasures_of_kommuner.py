"""Erasures of kommuner: asked for, agreed on by another, proved; and records that give way to them alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

#: What refuses to delete a record, as migration 0061 left it.
_KEEPING = {
    "hemvist_keep_document": "RAISE EXCEPTION 'a document is kept as it was given out'"
    " USING ERRCODE = 'restrict_violation';",
    "hemvist_lines_are_kept": "RAISE EXCEPTION 'lines of % are only added', TG_TABLE_NAME"
    " USING ERRCODE = 'restrict_violation';",
    "guarantee_ledger_is_kept": "RAISE EXCEPTION 'the ledger of guarantees is only added to'"
    " USING ERRCODE = 'check_violation';",
}
_BEFORE = """
    IF TG_OP = 'UPDATE' AND current_setting('hemvist.resealing', true) = 'on' THEN
        IF hemvist_sealed_anew(TG_RELID, to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP = 'DELETE' AND current_user = 'hemvist_thinning' THEN
        RETURN OLD;
    END IF;"""
#: Of no other kommun than the one that two people have agreed on, and while that is carried out.
_ERASING = """
    IF TG_OP = 'DELETE' AND current_user = 'hemvist_owner' THEN
        IF EXISTS (
            SELECT FROM tenant_erasures e
            WHERE e.kommun_id = OLD.tenant_id AND e.state = 'running'
        ) THEN
            RETURN OLD;
        END IF;
    END IF;"""


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "tenant_erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kommun_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="requested", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("certificate_sha256", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'running', 'done', 'withdrawn')",
            name=op.f("ck_tenant_erasures_state"),
        ),
        sa.CheckConstraint(
            "lower(confirmed_by) <> lower(requested_by)",
            name=op.f("ck_tenant_erasures_second_person"),
        ),
        sa.CheckConstraint(
            "(state IN ('running', 'done')) = (confirmed_by IS NOT NULL)",
            name=op.f("ck_tenant_erasures_confirmed"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_tenant_erasures_confirmed_at"),
        ),
        sa.CheckConstraint(
            "confirmed_at >= not_before", name=op.f("ck_tenant_erasures_not_before")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (certificate IS NOT NULL)",
            name=op.f("ck_tenant_erasures_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["kommun_id"], ["tenants.id"], name=op.f("fk_tenant_erasures_kommun_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_erasures")),
    )
    op.create_index(
        "uq_tenant_erasures_under_way",
        "tenant_erasures",
        ["kommun_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested', 'running')"),
    )
    op.execute("GRANT SELECT ON tenant_erasures TO hemvist_operator")
    _keep(_BEFORE + _ERASING)


def downgrade() -> None:
    """Go back; certificates of erasures are lost: keep the files that were written of them."""
    _keep(_BEFORE)
    op.drop_table("tenant_erasures")


def _keep(unless: str) -> None:
    for function, refused in _KEEPING.items():
        op.execute(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN{unless}\n    {refused}\nEND $$"
        )
