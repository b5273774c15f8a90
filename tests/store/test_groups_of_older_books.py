"""Books that are older than groups: donors become what their claims make them, and no gift is booked anew."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, text, update
from sqlmodel import col
from tests.book import JAAN, MARI, NOW, Book, gift, statement

from donations.acts.erasing import restrict
from donations.core.calendar import Period
from donations.core.donor import DonorId
from donations.ledger.retention import RetentionReason
from donations.reports.gifts import donors
from donations.store.migrate import fill_groups
from donations.store.session import writing
from donations.store.tables import DonorClaimRow, DonorRow

AINO = "49403136526"


def given(book: Book) -> dict[object, tuple[object, object]]:
    with book.reading() as session:
        return {row[0]: (row[1], row[2]) for row in donors(session, Period()).rows}


def as_before_groups(book: Book) -> None:
    """Let a code be all that its donor is known by, and leave the account's donor behind, as programs once did."""
    with writing(book.engine) as session:
        session.execute(text("DELETE FROM donor_link"))
        session.execute(text("UPDATE donor SET merged_into_id = NULL"))
        accounts = (col(DonorClaimRow.iban) != "", col(DonorClaimRow.donor_id) == 3)
        session.execute(delete(DonorClaimRow).where(*accounts))
        session.execute(update(DonorRow).where(col(DonorRow.id) == 3).values(name="AINO TEINE"))


def lived(book: Book, *, forgotten: bool) -> Book:
    """Aino gave without a code, asked to be forgotten, and gave with it from another account before."""
    book.take(
        statement(
            "01-01",
            "01-31",
            gift("01-05", 500, "Aino Esimene", MARI),
            gift("01-06", 900, "Aino Teine", JAAN, code=AINO),
        )
    )
    if forgotten:
        with writing(book.engine) as session:
            restrict(session, DonorId(2), why=RetentionReason.ASKED, by="t", now=NOW, today=date(2026, 7, 1))
    book.take(statement("02-01", "02-28", gift("02-05", 700, "Aino Esimene", MARI, code=AINO)))
    as_before_groups(book)
    return book


def filled(book: Book) -> None:
    with book.reading() as session:
        before = [*session.execute(text("SELECT id, payment_id, donor_id, minor FROM allocation ORDER BY id"))]
    with writing(book.engine) as session:
        fill_groups(session)
    with book.reading() as session:
        after = [*session.execute(text("SELECT id, payment_id, donor_id, minor FROM allocation ORDER BY id"))]
    assert after == before
    assert not book.broken()


def test_what_a_line_links_is_one(book: Book) -> None:
    lived(book, forgotten=False)
    assert "donors_grouped" in book.broken()
    filled(book)
    assert list(given(book).values()) == [("Aino Esimene", 3)]


def test_a_name_that_came_back_is_out_of_sight_again(book: Book) -> None:
    lived(book, forgotten=True)
    assert given(book)[3] == ("AINO TEINE", 2)
    filled(book)
    assert given(book) == {2: ("№ 2", 3)}


def test_names_in_capitals_are_written_as_people_do(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 500, "AINO KASK", MARI)))
    with writing(book.engine) as session:
        session.execute(update(DonorRow).where(col(DonorRow.id) == 2).values(name="AINO KASK"))
    filled(book)
    assert given(book) == {2: ("Aino Kask", 1)}
