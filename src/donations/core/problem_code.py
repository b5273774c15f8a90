"""The codes of everything that can be wrong with a file, or worth saying about it."""

from __future__ import annotations

from enum import StrEnum


class ProblemCode(StrEnum):
    """Stable codes; scripts and translations hang on them, so none is ever renamed."""

    # The file as a whole
    CANNOT_OPEN = "cannot_open"
    EMPTY_FILE = "empty_file"
    FILE_TOO_LARGE = "file_too_large"
    NOT_A_STATEMENT = "not_a_statement"
    COMPRESSED_FILE = "compressed_file"
    UNSUPPORTED_FORMAT = "unsupported_format"
    WRONG_DOCUMENT = "wrong_document"
    AMBIGUOUS_FORMAT = "ambiguous_format"
    UNSUPPORTED_ENCODING = "unsupported_encoding"
    BAD_ENCODING = "bad_encoding"
    CONTROL_CHARACTERS = "control_characters"
    INCOMPLETE_FILE = "incomplete_file"
    FILE_TOO_COMPLEX = "file_too_complex"
    TOO_MANY_LINES = "too_many_lines"
    UNREADABLE_FILE = "unreadable_file"
    # XML
    XML_DTD_FORBIDDEN = "xml_dtd_forbidden"
    BAD_XML = "bad_xml"
    # OFX
    BAD_OFX = "bad_ofx"
    BANK_ERROR = "bank_error"
    UNSUPPORTED_ACCOUNT = "unsupported_account"
    MISSING_REFERENCE = "missing_reference"
    CORRECTION_UNSUPPORTED = "correction_unsupported"
    # CSV
    UNKNOWN_CSV_LAYOUT = "unknown_csv_layout"
    MISSING_HEADING = "missing_heading"
    BAD_CSV = "bad_csv"
    UNKNOWN_ROW_TYPE = "unknown_row_type"
    AMBIGUOUS_AMOUNT = "ambiguous_amount"
    # Fields
    MISSING_FIELD = "missing_field"
    BAD_AMOUNT = "bad_amount"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    SIGN_CONFLICT = "sign_conflict"
    BAD_CURRENCY = "bad_currency"
    CURRENCY_MISMATCH = "currency_mismatch"
    BAD_DATE = "bad_date"
    DATE_OUTSIDE_PERIOD = "date_outside_period"
    TEXT_TOO_LONG = "text_too_long"
    # The statement
    NO_STATEMENT = "no_statement"
    UNKNOWN_ACCOUNT = "unknown_account"
    BALANCE_MISMATCH = "balance_mismatch"
    COUNT_MISMATCH = "count_mismatch"
    CONTRADICTING_BALANCES = "contradicting_balances"
    # Notices: imported, and said
    FORMAT_DIFFERS = "format_differs"
    ENCODING_DETECTED = "encoding_detected"
    ZERO_AMOUNT = "zero_amount"
    PENDING_SKIPPED = "pending_skipped"
    REFERENCE_REUSED = "reference_reused"
    ROW_REPEATED = "row_repeated"
    CANCELLED_OUT = "cancelled_out"
    CANNOT_PROVE_WHOLE = "cannot_prove_whole"
    ACCOUNT_SKIPPED = "account_skipped"
    IDS_SPOILT = "ids_spoilt"
    BATCH_KEPT_WHOLE = "batch_kept_whole"
    PAGE_MISSING = "page_missing"
    BALANCE_UNREADABLE = "balance_unreadable"
    PERIOD_WIDENED = "period_widened"
    UNDATED_LINES = "undated_lines"
    ACCOUNT_UNVERIFIED = "account_unverified"
    IMBALANCE_ACCEPTED = "imbalance_accepted"
    ANSWERS_LOST = "answers_lost"
    OVERLAP_CONFLICT = "overlap_conflict"
    ORPHANS = "orphans"
    GAP = "gap"
