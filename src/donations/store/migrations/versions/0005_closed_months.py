"""Closed months, reopened ones, and the payments that came or went afterwards."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import refuse_changes

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables; none of them is ever changed."""
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("closed_by", types.AutoString(), nullable=False),
        sa.Column("closed_at", types.UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("last_allocation_id", sa.Integer(), nullable=False),
        sa.Column("before", types.AutoString(), nullable=False),
        sa.Column("digest", types.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
        sa.UniqueConstraint("digest", name=op.f("uq_closing_digest")),
    )
    op.create_index("ix_closing_first_day", "closing", ["first_day"])
    op.create_table(
        "reopening",
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("reopened_by", types.AutoString(), nullable=False),
        sa.Column("reopened_at", types.UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["closing_id"], ["closing.id"], name=op.f("fk_reopening_closing_id_closing")),
        sa.PrimaryKeyConstraint("closing_id", name=op.f("pk_reopening")),
    )
    op.create_table(
        "late_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.Column("cause", types.AutoString(), nullable=False),
        sa.Column("caused_by", types.AutoString(), nullable=False),
        sa.Column("at", types.UTCDateTime(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closing_id"], ["closing.id"], name=op.f("fk_late_payment_closing_id_closing")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_late_payment_payment_id_payment")),
        sa.ForeignKeyConstraint(["file_id"], ["imported_file.id"], name=op.f("fk_late_payment_file_id_imported_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_payment")),
    )
    op.create_index("ix_late_payment_closing_id", "late_payment", ["closing_id"])
    for table in ("closing", "reopening", "late_payment"):
        refuse_changes(table)
