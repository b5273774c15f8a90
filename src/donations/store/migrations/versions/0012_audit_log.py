"""The audit log: chained entries, and beside them what may be erased."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import refuse_changes

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", types.UTCDateTime(), nullable=False),
        *(
            sa.Column(name, types.AutoString(), nullable=False)
            for name in ("by", "action", "about", "about_id", "commitment", "before", "digest")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_audit_entry_counts_from_one")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_entry_digest")),
    )
    op.create_index("ix_audit_entry_by", "audit_entry", ["by"])
    op.create_index("ix_audit_entry_action", "audit_entry", ["action"])
    op.create_table(
        "audit_detail",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("salt", types.AutoString(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["audit_entry.number"], name=op.f("fk_audit_detail_number_audit_entry")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_detail")),
    )
    refuse_changes("audit_entry")
