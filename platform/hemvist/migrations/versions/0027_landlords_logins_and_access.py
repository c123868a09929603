"""landlords_f."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "landlord_access",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'open', 'declined', 'closed')",
            name=op.f("ck_landlord_access_status"),
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_access_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_access_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_access")),
        sa.UniqueConstraint(
            "tenant_id", "landlord_id", name=op.f("uq_landlord_access_tenant_id_landlord_id")
        ),
    )
    op.execute("ALTER TABLE landlord_access ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_access FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_access USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_access TO hemvist_staff")
    op.execute("GRANT SELECT ON landlord_access TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_access_landlord_id_tenant_id"),
        "landlord_access",
        ["landlord_id", "tenant_id"],
        unique=False,
    )
    op.create_table(
        "landlord_districts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_districts_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_districts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_districts")),
        sa.UniqueConstraint(
            "tenant_id",
            "landlord_id",
            "name",
            name=op.f("uq_landlord_districts_tenant_id_landlord_id_name"),
        ),
    )
    op.execute("ALTER TABLE landlord_districts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_districts FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_districts USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_districts TO hemvist_staff")
    op.execute("GRANT SELECT ON landlord_districts TO hemvist_worker")
    op.create_table(
        "landlord_invitations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("invited_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("districts", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'machine')", name=op.f("ck_landlord_invitations_kind")
        ),
        sa.CheckConstraint(
            "level IN ('agent', 'administrator')", name=op.f("ck_landlord_invitations_level")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'confirmed', 'accepted', 'withdrawn')",
            name=op.f("ck_landlord_invitations_status"),
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_invitations_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_invitations_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_invitations")),
        sa.UniqueConstraint(
            "tenant_id", "token_sha256", name=op.f("uq_landlord_invitations_tenant_id_token_sha256")
        ),
    )
    op.execute("ALTER TABLE landlord_invitations ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_invitations FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_invitations USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_invitations TO hemvist_staff")
    op.execute("GRANT SELECT ON landlord_invitations TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_invitations_tenant_id_landlord_id"),
        "landlord_invitations",
        ["tenant_id", "landlord_id"],
        unique=False,
    )
    op.create_table(
        "landlord_district_properties",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("kommun_id", sa.Uuid(), nullable=False),
        sa.Column("property_designation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommun_id"], ["tenants.id"], name=op.f("fk_landlord_district_properties_kommun_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "district_id"],
            ["landlord_districts.tenant_id", "landlord_districts.id"],
            name=op.f("fk_landlord_district_properties_tenant_id_district_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_district_properties_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_district_properties")),
        sa.UniqueConstraint(
            "tenant_id",
            "district_id",
            "kommun_id",
            "property_designation",
            name=op.f(
                "uq_landlord_district_properties_tenant_id_district_id_kommun_id_property_designation"
            ),
        ),
    )
    op.execute("ALTER TABLE landlord_district_properties ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_district_properties FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_district_properties USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON landlord_district_properties TO hemvist_staff"
    )
    op.execute("GRANT SELECT ON landlord_district_properties TO hemvist_worker")
    op.create_table(
        "landlord_members",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("districts", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "level IN ('agent', 'administrator')", name=op.f("ck_landlord_members_level")
        ),
        sa.CheckConstraint(
            "status IN ('active', 'ended')", name=op.f("ck_landlord_members_status")
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_members_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_landlord_members_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_members_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_members")),
        sa.UniqueConstraint(
            "tenant_id", "invitation_id", name=op.f("uq_landlord_members_tenant_id_invitation_id")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "principal_id",
            "landlord_id",
            name=op.f("uq_landlord_members_tenant_id_principal_id_landlord_id"),
        ),
    )
    op.execute("ALTER TABLE landlord_members ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_members FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_members USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_members TO hemvist_staff")
    op.execute("GRANT SELECT ON landlord_members TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_members_tenant_id_landlord_id"),
        "landlord_members",
        ["tenant_id", "landlord_id"],
        unique=False,
    )
    op.add_column("login_sessions", sa.Column("email_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("tenants", sa.Column("kind", sa.Text(), server_default="kommun", nullable=False))
    op.add_column(
        "tenants", sa.Column("status", sa.Text(), server_default="active", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_tenants_kind"), "tenants", "kind IN ('kommun', 'landlords')"
    )
    op.create_check_constraint(
        op.f("ck_tenants_status"), "tenants", "status IN ('active', 'suspended', 'closed')"
    )
    # The landlords' own tenant: hemvist.tenancy.platform has the same id.
    op.execute(
        "INSERT INTO tenants (id, kommun_code, slug, name, created_at, kind) VALUES"
        " ('0197a000-0000-7000-8000-000000000001', '0000', 'hyresvard', 'Hyresvärdar', now(),"
        " 'landlords')"
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.drop_column("login_sessions", "email_sealed")
    op.execute("DELETE FROM tenants WHERE kind = 'landlords'")
    op.drop_column("tenants", "status")
    op.drop_column("tenants", "kind")
    op.drop_index(op.f("ix_landlord_members_tenant_id_landlord_id"), table_name="landlord_members")
    op.drop_table("landlord_members")
    op.drop_table("landlord_district_properties")
    op.drop_index(
        op.f("ix_landlord_invitations_tenant_id_landlord_id"), table_name="landlord_invitations"
    )
    op.drop_table("landlord_invitations")
    op.drop_table("landlord_districts")
    op.drop_index(op.f("ix_landlord_access_landlord_id_tenant_id"), table_name="landlord_access")
    op.drop_table("landlord_access")
