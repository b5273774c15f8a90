"""The tables of the first release: where the steps of releases begin. Books of before it come over otherwise."""

from alembic import op

from donations.store.data_keys import make_keys
from donations.store.migrations.making import add_first_rows, make_tables

revision = "0027"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables as they are declared, with the rows that books begin with."""
    make_tables(op.get_bind())
    make_keys(op.get_bind())
    add_first_rows(op.get_bind())
