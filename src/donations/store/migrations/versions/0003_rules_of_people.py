"""Standing rules, answers that belong together, payments on hold and notes beside payments."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import refuse_changes

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; which allocations an answer made is history, and never changes."""
    op.create_table(
        "standing_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("direction", types.AutoString(), nullable=False),
        sa.Column("iban", types.AutoString(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", types.AutoString(length=3), nullable=True),
        sa.Column("purpose", types.AutoString(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=True),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("label", types.AutoString(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("made_by", types.AutoString(), nullable=False),
        sa.Column("made_at", types.UTCDateTime(), nullable=False),
        sa.Column("switched_off_by", types.AutoString(), nullable=True),
        sa.Column("switched_off_at", types.UTCDateTime(), nullable=True),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_standing_rule_has_direction")),
        sa.CheckConstraint("(minor IS NULL) = (currency IS NULL)", name=op.f("ck_standing_rule_amount_has_currency")),
        sa.CheckConstraint(
            "iban <> '' OR name <> '' OR words <> '' OR switched_off_at IS NOT NULL",
            name=op.f("ck_standing_rule_is_never_on_amount_alone"),
        ),
        sa.CheckConstraint(
            "(purpose = 'gift') = (donor_id IS NOT NULL AND appeal_id IS NOT NULL)",
            name=op.f("ck_standing_rule_gifts_have_donor_and_appeal"),
        ),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_standing_rule_appeal_id_appeal")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_standing_rule_donor_id_donor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_rule")),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("given_by", types.AutoString(), nullable=False),
        sa.Column("given_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_table(
        "answer_part",
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_answer_part_allocation_id_allocation")
        ),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_part_answer_id_answer")),
        sa.PrimaryKeyConstraint("allocation_id", name=op.f("pk_answer_part")),
    )
    op.create_index("ix_answer_part_answer_id", "answer_part", ["answer_id"])
    for table in ("answer", "answer_part"):
        refuse_changes(table)
    op.create_table(
        "payment_hold",
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("held_by", types.AutoString(), nullable=False),
        sa.Column("held_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_hold_payment_id_payment")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_payment_hold")),
    )
    op.create_table(
        "payment_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", types.AutoString(), nullable=False),
        sa.Column("written_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_note_payment_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_note")),
    )
    op.create_index("ix_payment_note_payment_id", "payment_note", ["payment_id"])
