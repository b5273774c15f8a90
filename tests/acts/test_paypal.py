"""PayPal's reports, month after month: the balances behind the days prove them, and tell of a row that is missing."""

from __future__ import annotations

from datetime import date

from tests.book import NOW, Book, day, line, statement

from donations.acts.importing import FileResult, FileStatus, take
from donations.acts.proving import Proved, proofs
from donations.acts.reading_files import Terms
from donations.core.statement import GivenFile
from donations.identity.proof import DayState
from donations.ledger.payouts import Payout, payouts
from donations.reports.obstacles import money_under_way
from donations.store.payments.payouts import provider_movements

TERMS = Terms(by="treasurer", now=NOW, add_accounts=True)
HEADING = "Date,Time,Time Zone,Description,Currency,Gross,Fee,Net,Balance,Transaction ID,From Email Address,Name"
FEBRUARY = (
    ("2026-02-02", "Donation Payment", "20.00", "-1.00", "19.00", "19.00", "T1", "Mari Mets"),
    ("2026-02-10", "Donation Payment", "50.00", "-2.00", "48.00", "67.00", "T2", "Jaan Tamm"),
    ("2026-02-20", "General Withdrawal", "-60.00", "0.00", "-60.00", "7.00", "T3", ""),
    ("2026-02-27", "Donation Payment", "30.00", "-1.50", "28.50", "35.50", "T4", "Uno Kask"),
)
MARCH = (
    ("2026-03-01", "Payment Refund", "-20.00", "0.00", "-20.00", "15.50", "T5", "Mari Mets"),
    ("2026-03-09", "Chargeback", "-10.00", "0.00", "-10.00", "5.50", "T6", "Jaan Tamm"),
    ("2026-03-31", "Chargeback Fee", "-5.50", "0.00", "-5.50", "0.00", "T7", ""),
)


def report(*rows: tuple[str, ...]) -> bytes:
    """Write a statement of PayPal's."""
    lines = [
        f"{r[0]},10:00:00,EET,{r[1]},EUR,{r[2]},{r[3]},{r[4]},{r[5]},{r[6]},somebody@example.com,{r[7]}" for r in rows
    ]
    return "\n".join([HEADING, *lines, ""]).encode()


def give(book: Book, *rows: tuple[str, ...]) -> FileResult:
    return take(book.engine, GivenFile(name="paypal.csv", content=report(*rows)), TERMS)


def proved(book: Book) -> Proved:
    with book.reading() as session:
        return next(each for each in proofs(session) if each.number == "PAYPAL")


def made(book: Book, until: str) -> list[Payout]:
    with book.reading() as session:
        return payouts(provider_movements(session), last_day=day(until))


def test_two_months_are_proven_by_the_balances_behind_their_days(book: Book) -> None:
    give(book, *FEBRUARY)
    give(book, *MARCH)
    found = proved(book)
    assert [found.state_on(day(each)) for each in ("02-02", "02-15", "02-20", "03-05")] == [DayState.PROVEN] * 4
    assert found.state_on(day("03-31")) is DayState.NOT_OVER
    assert book.broken() == frozenset()


def test_a_payout_leaves_what_lies_there(book: Book) -> None:
    give(book, *FEBRUARY, *MARCH)
    paid, rest = made(book, "02-28")
    assert (paid.day, paid.paid_out, paid.left, paid.lacks_lines) == (date(2026, 2, 20), -6_000, 700, False)
    assert (rest.before, rest.left) == (700, 3_550)
    assert made(book, "03-31")[-1].left == 0


def test_a_month_that_lacks_its_last_rows_contradicts_the_next_one(book: Book) -> None:
    give(book, *FEBRUARY[:-1])
    give(book, *MARCH)
    states = {proved(book).state_on(day(each)) for each in ("02-21", "02-27")}
    assert states <= {DayState.MISSING, DayState.CONFLICT}
    give(book, *FEBRUARY, MARCH[0])  # a last day is over once a file goes beyond it
    assert proved(book).state_on(day("02-27")) is DayState.PROVEN


def test_overlapping_reports_book_nothing_twice(book: Book) -> None:
    give(book, *FEBRUARY, *MARCH)
    once = made(book, "03-31")
    assert give(book, *FEBRUARY[1:], *MARCH[:2]).status is FileStatus.NOTHING_NEW
    assert made(book, "03-31") == once


def test_the_banks_credit_clears_the_withdrawal(book: Book) -> None:
    give(book, *FEBRUARY)
    came = line("02-24", 6_000, "PayPal (Europe) S.à r.l. et Cie, S.C.A.", "LU750670006550130720", "PAYPAL TRANSFER")
    book.take(statement("02-01", "03-31", came, opening=0))
    with book.reading() as session:
        assert money_under_way(session, proofs(session), today=day("04-30")) == []
