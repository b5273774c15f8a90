"""Coverage in the browser: a calendar with words, and balances entered by hand."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import OWN, Book, gift, line, statement
from tests.web.conftest import browser, enter
from tests.web.reading_pages import links_of, text_of

from donations.access.permission import Role

MARCH = statement("03-01", "03-31", gift("03-05", 1_000), gift("03-20", 2_000))


def entered(client: TestClient, day: str, balance: str, currency: str = "EUR", account: str = "1") -> tuple[int, str]:
    data = {"account": account, "currency": currency, "day": day, "balance": balance}
    answer = client.post("/treasurer/coverage/balance", data=data)
    return answer.status_code, answer.text


def test_words_come_first(client: TestClient, book: Book) -> None:
    book.take(MARCH)
    said = text_of(client.get("/treasurer/coverage").text)
    assert "Download Swedbank AS, 1 Apr – 4 Jul 2026 (camt.053)." in said
    assert "Prove Swedbank AS, 1–31 Mar 2026." in said
    assert "Balances wanted at the end of these days: 28 February 2026 , 31 March 2026" in said


def test_every_strip_says_its_days_and_leads_to_what_covers_them(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), opening=0), name="march.xml")
    page = client.get("/treasurer/coverage").text
    assert "1–31 Mar 2026: proven" in text_of(page)
    assert "1–28 Feb 2026: no statement yet" in text_of(page)
    (strip, in_list) = [each for each in links_of(page) if "account=1" in each]
    assert strip == in_list
    assert "march.xml" in client.get(strip).text


def test_balances_prove_what_no_file_does(client: TestClient, book: Book) -> None:
    book.take(MARCH)
    assert "not proven yet" in text_of(client.get("/treasurer").text)
    assert entered(client, "2026-02-28", "1 000,00")[0] == 200
    status, page = entered(client, "2026-03-31", "1030.00")
    assert status == 200
    assert "The balance at the end of 31 March 2026 is kept." in text_of(page)
    assert "1–31 Mar 2026: proven" in text_of(page)
    assert "28 February 2026 1 000,00 € ; 31 March 2026 1 030,00 €" in text_of(page)


def test_a_wrong_balance_shows_and_is_entered_again(client: TestClient, book: Book) -> None:
    book.take(MARCH)
    entered(client, "2026-02-28", "1000")
    assert "1–31 Mar 2026: in conflict" in text_of(entered(client, "2026-03-31", "1031,00")[1])
    assert "1–31 Mar 2026: proven" in text_of(entered(client, "2026-03-31", "1030,00")[1])


@pytest.mark.parametrize("balance", ["", "x", "1,234", "1.234,56", "12 34,00", "1,2", "NaN", "1e3", "١٢", "9" * 20])
def test_what_is_no_clear_amount_is_refused(client: TestClient, book: Book, balance: str) -> None:
    book.take(MARCH)
    status, page = entered(client, "2026-03-31", balance)
    assert status == 422
    assert re.search("bad_balance|bad_form", page)


@pytest.mark.parametrize(
    "balance", ["\N{MINUS SIGN}12,00", "-12.00", "+1\N{NO-BREAK SPACE}030,00", "1 234 567,89", "0"]
)
def test_balances_as_banks_write_them(client: TestClient, book: Book, balance: str) -> None:
    book.take(MARCH)
    assert entered(client, "2026-03-31", balance)[0] == 200


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"day": "2026-07-05"}, "balance_too_early"),
        ({"day": "2027-01-01"}, "balance_too_early"),
        ({"account": "9"}, "bad_form"),
        ({"currency": "E"}, "bad_form"),
        ({"day": "yesterday"}, "bad_form"),
    ],
)
def test_what_cannot_be_a_balance(client: TestClient, book: Book, changed: dict[str, str], code: str) -> None:
    book.take(MARCH)
    sent = {"day": "2026-07-04", "balance": "1,00"} | changed
    status, page = entered(client, **sent)
    assert (status, code in page) == (422, True)


def test_years_have_pages_of_their_own(client: TestClient, book: Book) -> None:
    book.take(MARCH)
    assert "The days of 2026" in client.get("/treasurer/coverage").text
    earlier = client.get("/treasurer/coverage?year=2025").text
    assert "No statement covers a day of this year." in earlier
    assert "?year=2026" in links_of(earlier)


def test_who_may_not_import_is_not_asked_for_balances(app: FastAPI, book: Book) -> None:
    book.take(MARCH, statement("03-01", "03-02", line("03-01", 5), account=OWN))
    with browser(app, enter(app, Role.VIEWER, name="viewer")) as viewer:
        assert "The account held" not in viewer.get("/treasurer/coverage").text
        assert entered(viewer, "2026-03-31", "1,00")[0] == 403


def test_empty_books_say_what_to_do(client: TestClient) -> None:
    assert "/treasurer/upload" in links_of(client.get("/treasurer/coverage").text)
