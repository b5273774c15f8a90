"""Moments, numbers and owners of statements, more of each line, whole days, and own accounts with beginning and end."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables; what kept files say in them is read by `donations migrate` afterwards."""
    for name in ("begins_at", "ends_at", "made_at"):
        op.add_column("statement", sa.Column(name, types.UTCDateTime(), nullable=True))
    for name in ("electronic_number", "legal_number"):
        op.add_column("statement", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("statement", sa.Column("is_copy", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("statement", sa.Column("owner", types.AutoString(), nullable=False, server_default=""))
    for name in ("first_day_minor", "last_day_minor"):
        op.drop_column("statement", name)
    op.add_column("stated_balance", sa.Column("at", types.UTCDateTime(), nullable=True))
    line = "statement_line"
    op.add_column(line, sa.Column("value_date", sa.Date(), nullable=True))
    op.add_column(line, sa.Column("return_reason", types.AutoString(), nullable=False, server_default=""))
    for name in ("original", "charges"):
        op.add_column(line, sa.Column(f"{name}_minor", sa.BigInteger(), nullable=True))
        op.add_column(line, sa.Column(f"{name}_currency", types.AutoString(length=3), nullable=True))
    op.add_column("line_text", sa.Column("bic", types.AutoString(), nullable=False, server_default=""))
    op.create_table(
        "line_detail",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", types.AutoString(length=3), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account", types.AutoString(), nullable=False),
        sa.Column("code", types.AutoString(), nullable=False),
        sa.Column("on_behalf_of", sa.Text(), nullable=False),
        sa.Column("bic", types.AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _refers("line_detail", "line_id", "statement_line"),
        sa.PrimaryKeyConstraint("line_id", "ordinal", name=op.f("pk_line_detail")),
    )
    op.create_table(
        "unshown_payment",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        _refers("unshown_payment", "statement_id", "statement"),
        _refers("unshown_payment", "payment_id", "payment"),
        sa.PrimaryKeyConstraint("statement_id", "payment_id", name=op.f("pk_unshown_payment")),
    )
    op.create_index("ix_unshown_payment_payment_id", "unshown_payment", ["payment_id"])
    op.create_table(
        "quiet_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("currency", types.AutoString(length=3), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("confirmed_by", types.AutoString(), nullable=False),
        sa.Column("confirmed_at", types.UTCDateTime(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_quiet_days_in_order")),
        _refers("quiet_days", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_days")),
    )
    for name in ("opened_on", "ended_on"):
        op.add_column("account", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("account", sa.Column("became", types.AutoString(), nullable=True))
    op.drop_table("finding")  # made again from the lines
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", types.AutoString(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        _refers("finding", "line_id", "statement_line"),
        _refers("finding", "other_id", "statement_line"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    for name in ("line_id", "other_id"):
        op.create_index(f"ix_finding_{name}", "finding", [name])


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
