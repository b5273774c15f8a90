"""The last day of a person, when a browser last proved who is there, and whether all need a second step."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import refuse_changes

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; who is signed in proved it when the session began."""
    op.add_column("person", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("person_session", sa.Column("proved_at", types.UTCDateTime(), nullable=True))
    op.execute("UPDATE person_session SET proved_at = made_at")
    with op.batch_alter_table("person_session") as table:
        table.alter_column("proved_at", nullable=False)
    op.create_table(
        "entry_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("needs_second_step", sa.Boolean(), nullable=False),
        sa.Column("set_by", types.AutoString(), nullable=False),
        sa.Column("set_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_rule")),
    )
    refuse_changes("entry_rule")
