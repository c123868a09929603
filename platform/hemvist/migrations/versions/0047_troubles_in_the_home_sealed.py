"""What is said of trouble in a home, of those who owe and of what was done about it is sealed."""

from __future__ import annotations

from alembic import op

from hemvist.migrations.sealing import JSON, TEXT, Held, open_again, seal_columns, sealed_fields

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_COLUMNS: tuple[tuple[str, tuple[str, ...], Held], ...] = (
    (
        "ladders",
        ("severity_reason", "about", "end_reason", "proposed_because", "decided_because"),
        TEXT,
    ),
    ("ladder_steps", ("what", "went_on_because"), TEXT),
    ("joint_meetings", ("place", "picture", "cancelled_because"), TEXT),
    ("joint_meetings", ("absent",), JSON),
    ("ladder_actions", ("what", "notes"), TEXT),
    ("evictions", ("went_on_because", "end_reason"), TEXT),
    ("prevention_entries", ("children_note",), TEXT),
    ("prevention_contacts", ("notes",), TEXT),
    ("rent_liabilities", ("motivation", "children_considered", "decision_note"), TEXT),
    ("obligation_pauses", ("notes",), TEXT),
    ("execution_efforts", ("notes",), TEXT),
    ("incident_actions", ("done_by",), TEXT),
    ("incident_feedbacks", ("ground_note",), TEXT),
    ("service_clocks", ("reason",), TEXT),
)
#: Columns in clear that are empty where nobody says anything.
_EMPTY = (
    *(("ladders", one) for one in ("end_reason", "proposed_because", "decided_because")),
    ("joint_meetings", "cancelled_because"),
    ("ladder_actions", "notes"),
    *(("evictions", one) for one in ("went_on_because", "end_reason")),
    ("prevention_entries", "children_note"),
    ("rent_liabilities", "decision_note"),
    ("incident_feedbacks", "ground_note"),
)
#: CHECK constraints on whether a text says anything: table, name, in clear, sealed.
_CHECKS = (
    (
        "prevention_entries",
        "children_note",
        "children <> 'yes' OR state <> 'done' OR children_note <> ''",
        "children <> 'yes' OR state <> 'done' OR octet_length(children_note_sealed) > 29",
    ),
    (
        "incident_feedbacks",
        "ground_told",
        "CASE ground WHEN 'consent' THEN consented_on IS NOT NULL ELSE ground_note <> '' END",
        "CASE ground WHEN 'consent' THEN consented_on IS NOT NULL"
        " ELSE octet_length(ground_note_sealed) > 29 END",
    ),
    (
        "service_clocks",
        "cancelled",
        "state <> 'cancelled' OR (stopped_at IS NOT NULL AND reason <> '')",
        "state <> 'cancelled' OR (stopped_at IS NOT NULL AND octet_length(reason_sealed) > 29)",
    ),
)


def upgrade() -> None:
    """Go forward."""
    _drop_checks()
    for table, names, held in _COLUMNS:
        seal_columns(table, sealed_fields(table, names), nullable=False, held=held)
    for table, name, _, sealed in _CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, sealed)


def downgrade() -> None:
    """Go back."""
    _drop_checks()
    for table, names, held in reversed(_COLUMNS):
        open_again(table, sealed_fields(table, names), nullable=False, held=held)
    for table, name in _EMPTY:
        op.alter_column(table, name, server_default="")
    for table, name, clear, _ in _CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, clear)


def _drop_checks() -> None:
    for table, name, *_ in _CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
