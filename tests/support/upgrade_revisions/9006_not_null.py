"""What is known to be there is said to be there: the checked rule saves the look at every row."""

from __future__ import annotations

from alembic import op

revision = "9006"
down_revision = "9005"
branch_labels = None
depends_on = None

accepts = {
    "adding-not-nullable-field": "ck_drill_mark was validated in 9005, so that no row is looked at",
    "ban-drop-constraint": "NOT NULL says the same as ck_drill_mark",
}


def upgrade() -> None:
    """Go forward."""
    op.alter_column("cases", "drill_mark", nullable=False)
    op.drop_constraint("ck_drill_mark", "cases")


def downgrade() -> None:
    """Go back."""
    op.alter_column("cases", "drill_mark", nullable=True)
    op.execute("ALTER TABLE cases ADD CONSTRAINT ck_drill_mark CHECK (drill_mark IS NOT NULL)")
