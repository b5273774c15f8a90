"""Donors as groups of claims: what the bank's lines link, what stays by people's words, and names that people gave."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

_SPOKEN_OF = """
    SELECT donor_id FROM restricted_donor
    UNION SELECT donor_id FROM donor_merge UNION SELECT into_id FROM donor_merge
    UNION SELECT one_id FROM donors_differ UNION SELECT other_id FROM donors_differ
"""


def upgrade() -> None:
    """Add what is kept of groups. The groups themselves are made when the books are opened (`store/migrate.py`)."""
    op.add_column("donor", sa.Column("said_name", types.AutoString(), nullable=True))
    op.execute(
        "UPDATE donor SET said_name = name WHERE id = 1"
        " OR (id IN (SELECT donor_id FROM donor_name) AND id NOT IN (SELECT donor_id FROM restricted_donor))"
        " OR (id NOT IN (SELECT donor_id FROM donor_claim) AND id NOT IN (SELECT donor_id FROM restricted_donor))"
    )
    op.add_column("donor_claim", sa.Column("is_kept", sa.Boolean(), nullable=False, server_default=sa.false()))
    claim = sa.table("donor_claim", sa.column("is_kept", sa.Boolean), sa.column("donor_id", sa.Integer))
    op.execute(claim.update().where(claim.c.donor_id.in_(sa.text(_SPOKEN_OF))).values(is_kept=True))
    op.add_column("restricted_donor", sa.Column("by_link", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "donor_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("since", types.UTCDateTime(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_donor_link_in_order")),
        sa.ForeignKeyConstraint(["one_id"], ["donor.id"], name=op.f("fk_donor_link_one_id_donor")),
        sa.ForeignKeyConstraint(["other_id"], ["donor.id"], name=op.f("fk_donor_link_other_id_donor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_link")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_donor_link_one_id_other_id")),
    )
    op.create_index("ix_donor_link_other_id", "donor_link", ["other_id"])
    for table, column in (("donor_claim", "is_kept"), ("restricted_donor", "by_link")):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, server_default=None)
