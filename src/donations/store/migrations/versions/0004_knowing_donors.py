"""Merged donors, corrected names, claims by a person's word, notes and consents."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import refuse_changes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let donors be merged, and create what people know of them."""
    # In SQL, for a column with its foreign key: SQLite cannot add the key by itself, nor make the table anew while
    # others refer to it. Both databases understand this.
    op.execute(
        "ALTER TABLE donor ADD COLUMN merged_into_id INTEGER"
        " CONSTRAINT fk_donor_merged_into_id_donor REFERENCES donor (id)"
    )
    op.create_index("ix_donor_merged_into_id", "donor", ["merged_into_id"])
    create_tables()
    for table in ("donor_merge", "donor_apart"):
        refuse_changes(table)


def create_tables() -> None:
    """Create the tables."""
    op.create_table(
        "own_code",
        sa.Column("code", types.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_own_code")),
    )
    op.create_table(
        "donor_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("kind", types.AutoString(), nullable=False),
        sa.Column("value", types.AutoString(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_by", types.AutoString(), nullable=False),
        sa.Column("recorded_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_donor_consent_donor_id_donor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_consent")),
    )
    op.create_index("ix_donor_consent_donor_id", "donor_consent", ["donor_id"])
    op.create_table(
        "donor_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_by", types.AutoString(), nullable=False),
        sa.Column("merged_at", types.UTCDateTime(), nullable=False),
        sa.CheckConstraint("donor_id <> into_id", name=op.f("ck_donor_merge_two_donors")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_donor_merge_donor_id_donor")),
        sa.ForeignKeyConstraint(["into_id"], ["donor.id"], name=op.f("fk_donor_merge_into_id_donor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_merge")),
    )
    op.create_index("ix_donor_merge_donor_id", "donor_merge", ["donor_id"])
    op.create_index("ix_donor_merge_into_id", "donor_merge", ["into_id"])
    op.create_table(
        "donor_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("corrected_by", types.AutoString(), nullable=False),
        sa.Column("corrected_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_donor_name_donor_id_donor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_name")),
    )
    op.create_index("ix_donor_name_donor_id", "donor_name", ["donor_id"])
    op.create_table(
        "donor_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", types.AutoString(), nullable=False),
        sa.Column("written_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_donor_note_donor_id_donor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_note")),
    )
    op.create_index("ix_donor_note_donor_id", "donor_note", ["donor_id"])
    op.create_table(
        "donors_differ",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("said_by", types.AutoString(), nullable=False),
        sa.Column("said_at", types.UTCDateTime(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_donors_differ_in_order")),
        sa.ForeignKeyConstraint(["one_id"], ["donor.id"], name=op.f("fk_donors_differ_one_id_donor")),
        sa.ForeignKeyConstraint(["other_id"], ["donor.id"], name=op.f("fk_donors_differ_other_id_donor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donors_differ")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_donors_differ_one_id_other_id")),
    )
    op.create_table(
        "claim_word",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("donor_before_id", sa.Integer(), nullable=True),
        sa.Column("said_by", types.AutoString(), nullable=False),
        sa.Column("said_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["donor_claim.id"], name=op.f("fk_claim_word_claim_id_donor_claim")),
        sa.ForeignKeyConstraint(["donor_before_id"], ["donor.id"], name=op.f("fk_claim_word_donor_before_id_donor")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_word")),
    )
    op.create_table(
        "donor_apart",
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("parted_by", types.AutoString(), nullable=False),
        sa.Column("parted_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["donor_merge.id"], name=op.f("fk_donor_apart_merge_id_donor_merge")),
        sa.PrimaryKeyConstraint("merge_id", name=op.f("pk_donor_apart")),
    )
