"""The cases of keywords as they are kept, and which payment's money an allocation gives back."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; what was decided before names no payment, and forms of older keywords are made by rule."""
    for name in ("forms", "denying"):
        op.add_column("keyword", sa.Column(name, sa.Text(), nullable=True))
    key = op.f("fk_allocation_returns_payment_id_payment")
    if op.get_bind().dialect.name == "sqlite":  # made anew, the table would lose its triggers
        op.execute(
            f"ALTER TABLE allocation ADD COLUMN returns_payment_id INTEGER CONSTRAINT {key} REFERENCES payment (id)"
        )
    else:
        op.add_column("allocation", sa.Column("returns_payment_id", sa.Integer(), nullable=True))
        op.create_foreign_key(key, "allocation", "payment", ["returns_payment_id"], ["id"])
