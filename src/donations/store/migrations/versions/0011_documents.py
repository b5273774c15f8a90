"""Papers that were given out: lists for the tax board, certificates, and how they are to look."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import refuse_changes

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "document_setting",
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("set_by", types.AutoString(), nullable=False),
        sa.Column("set_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_document_setting")),
    )
    _tax_lists()
    _certificates()


def _tax_lists() -> None:
    op.create_table(
        "tax_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("donors", sa.Integer(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("kept_by", types.AutoString(), nullable=False),
        sa.Column("kept_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_list")),
    )
    op.create_index("ix_tax_list_year", "tax_list", ["year"])
    op.create_table(
        "tax_list_line",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("code", types.AutoString(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["tax_list.id"], name=op.f("fk_tax_list_line_list_id_tax_list")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_tax_list_line_donor_id_donor")),
        sa.PrimaryKeyConstraint("list_id", "donor_id", name=op.f("pk_tax_list_line")),
    )
    op.create_index("ix_tax_list_line_donor_id", "tax_list_line", ["donor_id"])
    refuse_changes("tax_list")


def _certificates() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("issued_by", types.AutoString(), nullable=False),
        sa.Column("issued_at", types.UTCDateTime(), nullable=False),
        sa.Column("digest", types.AutoString(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_certificate_counts_from_one")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_certificate_donor_id_donor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_certificate_year_number")),
    )
    op.create_index("ix_certificate_donor_id", "certificate", ["donor_id"])
    op.create_table(
        "certificate_name",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("salt", types.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_name_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_name")),
    )
    refuse_changes("certificate")
