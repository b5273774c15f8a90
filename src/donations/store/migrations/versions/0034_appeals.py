"""The last days of appeals and keywords."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nothing is ended."""
    op.create_table(
        "appeal_end",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_end_appeal_id_appeal")),
        sa.PrimaryKeyConstraint("appeal_id", "word", name=op.f("pk_appeal_end")),
    )
