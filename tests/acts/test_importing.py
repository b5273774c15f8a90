"""Files come in: whole or not at all, once, with what is worth saying."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, func
from sqlmodel import col, select
from tests.book import JAAN, MARI, OTHER_OWN, OWN, Book, gift, line, statement
from tests.conftest import HOST_KEY, FreshEngine

from donations.acts.importing import AskedAccount, FileResult, FileStatus, take, take_all, take_read
from donations.acts.offering import Answer
from donations.acts.reading_files import ReadFile, Terms, read_file, read_new_file
from donations.acts.undoing import undo
from donations.cli import importing as cli_importing
from donations.core.payment import Purpose
from donations.core.problem import ProblemCode
from donations.core.progress import silent
from donations.core.statement import BankId, GivenFile, IdScheme, Proof, shown_name
from donations.reports.checking import check
from donations.reports.dump import dump
from donations.store.opening import open_engine
from donations.store.session import reading, writing
from donations.store.tables import ImportedFileRow, SourceDocumentRow, StatementLineRow, metadata

STATEMENTS = Path(__file__).parents[2] / "statements"
TERMS = Terms(by="treasurer", now=datetime(2026, 11, 22, tzinfo=UTC), add_accounts=True)
MONTH = GivenFile(name="month.xml", content=(STATEMENTS / "lhv-2026-01-month.xml").read_bytes())
SAME_MONTH = GivenFile(name="month.csv", content=(STATEMENTS / "lhv-2026-01-same-month.csv").read_bytes())


def codes(result: FileResult) -> list[ProblemCode]:
    return [problem.code for problem in result.problems]


def rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        tables = metadata.sorted_tables
        return {each.name: connection.execute(select(func.count()).select_from(each)).scalar_one() for each in tables}


def test_a_file_is_imported_whole(engine: Engine) -> None:
    result = take(engine, MONTH, TERMS)
    assert (result.status, result.format, result.gifts) == ("imported", "camt.053", 7)
    assert result.gift_totals == (("EUR", 17500),)
    assert [(each.new, each.known, each.proof) for each in result.statements] == [(11, 0, Proof.PROVEN)]


def test_the_same_bytes_again_change_nothing(engine: Engine) -> None:
    first = take(engine, MONTH, TERMS)
    before = rows(engine)
    again = take(engine, replace(MONTH, name="other.xml"), replace(TERMS, by="somebody else"))
    assert again.status is FileStatus.ALREADY_IMPORTED
    assert (again.file_id, again.imported_by) == (first.file_id, "treasurer")
    assert rows(engine) == before


def test_the_same_bytes_again_are_not_even_read(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    take(engine, MONTH, TERMS)
    with monkeypatch.context() as without_readers:
        without_readers.delattr("donations.acts.reading_files.read")
        known = read_new_file(engine, MONTH, TERMS)
        assert known.found is None
        assert take(engine, MONTH, TERMS).status is FileStatus.ALREADY_IMPORTED
    with writing(engine) as session:
        undo(session, 1, by="treasurer", now=TERMS.now)
    assert take_read(engine, known, TERMS).status is FileStatus.IMPORTED


def test_the_same_month_in_another_format_brings_nothing_new(engine: Engine) -> None:
    take(engine, MONTH, TERMS)
    with reading(engine) as session:
        before = dump(session)
    result = take(engine, SAME_MONTH, TERMS)
    assert result.status is FileStatus.NOTHING_NEW
    assert [(each.new, each.known) for each in result.statements] == [(0, 11)]
    with reading(engine) as session:
        assert dump(session) == before


def test_the_bytes_are_kept_as_they_came(engine: Engine) -> None:
    take(engine, MONTH, TERMS)
    with writing(engine, keep=False) as session:
        assert session.scalars(select(col(SourceDocumentRow.content))).all() == [MONTH.content]


def test_a_file_of_an_account_that_is_not_ours_waits_and_says_of_which(engine: Engine) -> None:
    before = rows(engine)
    result = take(engine, MONTH, replace(TERMS, add_accounts=False))
    assert (result.status, codes(result)) == (FileStatus.WAITS, [ProblemCode.UNKNOWN_ACCOUNT])
    assert result.asks == (AskedAccount(number="EE237700010000000016", owner="MTÜ Rohutirts"),)
    assert "EE23…0016" in result.problems[0].message
    assert "donations account add EE237700010000000016" in result.problems[0].message
    assert rows(engine) == before


def test_a_refused_file_leaves_the_database_as_it_was(engine: Engine) -> None:
    take(engine, SAME_MONTH, TERMS)
    before = rows(engine)
    result = take(engine, GivenFile(name="cut.xml", content=MONTH.content[:-40]), TERMS)
    assert codes(result) == [ProblemCode.INCOMPLETE_FILE]
    assert rows(engine) == before


def test_a_name_that_promises_another_format_is_noticed(engine: Engine) -> None:
    assert codes(take(engine, replace(MONTH, name="month.csv"), TERMS)) == [ProblemCode.FORMAT_DIFFERS]


def test_an_imbalance_is_accepted_only_with_a_reason_that_is_kept(engine: Engine) -> None:
    content = MONTH.content.replace(b"1369.19", b"1370.19")
    given = GivenFile(name="month.xml", content=content)
    assert codes(take(engine, given, TERMS)) == [ProblemCode.BALANCE_MISMATCH]
    result = take(engine, given, replace(TERMS, accept_imbalance="the bank wrote so"))
    assert codes(result) == [ProblemCode.IMBALANCE_ACCEPTED]
    assert result.statements[0].proof is Proof.BROKEN
    with writing(engine, keep=False) as session:
        assert session.scalars(select(col(ImportedFileRow.accepted_imbalance))).all() == ["the bank wrote so"]


def test_an_own_account_that_fails_its_check_digits_is_said(engine: Engine) -> None:
    given = GivenFile(name="month.xml", content=MONTH.content.replace(b"EE237700010000000016", b"EE247700010000000016"))
    assert codes(take(engine, given, replace(TERMS, add_accounts=False))) == [ProblemCode.UNKNOWN_ACCOUNT]
    assert codes(take(engine, given, TERMS)) == [ProblemCode.ACCOUNT_UNVERIFIED]


def test_days_without_a_file_are_noticed(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1000), opening=0))
    later = book.take(statement("03-01", "03-31", gift("03-05", 1000), opening=9000))
    assert [problem.message for problem in later.problems] == [
        "No statement covers 2026-02-01 to 2026-02-28. Download these days too."
    ]


def test_days_without_a_file_are_a_gap_also_where_the_balances_meet(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1000), opening=0))
    found = book.take(statement("03-01", "03-31", gift("03-05", 1000), opening=1000))
    assert codes(found) == [ProblemCode.GAP]


def test_one_reference_with_two_amounts_is_shown_and_never_merged(book: Book) -> None:
    reference = (BankId(IdScheme.ACCOUNT_SERVICER, "A1B2C3D4"),)
    book.take(statement("01-01", "01-31", gift("01-05", 1000, ids=reference)))
    result = book.take(statement("01-02", "01-30", gift("01-05", 2000, ids=reference)))
    assert ProblemCode.OVERLAP_CONFLICT in codes(result)
    assert [(each.new, each.known) for each in result.statements] == [(1, 0)]


def test_a_payment_that_a_covering_statement_does_not_show_is_noticed(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1000), gift("01-09", 500)))
    result = book.take(statement("01-02", "01-30", gift("01-05", 1000), gift("01-11", 500)))
    assert ProblemCode.ORPHANS in codes(result)


def test_a_batch_and_its_total_are_the_same_money(book: Book) -> None:
    parts = (gift("01-05", 500), gift("01-05", 1000, "Jaan Tamm", "EE832200221000000012"))
    batch = replace(line("01-05", 1500, "Batch"), parts=parts)
    book.take(statement("01-01", "01-31", batch, opening=0))
    only_total = book.take(statement("01-01", "01-31", line("01-05", 1500), opening=0), name="total.csv")
    assert [(each.new, each.known, each.proof) for each in only_total.statements] == [(0, 1, Proof.PROVEN)]
    book.undo(1)
    with book.reading() as session:
        assert b'"minor":1500' in dump(session)
    book.take(statement("01-01", "01-31", batch, opening=0), name="batch again.xml")
    with book.reading() as session:
        assert dump(session).count(b'"purpose":"gift"') == 2
        assert b'"minor":1500' not in dump(session)


def test_a_preview_is_the_import_rolled_back(engine: Engine) -> None:
    read = [read_file(each, TERMS) for each in (MONTH, SAME_MONTH)]
    before = rows(engine)
    with writing(engine, keep=False) as session:
        previewed = take_all(session, read, TERMS)
    assert rows(engine) == before
    with writing(engine) as session:
        assert take_all(session, read, TERMS) == previewed


def _take_in_process(url: str, barrier: object) -> str:
    engine = open_engine(url, key=HOST_KEY)
    barrier.wait()  # type: ignore[attr-defined]
    status = take(engine, MONTH, TERMS).status.value
    engine.dispose()
    return status


def test_two_processes_with_one_file_import_it_once(engine: Engine) -> None:
    workers = multiprocessing.get_context("spawn")
    with workers.Manager() as manager, workers.Pool(2) as pool:
        barrier = manager.Barrier(2)
        url = engine.url.render_as_string(hide_password=False)
        results = pool.starmap(_take_in_process, [(url, barrier)] * 2)
    assert sorted(results) == ["already_imported", "imported"]
    with writing(engine, keep=False) as session:
        assert session.scalars(select(func.count()).select_from(StatementLineRow)).one() == 11


OVERLAPPING = tuple(
    GivenFile(name=name, content=(STATEMENTS / name).read_bytes())
    for name in ("lhv-2026-01-month.xml", "lhv-2026-01-same-month.csv", "lhv-2026-03-overlap.xml")
)


def test_overlapping_files_at_once_in_opposite_order_are_those_one_after_the_other(
    engine: Engine, fresh_sqlite: FreshEngine
) -> None:
    with fresh_sqlite() as alone:
        for file in OVERLAPPING:
            take(alone, file, TERMS)
        expected = Book(alone).ledger()
    both = Barrier(2)

    def take_all(files: tuple[GivenFile, ...]) -> None:
        own = open_engine(engine.url.render_as_string(hide_password=False), key=HOST_KEY)
        both.wait()
        for file in files:
            take(own, file, TERMS)
        own.dispose()

    with ThreadPoolExecutor(2) as servers:
        list(servers.map(take_all, [OVERLAPPING, OVERLAPPING[::-1]]))
    assert Book(engine).ledger() == expected
    assert not Book(engine).broken()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Bank\\kvv.xml", "kvv.xml"),
        ("a\nb\x00c\u202e.xml", "a b c .xml"),
        ("", "unnamed"),
        ("x" * 5000, "x" * 120),
    ],
)
def test_a_name_is_only_shown_and_cleaned_for_it(given: str, shown: str) -> None:
    assert shown_name(given) == shown


def test_an_account_that_turns_out_to_be_ours_makes_earlier_gifts_transfers(engine: Engine) -> None:
    book = Book(engine)
    book.take(statement("01-01", "01-31", line("01-05", 1000, "Us", OTHER_OWN, "Annetus")))
    book.take(statement("01-01", "01-31", line("01-05", -1000, "Us", OWN, "Annetus"), account=OTHER_OWN))
    with book.reading() as session:
        assert dump(session).count(b'"purpose":"transfer"') == 2
        assert not check(session).broken


def test_a_code_that_arrives_elsewhere_does_not_answer_a_question(book: Book) -> None:
    """Who pays is judged from all payments of the account, also where only the code brought the payment up."""
    book.take(statement("01-01", "01-01", gift("01-01", 1000, code="38001085718")))
    book.take(statement("01-02", "01-02", line("01-02", 1000, "Mari Mets", MARI, "Annetus 49403136526")))
    book.take(statement("01-03", "01-03", gift("01-03", 1000, "Jaan Tamm", JAAN, code="49403136526")))
    with book.reading() as session:
        assert not check(session).broken


def test_what_a_file_shows_as_a_batch_takes_an_answer_back_and_says_so(book: Book) -> None:
    reference = (BankId(IdScheme.ACCOUNT_SERVICER, "A1B2C3D4"),)
    book.take(statement("01-01", "01-31", line("01-05", 1500, "Batch", ids=reference)))
    book.answer(1, Answer(purpose=Purpose.INCOME, reason="sales"))
    parts = (gift("01-05", 500), gift("01-05", 1000, "Jaan Tamm", JAAN))
    result = book.take(statement("01-01", "01-31", replace(line("01-05", 1500, ids=reference), parts=parts)))
    assert ProblemCode.ANSWERS_LOST in codes(result)
    assert (result.status, [(each.new, each.known) for each in result.statements]) == ("imported", [(2, 0)])


def test_between_the_files_of_a_long_import_others_write(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is a transaction of its own, and is read before it: who waits comes in between."""
    files = [tmp_path / name for name in ("1.xml", "2.xml")]
    for at, file in enumerate(files):
        file.write_bytes(OVERLAPPING[at].content)
    between: list[int] = []
    real = read_new_file

    def read_and_let_write(engine: Engine, given: GivenFile, terms: Terms) -> ReadFile:
        with writing(engine, seconds=0) as session:
            between.append(len(session.exec(select(ImportedFileRow)).all()))
        return real(engine, given, terms)

    monkeypatch.setattr("donations.acts.reading_files.read_new_file", read_and_let_write)
    cli_importing.import_files(files, TERMS, engine, lambda _: silent)
    assert between == [0, 1]
