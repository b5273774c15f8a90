"""Whom people thanked, and for which gifts."""

import sqlalchemy as sa
from alembic import op

from donations.store.migrations.making import keep_rows

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables; their rows stay."""
    op.create_table(
        "thanks",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("donor_id", sa.Integer(), sa.ForeignKey("donor.id"), nullable=False, index=True),
        sa.Column("thanked_by", sa.String(), nullable=False),
        sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "thanked_gift",
        sa.Column("payment_id", sa.Integer(), sa.ForeignKey("payment.id"), primary_key=True),
        sa.Column("thanks_id", sa.Integer(), sa.ForeignKey("thanks.id"), primary_key=True, index=True),
    )
    for table in ("thanks", "thanked_gift"):
        keep_rows(op.get_bind(), table)
