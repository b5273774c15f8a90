"""Sums of days by appeal too, and an index of the totals of batches, which are few."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the sums' table anew, empty: what is kept is made again after every step."""
    op.drop_table("day_sum")
    op.create_table(
        "day_sum",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("is_in", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_day_sum_account_id_account")),
        sa.PrimaryKeyConstraint(
            "day", "account_id", "currency", "is_in", "purpose", "appeal_id", name=op.f("pk_day_sum")
        ),
    )
    op.create_index(
        "ix_statement_line_total",
        "statement_line",
        ["id"],
        sqlite_where=sa.text("is_total = 1"),
        postgresql_where=sa.text("is_total"),
    )
