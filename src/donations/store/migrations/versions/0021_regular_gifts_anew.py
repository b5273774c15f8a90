"""Regular gifts are judged anew: until now a corrected gift counted for the appeal that it was first booked for."""

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table: whoever migrates to a newer revision fills what is computed (`store/migrate.py`)."""
