"""Categories of spending, what people said of payees and payments, what blocks told, and since when it is published."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import refuse_changes

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and a column to the terms of publishing."""
    op.create_table(
        "spending_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("pays_people", sa.Boolean(), nullable=False),
        sa.Column("made_by", types.AutoString(), nullable=False),
        sa.Column("made_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending_category")),
        sa.UniqueConstraint("name", name=op.f("uq_spending_category_name")),
    )
    _said_of("payee_category", sa.Column("payee", types.AutoString(), nullable=False))
    of_payment = sa.ForeignKeyConstraint(
        ["payment_id"], ["payment.id"], name=op.f("fk_payment_category_payment_id_payment")
    )
    _said_of("payment_category", sa.Column("payment_id", sa.Integer(), nullable=False), of_payment)
    op.create_table(
        "spending_told",
        sa.Column("block_number", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("fold", types.AutoString(), nullable=False),
        sa.CheckConstraint("category_id >= 0", name=op.f("ck_spending_told_counts_from_zero")),
        sa.ForeignKeyConstraint(
            ["block_number"], ["published_block.number"], name=op.f("fk_spending_told_block_number_published_block")
        ),
        sa.PrimaryKeyConstraint("block_number", "category_id", name=op.f("pk_spending_told")),
    )
    for table in ("payment_category", "spending_told"):
        refuse_changes(table)
    op.add_column("publishing_terms", sa.Column("spending_since", sa.Date(), nullable=True))


def _said_of(table: str, thing: sa.Column[int] | sa.Column[str], *constraints: sa.Constraint) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        thing,
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("said_by", types.AutoString(), nullable=False),
        sa.Column("said_at", types.UTCDateTime(), nullable=False),
        *constraints,
        sa.ForeignKeyConstraint(
            ["category_id"], ["spending_category.id"], name=op.f(f"fk_{table}_category_id_spending_category")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_{thing.name}", table, [thing.name])
