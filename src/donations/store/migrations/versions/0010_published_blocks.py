"""Published blocks, the snapshots that public pages are served from, and the terms of publishing."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import refuse_changes

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables; none of them is ever changed."""
    op.create_table(
        "published_block",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("before", types.AutoString(), nullable=False),
        sa.Column("digest", types.AutoString(), nullable=False),
        sa.Column("last_allocation_id", sa.Integer(), nullable=False),
        sa.Column("published_by", types.AutoString(), nullable=False),
        sa.Column("published_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_published_block")),
        sa.UniqueConstraint("digest", name=op.f("uq_published_block_digest")),
    )
    op.create_table(
        "public_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", types.AutoString(), nullable=False),
        sa.Column("made_by", types.AutoString(), nullable=False),
        sa.Column("made_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_snapshot")),
    )
    op.create_table(
        "publishing_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donors_min", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("is_rounded", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("payee", types.AutoString(), nullable=False),
        sa.Column("goal_minor", sa.BigInteger(), nullable=True),
        sa.Column("goal_text", sa.Text(), nullable=False),
        sa.Column("goal_since", sa.Date(), nullable=True),
        sa.Column("set_by", types.AutoString(), nullable=False),
        sa.Column("set_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_publishing_terms_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publishing_terms")),
    )
    for table in ("published_block", "public_snapshot", "publishing_terms"):
        refuse_changes(table)
