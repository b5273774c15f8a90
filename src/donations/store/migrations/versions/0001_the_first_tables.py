"""The first tables, the triggers that keep them append-only, and what every database begins with."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

from donations.store.migrations.append_only import refuse_changes

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = (
    "source_document",
    "imported_file",
    "withdrawal",
    "statement",
    "stated_balance",
    "statement_line",
    "payment",
    "allocation",
)


def upgrade() -> None:
    """Create everything."""
    create_tables()
    for table in APPEND_ONLY:
        refuse_changes(table)
    op.execute("INSERT INTO appeal (id, name) VALUES (1, 'General')")
    op.execute("INSERT INTO keyword (word, appeal_id) VALUES ('annetus', 1)")
    op.execute("INSERT INTO donor (id, name, name_key) VALUES (1, 'Anonymous', '')")


def create_tables() -> None:
    """Create the tables."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", types.AutoString(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("number", name=op.f("uq_account_number")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("name", name=op.f("uq_appeal_name")),
    )
    op.create_table(
        "donor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("name_key", types.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor")),
    )
    op.create_index("ix_donor_name_key", "donor", ["name_key"])

    op.create_table(
        "pair_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one", types.AutoString(), nullable=False),
        sa.Column("other", types.AutoString(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("decided_by", types.AutoString(), nullable=False),
        sa.Column("decided_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_decision")),
        sa.UniqueConstraint("one", "other", name=op.f("uq_pair_decision_one_other")),
    )
    op.create_table(
        "pending_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", types.AutoString(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("uploaded_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_upload")),
    )
    op.create_index("ix_pending_upload_token", "pending_upload", ["token"])

    op.create_table(
        "source_document",
        sa.Column("sha256", types.AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_source_document")),
    )
    op.create_table(
        "appeal_reference",
        sa.Column("reference", types.AutoString(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_reference_appeal_id_appeal")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_appeal_reference")),
    )
    op.create_table(
        "donor_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("code", types.AutoString(), nullable=False),
        sa.Column("iban", types.AutoString(), nullable=False),
        sa.Column("name_key", types.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_donor_claim_donor_id_donor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_claim")),
        sa.UniqueConstraint("code", "iban", "name_key", name=op.f("uq_donor_claim_code_iban_name_key")),
    )
    op.create_index("ix_donor_claim_donor_id", "donor_claim", ["donor_id"])

    op.create_table(
        "given_balance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("currency", types.AutoString(length=3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("given_by", types.AutoString(), nullable=False),
        sa.Column("given_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_given_balance_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_balance")),
    )
    op.create_table(
        "imported_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", types.AutoString(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("format", types.AutoString(), nullable=False),
        sa.Column("imported_at", types.UTCDateTime(), nullable=False),
        sa.Column("imported_by", types.AutoString(), nullable=False),
        sa.Column("accepted_imbalance", types.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sha256"], ["source_document.sha256"], name=op.f("fk_imported_file_sha256_source_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_file")),
    )
    op.create_index("ix_imported_file_sha256", "imported_file", ["sha256"])

    op.create_table(
        "keyword",
        sa.Column("word", types.AutoString(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_keyword_appeal_id_appeal")),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_keyword")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", types.AutoString(length=3), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.CheckConstraint("minor <> 0", name=op.f("ck_payment_moves_money")),
        sa.CheckConstraint("ordinal >= 0", name=op.f("ck_payment_counts_from_zero")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payment_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint(
            "account_id",
            "currency",
            "booked_on",
            "minor",
            "ordinal",
            name=op.f("uq_payment_account_id_currency_booked_on_minor_ordinal"),
        ),
    )
    op.create_table(
        "active_file",
        sa.Column("sha256", types.AutoString(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["imported_file.id"], name=op.f("fk_active_file_file_id_imported_file")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_active_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_active_file_file_id")),
    )
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("purpose", types.AutoString(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", types.AutoString(length=3), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=True),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("rule", types.AutoString(), nullable=True),
        sa.Column("person", types.AutoString(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("made_at", types.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(purpose = 'gift') = (donor_id IS NOT NULL AND appeal_id IS NOT NULL) OR purpose = 'refund'",
            name=op.f("ck_allocation_gifts_have_donor_and_appeal"),
        ),
        sa.CheckConstraint(
            "(reverses_id IS NULL) = (minor > 0)", name=op.f("ck_allocation_only_reversals_are_negative")
        ),
        sa.CheckConstraint("(rule IS NULL) <> (person IS NULL)", name=op.f("ck_allocation_one_decides")),
        sa.CheckConstraint("minor <> 0", name=op.f("ck_allocation_moves_money")),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_allocation_appeal_id_appeal")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_allocation_donor_id_donor")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_allocation_payment_id_payment")),
        sa.ForeignKeyConstraint(["reverses_id"], ["allocation.id"], name=op.f("fk_allocation_reverses_id_allocation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_allocation_reverses_id")),
    )
    op.create_index("ix_allocation_donor_id", "allocation", ["donor_id"])
    op.create_index("ix_allocation_payment_id", "allocation", ["payment_id"])

    op.create_table(
        "left_out_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", types.AutoString(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("reason", types.AutoString(), nullable=False),
        sa.Column("decided_by", types.AutoString(), nullable=False),
        sa.Column("decided_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_left_out_line_payment_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_left_out_line")),
        sa.UniqueConstraint("place", name=op.f("uq_left_out_line_place")),
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", types.AutoString(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("currency", types.AutoString(length=3), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opening_minor", sa.BigInteger(), nullable=True),
        sa.Column("closing_minor", sa.BigInteger(), nullable=True),
        sa.Column("first_day_minor", sa.BigInteger(), nullable=False),
        sa.Column("last_day_minor", sa.BigInteger(), nullable=False),
        sa.Column("imbalance_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_statement_account_id_account")),
        sa.ForeignKeyConstraint(["file_id"], ["imported_file.id"], name=op.f("fk_statement_file_id_imported_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(
        "ix_statement_account_id_currency_first_day_last_day",
        "statement",
        ["account_id", "currency", "first_day", "last_day"],
    )
    op.create_index("ix_statement_file_id", "statement", ["file_id"])

    op.create_table(
        "withdrawal",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", types.UTCDateTime(), nullable=False),
        sa.Column("withdrawn_by", types.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["imported_file.id"], name=op.f("fk_withdrawal_file_id_imported_file")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_withdrawal")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", types.AutoString(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["imported_file.id"], name=op.f("fk_finding_file_id_imported_file")),
        sa.ForeignKeyConstraint(["other_id"], ["payment.id"], name=op.f("fk_finding_other_id_payment")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_finding_payment_id_payment")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_finding_statement_id_statement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index("ix_finding_file_id", "finding", ["file_id"])
    op.create_index("ix_finding_payment_id", "finding", ["payment_id"])

    op.create_table(
        "stated_balance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_stated_balance_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stated_balance")),
    )
    op.create_index("ix_stated_balance_statement_id", "stated_balance", ["statement_id"])

    op.create_table(
        "statement_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("kind", types.AutoString(), nullable=False),
        sa.Column("is_reversal", sa.Boolean(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("is_total", sa.Boolean(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.CheckConstraint("minor <> 0", name=op.f("ck_statement_line_moves_money")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["statement_line.id"], name=op.f("fk_statement_line_batch_id_statement_line")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_line_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_line")),
    )
    op.create_index("ix_statement_line_statement_id", "statement_line", ["statement_id"])

    op.create_table(
        "attestation",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["statement_line.id"], name=op.f("fk_attestation_line_id_statement_line")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_attestation_payment_id_payment")),
        sa.PrimaryKeyConstraint("line_id", "payment_id", name=op.f("pk_attestation")),
    )
    op.create_index("ix_attestation_payment_id", "attestation", ["payment_id"])

    op.create_table(
        "line_text",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account", types.AutoString(), nullable=False),
        sa.Column("code", types.AutoString(), nullable=False),
        sa.Column("claimed_code", types.AutoString(), nullable=False),
        sa.Column("on_behalf_of", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reference", types.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["statement_line.id"], name=op.f("fk_line_text_line_id_statement_line")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_text")),
    )
    op.create_index("ix_line_text_account", "line_text", ["account"])
    op.create_index("ix_line_text_claimed_code", "line_text", ["claimed_code"])
