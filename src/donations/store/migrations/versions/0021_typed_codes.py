"""Codes that stay with a donor by a person's word, though no bank ever gave them in a field of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell them from those that a bank gave in whatever file, taken back or not: what was seen then is not known."""
    op.add_column("donor_claim", sa.Column("is_typed", sa.Boolean(), nullable=False, server_default=sa.false()))
    claim = sa.table("donor_claim", *map(sa.column, ("code", "is_kept", "is_typed")))
    line = sa.table("line_text", sa.column("code"))
    is_stated = sa.exists().where(line.c.code == claim.c.code)
    is_typed = sa.and_(claim.c.is_kept == sa.true(), claim.c.code != "", ~is_stated)
    op.execute(claim.update().where(is_typed).values(is_typed=sa.true()))
    with op.batch_alter_table("donor_claim") as batch:
        batch.alter_column("is_typed", server_default=None)
