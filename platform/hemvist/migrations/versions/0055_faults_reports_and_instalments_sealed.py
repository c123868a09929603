"""Faulty cells of landlords' files, reports' files and instalments are sealed; filters hold no words."""

from __future__ import annotations

from alembic import op

from hemvist.migrations.sealing import JSON, TEXT, Held, open_again, seal_columns, sealed_fields

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_COLUMNS: tuple[tuple[str, tuple[str, ...], Held], ...] = (
    ("arrears_rows", ("problems",), JSON),
    ("instalment_plans", ("instalments",), JSON),
    ("execution_reports", ("content",), TEXT),
)
_FAULTY = "ck_arrears_rows_faulty_with_reason"
_CODES = "ck_saved_filters_codes_only"
_WORDS = r'strict $.** ? (@.type() == "string" && @ like_regex "\\s|^.{101}")'


def upgrade() -> None:
    """Go forward."""
    op.drop_constraint(op.f(_FAULTY), "arrears_rows")
    for table, names, held in _COLUMNS:
        seal_columns(table, sealed_fields(table, names), nullable=False, held=held)
    # Longer than an empty list.
    op.create_check_constraint(
        op.f(_FAULTY), "arrears_rows", "state <> 'faulty' OR octet_length(problems_sealed) > 31"
    )
    op.create_check_constraint(op.f(_CODES), "saved_filters", f"NOT selection @? '{_WORDS}'")


def downgrade() -> None:
    """Go back."""
    op.drop_constraint(op.f(_CODES), "saved_filters")
    op.drop_constraint(op.f(_FAULTY), "arrears_rows")
    for table, names, held in reversed(_COLUMNS):
        open_again(table, sealed_fields(table, names), nullable=False, held=held)
    op.alter_column("execution_reports", "content", server_default="")
    op.create_check_constraint(
        op.f(_FAULTY), "arrears_rows", "state <> 'faulty' OR problems <> '[]'::jsonb"
    )
