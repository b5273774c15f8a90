"""What the bank shows of a payment besides who and how much: on its page, among the questions, and in the split."""

from __future__ import annotations

from datetime import date

from starlette.testclient import TestClient
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.web.reading_pages import links_of, text_of

from donations.acts.erasing import restrict
from donations.core.iban import parse_account
from donations.core.money import EUR, Amount, parse_currency
from donations.core.statement import Counterparty, Detail
from donations.ledger.retention import RetentionReason
from donations.store.session import writing


def detail(name: str, account: str, minor: int | None, text: str = "Annetus") -> Detail:
    party = Counterparty(name=name, account=parse_account(account))
    return Detail(counterparty=party, text=text, amount=None if minor is None else Amount(minor, EUR))


BATCH = line("01-05", 3_000, details=(detail("Mari Mets", MARI, 1_000), detail("Jaan Tamm", JAAN, 1_500)))


def test_days_charges_banks_and_reasons(client: TestClient, book: Book) -> None:
    usd = parse_currency("USD")
    sent = line(
        "01-05",
        2_850,
        "Ann Lee",
        "GB33BUKB20201555555555",
        value_date=date(2026, 1, 7),
        original=Amount(3_500, usd),
        charges=Amount(250, EUR),
    )
    back = line("01-06", -1_000, is_reversal=True, return_reason="AC04")
    book.take(statement("01-01", "01-31", sent, back, opening=5_000))
    said = text_of(client.get(f"/treasurer/payments/{book.payment('01-05', 2_850)}").text)
    assert "Value date 7 January 2026" in said
    assert "Sent 35,00 USD" in said
    assert "Charges on the way 2,50 €" in said
    assert "Returned AC04" in text_of(client.get(f"/treasurer/payments/{book.payment('01-06', -1_000)}").text)


def test_a_plain_payment_says_nothing_of_it(client: TestClient, book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1_000, value_date=gift("01-05", 1).booked_on), opening=0))
    said = text_of(client.get("/treasurer/payments/1").text)
    for word in ("Value date", "Sent", "Charges", "Returned", "Not shown by"):
        assert word not in said


def test_the_parts_of_an_entry_kept_whole_are_shown_and_offered_for_the_split(client: TestClient, book: Book) -> None:
    book.take(statement("01-01", "01-31", BATCH, opening=0))
    for path in ("/treasurer/payments/1", "/treasurer/questions/1"):
        page = client.get(path).text
        assert "Mari Mets EE30 7700 7710 0000 0012 Annetus 10,00 €" in text_of(page)
        assert "/treasurer/payments/1/split" in links_of(page)
    page = client.get("/treasurer/payments/1/split").text
    assert page.count("<fieldset>") == 3
    assert 'name="donor" maxlength="140" autocomplete="off" value="Jaan Tamm"' in page
    assert 'value="15,00"' in page
    assert "Left over: 5,00 €" in text_of(page)


def test_parts_of_more_than_came_begin_with_the_share_of_each(client: TestClient, book: Book) -> None:
    whole = line("01-05", 2_400, details=BATCH.details)
    book.take(statement("01-01", "01-31", whole, opening=0))
    page = client.get("/treasurer/payments/1/split").text
    assert page.count("<fieldset>") == 2
    assert ('value="9,60"' in page, 'value="14,40"' in page) == (True, True)


def test_parts_that_add_up_need_no_third_row(client: TestClient, book: Book) -> None:
    whole = line("01-05", 2_500, details=BATCH.details)
    book.take(statement("01-01", "01-31", whole, opening=0))
    assert client.get("/treasurer/payments/1/split").text.count("<fieldset>") == 2


def test_a_part_of_who_asked_to_be_forgotten_shows_only_its_amount(client: TestClient, book: Book) -> None:
    book.take(statement("01-01", "01-31", BATCH, gift("01-20", 700), opening=0))
    mari = book.donor("Mari Mets")
    with writing(book.engine) as session:
        restrict(session, mari, why=RetentionReason.ASKED, by="treasurer", now=NOW, today=NOW.date())
    number = book.payment("01-05", 3_000)
    for path in (f"payments/{number}", f"questions/{number}", f"payments/{number}/split"):
        page = client.get(f"/treasurer/{path}").text
        assert "Mari Mets" not in page
        assert MARI not in page.replace(" ", "")
        assert "Jaan Tamm" in page
