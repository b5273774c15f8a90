"""Books from before typed codes were told from stated ones: which of the codes kept by a word no bank ever gave."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from donations.store import migrations
from donations.store.migrate import migrate
from donations.store.opening import open_engine

ROWS = """
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
    path = tmp_path / "older.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.execution_options(donations_writing=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0020")
    with closing(sqlite3.connect(path)) as plain, plain:  # which asks for no lines to the texts
        plain.executescript(ROWS)
    migrate(engine)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id, is_typed FROM donor_claim ORDER BY id")).all()
    engine.dispose()
    assert [(number, bool(is_typed)) for number, is_typed in found] == [(1, False), (2, True), (3, False), (4, False)]
