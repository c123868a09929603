"""Networks for protected moves: what kommuner ask and offer, and the network's own rounds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_TABLES = (
    "exchange_flats",
    "exchange_letters",
    "exchange_rounds",
    "networks",
    "exchange_clearings",
    "exchange_entries",
    "exchange_moves",
    "transfer_functions",
    "transfer_letters",
    "transfer_offers",
    "transfer_requests",
    "transfer_bans",
    "transfer_entries",
    "transfer_overrides",
    "transfer_proposals",
)


def upgrade() -> None:
    """Go forward."""
    # A network is a tenant in which nobody logs in.
    op.drop_constraint(op.f("ck_tenants_kind"), "tenants", type_="check")
    op.create_check_constraint(
        op.f("ck_tenants_kind"), "tenants", "kind IN ('kommun', 'landlords', 'network')"
    )
    op.create_table(
        "exchange_flats",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("index", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('free', 'held', 'gone')", name=op.f("ck_exchange_flats_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_flats_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exchange_flats")),
        sa.UniqueConstraint("tenant_id", "index", name=op.f("uq_exchange_flats_tenant_id_index")),
    )
    op.execute("ALTER TABLE exchange_flats ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange_flats FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON exchange_flats USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON exchange_flats TO hemvist_exchange")
    op.create_index(
        "ix_exchange_flats_there",
        "exchange_flats",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'gone'"),
    )
    op.create_table(
        "exchange_letters",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kommun_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "direction IN ('out', 'in')", name=op.f("ck_exchange_letters_direction")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_letters_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exchange_letters")),
    )
    op.execute("ALTER TABLE exchange_letters ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange_letters FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON exchange_letters USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON exchange_letters TO hemvist_exchange")
    op.create_index(
        "ix_exchange_letters_waiting",
        "exchange_letters",
        ["tenant_id", "kommun_id", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "exchange_rounds",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed_digest", sa.LargeBinary(), nullable=False),
        sa.Column("seed_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("collected", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("clearings", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_exchange_rounds_closed")
        ),
        sa.CheckConstraint("kind IN ('regular', 'acute')", name=op.f("ck_exchange_rounds_kind")),
        sa.CheckConstraint(
            "state IN ('collecting', 'answering', 'closed')", name=op.f("ck_exchange_rounds_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_rounds_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exchange_rounds")),
    )
    op.execute("ALTER TABLE exchange_rounds ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange_rounds FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON exchange_rounds USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON exchange_rounds TO hemvist_exchange")
    op.create_index(
        "ix_exchange_rounds_running",
        "exchange_rounds",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "networks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["tenants.id"], name=op.f("fk_networks_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_networks")),
        sa.UniqueConstraint("code", name=op.f("uq_networks_code")),
    )
    op.execute("GRANT SELECT ON networks TO hemvist_exchange")
    op.execute("GRANT SELECT ON networks TO hemvist_operator")
    op.execute("GRANT SELECT ON networks TO hemvist_staff")
    op.execute("GRANT SELECT ON networks TO hemvist_worker")
    op.create_table(
        "exchange_clearings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("input_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("input_digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "round_id"],
            ["exchange_rounds.tenant_id", "exchange_rounds.id"],
            name=op.f("fk_exchange_clearings_tenant_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_clearings_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exchange_clearings")),
        sa.UniqueConstraint(
            "tenant_id",
            "round_id",
            "number",
            name=op.f("uq_exchange_clearings_tenant_id_round_id_number"),
        ),
    )
    op.execute("ALTER TABLE exchange_clearings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange_clearings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON exchange_clearings USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON exchange_clearings TO hemvist_exchange")
    op.create_table(
        "exchange_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("index", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "round_id"],
            ["exchange_rounds.tenant_id", "exchange_rounds.id"],
            name=op.f("fk_exchange_entries_tenant_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_entries_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exchange_entries")),
        sa.UniqueConstraint(
            "tenant_id",
            "round_id",
            "index",
            name=op.f("uq_exchange_entries_tenant_id_round_id_index"),
        ),
    )
    op.execute("ALTER TABLE exchange_entries ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange_entries FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON exchange_entries USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON exchange_entries TO hemvist_exchange")
    op.create_table(
        "exchange_moves",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sending_index", sa.LargeBinary(), nullable=False),
        sa.Column("receiving_index", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sending_said", sa.Text(), nullable=False),
        sa.Column("receiving_said", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_override", sa.Boolean(), nullable=False),
        sa.Column("banned", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "receiving_said IN ('', 'yes', 'no')", name=op.f("ck_exchange_moves_receiving_said")
        ),
        sa.CheckConstraint(
            "sending_said IN ('', 'yes', 'no')", name=op.f("ck_exchange_moves_sending_said")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'agreed', 'moved', 'failed', 'cancelled')",
            name=op.f("ck_exchange_moves_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'moved') OR (sending_said = 'yes' AND receiving_said = 'yes')",
            name=op.f("ck_exchange_moves_both"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "round_id"],
            ["exchange_rounds.tenant_id", "exchange_rounds.id"],
            name=op.f("fk_exchange_moves_tenant_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_moves_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exchange_moves")),
        sa.UniqueConstraint(
            "tenant_id", "receiving_index", name=op.f("uq_exchange_moves_tenant_id_receiving_index")
        ),
        sa.UniqueConstraint(
            "tenant_id", "sending_index", name=op.f("uq_exchange_moves_tenant_id_sending_index")
        ),
    )
    op.execute("ALTER TABLE exchange_moves ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange_moves FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON exchange_moves USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON exchange_moves TO hemvist_exchange")
    op.create_index(
        "ix_exchange_moves_due",
        "exchange_moves",
        ["tenant_id", "answer_by"],
        unique=False,
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_index(
        op.f("ix_exchange_moves_tenant_id_round_id_state"),
        "exchange_moves",
        ["tenant_id", "round_id", "state"],
        unique=False,
    )
    op.create_table(
        "transfer_functions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "role IN ('operative', 'manager')", name=op.f("ck_transfer_functions_role")
        ),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_transfer_functions_period")
        ),
        sa.ForeignKeyConstraint(
            ["network_id"], ["networks.id"], name=op.f("fk_transfer_functions_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "named_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_transfer_functions_tenant_id_named_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "principal_id"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_transfer_functions_tenant_id_principal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_functions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_functions")),
    )
    op.execute("ALTER TABLE transfer_functions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_functions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_functions USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON transfer_functions TO hemvist_staff")
    op.execute("GRANT SELECT ON transfer_functions TO hemvist_worker")
    op.create_index(
        "ix_transfer_functions_named",
        "transfer_functions",
        ["tenant_id", "network_id", "principal_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "transfer_letters",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "direction IN ('out', 'in')", name=op.f("ck_transfer_letters_direction")
        ),
        sa.ForeignKeyConstraint(
            ["network_id"], ["networks.id"], name=op.f("fk_transfer_letters_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_letters_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_letters")),
    )
    op.execute("ALTER TABLE transfer_letters ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_letters FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_letters USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT INSERT ON transfer_letters TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON transfer_letters TO hemvist_worker")
    op.create_index(
        "ix_transfer_letters_waiting",
        "transfer_letters",
        ["tenant_id", "network_id", "direction", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "transfer_offers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("rooms", sa.BigInteger(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "ended_because IN ('', 'own_need', 'unfit', 'not_vacant')",
            name=op.f("ck_transfer_offers_ended_because"),
        ),
        sa.CheckConstraint(
            "state IN ('offered', 'proposed', 'agreed', 'taken', 'withdrawn')",
            name=op.f("ck_transfer_offers_state"),
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_transfer_offers_days")),
        sa.ForeignKeyConstraint(
            ["network_id"], ["networks.id"], name=op.f("fk_transfer_offers_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offered_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_transfer_offers_tenant_id_offered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name=op.f("fk_transfer_offers_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_offers_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_offers")),
        sa.UniqueConstraint("tenant_id", "token", name=op.f("uq_transfer_offers_tenant_id_token")),
    )
    op.execute("ALTER TABLE transfer_offers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_offers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_offers USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON transfer_offers TO hemvist_staff")
    op.execute("GRANT SELECT, UPDATE ON transfer_offers TO hemvist_worker")
    op.create_index(
        "ix_transfer_offers_live",
        "transfer_offers",
        ["tenant_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('offered', 'proposed', 'agreed')"),
    )
    op.create_table(
        "transfer_requests",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("needs_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('prepared', 'open', 'proposed', 'agreed', 'moved', 'withdrawn')",
            name=op.f("ck_transfer_requests_state"),
        ),
        sa.CheckConstraint(
            "urgency IN ('normal', 'high', 'acute')", name=op.f("ck_transfer_requests_urgency")
        ),
        sa.CheckConstraint(
            "withdrawn_because IN ('', 'household_declines', 'solved_otherwise', 'threat_changed', 'own_error')",
            name=op.f("ck_transfer_requests_withdrawn_because"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id"], ["networks.id"], name=op.f("fk_transfer_requests_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["cases.tenant_id", "cases.id"],
            name=op.f("fk_transfer_requests_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "prepared_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_transfer_requests_tenant_id_prepared_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_requests_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_requests")),
    )
    op.execute("ALTER TABLE transfer_requests ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_requests FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_requests USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON transfer_requests TO hemvist_staff")
    op.execute("GRANT SELECT, UPDATE ON transfer_requests TO hemvist_worker")
    op.create_index(
        "ix_transfer_requests_live",
        "transfer_requests",
        ["tenant_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('prepared', 'open', 'proposed', 'agreed')"),
    )
    op.create_index(
        op.f("ix_transfer_requests_tenant_id_network_id_state"),
        "transfer_requests",
        ["tenant_id", "network_id", "state"],
        unique=False,
    )
    op.create_table(
        "transfer_bans",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["transfer_requests.tenant_id", "transfer_requests.id"],
            name=op.f("fk_transfer_bans_tenant_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_bans_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_bans")),
        sa.UniqueConstraint(
            "tenant_id",
            "request_id",
            "token",
            name=op.f("uq_transfer_bans_tenant_id_request_id_token"),
        ),
    )
    op.execute("ALTER TABLE transfer_bans ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_bans FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_bans USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON transfer_bans TO hemvist_worker")
    op.create_table(
        "transfer_entries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id"], ["networks.id"], name=op.f("fk_transfer_entries_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["transfer_requests.tenant_id", "transfer_requests.id"],
            name=op.f("fk_transfer_entries_tenant_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_entries_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_entries")),
        sa.UniqueConstraint(
            "tenant_id", "pseudonym", name=op.f("uq_transfer_entries_tenant_id_pseudonym")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "round_id",
            "request_id",
            name=op.f("uq_transfer_entries_tenant_id_round_id_request_id"),
        ),
    )
    op.execute("ALTER TABLE transfer_entries ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_entries FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_entries USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT ON transfer_entries TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, DELETE ON transfer_entries TO hemvist_worker")
    op.create_table(
        "transfer_overrides",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asked_by"],
            ["principals.tenant_id", "principals.id"],
            name=op.f("fk_transfer_overrides_tenant_id_asked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["transfer_requests.tenant_id", "transfer_requests.id"],
            name=op.f("fk_transfer_overrides_tenant_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_overrides_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_overrides")),
    )
    op.execute("ALTER TABLE transfer_overrides ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_overrides FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_overrides USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT ON transfer_overrides TO hemvist_staff")
    op.create_index(
        op.f("ix_transfer_overrides_tenant_id_request_id"),
        "transfer_overrides",
        ["tenant_id", "request_id"],
        unique=False,
    )
    op.create_table(
        "transfer_proposals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("slip", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("refused_because", sa.Text(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counterpart_id", sa.Uuid(), nullable=True),
        sa.Column("counterpart_slip", sa.Uuid(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(counterpart_id IS NULL) = (counterpart_slip IS NULL) AND (counterpart_id IS NULL OR state IN ('agreed', 'moved'))",
            name=op.f("ck_transfer_proposals_blind_until_agreed"),
        ),
        sa.CheckConstraint(
            "(side = 'sending') = (request_id IS NOT NULL) AND (side = 'receiving') = (offer_id IS NOT NULL)",
            name=op.f("ck_transfer_proposals_of_its_side"),
        ),
        sa.CheckConstraint(
            "side IN ('sending', 'receiving')", name=op.f("ck_transfer_proposals_side")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'refused', 'expired', 'withdrawn', 'failed', 'agreed', 'cancelled', 'moved')",
            name=op.f("ck_transfer_proposals_state"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id"], ["networks.id"], name=op.f("fk_transfer_proposals_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"],
            ["transfer_offers.tenant_id", "transfer_offers.id"],
            name=op.f("fk_transfer_proposals_tenant_id_offer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["transfer_requests.tenant_id", "transfer_requests.id"],
            name=op.f("fk_transfer_proposals_tenant_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_transfer_proposals_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_proposals")),
        sa.UniqueConstraint("tenant_id", "slip", name=op.f("uq_transfer_proposals_tenant_id_slip")),
    )
    op.execute("ALTER TABLE transfer_proposals ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transfer_proposals FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant_isolation ON transfer_proposals USING (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = NULLIF(current_setting('hemvist.tenant_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON transfer_proposals TO hemvist_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON transfer_proposals TO hemvist_worker")
    op.create_index(
        "ix_transfer_proposals_offer",
        "transfer_proposals",
        ["tenant_id", "offer_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'accepted', 'agreed')"),
    )
    op.create_index(
        "ix_transfer_proposals_request",
        "transfer_proposals",
        ["tenant_id", "request_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'accepted', 'agreed')"),
    )
    op.create_index(
        op.f("ix_transfer_proposals_tenant_id_network_id_state"),
        "transfer_proposals",
        ["tenant_id", "network_id", "state"],
        unique=False,
    )


def downgrade() -> None:
    """Go back."""
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.execute("DELETE FROM tenants WHERE kind = 'network'")
    op.drop_constraint(op.f("ck_tenants_kind"), "tenants", type_="check")
    op.create_check_constraint(
        op.f("ck_tenants_kind"), "tenants", "kind IN ('kommun', 'landlords')"
    )
