"""Handovers of protected moves: halves, named handlers, checklists, sealed parcels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_TABLES = (
    "handover_parcels",
    "handovers",
    "handover_handlers",
    "handover_items",
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "handover_parcels",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "direction IN ('out', 'in')", name=op.f("ck_handover_parcels_direction")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "proposal_id"],
            ["transfer_proposals.tenant_id", "transfer_proposals.id"],
            name=op.f("fk_handover_parcels_tenant_id_proposal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_handover_parcels_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_handover_parcels")),
        sa.UniqueConstraint(
            "tenant_id", "proposal_id", name=op.f("uq_handover_parcels_tenant_id_proposal_id")
        ),
    )
    op.execute("ALTER TABLE handover_parcels ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE handover_parcels FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON handover_parcels USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON handover_parcels TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON handover_parcels TO hemvist_worker")
    op.create_index(
        "ix_handover_parcels_waiting",
        "handover_parcels",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("direction = 'out' AND carried_at IS NULL"),
    )
    op.create_table(
        "handovers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("counterpart_until", sa.Date(), nullable=True),
        sa.Column("forgotten_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(sent_on IS NULL) = (ground IS NULL) AND (sent_on IS NULL) = (cardinality(fields) = 0) AND (consent_on IS NOT NULL) = (ground IS NOT DISTINCT FROM 'consent')",
            name=op.f("ck_handovers_disclosure"),
        ),
        sa.CheckConstraint(
            "ground IS NULL OR ground IN ('consent', 'osl_10_2')", name=op.f("ck_handovers_ground")
        ),
        sa.CheckConstraint(
            "side = 'sending' OR (household_id IS NULL) = (case_id IS NULL)",
            name=op.f("ck_handovers_taken_in_whole"),
        ),
        sa.CheckConstraint(
            "side = 'sending' OR sent_on IS NULL", name=op.f("ck_handovers_only_one_tells")
        ),
        sa.CheckConstraint("side IN ('sending', 'receiving')", name=op.f("ck_handovers_side")),
        sa.CheckConstraint(
            "state IN ('prepared', 'sent', 'expected', 'opened', 'taken_in', 'moved', 'cancelled')",
            name=op.f("ck_handovers_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_handovers_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_handovers_tenant_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "proposal_id"],
            ["transfer_proposals.tenant_id", "transfer_proposals.id"],
            name=op.f("fk_handovers_tenant_id_proposal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "started_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_handovers_tenant_id_started_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_handovers_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_handovers")),
        sa.UniqueConstraint(
            "tenant_id", "proposal_id", name=op.f("uq_handovers_tenant_id_proposal_id")
        ),
    )
    op.execute("ALTER TABLE handovers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE handovers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON handovers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON handovers TO hemvist_staff")
    op.execute("GRANT SELECT, UPDATE ON handovers TO hemvist_worker")
    op.create_index(
        "ix_handovers_running",
        "handovers",
        ["tenant_id", "state"],
        unique=False,
        postgresql_where=sa.text("forgotten_on IS NULL"),
    )
    op.create_index(
        op.f("ix_handovers_tenant_id_case_id"), "handovers", ["tenant_id", "case_id"], unique=False
    )
    op.create_table(
        "handover_handlers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_handover_handlers_period")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "handover_id"],
            ["handovers.tenant_id", "handovers.id"],
            name=op.f("fk_handover_handlers_tenant_id_handover_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "named_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_handover_handlers_tenant_id_named_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_handover_handlers_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_handover_handlers_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_handover_handlers")),
    )
    op.execute("ALTER TABLE handover_handlers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE handover_handlers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON handover_handlers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON handover_handlers TO hemvist_staff")
    op.create_index(
        "ix_handover_handlers_named",
        "handover_handlers",
        ["tenant_id", "handover_id", "principal_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "handover_items",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (settled_on IS NULL)", name=op.f("ck_handover_items_settled")
        ),
        sa.CheckConstraint(
            "item IN ('bank', 'care', 'enforcement', 'keys_handed_over', 'keys_returned', 'phone', 'post_by_tax_agency', 'protected_registration', 'school', 'transport')",
            name=op.f("ck_handover_items_item"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'not_needed')", name=op.f("ck_handover_items_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "handover_id"],
            ["handovers.tenant_id", "handovers.id"],
            name=op.f("fk_handover_items_tenant_id_handover_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_handover_items_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_handover_items")),
        sa.UniqueConstraint(
            "tenant_id",
            "handover_id",
            "item",
            name=op.f("uq_handover_items_tenant_id_handover_id_item"),
        ),
    )
    op.execute("ALTER TABLE handover_items ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE handover_items FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON handover_items USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON handover_items TO hemvist_staff")


def downgrade() -> None:
    """Go back; what was handed over is lost."""
    for table in reversed(_TABLES):
        op.drop_table(table)
