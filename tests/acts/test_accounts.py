"""An own account begins and ends by a person's word, and what was read in the internet bank can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.book import NOW, OTHER_OWN, OWN, Book, day, gift, line, statement

from donations.acts.accounts import (
    begin_account,
    confirm_no_movement,
    end_account,
    enter_balance,
    remove_balance,
    reopen_account,
    withdraw_no_movement,
)
from donations.acts.proving import Proved, proofs
from donations.core.money import EUR, Balance
from donations.core.refusal import Refusal
from donations.identity.downloads import DownloadReason, wanted_days
from donations.identity.proof import DayCause, DayState
from donations.store.session import WriteSession, writing
from donations.store.statements.files import Ledger

TODAY = day("07-01")
OURS = Ledger(account_id=1, currency=EUR)
MARCH = statement("03-01", "03-31", gift("03-05", 1_000), opening=0)


def do(book: Book, act: Callable[[WriteSession], object]) -> object:
    with writing(book.engine) as session:
        return act(session)


def known(book: Book, account: int = 1) -> Proved:
    with book.reading() as session:
        return next(each for each in proofs(session) if each.ledger.account_id == account)


def wanted(book: Book) -> list[tuple[DownloadReason, date, date]]:
    found = wanted_days(known(book).proof, today=TODAY)
    return [(each.why, each.first_day, each.last_day) for each in found]


def end(last: str, became: str | None = None, today: date = TODAY) -> Callable[[WriteSession], None]:
    return lambda session: end_account(session, 1, day(last), became=became, today=today)


def test_an_emptied_account_ends_and_nothing_is_wanted_of_later_days(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), line("03-20", -1_000, "Meie", OTHER_OWN), opening=0))
    assert wanted(book) == [(DownloadReason.RUNNING, day("04-01"), day("06-30"))]
    do(book, end("03-31"))
    assert wanted(book) == []
    do(book, lambda session: reopen_account(session, 1))
    assert wanted(book) == [(DownloadReason.RUNNING, day("04-01"), day("06-30"))]


def test_an_account_that_became_another_one_ends_with_its_money(book: Book) -> None:
    book.take(MARCH)
    do(book, end("04-02", became=OTHER_OWN))
    assert wanted(book) == [(DownloadReason.GAP, day("04-01"), day("04-02"))]


def test_an_account_begins_where_a_person_says(book: Book) -> None:
    book.take(MARCH)
    do(book, lambda session: begin_account(session, 1, day("02-20")))
    assert wanted(book)[0] == (DownloadReason.GAP, day("02-20"), day("02-28"))
    do(book, lambda session: begin_account(session, 1, None))
    assert wanted(book) == [(DownloadReason.RUNNING, day("04-01"), day("06-30"))]


def test_a_transfer_to_an_account_without_statements_begins_it(book: Book) -> None:
    book.take(statement("05-01", "05-31", opening=0, account=OTHER_OWN))
    book.take(statement("03-01", "03-31", line("03-20", -500, "Meie", OTHER_OWN), opening=500))
    first = known(book).runs[0]
    assert (first.first_day, first.last_day, first.state) == (day("03-20"), day("04-30"), DayState.MISSING)
    assert wanted(book)[0] == (DownloadReason.GAP, day("03-20"), day("04-30"))


@pytest.mark.parametrize(
    ("act", "code", "about"),
    [
        (end("03-04"), "moved_after", day("03-05")),
        (end("07-01"), "day_not_over", day("07-01")),
        (end("03-31"), "balance_left", Balance(1_000, EUR)),
        (end("03-31", became=OWN), "became_itself", None),
        (lambda session: begin_account(session, 1, day("03-06")), "moved_before", day("03-05")),
        (lambda session: reopen_account(session, 1), "not_ended", None),
        (lambda session: reopen_account(session, 9), "unknown_account", None),
        (
            lambda session: enter_balance(session, OURS, TODAY, 1, by="t", now=NOW, today=TODAY),
            "balance_too_early",
            None,
        ),
        (lambda session: remove_balance(session, OURS, day("03-31")), "no_balance", None),
        (lambda session: withdraw_no_movement(session, OURS, day("03-05")), "not_confirmed", None),
        (
            lambda session: confirm_no_movement(session, OURS, day("03-31"), day("03-31"), by="t", now=NOW),
            "not_quiet",
            None,
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_in_the_way(
    book: Book, act: Callable[[WriteSession], None], code: str, about: object
) -> None:
    book.take(MARCH)
    with pytest.raises(Refusal) as refused:
        do(book, act)
    assert (str(refused.value.code), next(iter(refused.value.facts.values()), None)) == (code, about)


def test_an_account_does_not_end_before_it_begins(book: Book) -> None:
    book.take(statement("03-01", "03-31", opening=0))
    do(book, end("03-20"))
    with pytest.raises(Refusal) as refused:
        do(book, lambda session: begin_account(session, 1, day("03-21")))
    assert str(refused.value.code) == "ends_before_it_begins"


def test_a_balance_that_contradicts_is_said_at_once_and_taken_back(book: Book) -> None:
    book.take(MARCH)
    before = known(book).runs

    def enter(minor: int) -> list[tuple[date, DayCause | None]]:
        with writing(book.engine) as session:
            broken = enter_balance(session, OURS, day("03-15"), minor, by="t", now=NOW, today=TODAY)
        return [(run.first_day, None if run.why is None else run.why.cause) for run in broken]

    assert enter(1_000) == []
    assert enter(999)[0][1] is DayCause.BALANCES_DIFFER
    do(book, lambda session: remove_balance(session, OURS, day("03-15")))
    assert known(book).runs == before


GAP = (statement("03-01", "03-10", opening=1_000), statement("03-12", "03-31", opening=1_000))


def test_quiet_days_are_confirmed_and_taken_back(book: Book) -> None:
    for each in GAP:
        book.take(each)
    gap = day("03-11")
    assert wanted(book)[-1] == (DownloadReason.UNCHANGED, gap, gap)
    do(book, lambda session: confirm_no_movement(session, OURS, gap, gap, by="Tiina", now=NOW))
    assert gap not in {first for _, first, _ in wanted(book)}
    do(book, lambda session: withdraw_no_movement(session, OURS, gap))
    assert wanted(book)[-1] == (DownloadReason.UNCHANGED, gap, gap)


@pytest.mark.parametrize(
    ("first", "last"), [("03-10", "03-11"), ("03-11", "03-12"), ("03-11", "04-30"), ("03-12", "03-11")]
)
def test_only_days_without_a_statement_are_confirmed(book: Book, first: str, last: str) -> None:
    for each in GAP:
        book.take(each)
    with pytest.raises(Refusal) as refused:
        do(book, lambda session: confirm_no_movement(session, OURS, day(first), day(last), by="Tiina", now=NOW))
    assert str(refused.value.code) == "not_quiet"
