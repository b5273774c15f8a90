"""The database itself counts what is changed."""

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table: the triggers are made for all tables after the newest migration (`store/migrate.py`)."""
