"""What the last run of the checks found is kept, for the page that shows the proof."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nothing was run yet."""
    op.create_table(
        "check_result",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=True),
    )
