"""Money under way is told with both sides, and with the payment that may be the other one."""

from __future__ import annotations

from tests.book import OTHER_OWN, OWN, Book, day, line, statement

from donations.core.period import Period
from donations.reports.proofs import proofs
from donations.reports.reconciliation import reconciliation
from donations.reports.under_way import SaidUnderWay, money_under_way, said_under_way
from donations.views.telling import PLAIN

OUT = statement("03-01", "03-31", line("03-05", -1_000, "Meie", OTHER_OWN), opening=1_000)


def moving(book: Book, today: str = "07-01") -> list[SaidUnderWay]:
    with book.reading() as session:
        proved = proofs(session)
        found = money_under_way(session, proved, today=day(today))
        return said_under_way(session, found, proved, {OWN: "Main", OTHER_OWN: "Other"}.__getitem__)


def told(each: SaidUnderWay) -> tuple[str, str]:
    return PLAIN.tell(each.sides), PLAIN.tell(each.waits)


def test_what_left_may_come_until_a_day(book: Book) -> None:
    book.take(statement("02-01", "02-28", opening=0, account=OTHER_OWN))
    book.take(OUT)
    (found,) = moving(book, "03-06")
    assert told(found) == (
        "10.00 EUR left Main for Other on 2026-03-05.",
        "The other side may come until 2026-03-12.",
    )
    assert not found.is_late
    (found,) = moving(book)
    assert told(found)[1] == "No statement of Other shows the other side yet."


def test_what_came_is_told_the_other_way(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Meie", OTHER_OWN), opening=0))
    book.take(statement("02-01", "03-31", opening=0, account=OTHER_OWN))
    (found,) = moving(book)
    assert told(found)[0] == "10.00 EUR came to Main from Other on 2026-03-05."
    assert (found.is_late, found.likely) == (True, None)


def test_a_payment_of_its_amount_that_nobody_called_a_transfer_is_named(book: Book) -> None:
    book.take(OUT)
    came = line("03-06", 1_000, "Keegi", "", "kanne")
    book.take(statement("03-01", "03-31", came, opening=0, account=OTHER_OWN))
    (found,) = moving(book)
    number = book.payment("03-06", 1_000)
    assert found.likely is not None
    assert found.likely.payment == number
    assert told(found)[1] == (
        f"Payment {number} of 2026-03-06 on Other is of this amount: if it is the other side, say so there."
    )


def test_of_two_such_payments_none_is_named(book: Book) -> None:
    book.take(OUT)
    came = (line("03-06", 1_000, "Keegi", "", "kanne"), line("03-07", 1_000, "Teine", "", "kanne"))
    book.take(statement("03-01", "03-31", *came, opening=0, account=OTHER_OWN))
    (found,) = moving(book)
    assert found.likely is None


def test_the_reconciliation_tells_it_with_the_period_in_which_it_left(book: Book) -> None:
    book.take(OUT)
    book.take(statement("03-01", "04-30", opening=0, account=OTHER_OWN))
    with book.reading() as session:
        march, april = (
            {
                note.code: note.text
                for note in reconciliation(session, Period.of(year=2026, month=month), today=day("07-01")).notes
            }
            for month in (3, 4)
        )
    assert march["under_way"].startswith(f"Money under way: 10.00 EUR left {OWN} for {OTHER_OWN} on 2026-03-05.")
    assert "under_way" not in april
