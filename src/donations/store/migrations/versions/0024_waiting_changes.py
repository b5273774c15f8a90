"""Roles, own accounts, the payee's account and lowered terms wait for a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the changes that wait."""
    op.create_table(
        "waiting_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("rests_on", sa.Text(), nullable=False),
        sa.Column("wished_by", sa.String(), nullable=False),
        sa.Column("wished_by_id", sa.Integer(), nullable=True),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_agreed", sa.Boolean(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["wished_by_id"], ["person.id"], name="fk_waiting_change_wished_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_change"),
    )
