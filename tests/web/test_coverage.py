"""Coverage in the browser: a calendar with words, and balances entered by hand."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import OWN, Book, day, gift, line, statement
from tests.web.conftest import browser, enter
from tests.web.reading_pages import hidden_of, links_of, text_of

from donations.access.person import Role
from donations.acts.accounts import end_account
from donations.store.session import writing

MARCH = statement("03-01", "03-31", gift("03-05", 1_000), gift("03-20", 2_000))


def entered(client: TestClient, day: str, balance: str, currency: str = "EUR", account: str = "1") -> tuple[int, str]:
    data = {"account": account, "currency": currency, "day": day, "balance": balance}
    answer = client.post("/treasurer/coverage/balance", data=data)
    return answer.status_code, answer.text


def test_words_come_first(client: TestClient, book: Book) -> None:
    book.take(MARCH)
    said = text_of(client.get("/treasurer/coverage").text)
    assert "Swedbank …5685, 1 Apr – 4 Jul 2026. That is the time since the last statement." in said
    assert "Download a statement of it (camt.053)." in said
    assert "Swedbank …5685, 1–31 Mar 2026: not proven yet. Statements cover this time, but" in said
    assert "Or enter the balances at the end of 28 February 2026 and of 31 March 2026." in said
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
    assert "28 February 2026: 1 000,00 €" in text_of(page)
    assert "31 March 2026: 1 030,00 €" in text_of(page)


def test_a_wrong_balance_shows_and_is_entered_again(client: TestClient, book: Book) -> None:
    book.take(MARCH)
    entered(client, "2026-02-28", "1000")
    said = text_of(entered(client, "2026-03-31", "1031,00")[1])
    assert "The balance at the end of 31 March 2026 is kept, and it contradicts." in said
    assert "By its balances the bank has 1,00 € more than the books." in said
    assert "1–31 Mar 2026: contradiction" in said
    said = text_of(entered(client, "2026-03-31", "1030,00")[1])
    assert "1–31 Mar 2026: proven" in said
    assert "it contradicts" not in said


def test_a_balance_is_taken_back(client: TestClient, book: Book) -> None:
    book.take(MARCH)
    entered(client, "2026-02-28", "1000")
    of = {"account": "1", "currency": "EUR", "day": "2026-02-28"}
    said = text_of(client.post("/treasurer/coverage/balance/remove", data=of).text)
    assert "The balance is taken back." in said
    assert "1 000,00 €" not in said
    assert "no_balance" in client.post("/treasurer/coverage/balance/remove", data=of).text


def test_days_on_which_nothing_moved_are_confirmed_and_taken_back(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-10", gift("03-05", 1_000), opening=0))
    book.take(statement("03-12", "03-31", opening=1_000))
    page = client.get("/treasurer/coverage").text
    assert "11 March 2026: no statement, balance unchanged. No statement covers this time; the balances" in text_of(
        page
    )
    form = hidden_of(page, action="/coverage/quiet")
    assert (form["first_day"], form["last_day"]) == ("2026-03-11", "2026-03-11")
    page = client.post("/treasurer/coverage/quiet", data=form).text
    assert "Kept: nothing moved on these days." in text_of(page)
    assert "treasurer confirmed on 5 July 2026 that nothing moved." in text_of(page)
    form = hidden_of(page, action="/quiet/take-back")
    assert "Taken back" in text_of(client.post("/treasurer/coverage/quiet/take-back", data=form).text)
    assert "not_confirmed" in client.post("/treasurer/coverage/quiet/take-back", data=form).text


def test_a_misfit_of_just_one_payment_names_it_to_who_sees_names(client: TestClient, app: FastAPI, book: Book) -> None:
    lines = (gift("03-05", 1_000), gift("03-20", 2_000))
    book.take(statement("03-01", "03-31", *lines, opening=0, closing=1_000), accept="so it is")
    number = book.payment("03-20", 2_000)
    page = client.get("/treasurer/coverage").text
    assert f"It would fit without payment {number} of 20 March 2026, 20,00 €." in text_of(page)
    assert f"/treasurer/payments/{number}" in links_of(page)
    with browser(app, enter(app, Role.VIEWER, name="viewer")) as viewer:
        page = viewer.get("/treasurer/coverage").text
        assert "miss its closing balance by 20,00 €" in text_of(page)
        assert f"payment {number}" not in text_of(page)
        assert f"/treasurer/payments/{number}" not in links_of(page)


def test_an_ended_account_is_shown_as_ended(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", opening=0))
    with writing(book.engine) as session:
        end_account(session, 1, day("03-31"), became=None, today=day("07-05"))
    said = text_of(client.get("/treasurer/coverage").text)
    assert "ended The account ended on 31 March 2026; nothing is wanted of later days." in said
    assert "Nothing. Every day until yesterday is proven, or confirmed." in said


@pytest.mark.parametrize("balance", ["", "x", "1,234", "1.234,56", "12 34,00", "1,", "NaN", "1e3", "١٢", "9" * 20])
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
        ({"account": "9"}, "unknown_account"),
        ({"currency": "E"}, "bad_currency"),
        ({"day": "yesterday"}, "bad_form"),
    ],
)
def test_what_cannot_be_a_balance(client: TestClient, book: Book, changed: dict[str, str], code: str) -> None:
    book.take(MARCH)
    sent = {"day": "2026-07-04", "balance": "1,00"} | changed
    status, page = entered(client, **sent)
    assert (status, code in page) == (404 if code == "unknown_account" else 422, True)


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
