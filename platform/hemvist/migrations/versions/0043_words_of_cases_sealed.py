"""What decisions, referrals, follow-ups, milestones, plans and appeals say in words is sealed."""

from __future__ import annotations

from alembic import op

from hemvist.migrations.sealing import JSON, TEXT, Held, open_again, seal_columns, sealed_fields

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

#: Table, columns, what they hold, and whether they may be empty.
_COLUMNS: tuple[tuple[str, tuple[str, ...], Held, bool], ...] = (
    (
        "decisions",
        ("motivation", "child_assessment", "departure_reason", "went_on_because"),
        TEXT,
        False,
    ),
    ("decisions", ("return_reason",), TEXT, True),
    ("decisions", ("conditions",), JSON, False),
    ("referrals", ("content",), JSON, False),
    ("referrals", ("completion_request", "end_reason"), TEXT, True),
    ("follow_ups", ("notes",), TEXT, False),
    ("missed_follow_ups", ("reason", "tried", "notes"), TEXT, False),
    ("renewed_needs", ("notes",), TEXT, False),
    ("filled_checklists", ("items",), JSON, False),
    ("milestones", ("notes", "went_on_because"), TEXT, False),
    ("milestones", ("details",), JSON, False),
    ("support_plans", ("content", "sections"), JSON, False),
    ("support_plans", ("own_words",), TEXT, False),
    ("plan_goals", ("goal", "how", "note"), TEXT, False),
    ("plan_signatures", ("name",), TEXT, False),
    ("plan_reviews", ("own_words", "notes"), TEXT, False),
    (
        "appeals",
        ("asks", "late_ground", "dismissal_reason", "reconsideration_reason"),
        TEXT,
        False,
    ),
)
#: What a column in clear is where nobody says.
_DEFAULTS = {
    ("decisions", "went_on_because"): "''",
    ("decisions", "conditions"): "'[]'::jsonb",
    ("milestones", "details"): "'{}'::jsonb",
    ("support_plans", "sections"): "'[]'::jsonb",
    ("support_plans", "own_words"): "''",
    ("appeals", "late_ground"): "''",
    ("appeals", "dismissal_reason"): "''",
    ("appeals", "reconsideration_reason"): "''",
}


def upgrade() -> None:
    """Go forward."""
    for table, names, held, nullable in _COLUMNS:
        seal_columns(table, sealed_fields(table, names), nullable=nullable, held=held)


def downgrade() -> None:
    """Go back."""
    for table, names, held, nullable in reversed(_COLUMNS):
        open_again(table, sealed_fields(table, names), nullable=nullable, held=held)
    for (table, name), default in _DEFAULTS.items():
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default}")
