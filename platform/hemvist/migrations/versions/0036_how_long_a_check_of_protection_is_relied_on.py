"""How long a check of protection is relied on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

#: Whoever writes, and however: the day follows from the level, the check and the kommun's days.
_KEPT = (
    """
    CREATE FUNCTION hemvist_unprotected_until() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.unprotected_until := CASE WHEN NEW.protection = 'none' THEN
            NEW.protection_checked_on
                + (SELECT protection_days::int FROM tenants WHERE id = NEW.tenant_id)
        END;
        RETURN NEW;
    END
    $$
    """,
    "CREATE TRIGGER keep_unprotected_until BEFORE INSERT OR UPDATE OF protection,"
    " protection_checked_on, unprotected_until ON persons FOR EACH ROW"
    " EXECUTE FUNCTION hemvist_unprotected_until()",
    # The owner is held to row security too, so the kommun is set while its persons are gone through.
    """
    CREATE FUNCTION hemvist_protection_days() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        before text := current_setting('hemvist.tenant_id', true);
    BEGIN
        PERFORM set_config('hemvist.tenant_id', NEW.id::text, true);
        UPDATE persons SET unprotected_until = NULL
        WHERE tenant_id = NEW.id AND protection = 'none';
        PERFORM set_config('hemvist.tenant_id', COALESCE(before, ''), true);
        RETURN NULL;
    END
    $$
    """,
    "CREATE TRIGGER recount_unprotected_until AFTER UPDATE OF protection_days ON tenants"
    " FOR EACH ROW WHEN (NEW.protection_days IS DISTINCT FROM OLD.protection_days)"
    " EXECUTE FUNCTION hemvist_protection_days()",
)
_TODAY = "(now() AT TIME ZONE 'Europe/Stockholm')::date"
_STALE = f"COALESCE({{}}.unprotected_until < {_TODAY}, true)"
_MEMBER = """
    CREATE OR REPLACE FUNCTION hemvist_member_protected() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM persons
            WHERE tenant_id = NEW.tenant_id AND id = NEW.person_id AND {}
        ) THEN
            PERFORM hemvist_withhold(NEW.tenant_id, NEW.household_id);
        END IF;
        RETURN NULL;
    END
    $$
"""
_PERSON = (
    "CREATE TRIGGER withhold_from_landlords AFTER UPDATE OF protection{} ON persons FOR EACH ROW"
    " WHEN ({}) EXECUTE FUNCTION hemvist_person_protected()"
)
_SWEPT = ("landlord_offers", "presented_households", "persons")

_INDEXES = (
    ("tenant_id", "principal_id", "household_id", "ends_at"),
    ("tenant_id", "household_id"),
    ("tenant_id", "case_id"),
)


def upgrade() -> None:
    """Go forward. A check that is older than the kommun's days counts as none from now on."""
    op.add_column(
        "tenants",
        sa.Column("protection_days", sa.BigInteger(), server_default="90", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_tenants_protection_days"), "tenants", "protection_days BETWEEN 1 AND 36525"
    )
    op.add_column("persons", sa.Column("unprotected_until", sa.Date(), nullable=True))
    op.add_column("persons", sa.Column("protection_asked_on", sa.Date(), nullable=True))
    op.create_index(
        op.f("ix_persons_tenant_id_protection_asked_on"),
        "persons",
        ["tenant_id", "protection_asked_on"],
    )
    for statement in _KEPT:
        op.execute(statement)
    op.execute("ALTER TABLE persons NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE persons SET unprotected_until = NULL WHERE protection = 'none'")
    op.execute("ALTER TABLE persons FORCE ROW LEVEL SECURITY")
    op.execute(_MEMBER.format(_STALE.format("persons")))
    op.execute("DROP TRIGGER withhold_from_landlords ON persons")
    op.execute(_PERSON.format(", protection_checked_on", _STALE.format("NEW")))
    op.create_table(
        "address_reveals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > revealed_at", name=op.f("ck_address_reveals_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_address_reveals_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_address_reveals_tenant_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_address_reveals_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_address_reveals")),
    )
    op.execute("ALTER TABLE address_reveals ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE address_reveals FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON address_reveals USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON address_reveals TO hemvist_staff")
    for columns in _INDEXES:
        op.create_index(
            op.f(f"ix_address_reveals_{'_'.join(columns)}"), "address_reveals", list(columns)
        )
    for table in _SWEPT:
        op.execute(f"GRANT UPDATE ON {table} TO hemvist_worker")


def downgrade() -> None:
    """Go back: a check is then relied on for ever."""
    op.drop_table("address_reveals")
    for table in _SWEPT:
        op.execute(f"REVOKE UPDATE ON {table} FROM hemvist_worker")
    op.execute("DROP TRIGGER withhold_from_landlords ON persons")
    op.execute(_PERSON.format("", "NEW.protection <> 'none'"))
    op.execute(_MEMBER.format("protection <> 'none'"))
    op.execute("DROP TRIGGER recount_unprotected_until ON tenants")
    op.execute("DROP TRIGGER keep_unprotected_until ON persons")
    op.execute("DROP FUNCTION hemvist_protection_days()")
    op.execute("DROP FUNCTION hemvist_unprotected_until()")
    op.drop_index(op.f("ix_persons_tenant_id_protection_asked_on"), table_name="persons")
    op.drop_column("persons", "protection_asked_on")
    op.drop_column("persons", "unprotected_until")
    op.drop_constraint(op.f("ck_tenants_protection_days"), "tenants")
    op.drop_column("tenants", "protection_days")
