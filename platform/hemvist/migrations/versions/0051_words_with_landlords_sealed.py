"""What landlords write of their homes, and what they are shown of a household, is sealed."""

from __future__ import annotations

from alembic import op

from hemvist.migrations.sealing import open_again, seal_columns, sealed_fields

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_COLUMNS = {
    "landlord_reports": ("what",),
    "landlord_report_words": ("what",),
    "takeover_shown": ("value",),
    "takeover_replies": ("reason",),
    "landlord_times": ("note",),
}
#: CHECK constraints on whether a text says anything: table, name, in clear, sealed.
_CHECKS = (
    ("landlord_report_words", "what", "what <> ''", "octet_length(what_sealed) > 29"),
    (
        "takeover_replies",
        "with_a_reason",
        "reply = 'yes' OR reason <> ''",
        "reply = 'yes' OR octet_length(reason_sealed) > 29",
    ),
)


def upgrade() -> None:
    """Go forward."""
    _drop_checks()
    for table, names in _COLUMNS.items():
        seal_columns(table, sealed_fields(table, names), nullable=False)
    for table, name, _, sealed in _CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, sealed)


def downgrade() -> None:
    """Go back."""
    _drop_checks()
    for table, names in reversed(_COLUMNS.items()):
        open_again(table, sealed_fields(table, names), nullable=False)
    op.alter_column("landlord_times", "note", server_default="")
    for table, name, clear, _ in _CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, clear)


def _drop_checks() -> None:
    for table, name, *_ in _CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
