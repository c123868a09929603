"""Visits that were missed or impossible, forms filled in at visits, pauses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

#: States of an obligation before and after.
BEFORE = ("open", "done", "cancelled")
AFTER = ("open", "done", "missed", "impossible", "cancelled")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "obligation_pauses",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("codes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('hospital', 'treatment', 'custody', 'family', 'travel', 'other')",
            name=op.f("ck_obligation_pauses_reason"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_obligation_pauses_days")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_obligation_pauses_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_obligation_pauses_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_obligation_pauses")),
    )
    op.execute("ALTER TABLE obligation_pauses ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE obligation_pauses FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON obligation_pauses USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON obligation_pauses TO hemvist_staff")
    op.execute("GRANT SELECT ON obligation_pauses TO hemvist_worker")
    op.create_index(
        op.f("ix_obligation_pauses_tenant_id_case_id"),
        "obligation_pauses",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_table(
        "renewed_needs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("signs", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("noticed_by", sa.Uuid(), nullable=True),
        sa.Column("talked_on", sa.Date(), nullable=True),
        sa.Column("talked", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("reopened_on", sa.Date(), nullable=True),
        sa.Column("reopened_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('noticed', 'closed') OR talked_on IS NOT NULL",
            name=op.f("ck_renewed_needs_talked"),
        ),
        sa.CheckConstraint(
            "state IN ('noticed', 'talked', 'accepted', 'declined', 'reopened', 'closed')",
            name=op.f("ck_renewed_needs_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'declined', 'reopened') OR answered_on IS NOT NULL",
            name=op.f("ck_renewed_needs_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_renewed_needs_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_renewed_needs_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_renewed_needs")),
    )
    op.execute("ALTER TABLE renewed_needs ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE renewed_needs FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON renewed_needs USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON renewed_needs TO hemvist_staff")
    op.execute("GRANT SELECT ON renewed_needs TO hemvist_worker")
    op.create_index(
        op.f("ix_renewed_needs_tenant_id_case_id"),
        "renewed_needs",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        "uq_renewed_needs_open",
        "renewed_needs",
        ["tenant_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('noticed', 'talked', 'accepted')"),
    )
    op.create_table(
        "missed_follow_ups",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("told", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('missed', 'impossible')", name=op.f("ck_missed_follow_ups_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_missed_follow_ups_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "obligation_id"],
            ["obligations.tenant_id", "obligations.id"],
            name=op.f("fk_missed_follow_ups_tenant_id_obligation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_missed_follow_ups_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_missed_follow_ups")),
        sa.UniqueConstraint(
            "tenant_id", "obligation_id", name=op.f("uq_missed_follow_ups_tenant_id_obligation_id")
        ),
    )
    op.execute("ALTER TABLE missed_follow_ups ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE missed_follow_ups FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON missed_follow_ups USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON missed_follow_ups TO hemvist_staff")
    op.execute("GRANT SELECT ON missed_follow_ups TO hemvist_worker")
    op.create_index(
        op.f("ix_missed_follow_ups_tenant_id_case_id"),
        "missed_follow_ups",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_table(
        "filled_checklists",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("filled_on", sa.Date(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_to", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(sent_on IS NULL) = (sent_to = '{}')", name=op.f("ck_filled_checklists_sent")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_filled_checklists_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "follow_up_id"],
            ["follow_ups.tenant_id", "follow_ups.id"],
            name=op.f("fk_filled_checklists_tenant_id_follow_up_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_filled_checklists_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_filled_checklists")),
        sa.UniqueConstraint(
            "tenant_id", "follow_up_id", name=op.f("uq_filled_checklists_tenant_id_follow_up_id")
        ),
    )
    op.execute("ALTER TABLE filled_checklists ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE filled_checklists FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON filled_checklists USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON filled_checklists TO hemvist_staff")
    op.execute("GRANT SELECT ON filled_checklists TO hemvist_worker")
    op.create_index(
        op.f("ix_filled_checklists_tenant_id_case_id"),
        "filled_checklists",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.add_column(
        "follow_ups",
        sa.Column("purpose", sa.Text(), server_default=sa.text("'duty'"), nullable=False),
    )
    op.add_column(
        "follow_ups",
        sa.Column("parties", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.alter_column("follow_ups", "obligation_id", existing_type=sa.UUID(), nullable=True)
    op.add_column(
        "obligations",
        sa.Column(
            "participants", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    op.add_column("obligations", sa.Column("planned_on", sa.Date(), nullable=True))
    op.add_column("obligations", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("obligations", sa.Column("not_held_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_obligations_not_held",
        "obligations",
        ["tenant_id", "not_held_on", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('missed', 'impossible')"),
    )

    _states(AFTER)
    op.create_check_constraint(
        op.f("ck_obligations_not_held_with_reason"),
        "obligations",
        "(state IN ('missed', 'impossible')) = (reason IS NOT NULL)"
        " AND (reason IS NULL) = (not_held_on IS NULL)",
    )
    op.create_check_constraint(
        op.f("ck_follow_ups_purpose"),
        "follow_ups",
        "purpose IN ('duty', 'home_visit', 'joint_visit')",
    )
    op.create_check_constraint(
        op.f("ck_follow_ups_duty"),
        "follow_ups",
        "purpose <> 'duty' OR obligation_id IS NOT NULL",
    )


def _states(states: tuple[str, ...]) -> None:
    name = op.f("ck_obligations_state")
    op.drop_constraint(name, "obligations", type_="check")
    listed = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(name, "obligations", f"state IN ({listed})")


def downgrade() -> None:
    """Go back; on empty or test data only, since what new columns held is lost."""
    for check in ("duty", "purpose"):
        op.drop_constraint(op.f(f"ck_follow_ups_{check}"), "follow_ups", type_="check")
    op.drop_constraint(op.f("ck_obligations_not_held_with_reason"), "obligations", type_="check")
    _states(BEFORE)
    op.drop_index(
        "ix_obligations_not_held",
        table_name="obligations",
        postgresql_where=sa.text("state IN ('missed', 'impossible')"),
    )
    op.drop_column("obligations", "not_held_on")
    op.drop_column("obligations", "reason")
    op.drop_column("obligations", "planned_on")
    op.drop_column("obligations", "participants")
    op.alter_column("follow_ups", "obligation_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("follow_ups", "parties")
    op.drop_column("follow_ups", "purpose")
    op.drop_index(op.f("ix_filled_checklists_tenant_id_case_id"), table_name="filled_checklists")
    op.drop_table("filled_checklists")
    op.drop_index(op.f("ix_missed_follow_ups_tenant_id_case_id"), table_name="missed_follow_ups")
    op.drop_table("missed_follow_ups")
    op.drop_index(
        "uq_renewed_needs_open",
        table_name="renewed_needs",
        postgresql_where=sa.text("state IN ('noticed', 'talked', 'accepted')"),
    )
    op.drop_index(op.f("ix_renewed_needs_tenant_id_case_id"), table_name="renewed_needs")
    op.drop_table("renewed_needs")
    op.drop_index(op.f("ix_obligation_pauses_tenant_id_case_id"), table_name="obligation_pauses")
    op.drop_table("obligation_pauses")
