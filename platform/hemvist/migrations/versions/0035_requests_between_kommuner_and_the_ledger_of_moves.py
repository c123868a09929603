"""requests between kommuner, and the ledger of protected moves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

#: Lines are only ever added.
KEPT = """
CREATE FUNCTION hemvist_lines_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lines of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$"""
#: At COMMIT: a move is booked on both its sides or on none, one of them taking what the other sends.
BALANCES = """
CREATE FUNCTION transfer_ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines bigint;
    whole numeric;
BEGIN
    SELECT count(*), sum(e.amount) INTO lines, whole FROM transfer_ledger_entries e
        WHERE e.tenant_id = NEW.tenant_id AND e.move_id = NEW.move_id AND e.kind = NEW.kind;
    IF lines <> 2 OR whole <> 0 THEN
        RAISE EXCEPTION 'move % is not booked on both sides', NEW.move_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$"""
_KEPT_TABLES = ("kommun_request_steps", "transfer_ledger_entries", "transfer_publications")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "kommun_requests",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("counterpart_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("function_address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("handler_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("reasons_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answer_reasons_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ivo_applied_on", sa.Date(), nullable=True),
        sa.Column("ivo_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ivo_outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("ivo_decided_on", sa.Date(), nullable=True),
        sa.Column("carried_over_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "answer_by IS NULL OR (kind = 'takeover' AND arrived_on IS NOT NULL)",
            name=op.f("ck_kommun_requests_clock"),
        ),
        sa.CheckConstraint(
            "direction IN ('outgoing', 'incoming')", name=op.f("ck_kommun_requests_direction")
        ),
        sa.CheckConstraint(
            "kind = 'takeover' OR (ivo_applied_on IS NULL AND ivo_decided_on IS NULL)",
            name=op.f("ck_kommun_requests_ivo"),
        ),
        sa.CheckConstraint(
            "kind IN ('application', 'takeover')", name=op.f("ck_kommun_requests_kind")
        ),
        sa.CheckConstraint(
            "state IN ('drafted', 'waiting', 'agreed', 'refused', 'with_ivo', 'moved_by_ivo', 'kept_by_ivo', 'carried_over', 'withdrawn')",
            name=op.f("ck_kommun_requests_state"),
        ),
        sa.CheckConstraint(
            "wish IN ('wants', 'accepts', 'objects', 'not_asked')",
            name=op.f("ck_kommun_requests_wish"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_kommun_requests_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "handler_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_kommun_requests_tenant_id_handler_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_kommun_requests_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_kommun_requests")),
    )
    op.execute("ALTER TABLE kommun_requests ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE kommun_requests FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON kommun_requests USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON kommun_requests TO hemvist_staff")
    op.execute("GRANT SELECT ON kommun_requests TO hemvist_worker")
    op.create_index(
        op.f("ix_kommun_requests_tenant_id_case_id"),
        "kommun_requests",
        ["tenant_id", "case_id"],
        unique=False,
    )
    op.create_index(
        "ix_kommun_requests_waiting",
        "kommun_requests",
        ["tenant_id", "answer_by", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_kommun_requests_takeover",
        "kommun_requests",
        ["tenant_id", "case_id"],
        unique=True,
        postgresql_where=sa.text(
            "kind = 'takeover' AND state IN ('drafted', 'waiting', 'refused', 'with_ivo', 'agreed', 'moved_by_ivo')"
        ),
    )
    op.create_table(
        "kommun_request_steps",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(ground = '') = (cardinality(fields) = 0) AND (ground = '') = (recipient_sealed IS NULL)",
            name=op.f("ck_kommun_request_steps_disclosure"),
        ),
        sa.CheckConstraint(
            "(ground = 'consent') = (consent_on IS NOT NULL)",
            name=op.f("ck_kommun_request_steps_consent"),
        ),
        sa.CheckConstraint(
            "ground IN ('', 'sol_29_12', 'sol_29_9', 'consent', 'osl_10_2')",
            name=op.f("ck_kommun_request_steps_ground"),
        ),
        sa.CheckConstraint(
            "kind IN ('opened', 'sent', 'arrived', 'assistance_asked', 'assistance_given', 'agreed', 'refused', 'ivo_applied', 'ivo_decided', 'data_handed_over', 'data_received', 'carried_over', 'handler_named', 'withdrawn')",
            name=op.f("ck_kommun_request_steps_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_kommun_request_steps_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["kommun_requests.tenant_id", "kommun_requests.id"],
            name=op.f("fk_kommun_request_steps_tenant_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_kommun_request_steps_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_kommun_request_steps")),
    )
    op.execute("ALTER TABLE kommun_request_steps ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE kommun_request_steps FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON kommun_request_steps USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON kommun_request_steps TO hemvist_staff")
    op.execute("GRANT SELECT ON kommun_request_steps TO hemvist_worker")
    op.create_index(
        op.f("ix_kommun_request_steps_tenant_id_request_id_recorded_at"),
        "kommun_request_steps",
        ["tenant_id", "request_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "transfer_ledger_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("move_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("urgency", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("settles_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'reserved') = (settles_id IS NULL)",
            name=op.f("ck_transfer_ledger_entries_settles"),
        ),
        sa.CheckConstraint(
            "kind IN ('reserved', 'released', 'booked', 'reversed')",
            name=op.f("ck_transfer_ledger_entries_kind"),
        ),
        sa.CheckConstraint("amount IN (-1, 1)", name=op.f("ck_transfer_ledger_entries_amount")),
        sa.CheckConstraint(
            "urgency BETWEEN 1 AND 3", name=op.f("ck_transfer_ledger_entries_urgency")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "settles_id"],
            ["transfer_ledger_entries.tenant_id", "transfer_ledger_entries.id"],
            name=op.f("fk_transfer_ledger_entries_tenant_id_settles_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_ledger_entries_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_ledger_entries")),
        sa.UniqueConstraint(
            "tenant_id",
            "move_id",
            "member_id",
            "kind",
            name=op.f("uq_transfer_ledger_entries_tenant_id_move_id_member_id_kind"),
        ),
        sa.UniqueConstraint(
            "tenant_id", "settles_id", name=op.f("uq_transfer_ledger_entries_tenant_id_settles_id")
        ),
    )
    op.execute("ALTER TABLE transfer_ledger_entries ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_ledger_entries FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_ledger_entries USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON transfer_ledger_entries TO hemvist_exchange")
    op.create_index(
        op.f("ix_transfer_ledger_entries_tenant_id_member_id"),
        "transfer_ledger_entries",
        ["tenant_id", "member_id"],
        unique=False,
    )
    op.create_table(
        "transfer_publications",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("bands", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_publications_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_publications")),
        sa.UniqueConstraint(
            "tenant_id", "as_of", name=op.f("uq_transfer_publications_tenant_id_as_of")
        ),
    )
    op.execute("ALTER TABLE transfer_publications ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_publications FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_publications USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON transfer_publications TO hemvist_exchange")
    op.create_table(
        "transfer_statements",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("bands", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_statements_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_statements")),
        sa.UniqueConstraint(
            "tenant_id", "network_id", name=op.f("uq_transfer_statements_tenant_id_network_id")
        ),
    )
    op.execute("ALTER TABLE transfer_statements ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_statements FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_statements USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON transfer_statements TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON transfer_statements TO hemvist_worker")
    op.execute(KEPT)
    op.execute(BALANCES)
    for table in _KEPT_TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION hemvist_lines_are_kept()"
        )
    op.execute(
        "CREATE CONSTRAINT TRIGGER transfer_ledger_entries_balance"
        " AFTER INSERT ON transfer_ledger_entries DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION transfer_ledger_balances()"
    )


def downgrade() -> None:
    """Go back; on empty or test data only, since what new tables held is lost."""
    op.drop_table("transfer_statements")
    op.drop_table("transfer_publications")
    op.drop_table("transfer_ledger_entries")
    op.drop_table("kommun_request_steps")
    op.drop_table("kommun_requests")
    op.execute("DROP FUNCTION transfer_ledger_balances()")
    op.execute("DROP FUNCTION hemvist_lines_are_kept()")
