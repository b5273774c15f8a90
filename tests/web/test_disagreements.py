"""What statements disagree on is said with what to do, decided by a button, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import Book, gift, statement
from tests.web.conftest import browser, enter
from tests.web.reading_pages import hidden_of, links_of, text_of
from tests.written_once import written_once

from donations.access.person import Role
from donations.core.statement import BankId, IdScheme, StatementLine

QUESTIONS = "/treasurer/questions"
LATER = datetime(2026, 7, 2, tzinfo=UTC)


def numbered(on: str, minor: int) -> StatementLine:
    return gift(on, minor, ids=(BankId(IdScheme.ACCOUNT_SERVICER, "REF1"),))


def decide(client: TestClient, what: str) -> str:
    """Press the first button of this kind."""
    page = client.get(QUESTIONS).text
    action = next(each.partition('"')[0] for each in page.split('action="') if each.partition('"')[0].endswith(what))
    answer = client.post(action, data=hidden_of(page, action=what))
    assert answer.status_code == 200, answer.text
    return text_of(answer.text)


@pytest.fixture
@written_once
def conflicting(book: Book) -> Book:
    """One reference of the bank on 10 and on 15 euros."""
    book.take(statement("01-01", "01-31", numbered("01-05", 1_000), opening=0))
    book.take(statement("01-31", "02-28", numbered("02-05", 1_500), opening=1_000), name="february.xml")
    return book


def test_two_payments_with_one_reference_are_two(client: TestClient, conflicting: Book) -> None:
    before = conflicting.ledger()
    said = text_of(client.get(QUESTIONS).text)
    assert "The bank gave one reference to two payments of another day or amount." in said
    assert "It is the same payment with another date" not in said
    said = decide(client, "/two")
    assert "The bank gave one reference" not in said
    assert "What you said are two payments" in said
    assert conflicting.ledger() == before
    assert "The bank gave one reference" in decide(client, "/two/take-back")


def test_a_redated_payment_is_one_by_one_button(client: TestClient, book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), opening=0), name="older.xml")
    book.take(statement("01-01", "01-31", gift("01-07", 1_000), opening=0, made=LATER), name="newer.xml")
    newer = book.payment("01-07", 1_000)
    page = client.get(QUESTIONS).text
    said = text_of(page)
    assert "A statement that covers the whole day does not show this payment." in said
    assert f"Payment {newer} may be the same with another date" in said
    assert "Not shown by newer.xml" in said
    assert "/treasurer/imports/2" in links_of(page)
    said = decide(client, "/redated")
    assert "does not show this payment" not in said
    assert f"payment {newer} with another date" in said
    assert "1–31 Jan 2026: proven" in text_of(client.get("/treasurer/coverage").text)
    assert "does not show this payment" in decide(client, "/bring-back")


def test_a_row_that_stands_twice_can_be_one(client: TestClient, book: Book) -> None:
    book.take(statement("01-01", "01-31", numbered("01-05", 1_000), numbered("01-05", 1_000), opening=0))
    page = client.get(QUESTIONS).text
    assert "A statement shows this row twice with one reference of the bank." in text_of(page)
    assert page.count("/leave-out") == 2
    assert "They are two payments" in text_of(page)


def test_the_payment_and_the_import_tell_of_it(client: TestClient, conflicting: Book) -> None:
    one, other = conflicting.payment("01-05", 1_000), conflicting.payment("02-05", 1_500)
    page = client.get(f"/treasurer/payments/{one}").text
    assert "The bank gave one reference to two payments" in text_of(page)
    assert f"/treasurer/payments/{other}" in links_of(page)
    page = client.get("/treasurer/imports/2").text
    assert "What statements disagree on" in text_of(page)
    assert "/treasurer/questions#findings" in links_of(page)


def test_which_statements_do_not_show_a_payment_stands_on_its_page(client: TestClient, book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), opening=0))
    book.take(statement("01-02", "01-10", opening=0), name="half.xml")
    page = client.get("/treasurer/payments/1").text
    assert "Not shown by" in text_of(page)
    assert "half.xml 2–10 Jan 2026" in text_of(page)


def test_what_the_bank_corrected_is_told_and_asks_nothing(client: TestClient, book: Book) -> None:
    ids = (BankId(IdScheme.ACCOUNT_SERVICER, "REF1"),)
    book.take(statement("01-01", "01-31", gift("01-05", 1_000, "Mari Mets", ids=ids), opening=0))
    corrected = gift("01-05", 1_000, "Jaan Tamm", "EE832200221000000012", ids=ids)
    book.take(statement("01-01", "01-31", corrected, opening=0, made=LATER))
    assert "The bank corrected this payment" in text_of(client.get("/treasurer/payments/1").text)
    assert "The bank corrected this payment" in text_of(client.get("/treasurer/imports/2").text)
    assert "The bank corrected this payment" not in text_of(client.get(QUESTIONS).text)


def test_who_only_reads_sees_no_button(app: FastAPI, conflicting: Book) -> None:
    del conflicting
    with browser(app, enter(app, Role.AUDITOR, name="auditor")) as auditor:
        page = auditor.get(QUESTIONS).text
        assert "The bank gave one reference" in text_of(page)
        assert "They are two payments" not in text_of(page)
        assert auditor.post("/treasurer/payments/1/two", data={"other": "2"}).status_code == 403
