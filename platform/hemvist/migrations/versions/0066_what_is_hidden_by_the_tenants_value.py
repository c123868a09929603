"""What is hidden asks every table by the tenant's value: on many machines a row is found by no other."""

from __future__ import annotations

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

#: Functions that asked openings by the tenant of a member's row, which is the same one.
_FUNCTIONS = ("hemvist_hidden(text)", "hemvist_hidden_rows()")
_BY_MEMBER, _BY_VALUE = "o.tenant_id = m.tenant_id", "o.tenant_id = own_tenant"


def upgrade() -> None:
    """Go forward. Replaces two functions by their own text; no table is touched."""
    _put(_BY_VALUE, instead_of=_BY_MEMBER)


def downgrade() -> None:
    """Go back."""
    _put(_BY_MEMBER, instead_of=_BY_VALUE)


def _put(becomes: str, *, instead_of: str) -> None:
    for function in _FUNCTIONS:
        # Words of this module alone.
        op.execute(
            f"DO $do$ DECLARE was text := pg_get_functiondef('{function}'::regprocedure); BEGIN"
            f" IF position('{instead_of}' IN was) = 0 THEN"
            f" RAISE EXCEPTION '{function} is another than this migration knows'; END IF;"
            f" EXECUTE replace(was, '{instead_of}', '{becomes}'); END $do$"
        )
