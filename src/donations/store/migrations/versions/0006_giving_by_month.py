"""Regular gifts, for the dashboards, the month page and the donor page; and payments found by their days."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the projection of regular gifts; it is filled by `donations.store.giving.regular_gifts`."""
    op.create_table(
        "regular_gift",
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Integer(), nullable=False),
        sa.Column("beat", sa.Integer(), nullable=False),
        sa.Column("is_last", sa.Boolean(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("turn", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expected_minor", sa.BigInteger(), nullable=True),
        sa.Column("minor", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(minor IS NULL) = (payment_id IS NULL)", name=op.f("ck_regular_gift_came_with_a_payment")),
        sa.CheckConstraint(
            "(turn = 'not_come') = (payment_id IS NULL)", name=op.f("ck_regular_gift_turn_says_whether_it_came")
        ),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_regular_gift_donor_id_donor")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_regular_gift_payment_id_payment")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_regular_gift_account_id_account")),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_regular_gift_appeal_id_appeal")),
        sa.PrimaryKeyConstraint("donor_id", "stream", "beat", name=op.f("pk_regular_gift")),
    )
    op.create_index(op.f("ix_regular_gift_day_turn"), "regular_gift", ["day", "turn"])
    op.create_index(op.f("ix_regular_gift_due"), "regular_gift", ["due"])
    op.create_index(op.f("ix_payment_booked_on"), "payment", ["booked_on"])
    op.drop_index(op.f("ix_allocation_payment_id"), "allocation")
    op.create_index(op.f("ix_allocation_payment_id_minor"), "allocation", ["payment_id", "minor"])
