"""matching and the life of an offer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "match_runs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("queue_time", sa.Text(), nullable=False),
        sa.Column("priority", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("waiting", sa.BigInteger(), nullable=False),
        sa.Column("vacancies", sa.BigInteger(), nullable=False),
        sa.Column("placed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("method IN ('optimum', 'greedy')", name=op.f("ck_match_runs_method")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_match_runs_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_match_runs")),
    )
    op.execute("ALTER TABLE match_runs ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE match_runs FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON match_runs USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON match_runs TO hemvist_staff")
    op.execute("GRANT SELECT ON match_runs TO hemvist_worker")
    op.create_index(
        op.f("ix_match_runs_tenant_id_made_on_id"),
        "match_runs",
        ["tenant_id", "made_on", "id"],
        unique=False,
    )
    op.create_table(
        "match_vacancies",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("fitting", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["match_runs.tenant_id", "match_runs.id"],
            name=op.f("fk_match_vacancies_tenant_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_match_vacancies_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_match_vacancies_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_match_vacancies")),
    )
    op.execute("ALTER TABLE match_vacancies ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE match_vacancies FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON match_vacancies USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON match_vacancies TO hemvist_staff")
    op.execute("GRANT SELECT ON match_vacancies TO hemvist_worker")
    op.create_index(
        op.f("ix_match_vacancies_tenant_id_run_id_position"),
        "match_vacancies",
        ["tenant_id", "run_id", "position"],
        unique=True,
    )
    op.create_index(
        op.f("ix_match_vacancies_tenant_id_unit_id_run_id"),
        "match_vacancies",
        ["tenant_id", "unit_id", "run_id"],
        unique=False,
    )
    op.create_table(
        "presentations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("presented_on", sa.Date(), nullable=False),
        sa.Column("presented_by", sa.Uuid(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('presented', 'chosen', 'closed')", name=op.f("ck_presentations_state")
        ),
        sa.ForeignKeyConstraint(
            ["landlord_id"], ["landlords.id"], name=op.f("fk_presentations_landlord_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_presentations_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_presentations_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_presentations")),
    )
    op.execute("ALTER TABLE presentations ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE presentations FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON presentations USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON presentations TO hemvist_staff")
    op.execute("GRANT SELECT ON presentations TO hemvist_worker")
    op.create_index(
        op.f("ix_presentations_tenant_id_unit_id_presented_on"),
        "presentations",
        ["tenant_id", "unit_id", "presented_on"],
        unique=False,
    )
    op.create_index(
        "uq_presentations_open_unit",
        "presentations",
        ["tenant_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text("state='presented'"),
    )
    op.create_table(
        "home_exclusions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("excluded_on", sa.Date(), nullable=False),
        sa.Column("excluded_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('area', 'postal_code', 'landlord')", name=op.f("ck_home_exclusions_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_home_exclusions_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_home_exclusions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_home_exclusions")),
    )
    op.execute("ALTER TABLE home_exclusions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE home_exclusions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON home_exclusions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON home_exclusions TO hemvist_staff")
    op.execute("GRANT SELECT ON home_exclusions TO hemvist_worker")
    op.create_index(
        op.f("ix_home_exclusions_tenant_id_case_id"),
        "home_exclusions",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_table(
        "home_needs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("rooms_min", sa.BigInteger(), nullable=False),
        sa.Column("rooms_max", sa.BigInteger(), nullable=False),
        sa.Column("floor_max", sa.BigInteger(), nullable=True),
        sa.Column("lift", sa.Boolean(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("adapted", sa.Boolean(), nullable=False),
        sa.Column("rent_max_ore", sa.BigInteger(), nullable=True),
        sa.Column("unsuitable_areas", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("excluded_landlords", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("stated_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("rent_max_ore >= 0", name=op.f("ck_home_needs_rent")),
        sa.CheckConstraint(
            "rooms_min BETWEEN 1 AND rooms_max AND rooms_max <= 20",
            name=op.f("ck_home_needs_rooms"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_home_needs_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_home_needs_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_home_needs")),
    )
    op.execute("ALTER TABLE home_needs ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE home_needs FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON home_needs USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON home_needs TO hemvist_staff")
    op.execute("GRANT SELECT ON home_needs TO hemvist_worker")
    op.create_index(
        op.f("ix_home_needs_tenant_id_case_id"), "home_needs", ["tenant_id", "case_id"], unique=True
    )
    op.create_table(
        "match_ranks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("rank_group", sa.BigInteger(), nullable=False),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column("ranked_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("against", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_match_ranks_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["referrals.tenant_id", "referrals.id"],
            name=op.f("fk_match_ranks_tenant_id_referral_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["match_runs.tenant_id", "match_runs.id"],
            name=op.f("fk_match_ranks_tenant_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_match_ranks_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_match_ranks_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_match_ranks")),
    )
    op.execute("ALTER TABLE match_ranks ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE match_ranks FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON match_ranks USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON match_ranks TO hemvist_staff")
    op.execute("GRANT SELECT ON match_ranks TO hemvist_worker")
    op.create_index(
        op.f("ix_match_ranks_tenant_id_case_id_run_id"),
        "match_ranks",
        ["tenant_id", "case_id", "run_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_match_ranks_tenant_id_run_id_rank"),
        "match_ranks",
        ["tenant_id", "run_id", "rank"],
        unique=True,
    )
    op.create_table(
        "presented_households",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("presentation_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("adults", sa.BigInteger(), nullable=False),
        sa.Column("children", sa.BigInteger(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_presented_households_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "presentation_id"],
            ["presentations.tenant_id", "presentations.id"],
            name=op.f("fk_presented_households_tenant_id_presentation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["referrals.tenant_id", "referrals.id"],
            name=op.f("fk_presented_households_tenant_id_referral_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_presented_households_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_presented_households")),
    )
    op.execute("ALTER TABLE presented_households ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE presented_households FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON presented_households USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON presented_households TO hemvist_staff")
    op.execute("GRANT SELECT ON presented_households TO hemvist_worker")
    op.create_index(
        op.f("ix_presented_households_tenant_id_case_id"),
        "presented_households",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_presented_households_tenant_id_presentation_id_alias"),
        "presented_households",
        ["tenant_id", "presentation_id", "alias"],
        unique=True,
    )
    op.add_column("offers", sa.Column("viewing_held_on", sa.Date(), nullable=True))
    op.add_column("offers", sa.Column("household_answer", sa.Text(), nullable=True))
    op.add_column("offers", sa.Column("household_answered_on", sa.Date(), nullable=True))
    op.add_column("offers", sa.Column("consequence", sa.Text(), nullable=True))
    op.add_column("offers", sa.Column("overridden_on", sa.Date(), nullable=True))
    op.add_column("offers", sa.Column("overridden_by", sa.Uuid(), nullable=True))
    op.add_column("offers", sa.Column("override_reason", sa.Text(), nullable=True))
    op.add_column("offers", sa.Column("run_id", sa.Uuid(), nullable=True))
    op.add_column("offers", sa.Column("rank", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_offers_household_answer"), "offers", "household_answer IN ('yes', 'no')"
    )
    # The worker frees the home of an offer that nobody answered.
    op.execute("GRANT UPDATE ON units TO hemvist_worker")
    op.create_foreign_key(
        op.f("fk_offers_tenant_id_run_id"),
        "offers",
        "match_runs",
        ["tenant_id", "run_id"],
        ["tenant_id", "id"],
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    op.execute("REVOKE UPDATE ON units FROM hemvist_worker")
    op.drop_constraint(op.f("ck_offers_household_answer"), "offers", type_="check")
    op.drop_constraint(op.f("fk_offers_tenant_id_run_id"), "offers", type_="foreignkey")
    op.drop_column("offers", "rank")
    op.drop_column("offers", "run_id")
    op.drop_column("offers", "override_reason")
    op.drop_column("offers", "overridden_by")
    op.drop_column("offers", "overridden_on")
    op.drop_column("offers", "consequence")
    op.drop_column("offers", "household_answered_on")
    op.drop_column("offers", "household_answer")
    op.drop_column("offers", "viewing_held_on")
    op.drop_index(
        op.f("ix_presented_households_tenant_id_presentation_id_alias"),
        table_name="presented_households",
    )
    op.drop_index(
        op.f("ix_presented_households_tenant_id_case_id"), table_name="presented_households"
    )
    op.drop_table("presented_households")
    op.drop_index(op.f("ix_match_ranks_tenant_id_run_id_rank"), table_name="match_ranks")
    op.drop_index(op.f("ix_match_ranks_tenant_id_case_id_run_id"), table_name="match_ranks")
    op.drop_table("match_ranks")
    op.drop_index(op.f("ix_home_needs_tenant_id_case_id"), table_name="home_needs")
    op.drop_table("home_needs")
    op.drop_index(op.f("ix_home_exclusions_tenant_id_case_id"), table_name="home_exclusions")
    op.drop_table("home_exclusions")
    op.drop_index(
        op.f("ix_presentations_tenant_id_unit_id_presented_on"), table_name="presentations"
    )
    op.drop_index(
        "uq_presentations_open_unit",
        table_name="presentations",
        postgresql_where=sa.text("state='presented'"),
    )
    op.drop_table("presentations")
    op.drop_index(op.f("ix_match_vacancies_tenant_id_unit_id_run_id"), table_name="match_vacancies")
    op.drop_index(
        op.f("ix_match_vacancies_tenant_id_run_id_position"), table_name="match_vacancies"
    )
    op.drop_table("match_vacancies")
    op.drop_index(op.f("ix_match_runs_tenant_id_made_on_id"), table_name="match_runs")
    op.drop_table("match_runs")
