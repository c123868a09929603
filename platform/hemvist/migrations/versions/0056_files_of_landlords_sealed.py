"""What landlords' files are called and what their rows of vacant homes say is sealed."""

from __future__ import annotations

from alembic import op

from hemvist.migrations.sealing import JSON, TEXT, Held, open_again, seal_columns, sealed_fields

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_COLUMNS: tuple[tuple[str, tuple[str, ...], Held], ...] = (
    ("arrears_files", ("name",), TEXT),
    ("vacancy_files", ("name",), TEXT),
    ("vacancy_rows", ("values", "problems"), JSON),
)
_FAULTY = "ck_vacancy_rows_faulty_with_reason"


def upgrade() -> None:
    """Go forward."""
    op.drop_constraint(op.f(_FAULTY), "vacancy_rows")
    for table, names, held in _COLUMNS:
        seal_columns(table, sealed_fields(table, names), nullable=False, held=held)
    # Longer than an empty list.
    op.create_check_constraint(
        op.f(_FAULTY), "vacancy_rows", "state <> 'faulty' OR octet_length(problems_sealed) > 31"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_constraint(op.f(_FAULTY), "vacancy_rows")
    for table, names, held in reversed(_COLUMNS):
        open_again(table, sealed_fields(table, names), nullable=False, held=held)
    op.create_check_constraint(
        op.f(_FAULTY), "vacancy_rows", "state <> 'faulty' OR problems <> '[]'::jsonb"
    )
