"""Notices are kept with their import; a waiting upload needs no digest, for the form that commits it carries one."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import refuse_changes

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the notices, and drop a column that was never used."""
    op.create_table(
        "import_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("code", types.AutoString(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("filled", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["imported_file.id"], name=op.f("fk_import_notice_file_id_imported_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_notice")),
    )
    op.create_index("ix_import_notice_file_id", "import_notice", ["file_id"])
    refuse_changes("import_notice")
    op.drop_column("pending_upload", "preview")
