"""Files of other projects and broken ones are read as a person reads them, or refused, as the reviewed table says."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from tests.conftest import FreshEngine

from donations.acts.importing import FileResult, FileStatus, StatementResult, take_read
from donations.acts.reading_files import Terms, read_new_files
from donations.core.money import Minor, decimal_text, parse_currency
from donations.core.problem import ProblemCode
from donations.core.statement import GivenFile
from donations.store.tables import StatementLineRow, StatementRow

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
NOT_SAMPLES = {"README.md", "SOURCES.tsv", "hostile/MANIFEST.tsv"}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What becomes of one file, or of every file of a pattern that has no row of its own."""

    path: str
    outcome: str
    codes: str
    """Every code told, be it a refusal or a notice, in the order of the alphabet."""
    read: str
    """Each statement as `rendered`; of a file refused for its balances alone, as it is read when that is accepted."""
    why: str


def table() -> list[Row]:
    """Return the reviewed table."""
    with Path(__file__).with_name("corpus.tsv").open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


TABLE = table()
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of other projects' files is not here")


def paths() -> list[str]:
    """Return every file of the corpus that is there to be read or refused."""
    files = (path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file())
    return sorted(path for path in files if path not in NOT_SAMPLES)


def row_of(path: str) -> Row | None:
    """Return the file's own row, else that of its pattern."""
    matching = [row for row in TABLE if row.path == path] or [row for row in TABLE if fnmatch(path, row.path)]
    assert len(matching) < 2, f"{path} has two rows"
    return matching[0] if matching else None


@needs_corpus
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_a_file_is_read_or_refused_as_the_table_says(row: Row, fresh_sqlite: FreshEngine) -> None:
    for path in [row.path] if "*" not in row.path else [each for each in paths() if row_of(each) is row]:
        with fresh_sqlite() as engine:
            results, read = taken(path, engine, accept_imbalance=None)
        assert (path, statuses(results), codes(results)) == (path, row.outcome, row.codes)
        if row.codes == ProblemCode.BALANCE_MISMATCH:
            with fresh_sqlite() as engine:
                results, read = taken(path, engine, accept_imbalance="the samples are shortened")
            assert statuses(results) == FileStatus.IMPORTED
            assert ProblemCode.IMBALANCE_ACCEPTED in codes(results).split(",")
        assert (path, read) == (path, row.read)


def taken(path: str, engine: Engine, *, accept_imbalance: str | None) -> tuple[list[FileResult], str]:
    """Import a file, or those of an archive, into an empty book; return the results and what the book then holds."""
    given = GivenFile(name=Path(path).name, content=(CORPUS / path).read_bytes())
    terms = Terms(by="corpus", now=NOW, add_accounts=True, accept_imbalance=accept_imbalance)
    results = [take_read(engine, each, terms) for each in read_new_files(engine, given, terms)]
    statements = [each for result in results for each in result.statements]
    with Session(engine) as session:
        ids = session.exec(select(StatementRow.id).order_by(col(StatementRow.id))).all()
        lines = session.exec(select(StatementLineRow).where(col(StatementLineRow.is_total).is_(False))).all()
    of = [[line for line in lines if line.statement_id == each] for each in ids]
    return results, "; ".join(rendered(*each) for each in zip(statements, of, strict=True))


def rendered(statement: StatementResult, lines: list[StatementLineRow]) -> str:
    """Return the account's last digits, how many lines on which days, what came and went, and both balances."""

    def text(minor: Minor | None) -> str:
        return "?" if minor is None else decimal_text(minor, parse_currency(statement.currency))

    assert statement.lines == len(lines)
    money, days = [line.minor for line in lines], sorted({str(line.booked_on) for line in lines})
    came, went = text(sum(minor for minor in money if minor > 0)), text(-sum(minor for minor in money if minor < 0))
    when = f" on {'..'.join(dict.fromkeys([days[0], days[-1]]))}" if days else ""
    balances = f"from {text(statement.opening)} to {text(statement.closing)}"
    return f"{statement.account[-4:]} {statement.currency} {len(lines)}{when} in {came} out {went} {balances}"


def statuses(results: list[FileResult]) -> str:
    """Return what became of the file, or of those of an archive."""
    return ",".join(sorted({each.status for each in results}))


def codes(results: list[FileResult]) -> str:
    """Return every code that was told."""
    return ",".join(sorted({problem.code.value for each in results for problem in each.problems}))


@needs_corpus
def test_no_file_lacks_a_row_and_no_row_a_file() -> None:
    found = paths()
    assert [path for path in found if row_of(path) is None] == []
    used = {row_of(path) for path in found}
    assert [row.path for row in TABLE if row not in used] == []


def test_every_refusal_and_every_notice_says_why() -> None:
    assert [row.path for row in TABLE if (row.outcome != FileStatus.IMPORTED or row.codes) and not row.why] == []
