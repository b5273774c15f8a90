"""The tables whose rows are never changed or deleted: triggers refuse it.

Three of them have a text, or bytes, that may be made empty for a donor who asked to be forgotten (docs/adr/0017): the
content of `source_document`, and the reasons of `donor_merge` and `allocation`.
"""

APPEND_ONLY = (
    "source_document",
    "imported_file",
    "withdrawal",
    "statement",
    "stated_balance",
    "statement_line",
    "payment",
    "allocation",
    "donor_merge",
    "donor_apart",
    "donor_erasure",
    "closing",
    "reopening",
    "late_payment",
    "import_notice",
    "answer",
    "answer_part",
    "tax_list",
    "certificate",
    "published_block",
    "public_snapshot",
    "publishing_terms",
    "payment_category",
    "spending_told",
    "entry_rule",
    "audit_entry",
)
