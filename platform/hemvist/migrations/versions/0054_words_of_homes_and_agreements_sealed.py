"""What is said of homes, in papers and about agreements with landlords is sealed."""

from __future__ import annotations

from alembic import op

from hemvist.migrations.sealing import open_again, seal_columns, sealed_fields

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_COLUMNS = {
    "landlord_papers": ("title", "name"),
    "units": ("kept_because",),
    "vacancies": ("note", "answer_words"),
    "agreement_parties": ("name", "undertakes"),
    "agreement_notes": ("what",),
    "agreement_meetings": ("present", "notes"),
    "quota_placements": ("because",),
}
#: Columns in clear that are empty where nobody says anything.
_EMPTY = (
    ("units", "kept_because"),
    ("vacancies", "answer_words"),
    ("agreement_parties", "undertakes"),
    ("agreement_meetings", "present"),
    ("agreement_meetings", "notes"),
)
#: Columns that always say something, with a CHECK of their own name on it.
_SAY = (("landlord_papers", "title"), ("quota_placements", "because"))


def upgrade() -> None:
    """Go forward."""
    _drop_checks()
    for table, names in _COLUMNS.items():
        seal_columns(table, sealed_fields(table, names), nullable=False)
    for table, name in _SAY:
        op.create_check_constraint(
            op.f(f"ck_{table}_{name}"), table, f"octet_length({name}_sealed) > 29"
        )


def downgrade() -> None:
    """Go back."""
    _drop_checks()
    for table, names in reversed(_COLUMNS.items()):
        open_again(table, sealed_fields(table, names), nullable=False)
    for table, name in _EMPTY:
        op.alter_column(table, name, server_default="")
    for table, name in _SAY:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{name} <> ''")


def _drop_checks() -> None:
    for table, name in _SAY:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
