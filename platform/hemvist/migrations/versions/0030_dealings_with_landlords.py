"""Times, disclosures and answers between kommun and landlord."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

#: What landlords were shown of a household is taken back in the transaction that protects it. The
#: lock is ``hemvist.households.protection.hold_still``: whoever shows something takes it first, too.
_TRIGGERS = (
    """
    CREATE FUNCTION hemvist_withhold(tenant uuid, household uuid) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(
            hashtextextended('withhold:' || tenant::text || ':' || household::text, 0));
        UPDATE landlord_disclosures SET sealed_name = NULL, withheld = 'protected'
        WHERE tenant_id = tenant AND household_id = household AND sealed_name IS NOT NULL;
        UPDATE landlord_offers SET adults = NULL, children = NULL, needs = '{}'
        WHERE tenant_id = tenant AND household_id = household
            AND (adults IS NOT NULL OR needs <> '{}');
        UPDATE presented_households SET size_shown = false
        FROM cases
        WHERE presented_households.tenant_id = tenant AND cases.tenant_id = tenant
            AND cases.id = presented_households.case_id AND cases.household_id = household
            AND presented_households.size_shown;
    END
    $$
    """,
    """
    CREATE FUNCTION hemvist_person_protected() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM hemvist_withhold(NEW.tenant_id, one.household_id)
        FROM (
            SELECT DISTINCT household_id FROM household_members
            WHERE tenant_id = NEW.tenant_id AND person_id = NEW.id ORDER BY household_id
        ) one;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE FUNCTION hemvist_member_protected() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM persons
            WHERE tenant_id = NEW.tenant_id AND id = NEW.person_id AND protection <> 'none'
        ) THEN
            PERFORM hemvist_withhold(NEW.tenant_id, NEW.household_id);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    "CREATE TRIGGER withhold_from_landlords AFTER UPDATE OF protection ON persons FOR EACH ROW"
    " WHEN (NEW.protection <> 'none') EXECUTE FUNCTION hemvist_person_protected()",
    "CREATE TRIGGER withhold_from_landlords AFTER INSERT OR UPDATE OF household_id, person_id"
    " ON household_members FOR EACH ROW EXECUTE FUNCTION hemvist_member_protected()",
)
#: Offers that were made before: an alias and nothing more.
_EARLIER = """
    INSERT INTO landlord_offers
        (tenant_id, id, offer_id, case_id, household_id, landlord_id, unit_id, alias)
    SELECT o.tenant_id, gen_random_uuid(), o.id, o.case_id, c.household_id, u.landlord_id, o.unit_id,
        translate(substr(replace(gen_random_uuid()::text, '-', ''), 1, 6),
            '0123456789abcdef', 'BCDFGHJKLMNPRSTX')
    FROM offers o
    JOIN cases c ON c.tenant_id = o.tenant_id AND c.id = o.case_id
    JOIN units u ON u.tenant_id = o.tenant_id AND u.id = o.unit_id
"""


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "landlord_name_consents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "withdrawn_on >= consented_on", name=op.f("ck_landlord_name_consents_period")
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_name_consents_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_landlord_name_consents_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_name_consents_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_name_consents")),
    )
    op.execute("ALTER TABLE landlord_name_consents ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_name_consents FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_name_consents USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_name_consents TO hemvist_staff")
    op.execute("GRANT SELECT ON landlord_name_consents TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_name_consents_tenant_id_case_id"),
        "landlord_name_consents",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        "uq_landlord_name_consents_open",
        "landlord_name_consents",
        ["tenant_id", "case_id", "landlord_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_on IS NULL"),
    )
    op.create_table(
        "landlord_disclosures",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("withheld", sa.Text(), nullable=True),
        sa.Column("disclosed_on", sa.Date(), nullable=False),
        sa.Column("disclosed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disclosed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "ground IN ('consent', 'party')", name=op.f("ck_landlord_disclosures_ground")
        ),
        sa.CheckConstraint(
            "step IN ('offer_accepted', 'contract_signed', 'takeover_asked', 'lease_signed')",
            name=op.f("ck_landlord_disclosures_step"),
        ),
        sa.CheckConstraint(
            "withheld IN ('protected', 'consent_withdrawn')",
            name=op.f("ck_landlord_disclosures_withheld"),
        ),
        sa.CheckConstraint(
            "(sealed_name IS NULL) = (withheld IS NOT NULL)",
            name=op.f("ck_landlord_disclosures_shown_or_withheld"),
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_disclosures_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_landlord_disclosures_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_landlord_disclosures_tenant_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"],
            ["offers.tenant_id", "offers.id"],
            name=op.f("fk_landlord_disclosures_tenant_id_offer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_disclosures_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_disclosures")),
    )
    op.execute("ALTER TABLE landlord_disclosures ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_disclosures FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_disclosures USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_disclosures TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_disclosures TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_disclosures_tenant_id_case_id"),
        "landlord_disclosures",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_landlord_disclosures_tenant_id_household_id"),
        "landlord_disclosures",
        ["tenant_id", "household_id"],
        unique=False,
    )
    op.create_index(
        "uq_landlord_disclosures_shown",
        "landlord_disclosures",
        ["tenant_id", "offer_id"],
        unique=True,
        postgresql_where=sa.text("sealed_name IS NOT NULL"),
    )
    op.create_table(
        "landlord_offers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("adults", sa.BigInteger(), nullable=True),
        sa.Column("children", sa.BigInteger(), nullable=True),
        sa.Column("needs", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(
            "(adults IS NULL) = (children IS NULL)",
            name=op.f("ck_landlord_offers_size_whole_or_none"),
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_offers_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_landlord_offers_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_landlord_offers_tenant_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"],
            ["offers.tenant_id", "offers.id"],
            name=op.f("fk_landlord_offers_tenant_id_offer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_landlord_offers_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_offers_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_offers")),
    )
    op.execute("ALTER TABLE landlord_offers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_offers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_offers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_offers TO hemvist_staff")
    op.execute("GRANT SELECT ON landlord_offers TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_offers_tenant_id_case_id"),
        "landlord_offers",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_landlord_offers_tenant_id_household_id"),
        "landlord_offers",
        ["tenant_id", "household_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_landlord_offers_tenant_id_landlord_id_id"),
        "landlord_offers",
        ["tenant_id", "landlord_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_landlord_offers_tenant_id_offer_id"),
        "landlord_offers",
        ["tenant_id", "offer_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_landlord_offers_tenant_id_unit_id"),
        "landlord_offers",
        ["tenant_id", "unit_id"],
        unique=False,
    )
    op.create_table(
        "landlord_times",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('agreed', 'declined')) = (answered_at IS NOT NULL)",
            name=op.f("ck_landlord_times_answered"),
        ),
        sa.CheckConstraint("kind IN ('viewing', 'signing')", name=op.f("ck_landlord_times_kind")),
        sa.CheckConstraint(
            "place IN ('home', 'landlord_office', 'kommun_office', 'remote')",
            name=op.f("ck_landlord_times_place"),
        ),
        sa.CheckConstraint("side IN ('kommun', 'landlord')", name=op.f("ck_landlord_times_side")),
        sa.CheckConstraint(
            "state IN ('proposed', 'agreed', 'declined', 'withdrawn')",
            name=op.f("ck_landlord_times_state"),
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_landlord_times_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_landlord_times_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"],
            ["offers.tenant_id", "offers.id"],
            name=op.f("fk_landlord_times_tenant_id_offer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_landlord_times_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_landlord_times")),
    )
    op.execute("ALTER TABLE landlord_times ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE landlord_times FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON landlord_times USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON landlord_times TO hemvist_staff")
    op.execute("GRANT SELECT ON landlord_times TO hemvist_worker")
    op.create_index(
        op.f("ix_landlord_times_tenant_id_case_id"),
        "landlord_times",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_landlord_times_tenant_id_offer_id_starts_at"),
        "landlord_times",
        ["tenant_id", "offer_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        "uq_landlord_times_open",
        "landlord_times",
        ["tenant_id", "offer_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'agreed')"),
    )
    op.create_table(
        "takeover_replies",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("takeover_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replied_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(reply = 'later') = (from_on IS NOT NULL)",
            name=op.f("ck_takeover_replies_later_from_a_day"),
        ),
        sa.CheckConstraint(
            "reply = 'yes' OR reason <> ''", name=op.f("ck_takeover_replies_with_a_reason")
        ),
        sa.CheckConstraint(
            "reply IN ('yes', 'no', 'later')", name=op.f("ck_takeover_replies_reply")
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_takeover_replies_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_takeover_replies_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "takeover_id"],
            ["takeovers.tenant_id", "takeovers.id"],
            name=op.f("fk_takeover_replies_tenant_id_takeover_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_takeover_replies_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_takeover_replies")),
    )
    op.execute("ALTER TABLE takeover_replies ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE takeover_replies FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON takeover_replies USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON takeover_replies TO hemvist_staff")
    op.execute("GRANT SELECT ON takeover_replies TO hemvist_worker")
    op.create_index(
        op.f("ix_takeover_replies_tenant_id_case_id"),
        "takeover_replies",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_takeover_replies_tenant_id_takeover_id_replied_at"),
        "takeover_replies",
        ["tenant_id", "takeover_id", "replied_at"],
        unique=False,
    )
    op.create_table(
        "takeover_shown",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("takeover_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("label_sv", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ground IN ('consent')", name=op.f("ck_takeover_shown_ground")),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_takeover_shown_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_takeover_shown_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "takeover_id"],
            ["takeovers.tenant_id", "takeovers.id"],
            name=op.f("fk_takeover_shown_tenant_id_takeover_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_takeover_shown_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_takeover_shown")),
        sa.UniqueConstraint(
            "tenant_id",
            "takeover_id",
            "requested_on",
            "fact",
            name=op.f("uq_takeover_shown_tenant_id_takeover_id_requested_on_fact"),
        ),
    )
    op.execute("ALTER TABLE takeover_shown ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE takeover_shown FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON takeover_shown USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON takeover_shown TO hemvist_staff")
    op.execute("GRANT SELECT ON takeover_shown TO hemvist_worker")
    op.create_index(
        op.f("ix_takeover_shown_tenant_id_case_id"),
        "takeover_shown",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.add_column("presentations", sa.Column("picked", sa.Text(), nullable=True))
    op.add_column(
        "presentations", sa.Column("picked_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("presentations", sa.Column("picked_by", sa.Uuid(), nullable=True))
    op.add_column(
        "presented_households",
        sa.Column("size_shown", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    for statement in _TRIGGERS:
        op.execute(statement)
    open_to_owner = ("offers", "cases", "units", "landlord_offers")
    for table in open_to_owner:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(_EARLIER)
    for table in open_to_owner:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.execute("DROP TRIGGER withhold_from_landlords ON household_members")
    op.execute("DROP TRIGGER withhold_from_landlords ON persons")
    for function in ("hemvist_member_protected()", "hemvist_person_protected()"):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP FUNCTION hemvist_withhold(uuid, uuid)")
    op.drop_column("presented_households", "size_shown")
    op.drop_column("presentations", "picked_by")
    op.drop_column("presentations", "picked_at")
    op.drop_column("presentations", "picked")
    op.drop_index(op.f("ix_takeover_shown_tenant_id_case_id"), table_name="takeover_shown")
    op.drop_table("takeover_shown")
    op.drop_index(
        op.f("ix_takeover_replies_tenant_id_takeover_id_replied_at"), table_name="takeover_replies"
    )
    op.drop_index(op.f("ix_takeover_replies_tenant_id_case_id"), table_name="takeover_replies")
    op.drop_table("takeover_replies")
    op.drop_index(
        "uq_landlord_times_open",
        table_name="landlord_times",
        postgresql_where=sa.text("state IN ('proposed', 'agreed')"),
    )
    op.drop_index(
        op.f("ix_landlord_times_tenant_id_offer_id_starts_at"), table_name="landlord_times"
    )
    op.drop_index(op.f("ix_landlord_times_tenant_id_case_id"), table_name="landlord_times")
    op.drop_table("landlord_times")
    op.drop_index(op.f("ix_landlord_offers_tenant_id_unit_id"), table_name="landlord_offers")
    op.drop_index(op.f("ix_landlord_offers_tenant_id_offer_id"), table_name="landlord_offers")
    op.drop_index(op.f("ix_landlord_offers_tenant_id_landlord_id_id"), table_name="landlord_offers")
    op.drop_index(op.f("ix_landlord_offers_tenant_id_household_id"), table_name="landlord_offers")
    op.drop_index(op.f("ix_landlord_offers_tenant_id_case_id"), table_name="landlord_offers")
    op.drop_table("landlord_offers")
    op.drop_index(
        "uq_landlord_disclosures_shown",
        table_name="landlord_disclosures",
        postgresql_where=sa.text("sealed_name IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_landlord_disclosures_tenant_id_household_id"), table_name="landlord_disclosures"
    )
    op.drop_index(
        op.f("ix_landlord_disclosures_tenant_id_case_id"), table_name="landlord_disclosures"
    )
    op.drop_table("landlord_disclosures")
    op.drop_index(
        "uq_landlord_name_consents_open",
        table_name="landlord_name_consents",
        postgresql_where=sa.text("withdrawn_on IS NULL"),
    )
    op.drop_index(
        op.f("ix_landlord_name_consents_tenant_id_case_id"), table_name="landlord_name_consents"
    )
    op.drop_table("landlord_name_consents")
