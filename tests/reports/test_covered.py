"""Each account says what to do so that all its days are proven."""

from __future__ import annotations

from tests.book import OWN, Book, day, gift, statement

from donations.core.iban import parse_iban
from donations.core.money import EUR
from donations.identity.downloads import DownloadReason
from donations.reports.coverage import CoveredAccount, covered_accounts
from donations.store.donors import people
from donations.store.session import writing


def covered(book: Book, today: str = "04-11") -> dict[tuple[str, str], CoveredAccount]:
    with book.reading() as session:
        return {(each.number, each.currency): each for each in covered_accounts(session, today=day(today))}


def test_a_quarter(quarter: Book) -> None:
    own = covered(quarter)[OWN, EUR]
    assert [(step.days.why, step.days.first_day, step.days.last_day) for step in own.steps] == [
        (DownloadReason.GAP, day("02-01"), day("02-04")),
        (DownloadReason.RUNNING, day("04-01"), day("04-10")),
        (DownloadReason.CONFLICT, day("03-01"), day("03-31")),
    ]
    assert (own.proven_until, own.last_day) == (day("01-31"), day("03-31"))
    assert own.bank == "Swedbank"


def test_a_contradiction_names_the_imports_that_cover_it(quarter: Book) -> None:
    (conflict,) = [step for step in covered(quarter)[OWN, EUR].steps if step.days.why is DownloadReason.CONFLICT]
    assert [(source.file_id, source.name) for source in conflict.doubtful] == [(3, "march.xml")]


def test_what_a_balance_would_prove(quarter: Book) -> None:
    dollars = covered(quarter)[OWN, "USD"]
    assert dollars.balances_wanted == (day("02-28"), day("03-31"))
    assert dollars.covering(day("03-05"), day("03-05")) == 1
    assert dollars.covering(day("04-05"), day("04-06")) == 0


def test_the_end_of_today_has_not_come(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000)))
    assert covered(book, today="03-31")[OWN, EUR].balances_wanted == (day("02-28"),)


def test_an_account_without_statements_is_not_forgotten(quarter: Book) -> None:
    number = parse_iban("EE742200221000000077")
    assert number is not None
    with writing(quarter.engine) as session:
        people.add_account(session, number, name="Savings")
    empty = covered(quarter)[number, EUR]
    assert (empty.name, empty.runs, empty.proven_until) == ("Savings", (), None)
    assert [(step.days.why, step.days.first_day) for step in empty.steps] == [(DownloadReason.RUNNING, day("01-01"))]
