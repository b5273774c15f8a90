"""Processes import overlapping files at once and are killed anywhere: what was confirmed is there, each payment once.

The truth is a list of days and amounts; the statements are written here, and nothing of the product says what is right.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from traceback import print_exc

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError
from sqlmodel import col
from tests.book import NOW, Book
from tests.conftest import HOST_KEY
from tests.examples import ALL

from donations.acts.importing import FileStatus, take_read
from donations.acts.reading_files import ReadFile, Terms, read_file
from donations.core.refusal import Refusal, RefusalKind
from donations.core.statement import GivenFile
from donations.store.opening import open_engine
from donations.store.reporting import attested
from donations.store.session import reading
from donations.store.tables import ActiveFileRow, ImportedFileRow

TERMS = Terms(by="treasurer", now=NOW, add_accounts=True)
OWN, FIRST, DAYS = "EE382200221020145685", date(2025, 1, 1), 365
PROCESSES, FILES = (8, {"sqlite": 50, "postgresql": 200}) if ALL else (4, {"sqlite": 4, "postgresql": 3})
"""Of files for each process: more in `make assurance`."""
GIVERS = [("Mari Mets", "EE307700771000000012"), ("Jaan Tamm", "EE832200221000000012"), ("Ants Kask", "")]

Movement = tuple[date, int, str]
"""Day, minor units, the bank's number."""


def movements(random: Random) -> list[Movement]:
    """Return a year of payments, twins among them."""
    days = sorted(random.randrange(DAYS) for _ in range(DAYS))
    return [
        (FIRST + timedelta(day), random.choice([500, 1_000, 1_000, 2_500]), f"B{at}") for at, day in enumerate(days)
    ]


def camt(moved: list[Movement], first: date, last: date) -> bytes:
    """Write what the bank would of these days."""
    opening = sum(minor for day, minor, _ in moved if day < first)
    closing = sum(minor for day, minor, _ in moved if day <= last)
    entries = "".join(map(_entry, (each for each in moved if first <= each[0] <= last)))
    balances = _balance("OPBD", opening, first) + _balance("CLBD", closing, last)
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId>'
        f"<CreDtTm>2026-02-01T06:00:00</CreDtTm></GrpHdr><Stmt><Id>S</Id><CreDtTm>2026-02-01T06:00:00</CreDtTm><FrToDt>"
        f"<FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(kind: str, minor: int, day: date) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{minor / 100:.2f}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(moved: Movement) -> str:
    day, minor, number = moved
    name, account = GIVERS[int(number[1:]) % len(GIVERS)]
    from_account = f"<DbtrAcct><Id><IBAN>{account}</IBAN></Id></DbtrAcct>" if account else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{minor / 100:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{number}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>"
        f"{name}</Nm></Dbtr>{from_account}</RltdPties><RmtInf><Ustrd>Annetus</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def overlapping(moved: list[Movement], number: int, random: Random) -> list[ReadFile]:
    """Return so many statements of a few days up to two months, which together leave no day out."""
    files = {camt(moved, FIRST, FIRST + timedelta(DAYS - 1)): None}
    while len(files) < number:
        begin, length = random.randrange(DAYS), random.randrange(60)
        last = min(begin + length, DAYS - 1)
        files[camt(moved, FIRST + timedelta(begin), FIRST + timedelta(last))] = None
    return [read_file(GivenFile(name=f"{at}.xml", content=each), TERMS) for at, each in enumerate(files)]


def importing(url: str, files: list[tuple[int, ReadFile]], confirmed: Path, *, killed_at: int | None) -> int:
    """Import in a process of its own, which says what was confirmed; returns its number."""
    child = os.fork()
    if child:
        return child
    try:  # pragma: no cover - is another process
        engine, numbers = open_engine(url, key=HOST_KEY), count()

        def kill(*_: object) -> None:
            if next(numbers) == killed_at:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(engine, "before_cursor_execute", kill)
        event.listen(engine, "commit", kill)
        said = os.open(confirmed, os.O_WRONLY | os.O_APPEND)
        for number, file in files:
            until_taken(engine, file)
            os.write(said, f"{number}\n".encode())
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it is, the test fails by it
        print_exc()
        os._exit(1)


def until_taken(engine: Engine, file: ReadFile) -> None:
    """Import a file, again where too many others wait to write."""
    while True:
        try:
            result = take_read(engine, file, TERMS)
        except Refusal as refusal:
            if refusal.code.kind is not RefusalKind.BUSY:
                raise
        except OperationalError as error:  # faces say the same of it
            if not any(word in str(error) for word in ("database is locked", "lock timeout", "deadlock")):
                raise
        else:
            assert result.status in {FileStatus.IMPORTED, FileStatus.ALREADY_IMPORTED, FileStatus.NOTHING_NEW}
            return


@pytest.mark.parametrize("seed", [1])
def test_what_was_confirmed_is_there_and_each_payment_once(engine: Engine, tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    moved, each = movements(random), FILES[engine.dialect.name]
    files = [*enumerate(overlapping(moved, PROCESSES * each - each // 2, random))]
    given = [*files, *files[: each // 2]]  # some go to two processes
    random.shuffle(given)
    url = engine.url.render_as_string(hide_password=False)
    confirmed = tmp_path / "confirmed"
    confirmed.touch()
    engine.dispose()  # a connection is of one process
    working = {}
    for turn in range(PROCESSES):
        own = given[turn::PROCESSES]
        dies_at = random.randrange(40 * each) if turn % 2 else None
        working[importing(url, own, confirmed, killed_at=dies_at)] = own
    died = 0
    while working:
        child, status = os.wait()
        own = working.pop(child, [])
        if os.WIFSIGNALED(status):
            died += 1
            assert_confirmed(engine, confirmed)
            engine.dispose()
            working[importing(url, own, confirmed, killed_at=None)] = own
        else:
            assert status == 0
    assert died
    assert_confirmed(engine, confirmed)
    assert len(set(confirmed.read_text().split())) == len(files)
    with reading(engine) as session:
        booked = Counter((row.booked_on, row.minor) for row in attested(session))
    assert booked == Counter((day, minor) for day, minor, _ in moved)
    assert not Book(engine).broken()


def assert_confirmed(engine: Engine, confirmed: Path) -> None:
    """Each file that was confirmed is an import, and no file is two."""
    said = {f"{number}.xml" for number in confirmed.read_text().split()}  # others go on
    with reading(engine) as session:
        active = col(ActiveFileRow.file_id) == col(ImportedFileRow.id)
        names = session.scalars(select(col(ImportedFileRow.name)).join(ActiveFileRow, active)).all()
    assert len(names) == len(set(names))
    assert set(names) >= said
