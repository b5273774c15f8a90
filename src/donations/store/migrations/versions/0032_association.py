"""The association's logo, and its own names in other languages."""

import sqlalchemy as sa
from alembic import op

from donations.store.migrations.making import keep_rows

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables; logos are kept whatever follows them."""
    op.create_table(
        "association_logo",
        sa.Column("sha256", sa.String(), primary_key=True),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_by", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "name_in_language",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("language", sa.String(length=2), primary_key=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
    )
    keep_rows(op.get_bind(), "association_logo")
