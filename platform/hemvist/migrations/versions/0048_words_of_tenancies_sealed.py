"""What offers, contracts, takeovers, commissions and guarantees say in words is sealed."""

from __future__ import annotations

from alembic import op

from hemvist.migrations.sealing import JSON, TEXT, Held, open_again, seal_columns, sealed_fields

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

#: Table, columns, what they hold, and whether they may be empty.
_COLUMNS: tuple[tuple[str, tuple[str, ...], Held, bool], ...] = (
    ("offers", ("decline_reason", "override_reason"), TEXT, True),
    ("contracts", ("terms", "clauses", "waiver"), JSON, False),
    ("contracts", ("went_on_because",), TEXT, False),
    ("contract_notices", ("details",), JSON, False),
    ("contract_notices", ("went_on_because",), TEXT, False),
    ("tenure_waivers", ("went_on_because",), TEXT, False),
    ("rent_changes", ("reason",), TEXT, False),
    ("takeovers", ("postponed_because", "answer_reason"), TEXT, False),
    ("takeover_steps", ("notes",), TEXT, False),
    ("commissions", ("content",), JSON, False),
    ("commissions", ("end_note",), TEXT, False),
    ("support_reports", ("content",), JSON, False),
    ("guarantees", ("reviews", "grant_fields"), JSON, False),
    ("guarantees", ("notice_because", "ended_because"), TEXT, False),
    ("guarantee_claims", ("documents",), JSON, False),
    ("guarantee_claims", ("notes", "motivation"), TEXT, False),
    ("guarantee_recourses", ("notes",), TEXT, False),
    ("guarantee_write_offs", ("reason", "motivation"), TEXT, False),
    ("guarantee_entries", ("reason",), TEXT, False),
)
#: What a column in clear is where nobody says.
_DEFAULTS = {
    ("contracts", "clauses"): "'[]'::jsonb",
    ("contracts", "waiver"): "'{}'::jsonb",
    ("contracts", "went_on_because"): "''",
    ("takeovers", "postponed_because"): "''",
    ("takeovers", "answer_reason"): "''",
    ("guarantees", "reviews"): "'[]'::jsonb",
    ("guarantees", "grant_fields"): "'{}'::jsonb",
    ("guarantees", "notice_because"): "''",
    ("guarantees", "ended_because"): "''",
}
_POSTPONED = "ck_takeovers_postponed_with_reason"
_LEDGER = "guarantee_entries"


def upgrade() -> None:
    """Go forward."""
    op.drop_constraint(op.f(_POSTPONED), "takeovers")
    for table, names, held, nullable in _COLUMNS:
        seal_columns(table, sealed_fields(table, names), nullable=nullable, held=held)
    op.create_check_constraint(
        op.f(_POSTPONED),
        "takeovers",
        "postponed_until IS NULL OR octet_length(postponed_because_sealed) > 29",
    )


def downgrade() -> None:
    """Go back."""
    op.drop_constraint(op.f(_POSTPONED), "takeovers")
    op.execute(f"ALTER TABLE {_LEDGER} DISABLE TRIGGER {_LEDGER}_kept")
    for table, names, held, nullable in reversed(_COLUMNS):
        open_again(table, sealed_fields(table, names), nullable=nullable, held=held)
    op.execute(f"ALTER TABLE {_LEDGER} ENABLE TRIGGER {_LEDGER}_kept")
    for (table, name), default in _DEFAULTS.items():
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default}")
    op.create_check_constraint(
        op.f(_POSTPONED), "takeovers", "postponed_until IS NULL OR postponed_because <> ''"
    )
