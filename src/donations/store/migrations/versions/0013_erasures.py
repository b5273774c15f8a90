"""Donors who asked to be forgotten, and the three texts of append-only tables that may be emptied for them."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import let_be_emptied, refuse_changes

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and let go of what names people where all else stays."""
    op.create_table(
        "donor_erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("step", types.AutoString(), nullable=False),
        sa.Column("why", types.AutoString(), nullable=False),
        sa.Column("done_by", types.AutoString(), nullable=False),
        sa.Column("done_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_donor_erasure_donor_id_donor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_erasure")),
    )
    op.create_index("ix_donor_erasure_donor_id", "donor_erasure", ["donor_id"])
    op.create_table(
        "restricted_donor",
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("noticed_id", sa.Integer(), nullable=False),
        sa.Column("purged_at", types.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_restricted_donor_donor_id_donor")),
        sa.PrimaryKeyConstraint("donor_id", name=op.f("pk_restricted_donor")),
    )
    op.create_index("ix_line_text_code", "line_text", ["code"])
    refuse_changes("donor_erasure")
    let_be_emptied("source_document", "content", others=("sha256",))
    let_be_emptied("donor_merge", "reason", others=("id", "donor_id", "into_id", "merged_by", "merged_at"))
    let_be_emptied(
        "allocation",
        "reason",
        others=(
            *("id", "payment_id", "purpose", "minor", "currency", "donor_id", "appeal_id", "reverses_id"),
            *("rule", "person", "evidence", "made_at"),
        ),
    )
