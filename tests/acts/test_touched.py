"""Which payments are judged again: those of an account of which something else is known now, and no others.

What an import asks of the database is a function of the file, then, and not of the years before.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from benchmarks.counting import Asked, counted
from tests.book import MARI, NOW, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.written_once import written_once

from donations.acts.importing import admit
from donations.acts.reading_files import Terms
from donations.acts.settling import ChangedPayments, concerned
from donations.core.statement import GivenFile, Reading
from donations.store.payments.payments import attested_ids, load_payments
from donations.store.session import writing
from donations.store.tables import PaymentRow

HER_CODE, HIS_CODE = "49403136526", "38001085718"


@pytest.fixture
@written_once
def couple(book: Book) -> Book:
    """Two months in which both gave from one account, each with a name and a code."""
    for month in ("01", "02"):
        hers = gift(f"{month}-05", 1_000, "Mari Mets", MARI, code=HER_CODE)
        his = gift(f"{month}-06", 2_000, "Mart Mets", MARI, code=HIS_CODE)
        book.take(statement(f"{month}-01", f"{month}-28", hers, his), name=f"{month}.xml")
    return book


@pytest.mark.parametrize(
    ("name", "code", "others"),
    [
        pytest.param("Mari Mets", HER_CODE, 0, id="as ever"),
        pytest.param("Mari Mets", "", 0, id="without a code, as the name shows no other"),
        pytest.param("Mari Mets", HIS_CODE, 4, id="her name with his code"),
        pytest.param("Peeter Mets", "", 4, id="another name"),
        pytest.param("", "", 0, id="without a name"),
    ],
)
def test_a_couples_next_gift(couple: Book, name: str, code: str, others: int) -> None:
    couple.take(statement("03-01", "03-31", gift("03-05", 3_000, name, MARI, code=code)), name="march.xml")
    assert concerned_by(couple, 3_000) == others


def test_money_out_to_the_account_may_be_a_refund(couple: Book) -> None:
    couple.take(statement("03-01", "03-31", line("03-04", -2_000, "Mart Mets", MARI, "tagasi")), name="march.xml")
    couple.take(statement("04-01", "04-30", gift("04-05", 3_000, "Mari Mets", MARI, code=HER_CODE)), name="april.xml")
    assert concerned_by(couple, 3_000) == 1


def concerned_by(book: Book, minor: int) -> int:
    """Return how many others the payment of this amount concerns."""
    with book.reading() as session:
        ids = [each for each in attested_ids(session) if session.get_one(PaymentRow, each).minor == minor]
        touched = ChangedPayments(payments={payment.id: payment for payment in load_payments(session, ids)})
        return len(concerned(session, touched).payments)


def test_the_next_gift_asks_for_no_more_after_years_of_gifts(fresh_sqlite: FreshEngine) -> None:
    few, many = (asked_by_next_gift(fresh_sqlite, "Mari Mets", after=gifts) for gifts in (4, 400))
    assert many == few


def test_another_name_lets_all_gifts_of_the_account_be_read(fresh_sqlite: FreshEngine) -> None:
    few, many = (asked_by_next_gift(fresh_sqlite, "Peeter Mets", after=gifts) for gifts in (4, 400))
    assert many.rows > few.rows + 400


def asked_by_next_gift(fresh: FreshEngine, name: str, *, after: int) -> Asked:
    """Return what importing one gift of March asks, after so many of Mari's in January and February."""
    before = (gift(f"{1 + at % 2:02}-{1 + at // 2 % 28:02}", 1_000, code=HER_CODE) for at in range(after))
    march = statement("03-01", "03-31", gift("03-05", 1_000, name, MARI))
    with fresh() as engine:
        Book(engine).take(statement("01-01", "02-28", *before))
        # Undone, for what is renewed at the end of an import is not what this is about.
        with counted(engine) as asked, suppress(InterruptedError), writing(engine) as session:
            read = Reading(format="by hand", statements=(march,), notices=())
            admit(session, GivenFile(name="march.xml", content=b"march"), read, Terms(by="treasurer", now=NOW))
            raise InterruptedError
    return asked
