"""What incidents say, and who reported them, is sealed under their kommun's keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hemvist.migrations.sealing import open_again, seal_columns

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_WORDS = (
    *("reporter_name", "reporter_contact", "what"),
    *("severity_reason", "children_note", "closing_note"),
)
_COLUMNS = {name: f"incidents.{name}" for name in _WORDS}
_NOTES = {"notes": "incident_actions.notes"}


def upgrade() -> None:
    """Go forward."""
    for name in ("anonymous", "severity_with_reason"):
        op.drop_constraint(op.f(f"ck_incidents_{name}"), "incidents")
    seal_columns("incidents", _COLUMNS, nullable=False)
    seal_columns("incident_actions", _NOTES, nullable=False)
    op.create_check_constraint(
        op.f("ck_incidents_anonymous"),
        "incidents",
        "NOT anonymous OR (octet_length(reporter_name_sealed) = 29"
        " AND octet_length(reporter_contact_sealed) = 29)",
    )
    op.create_check_constraint(
        op.f("ck_incidents_severity_with_reason"),
        "incidents",
        "severity IS NULL OR (octet_length(severity_reason_sealed) > 29"
        " AND assessed_at IS NOT NULL)",
    )


def downgrade() -> None:
    """Go back."""
    for name in ("anonymous", "severity_with_reason"):
        op.drop_constraint(op.f(f"ck_incidents_{name}"), "incidents")
    open_again("incident_actions", _NOTES, sa.Text(), nullable=False)
    open_again("incidents", _COLUMNS, sa.Text(), nullable=False)
    for name in ("reporter_name", "reporter_contact", *_WORDS[3:]):
        op.alter_column("incidents", name, server_default="")
    op.create_check_constraint(
        op.f("ck_incidents_anonymous"),
        "incidents",
        "NOT anonymous OR (reporter_name = '' AND reporter_contact = '')",
    )
    op.create_check_constraint(
        op.f("ck_incidents_severity_with_reason"),
        "incidents",
        "severity IS NULL OR (severity_reason <> '' AND assessed_at IS NOT NULL)",
    )
