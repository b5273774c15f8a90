"""Books from before typed codes were told from stated ones: which of the codes kept by a word no bank ever gave."""

from __future__ import annotations

from pathlib import Path

from tests.store.older_books import empty_sqlite, make_tables, rows_of

from donations.store.migrate import migrate

ROWS = """
INSERT INTO account (id, number, name) VALUES (1, 'EE307700771000000012', '');
INSERT INTO source_document (sha256, content) VALUES ('a', x'00');
INSERT INTO imported_file (id, sha256, name, format, imported_at, imported_by)
    VALUES (1, 'a', '', '', '2026-01-01 10:00:00', '');
INSERT INTO statement (id, file_id, fingerprint, account_id, currency, first_day, last_day, imbalance_minor)
    VALUES (1, 1, '', 1, 'EUR', '2026-01-01', '2026-01-31', 0);
INSERT INTO statement_line (id, statement_id, row, booked_on, minor, kind, is_reversal, is_total, ids) VALUES
    (1, 1, 1, '2026-01-05', 500, '', false, false, ''),
    (2, 1, 2, '2026-01-06', 500, '', false, false, '');
INSERT INTO donor (id, name, name_key) VALUES (2, 'Aino Kask', 'aino kask');
INSERT INTO donor_claim (id, donor_id, code, iban, name_key, is_kept) VALUES
    (1, 2, '49403136526', '', '', true),
    (2, 2, '37605030299', '', '', true),
    (3, 2, '38001085718', '', '', false),
    (4, 2, '', 'EE307700771000000012', 'aino kask', true);
INSERT INTO line_text (line_id, name, account, code, claimed_code, on_behalf_of, text, reference, bic) VALUES
    (1, 'Aino Kask', '', '49403136526', '49403136526', '', '', '', ''),
    (2, 'Aino Kask', '', '', '37605030299', '', '37605030299', '', '');
"""
"""A code that a line states, one that stands in a text alone, one that no word keeps, and an account."""


def test_a_kept_code_that_no_line_states_is_a_typed_one(tmp_path: Path) -> None:
    with empty_sqlite(tmp_path) as engine:
        make_tables(engine, "0020")
        with engine.begin() as connection:
            for said in ROWS.strip().split(";\n"):
                connection.exec_driver_sql(said)
        migrate(engine)
        found = rows_of(engine)["donor_claim"]
    assert [(row["id"], row["is_typed"]) for row in found] == [(1, False), (2, True), (3, False), (4, False)]
