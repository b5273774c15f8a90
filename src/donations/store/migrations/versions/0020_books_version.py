"""One number that says how often the books were changed."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table with its one row."""
    made = op.create_table(
        "books_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_books_version_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books_version")),
    )
    op.bulk_insert(made, [{"id": 1, "number": 0}])
