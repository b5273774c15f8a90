"""What the pages show of payouts: the month tells of one whose lines are missing, the report what it was made of."""

from __future__ import annotations

from datetime import date

from starlette.testclient import TestClient
from tests.acts.shop import Shop
from tests.book import NOW, Book
from tests.web.reading_pages import links_of, text_of

from donations.acts.importing import take
from donations.acts.reading_files import Terms
from donations.core.statement import GivenFile

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def lived_in(book: Book, *, without: str = "") -> None:
    shop = Shop()
    shop.add("charge", date(2026, 3, 2), 10_000, 175, "Annetus")
    shop.add("charge", date(2026, 3, 3), 2_000, 55, "Annetus")
    shop.pay_out(date(2026, 3, 9))
    shop.add("charge", date(2026, 3, 30), 500, 30, "Annetus")
    given = GivenFile(name="stripe.csv", content=shop.report(FIRST, LAST, without=without))
    take(book.engine, given, Terms(by="treasurer", now=NOW, add_accounts=True))


def test_the_report_shows_what_was_paid_out_and_what_lies_there(client: TestClient, book: Book) -> None:
    lived_in(book)
    told = text_of(client.get(f"/treasurer/reports/payouts?from={FIRST}&to={LAST}").text)
    assert "Stripe 9 March 2026 0,00 € 120,00 € −2,30 € 0,00 € −117,70 € 0,00 € under way to the bank" in told
    assert "Stripe 0,00 € 5,00 € −0,30 € 0,00 € 0,00 € 4,70 € not paid out yet" in told


def test_the_month_says_that_a_line_is_missing_and_leads_to_the_report(client: TestClient, book: Book) -> None:
    lived_in(book, without="txn_1")
    page = client.get("/treasurer/months/2026-03").text
    said = (
        "Stripe paid out 117,70 € on 9 March 2026, but its lines in the books come to 98,25 €: −19,45 € is left over."
    )
    assert said in text_of(page)
    assert f"/treasurer/reports/payouts?from={FIRST}&to={LAST}" in links_of(page)


def test_the_month_shows_the_payout_under_way(client: TestClient, book: Book) -> None:
    lived_in(book)
    assert "117,70 € left Stripe on 9 March 2026" in text_of(client.get("/treasurer/months/2026-03").text)
