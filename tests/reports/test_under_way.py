"""Money under way is told with both sides, and with the payment that may be the other one."""

from __future__ import annotations

from datetime import date

import pytest
from tests.book import NOW, OTHER_OWN, OWN, Book, day, line, statement

from donations.acts.offering import Answer
from donations.acts.proving import agreed_until, proofs
from donations.acts.registering import call
from donations.core.calendar import Month, Period
from donations.core.payment import PaymentId, Purpose
from donations.core.statement import LineKind
from donations.reports.months_of_year import month_obstacles
from donations.reports.obstacles import UnderWayInWords, money_under_way, obstacles_in_words, under_way_in_words
from donations.reports.reconciliation import reconciliation
from donations.store.session import writing
from donations.views.phrases import PLAIN

OUT = statement("03-01", "03-31", line("03-05", -1_000, "Meie", OTHER_OWN), opening=1_000)


def moving(book: Book, today: str = "07-01") -> list[UnderWayInWords]:
    with book.reading() as session:
        proved = proofs(session)
        found = money_under_way(session, proved, today=day(today))
        return under_way_in_words(session, found, proved, {OWN: "Main", OTHER_OWN: "Other"}.__getitem__)


def told(each: UnderWayInWords) -> tuple[str, str]:
    return PLAIN.tell(each.sides), PLAIN.tell(each.waits)


def test_what_left_may_come_until_a_day(book: Book) -> None:
    book.take(statement("02-01", "02-28", opening=0, account=OTHER_OWN))
    book.take(OUT)
    (found,) = moving(book, "03-06")
    assert told(found) == (
        "10.00 EUR left Main for Other on 2026-03-05.",
        "The other side may come until 2026-03-12.",
    )
    assert not found.is_in_the_way
    (found,) = moving(book)
    assert told(found)[1] == "No statement of Other shows the other side yet."


def test_what_came_is_told_the_other_way(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Meie", OTHER_OWN), opening=0))
    book.take(statement("02-01", "03-31", opening=0, account=OTHER_OWN))
    (found,) = moving(book)
    assert told(found)[0] == "10.00 EUR came to Main from Other on 2026-03-05."
    assert (found.is_in_the_way, found.likely) == (True, None)


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


US = "MTÜ Rohutirts"


def nameless(book: Book, minor: int = -1_000) -> PaymentId:
    """Import March of the first account with own money from or to an account that the file does not name."""
    with writing(book.engine) as session:
        call(session, US, by="treasurer", at=NOW)
    book.take(statement("03-01", "03-31", line("03-05", minor, US, text="oma kontole"), opening=1_000))
    number = book.payment("03-05", minor)
    book.answer(number, Answer(purpose=Purpose.TRANSFER, reason="to the savings"))
    return number


def in_the_way(book: Book) -> list[str]:
    with book.reading() as session:
        proved = proofs(session)
        found = month_obstacles(session, Month(2026, 3), proved=proved, today=day("07-01"))[1]
        return [PLAIN.tell(each.phrase) for each in obstacles_in_words(session, found, proved)]


def agrees(book: Book) -> date | None:
    with book.reading() as session:
        proved = proofs(session)
        moving = money_under_way(session, proved, today=day("07-01"))
        return agreed_until(proved, moving, last_day=day("03-31"))


LEFT = f"10.00 EUR left {OWN} on 2026-03-05 for an own account that the file does not name."
ALONE = "The books have no other own account that was open then: add it and its statements, or say what else it was."


def test_the_only_own_account_has_money_that_left_for_one_that_is_not_in_the_books(book: Book) -> None:
    nameless(book)
    (found,) = moving(book)
    assert told(found) == (LEFT.replace(OWN, "Main"), ALONE)
    assert in_the_way(book) == [f"{LEFT} {ALONE}"]
    assert agrees(book) == day("03-04")


def test_what_came_from_an_account_that_the_file_does_not_name_waits_too(book: Book) -> None:
    nameless(book, 1_000)
    (found,) = moving(book)
    assert told(found)[0] == "10.00 EUR came to Main on 2026-03-05 from an own account that the file does not name."
    assert found.is_in_the_way
    assert agrees(book) == day("03-04")


def test_the_other_account_begins_later_then_with_the_day_and_then_shows_it(book: Book) -> None:
    nameless(book)
    book.take(statement("03-10", "03-31", opening=1_000, account=OTHER_OWN))
    unseen = (
        f"The other side may be on {OTHER_OWN}, of which the books have no statement of that day: import it, or say"
        " what else it was."
    )
    assert in_the_way(book) == [f"{LEFT} {unseen}"]
    assert agrees(book) == day("03-04")
    before = book.take(statement("03-01", "03-09", opening=1_000, account=OTHER_OWN))
    late = (
        "The statements of all other own accounts cover the days on which it should have come, and do not show it. If"
        " it is another account, add it and its statements."
    )
    assert late in in_the_way(book)[0]
    assert agrees(book) == day("03-04")
    book.undo(before.file_id)
    came = line("03-06", 1_000, US, text="oma kontole")
    book.take(statement("03-01", "03-09", came, opening=0, account=OTHER_OWN))
    number = book.payment("03-06", 1_000)
    likely = f"Payment {number} of 2026-03-06 on {OTHER_OWN} is of this amount: if it is the other side, say so there."
    assert f"{LEFT} {likely}" in in_the_way(book)
    book.answer(number, Answer(purpose=Purpose.TRANSFER, reason="from the main account"))
    assert in_the_way(book) == []
    assert agrees(book) == day("03-31")


def test_what_is_the_other_side_of_another_transfer_is_not_named(book: Book) -> None:
    book.take(statement("03-01", "03-31", *(line("03-05", -1_000, "Meie", OTHER_OWN),) * 2, opening=2_000))
    book.take(statement("03-01", "03-31", line("03-06", 1_000, "Meie", OWN), opening=0, account=OTHER_OWN))
    (found,) = moving(book)
    assert (found.likely, told(found)[1].partition(" cover")[0]) == (None, "The statements of Other")


def test_a_payment_that_it_may_be_is_named_beside_an_account_that_shows_nothing_of_that_day(book: Book) -> None:
    nameless(book)
    third = "EE242200221066667772"
    book.take(statement("03-20", "03-31", opening=0, account=third))
    book.take(statement("03-01", "03-31", line("03-06", 1_000, "X"), opening=0, account=OTHER_OWN))
    said = in_the_way(book)[0]
    assert f"{LEFT} Payment {book.payment('03-06', 1_000)} of 2026-03-06 on {OTHER_OWN} is of this amount" in said
    assert f"The other side may be on {third}, of which the books have no statement of that day" in said


def test_what_a_person_calls_otherwise_is_no_transfer_any_more(book: Book) -> None:
    number = nameless(book)
    book.answer(number, Answer(purpose=Purpose.COST, reason="a fee after all"))
    assert (moving(book), in_the_way(book), agrees(book)) == ([], [], day("03-31"))


@pytest.mark.parametrize("minor", [1_000, -1_000])
def test_a_payout_of_somebody_else_that_a_person_called_a_transfer_is_not_waited_for(book: Book, minor: int) -> None:
    payout = line("03-05", minor, "Stripe Payments Europe", text=f"payout to {OWN}")
    book.take(statement("03-01", "03-31", payout, opening=1_000))
    book.answer(book.payment("03-05", minor), Answer(purpose=Purpose.TRANSFER, reason="a payout"))
    assert (moving(book), in_the_way(book)) == ([], [])


def test_an_own_account_in_the_text_is_the_other_one(book: Book) -> None:
    book.take(statement("03-10", "03-31", opening=0, account=OTHER_OWN))
    book.take(statement("03-01", "03-31", line("03-05", -1_000, text=f"{OWN} {OTHER_OWN}"), opening=1_000))
    book.answer(book.payment("03-05", -1_000), Answer(purpose=Purpose.TRANSFER, reason="to the savings"))
    (found,) = moving(book)
    assert told(found) == (
        "10.00 EUR left Main for Other on 2026-03-05.",
        "In the books Other is not open on that day: import its statements of it, or correct its first or last day.",
    )
    assert (found.is_in_the_way, agrees(book)) == (True, day("03-04"))


def test_without_any_name_it_is_own_money_but_for_cash(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", -1_000), line("03-06", 500, kind=LineKind.CASH), opening=1_000))
    for on, minor in (("03-05", -1_000), ("03-06", 500)):
        book.answer(book.payment(on, minor), Answer(purpose=Purpose.TRANSFER, reason="ours"))
    (found,) = moving(book)
    assert found.found.side.minor == -1_000
