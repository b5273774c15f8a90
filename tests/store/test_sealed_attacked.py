"""Whoever has the files of sealed books looks for all that unsealed books of the same story hold, and finds nothing.

Nothing here asks the program what is sealed: what lies open in unsealed books is read by SQLite's own driver, and
looked for as it is, unpacked, in other letters, and by hashes that anybody can make of a guess.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from tests.acts.test_erasure import CODE, MARIS, known, talked_about
from tests.book import JAAN, MARI, NOW, OWN, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.unsealed import without_keys

from donations.acts.backing_up import Lock, back_up
from donations.acts.rekeying import seal_books
from donations.store.personal_data import sweep
from donations.store.session import WATCHES, writing
from donations.store.tables import LineDetailRow
from donations.store.tables.documents import CertificateNameRow, CertificateRow
from donations.store.tables.donors import RestrictedDonorRow
from donations.store.tables.rules import PendingUploadRow, StandingRuleRow

STATEMENTS = Path(__file__).parents[2] / "statements"
FILES = [(STATEMENTS / name).read_bytes() for name in ("lhv-2026-01-month.xml", "seb-2026-02-same-month.csv")]
SHORT = 6
"""A shorter value stands in any file by chance."""
OPEN = {OWN.encode(), b"treasurer", b"Annetus", b"keyword", b"money_out"}
"""What the association says of itself (its own account, its keyword, who works with the books), and words of rules."""


def lived_through(book: Book) -> Book:
    """Let every column have something that names somebody."""
    known(book)
    talked_about(book, MARIS)
    behalf = line("04-02", 4_200, "Jaan Tamm", JAAN, f"annetus {CODE}", reference="7700077")
    book.take(statement("04-01", "04-30", behalf, gift("04-03", 100, "Ants Kask", MARI), opening=0))
    with writing(book.engine) as session:
        who = LineDetailRow(
            line_id=1,
            ordinal=0,
            name="Detaili Nimi",
            account=MARI,
            code=CODE,
            on_behalf_of="Selle Eest",
            bic="",
            text="sisu on",
        )
        session.add(who)
        session.add(
            StandingRuleRow(
                id=1,
                direction="in",
                iban=JAAN,
                name="reegli nimi",
                words="reegli sona",
                label="reegli silt",
                purpose="income",
                made_by="treasurer",
                made_at=NOW,
            )
        )
        paper = CertificateRow(
            id=1, year=2026, number=1, donor_id=2, figures="{}", issued_by="treasurer", issued_at=NOW, digest="0"
        )
        session.add(paper)
        session.flush()
        session.add(CertificateNameRow(certificate_id=1, name="Mari Mets-Toend", salt="salt of a paper"))
        session.add(RestrictedDonorRow(donor_id=3, name="Peidetud Nimi", noticed_id=0))
        for number, content in enumerate(FILES):
            name = "Mari Metsa fail.xml"
            row = PendingUploadRow(id=number, token="t", ordinal=number, name=name, content=content, uploaded_at=NOW)  # noqa: S106
            session.add(row)
        session.execute(text("UPDATE payer SET on_behalf_of = (SELECT name FROM donor_name) WHERE id = 1"))
    return book


def values_of(file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what stands open in the columns of bytes of a database, and the words of what is packed there."""
    with closing(sqlite3.connect(file)) as books:
        for (table,) in books.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for _, column, *_ in books.execute(f"PRAGMA table_info({table})").fetchall():
                where = f"{table}.{column}"
                for (value,) in books.execute(f"SELECT {column} FROM {table} WHERE typeof({column}) = 'blob'"):  # noqa: S608
                    try:
                        yield where, max(re.findall(rb"[ -~]{20,40}", zlib.decompress(value)), key=len)
                    except zlib.error:
                        yield where, value


def readable(value: bytes) -> bool:
    """Whether it is a text that is long enough to be told from chance."""
    try:
        return len(value) >= SHORT and value.decode().isprintable()
    except UnicodeDecodeError:
        return False


def ways_of(value: bytes) -> Iterator[bytes]:
    """Yield what gives a value away: itself, other spellings of it, and what anybody can make of a guess."""
    yield from (value, value.lower(), value.hex().encode(), b64encode(value)[: len(value)])
    for made in (hashlib.sha256(value), hashlib.blake2b(value, digest_size=16), hashlib.md5(value)):  # noqa: S324
        yield from (made.digest(), made.hexdigest().encode())


def unpacked(content: bytes) -> bytes:
    """Return bytes with what is packed by zlib in them, wherever it begins."""
    found = [content]
    for head in (b"\x78\x01", b"\x78\x9c", b"\x78\xda"):
        at = content.find(head)
        while at >= 0:
            unpacking = zlib.decompressobj()
            with suppress(zlib.error):
                found.append(unpacking.decompress(content[at:]))
            at = content.find(head, at + 1)
    return b"\n".join(found)


def beside(engine: Engine) -> list[Path]:
    """Return the file of books, and what SQLite and the program keep beside it."""
    file = Path(str(engine.url.database))
    return [each for each in file.parent.glob(f"{file.name}*") if each.is_file()]


@pytest.fixture(scope="module")
def canaries(fresh_sqlite: FreshEngine) -> dict[bytes, set[str]]:
    """Return every value that lies open in unsealed books, and where."""
    with fresh_sqlite() as engine:
        without_keys(engine)
        lived_through(Book(engine))
        engine.dispose()
        found = list(values_of(Path(str(engine.url.database))))
        everything = b"".join(unpacked(each.read_bytes()) for each in beside(engine))
    values: dict[bytes, set[str]] = {}
    for where, value in found:
        if readable(value) and value not in OPEN:
            values.setdefault(value, set()).add(where)
    assert all(value in everything for value in values), "who looks for it where it lies open finds it"
    assert {where for where, _ in found} >= {"payer.name", "source_document.content", "audit_detail.details"}
    return values


def test_every_kind_of_value_is_looked_for(canaries: dict[bytes, set[str]], fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        lived_through(Book(engine))
        engine.dispose()
        sealed = {where for where, value in values_of(Path(str(engine.url.database))) if value}
    assert sealed - set().union(*canaries.values()) == {
        *("payer.digest", "wording.digest", "decision.digest", "data_key.wrapped")
    }
    assert len(canaries) > 50


def test_nothing_of_it_is_found_in_sealed_books_and_their_backup(
    canaries: dict[bytes, set[str]], fresh_sqlite: FreshEngine, tmp_path: Path
) -> None:
    with fresh_sqlite() as engine:
        lived_through(Book(engine))
        back_up(engine, tmp_path / "backup", Lock(), by="treasurer", now=NOW)
        with engine.connect():  # somebody is in the books: the log is beside them
            files = [*beside(engine), tmp_path / "backup"]
            assert any(each.name.endswith("-wal") for each in files)
            searched = {each.name: unpacked(each.read_bytes()) for each in files}
    found = {
        (name, value, way)
        for name, content in searched.items()
        for value in canaries
        for way in ways_of(value)
        if way in content
    }
    assert found == set()


def test_nothing_of_it_is_found_in_any_row_of_a_server(
    canaries: dict[bytes, set[str]], fresh_postgres: FreshEngine
) -> None:
    with fresh_postgres() as engine:
        lived_through(Book(engine))
        with engine.connect() as connection:
            tables = connection.scalars(
                text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            ).all()
            rows = [
                bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
                for table in tables
                for row in connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 - the server names it
                for value in row
            ]
    content = unpacked(b"\n".join(rows))
    assert {value for value in canaries if any(way in content for way in ways_of(value))} == set()


def test_books_that_are_sealed_later_keep_nothing_of_before_in_free_places(
    canaries: dict[bytes, set[str]], fresh_sqlite: FreshEngine
) -> None:
    with fresh_sqlite() as engine:
        lived_through(Book(without_keys(engine)))
        with writing(engine.execution_options(**{WATCHES: ()})) as session:
            seal_books(session, by="treasurer", now=NOW)
        assert sweep(engine)
        engine.dispose()
        content = b"".join(unpacked(each.read_bytes()) for each in beside(engine))
    assert {value for value in canaries if value in content} == set()
