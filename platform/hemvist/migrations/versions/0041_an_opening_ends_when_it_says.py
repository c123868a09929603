"""An opening ends when it says, and lists of openings and of what was told have their order."""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_HELD = (
    # Whoever sees a case for a time sees it by an opening of their own, of that circle, and never
    # longer than the opening that is reviewed says. Asked after the statement, which may write both.
    """
    CREATE FUNCTION hemvist_hold_to_opening() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT FROM case_openings o
            WHERE o.tenant_id = NEW.tenant_id AND o.id = NEW.opening_id
                AND o.circle_id = NEW.circle_id AND o.principal_id = NEW.principal_id
                AND NEW.until <= o.ends_at
        ) THEN
            RAISE EXCEPTION 'a membership for a time is held to its opening'
                USING ERRCODE = 'check_violation', TABLE = 'circle_members',
                    CONSTRAINT = 'held_to_opening';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    "CREATE TRIGGER held_to_opening AFTER INSERT OR UPDATE ON circle_members FOR EACH ROW"
    " WHEN (NEW.opening_id IS NOT NULL) EXECUTE FUNCTION hemvist_hold_to_opening()",
    # What is reviewed is what happened: an opening may end sooner, and else only be reviewed.
    """
    CREATE FUNCTION hemvist_keep_opening() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'an opening stays as it was, and never ends later'
            USING ERRCODE = 'check_violation', TABLE = 'case_openings',
                CONSTRAINT = 'opening_kept';
    END
    $$
    """,
    "CREATE TRIGGER opening_kept BEFORE UPDATE ON case_openings FOR EACH ROW"
    " WHEN (NEW.ends_at > OLD.ends_at OR (NEW.case_id, NEW.circle_id, NEW.case_number,"
    " NEW.principal_id, NEW.actor_name, NEW.opened_at) IS DISTINCT FROM (OLD.case_id,"
    " OLD.circle_id, OLD.case_number, OLD.principal_id, OLD.actor_name, OLD.opened_at))"
    " EXECUTE FUNCTION hemvist_keep_opening()",
)


def upgrade() -> None:
    """Go forward."""
    op.create_check_constraint(
        op.f("ck_case_openings_hours"),
        "case_openings",
        "ends_at - opened_at <= interval '72 hours'",
    )
    op.create_index(
        op.f("ix_case_openings_tenant_id_opened_at_id"),
        "case_openings",
        ["tenant_id", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_secrecy_disclosures_tenant_id_disclosed_on_id"),
        "secrecy_disclosures",
        ["tenant_id", "disclosed_on", "id"],
        unique=False,
    )
    for statement in _HELD:
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    op.execute("DROP TRIGGER opening_kept ON case_openings")
    op.execute("DROP TRIGGER held_to_opening ON circle_members")
    for function in ("keep_opening", "hold_to_opening"):
        op.execute(f"DROP FUNCTION hemvist_{function}()")
    op.drop_index(
        op.f("ix_secrecy_disclosures_tenant_id_disclosed_on_id"),
        table_name="secrecy_disclosures",
    )
    op.drop_index(op.f("ix_case_openings_tenant_id_opened_at_id"), table_name="case_openings")
    op.drop_constraint(op.f("ck_case_openings_hours"), "case_openings")
