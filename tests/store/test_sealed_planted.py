"""What is planted in banks' files and in searches is looked for in everything that sealed books leave on a disk.

Other than in `test_sealed_attacked.py` a value is found, too, that lies open in sealed books as in unsealed ones.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from tests.book import NOW
from tests.conftest import FreshEngine
from tests.unsealed import without_keys

from donations.acts.importing import FileStatus, take
from donations.acts.reading_files import Terms
from donations.core.statement import GivenFile
from donations.ledger.audit import About, Action, Noted
from donations.store.log.looks import AccessNotes
from donations.store.place import looks_folder_of
from donations.store.session import reading, writing
from donations.store.tables import AccountRow

STATEMENTS = Path(__file__).parents[2] / "statements"
FILES = (
    *("lhv-2026-05-eur-usd-batch-return.xml", "lhv-2026-04-english.csv", "swedbank-2026-05-06-russian.csv"),
    *("seb-2026-02-same-month.csv", "seb-2026-05-sgml.ofx", "seb-2026-06-xml.ofx", "swedbank-2026-01-03-quarter.xml"),
)
"""Of every format and bank."""
TERMS = Terms(by="treasurer", now=NOW, add_accounts=True)
IN_FILES = (
    rb"<(?:Nm|IBAN|Ustrd|EndToEndId|InstrId|AddtlInf)>([^<]+)<",
    rb"<(?:PrvtId|OrgId)><Othr><Id>([^<]+)<",
    rb"<(?:NAME|MEMO)>([^<\r\n]+)",
    rb"<BANKACCTTO>.*?<ACCTID>([^<\r\n]+)",
)
"""What camt and OFX say of people."""
SHORT = 8
OPEN = re.compile("Rohutirts|^[A-Z]{6}[A-Z0-9]{2}(XXX)?$|^[0-9]{16}$|^[0-9A-F]{32}$|^RO[0-9]+L01$")
"""The association's own name; banks, and the numbers that banks give to lines."""
RETURNED = "Konto suletud, omanik Kanaarilind Tagasi"
WRITTEN = "Kanaarilind arve"


def planted(content: bytes) -> bytes:
    """Let a file of camt also have what payers write for their own programs, and what a bank says of a return."""
    for number in range(content.count(b"<EndToEndId>NOTPROVIDED<")):
        content = content.replace(b"<EndToEndId>NOTPROVIDED<", f"<EndToEndId>{WRITTEN} {number}<".encode(), 1)
    return content.replace(b"<RtrInf><Rsn><Cd>AC04</Cd></Rsn>", f"<RtrInf><AddtlInf>{RETURNED}</AddtlInf>".encode())


def told_in(content: bytes, name: str) -> Iterator[str]:
    """Yield what a file says of others than the association."""
    letters = "cp1252" if b"CHARSET:1252" in content else "utf-8-sig"
    if name.endswith(".csv"):
        for row in content.decode(letters).splitlines()[1:]:
            yield from (
                cell.strip('"') for cell in re.split("[;,\t]", row)[1:] if re.search("[A-Za-zÄ-я]{3}|[0-9]{11}", cell)
            )
    else:
        for pattern in IN_FILES:
            yield from (each.decode(letters) for each in re.findall(pattern, content, re.DOTALL))


def spellings(value: str) -> Iterator[bytes]:
    """Yield a value as it is, in other letters and codes, and by what anybody can make of a guess."""
    for each in {value, value.casefold()}:
        for raw in {each.encode(), each.encode("cp1252", "ignore")}:
            if len(raw) >= SHORT:
                yield from (raw, raw.hex().encode(), b64encode(raw).rstrip(b"=")[:-1])
        for made in (hashlib.sha256, hashlib.sha1, hashlib.md5, lambda raw: hashlib.blake2b(raw, digest_size=16)):
            digest = made(each.encode())
            yield from (digest.digest(), digest.hexdigest().encode())


def laid_open(content: bytes) -> bytes:
    """Return bytes with whatever zlib can unpack in them."""
    found = [content]
    for at in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content):
        with suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(content[at.start() :]))
    return b"\n".join(found)


def left_by(engine: Engine) -> dict[str, bytes]:
    """Return every file beside the books, and in folders beside them."""
    file = Path(str(engine.url.database))
    return {
        str(each.relative_to(file.parent)): laid_open(each.read_bytes())
        for beside in file.parent.glob(f"{file.name}*")
        for each in (beside, *beside.rglob("*"))
        if each.is_file()
    }


def found_in(files: dict[str, bytes], values: Iterable[str]) -> set[str]:
    return {value for value in values if any(way in content for way in spellings(value) for content in files.values())}


def taken(engine: Engine) -> set[str]:
    """Import all sample files; return what they say of people."""
    told = set[str]()
    for name in FILES:
        content = planted((STATEMENTS / name).read_bytes())
        done = take(engine, GivenFile(name=name, content=content), TERMS)
        assert done.status is FileStatus.IMPORTED, name
        told.update(each.strip() for each in told_in(content, name))
    with reading(engine) as session:
        own = set(session.scalars(select(AccountRow.number)).all())
    return {each for each in told - own if len(each) >= SHORT and not OPEN.search(each)}


Left = tuple[set[str], dict[str, bytes]]
"""What was planted, and what is on the disk while somebody is in the books."""


def left_behind(engine: Engine) -> Left:
    told = taken(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM donor")
        files = left_by(engine)
    assert {Path(each).suffix for each in files} >= {".sqlite", ".sqlite-wal"}
    return told, files


@pytest.fixture(scope="module")
def sealed(fresh_sqlite: FreshEngine) -> Left:
    with fresh_sqlite() as engine:
        return left_behind(engine)


def test_who_looks_for_it_in_unsealed_books_finds_all_of_it(fresh_sqlite: FreshEngine) -> None:
    """The control."""
    with fresh_sqlite() as engine:
        told, files = left_behind(without_keys(engine))
    assert len(told) > 60
    assert told - found_in(files, told) == set()


def test_nothing_of_banks_files_lies_open(sealed: Left) -> None:
    told, files = sealed
    assert {
        each for each in found_in(files, told) if WRITTEN not in each and each not in {RETURNED, "RENT-88-2"}
    } == set()


def test_what_payers_write_to_mark_a_payment_lies_not_open(sealed: Left) -> None:
    told, files = sealed
    written = {each for each in told if WRITTEN in each or each == "RENT-88-2"}
    assert len(written) > 1
    assert found_in(files, written) == set()


def test_what_a_bank_says_of_a_return_lies_not_open(sealed: Left) -> None:
    told, files = sealed
    assert RETURNED in told
    assert found_in(files, {RETURNED}) == set()


def test_what_waits_for_the_log_beside_the_books_lies_not_open(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        asked = {"path": "/treasurer/donors.csv", "query": "find=Kanaarilind+Otsitud"}
        looked = Noted(action=Action.EXPORTED, about=About.ADDRESS, id=asked["path"], by="t", at=NOW, details=asked)
        with writing(engine):
            AccessNotes().note(engine, looked)
        files = left_by(engine)
        folder = looks_folder_of(engine.url)
        assert folder is not None
        assert any(folder.iterdir()), "it waits"
        shutil.rmtree(folder)
    assert found_in(files, {"Kanaarilind+Otsitud"}) == set()
