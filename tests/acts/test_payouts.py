"""A payment provider's months clear to zero: gifts whole, fees apart, and what the bank gets is no gift."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.acts.shop import DAY, Shop
from tests.book import NOW, OWN, Book, day, line, statement

from donations.acts.asking import review
from donations.acts.importing import FileResult, FileStatus, take
from donations.acts.proving import proofs
from donations.acts.reading_files import Terms
from donations.acts.registering import NewAccount, register
from donations.core.calendar import Month, Period
from donations.core.payment import PaymentId, Purpose
from donations.core.problem import ProblemCode
from donations.core.provider import Provider
from donations.core.statement import GivenFile
from donations.ledger.obstacles import ObstacleKind
from donations.ledger.payouts import Payout, payouts
from donations.reports.months_of_year import month_obstacles
from donations.reports.obstacles import money_under_way
from donations.reports.payouts import payout_report
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payouts import provider_movements
from donations.store.session import writing

STRIPE = "STRIPE PAYMENTS EUROPE LTD"
TERMS = Terms(by="treasurer", now=NOW, add_accounts=True)
FIRST, MARCH, LAST = date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 31)


def give(book: Book, content: bytes) -> FileResult:
    return take(book.engine, GivenFile(name="report.csv", content=content), TERMS)


def bank(book: Book, shop: Shop) -> None:
    lines = [line(f"{on:%m-%d}", minor, STRIPE, "IE29AIBK93115212345678", "STRIPE") for on, minor in shop.arrivals]
    book.take(statement("02-01", "04-10", *lines, opening=0))


def made(book: Book, until: date = LAST) -> list[Payout]:
    with book.reading() as session:
        return payouts(provider_movements(session), last_day=until)


def moving(book: Book, today: date = date(2026, 4, 30)) -> list[tuple[str, str, int]]:
    with book.reading() as session:
        found = money_under_way(session, proofs(session), today=today)
        return [(each.side.account, each.side.other, each.side.minor) for each in found]


def purposes(book: Book, payment: PaymentId) -> list[Purpose]:
    with book.reading() as session:
        return [each.purpose for each in allocations_of(session, [payment]).get(payment, [])]


@pytest.mark.parametrize("seed", range(6))
def test_every_payout_is_made_of_its_lines_and_came_to_the_bank(book: Book, seed: int) -> None:
    shop = Shop.made_up(seed, FIRST, LAST)
    bank(book, shop)
    give(book, shop.report(FIRST, MARCH))
    give(book, shop.report(MARCH + DAY, LAST))
    *paid, rest = made(book)
    assert [(each.day, -each.paid_out) for each in paid] == [(on - 2 * DAY, minor) for on, minor in shop.arrivals]
    assert {each.left for each in paid} == {0}
    assert (rest.day, rest.left) == (None, shop.balance(LAST))
    every = [*paid, rest]
    assert sum(each.received for each in every) == shop.sum_of("charge")
    assert sum(each.returned for each in every) == shop.sum_of("refund", "adjustment")
    assert -sum(each.fees for each in every) == shop.fees
    assert moving(book) == []
    assert book.broken() == frozenset()


def test_a_payout_over_the_end_of_the_month_lies_there_at_its_end(book: Book) -> None:
    shop = Shop.made_up(3, FIRST, LAST)
    give(book, shop.report(FIRST, LAST))
    before = shop.balance(MARCH)
    assert before > 0
    assert made(book, MARCH)[-1].left == before
    over = next(each for each in made(book) if each.day is not None and each.day > MARCH)
    assert over.left == 0


def test_the_same_report_and_overlapping_ones_book_nothing_twice(book: Book) -> None:
    shop = Shop.made_up(1, FIRST, LAST)
    give(book, shop.report(FIRST, LAST))
    once = made(book)
    assert give(book, shop.report(FIRST, LAST)).status is FileStatus.ALREADY_IMPORTED
    early = give(book, shop.report(FIRST, MARCH))
    later = give(book, shop.report(date(2026, 2, 15), date(2026, 3, 20)))
    assert {early.status, later.status} == {FileStatus.NOTHING_NEW}
    assert made(book) == once


def test_reports_in_any_order_come_to_the_same(book: Book) -> None:
    shop = Shop.made_up(2, FIRST, LAST)
    give(book, shop.report(date(2026, 2, 20), LAST))
    give(book, shop.report(FIRST, MARCH))  # does not know yet by which payout its last lines are paid
    assert {each.left for each in made(book)[:-1]} == {0}
    assert made(book)[-1].left == shop.balance(LAST)


def test_a_report_without_one_of_its_lines_says_so(book: Book) -> None:
    shop = Shop.made_up(4, FIRST, LAST)
    lost = next(each for each in shop.entries if each.kind == "charge" and each.payout)
    bank(book, shop)
    result = give(book, shop.report(FIRST, LAST, without=lost.number))
    assert ProblemCode.PAYOUT_INCOMPLETE in {each.code for each in result.problems}
    (lacking,) = [each for each in made(book) if each.lacks_lines]
    assert lacking.left == -lost.net
    with book.reading() as session:
        month = Month.of(lacking.day or FIRST)
        _, ways = month_obstacles(session, month, proved=proofs(session), today=date(2026, 4, 30))
        assert [each.payout for each in ways if each.kind is ObstacleKind.PAYOUT_LACKS_LINES] == [lacking]
        table = payout_report(session, Period(FIRST, LAST), today=date(2026, 4, 30))
    assert [note.code for note in table.notes] == ["lies_there", "lacks_lines"]
    give(book, shop.report(FIRST, MARCH))
    give(book, shop.report(MARCH + DAY, LAST))
    assert not any(each.lacks_lines for each in made(book))


def test_until_the_report_is_there_the_banks_credit_is_money_under_way(book: Book) -> None:
    with writing(book.engine) as session:
        register(session, NewAccount(number=Provider.STRIPE.account), now=NOW)
    book.take(statement("03-01", "03-31", line("03-05", 9_860, STRIPE, "", "annetus"), opening=0))
    came = book.payment("03-05", 9_860)
    assert purposes(book, came) == [Purpose.TRANSFER]
    assert moving(book) == [(OWN, "STRIPE", 9_860)]


def test_a_credit_that_was_asked_about_is_under_way_once_the_account_is_there(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 9_860, STRIPE, "", "annetus"), opening=0))
    came = book.payment("03-05", 9_860)
    assert purposes(book, came) == []
    shop = Shop()
    shop.add("charge", day("03-01"), 10_000, 140, "Annetus")
    shop.pay_out(day("03-03"))
    give(book, shop.report(FIRST, LAST))
    assert purposes(book, came) == [Purpose.TRANSFER]
    assert moving(book) == []


def test_who_is_named_behind_the_provider_paid_directly(book: Book) -> None:
    with writing(book.engine) as session:
        register(session, NewAccount(number=Provider.MONTONIO.account), now=NOW)
    direct = statement("03-01", "03-31", line("03-05", 2_000, "Montonio Finance UAB", "", "Annetus"), opening=0)
    (paid,) = direct.lines
    behind = replace(paid, counterparty=replace(paid.counterparty, on_behalf_of="Mari Mets"))
    book.take(replace(direct, lines=(behind,)))
    assert purposes(book, book.payment("03-05", 2_000)) == []


def test_taking_the_report_back_leaves_the_credit_under_way(book: Book) -> None:
    shop = Shop()
    shop.add("charge", day("03-01"), 10_000, 140, "Annetus")
    shop.pay_out(day("03-03"))
    bank(book, shop)
    file_id = give(book, shop.report(FIRST, LAST)).file_id
    assert moving(book) == []
    book.undo(file_id)
    assert moving(book) == [(OWN, "STRIPE", 9_860)]
    assert book.broken() == frozenset()


def test_without_an_account_there_it_is_asked_with_what_to_do(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 9_860, STRIPE, "", "annetus"), opening=0))
    with book.reading() as session:
        (question,) = review(session).questions
    assert ("hint", "provider") in question.outcome.reason.evidence
