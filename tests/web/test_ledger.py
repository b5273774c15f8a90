"""The ledger lists payments, a page at a time, by what is asked for; what it says they come to is their sum."""

from __future__ import annotations

import pytest
from lxml import html
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, OTHER_OWN, Book, gift, line, statement
from tests.web.reading_pages import links_of, minor_of, text_of
from tests.written_once import written_once

from donations.core.statement import LineKind
from donations.store.payments import listed
from donations.web.treasurer import ledger


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Two accounts over two months, with every purpose and a question."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-05", 1_000),
            gift("03-06", 2_000, "Jaan Tamm", JAAN),
            line("03-07", -250, kind=LineKind.FEE),
            line("03-08", 31, kind=LineKind.INTEREST),
            line("03-09", 4_000, "Keegi", MARI, "piletid"),
            line("03-10", -5_000, "Rohutirts", OTHER_OWN, "oma konto"),
            opening=100_000,
        )
    )
    book.take(statement("03-01", "03-31", line("03-10", 5_000, "Rohutirts", "", "x"), opening=0, account=OTHER_OWN))
    book.take(statement("04-01", "04-30", gift("04-05", 1_000), gift("04-05", 1_000), opening=101_781))
    return book


ROW = "//main//tbody/tr"


def payments_on(page: str) -> list[str]:
    return list(html.fromstring(page).xpath(f"{ROW}/td[1]/a/@href"))


def sums_shown(page: str) -> int:
    cells = html.fromstring(page).xpath(f"{ROW}/td[contains(@class, 'money')][1]")
    return sum(minor_of(cell.text_content()) for cell in cells)


def followed(client: TestClient, page: str, label: str) -> str:
    (link,) = html.fromstring(page).xpath(f"//nav[@class='pages']//a[normalize-space()='{label}']")
    return client.get(link.get("href")).text


@pytest.mark.parametrize("which", ["", "show=gift", "show=cost", "show=unallocated", "account=EE382200221020145685"])
def test_what_a_list_comes_to_is_the_sum_of_its_payments(client: TestClient, lived_in: Book, which: str) -> None:
    del lived_in
    page = client.get(f"/treasurer/ledger?{which}").text
    said = html.fromstring(page).xpath("//main//p[@class='sum']//strong")
    assert sum(minor_of(each.text_content()) for each in said) == sums_shown(page)


def test_an_account_says_what_it_holds_and_its_proof(client: TestClient, lived_in: Book) -> None:
    del lived_in
    said = text_of(client.get("/treasurer/ledger").text)
    assert "1 037,81 €" in said
    assert "proven" in said


def test_the_newest_come_first_and_names_lead_to_donors(client: TestClient, lived_in: Book) -> None:
    page = client.get("/treasurer/ledger").text
    assert f"/treasurer/payments/{lived_in.payment('04-05', 1_000)}" in payments_on(page)[:2]
    assert f"/treasurer/donors/{lived_in.donor('Jaan Tamm')}" in links_of(page)


def test_months_lead_on(client: TestClient, lived_in: Book) -> None:
    del lived_in
    march = client.get("/treasurer/ledger/2026-03").text
    assert "February 2026" in text_of(followed(client, march, "← February 2026"))
    assert len(payments_on(followed(client, march, "April 2026 →"))) == 2
    assert "No payment is like that." in client.get("/treasurer/ledger/2026-02").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(("/2026-13", 404), ("/2026-3", 422), ("/x", 422), ("/2026-03?show=x", 422), ("/0000-01", 404)),
        *(("?behind=2026-03-01", 422), ("?behind=2026-02-31.1", 422), ("?least=x", 422), ("?first=x", 422)),
    ],
)
def test_what_nobody_can_ask_for(client: TestClient, path: str, status: int) -> None:
    assert client.get(f"/treasurer/ledger{path}").status_code == status


def test_a_long_list_comes_a_page_at_a_time_both_ways(
    client: TestClient, lived_in: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    del lived_in
    everything = payments_on(client.get("/treasurer/ledger").text)
    monkeypatch.setattr(ledger, "PAYMENTS_AT_ONCE", 4)
    first = client.get("/treasurer/ledger").text
    second = followed(client, first, "Older →")
    third = followed(client, second, "Older →")
    assert [*payments_on(first), *payments_on(second), *payments_on(third)] == everything
    assert payments_on(followed(client, first, "Oldest")) == everything[-4:]
    assert payments_on(followed(client, third, "← Newer")) == everything[4:8]
    assert payments_on(followed(client, second, "← Newer")) == everything[:4]
    assert payments_on(followed(client, third, "Newest")) == everything[:4]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"text": "tamm jaan"}, {("03-06", 2_000)}),
        ({"text": "PÍLETID"}, {("03-09", 4_000)}),
        ({"text": OTHER_OWN[-6:]}, {("03-10", -5_000)}),
        ({"text": "rohutirts kirsipuu"}, set()),
        ({"least": "20", "most": "40,00"}, {("03-06", 2_000), ("03-09", 4_000)}),
        ({"least": "2,50", "most": "2.50"}, {("03-07", -250)}),
        ({"way": "out"}, {("03-07", -250), ("03-10", -5_000)}),
        ({"appeal": "1", "first": "2026-03-06", "last": "2026-03-31"}, {("03-06", 2_000)}),
        ({"show": "income"}, {("03-08", 31)}),
    ],
)
def test_conditions_narrow(
    client: TestClient, lived_in: Book, asked: dict[str, str], found: set[tuple[str, int]]
) -> None:
    page = client.get("/treasurer/ledger", params=asked).text
    assert set(payments_on(page)) == {f"/treasurer/payments/{lived_in.payment(*each)}" for each in found}


@pytest.mark.parametrize("few", [0, 1_000])
def test_words_are_found_alike_whether_few_say_them_or_many(
    client: TestClient, lived_in: Book, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    del lived_in
    monkeypatch.setattr(listed, "_FEW_WORDINGS", few)
    assert len(payments_on(client.get("/treasurer/ledger?text=mari").text)) == 3


def test_all_that_is_asked_for_is_a_file(client: TestClient, lived_in: Book) -> None:
    del lived_in
    lines = client.get("/treasurer/ledger/payments.csv?show=gift").text.splitlines()
    assert len(lines) == 1 + 4
    assert "Jaan Tamm" in lines[3]


def test_a_personal_code_is_never_shown(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000, code="38001085718")))
    for path in ("/treasurer/donors/2", "/treasurer/payments/1", "/treasurer/questions", "/treasurer/ledger/2026-03"):
        page = client.get(path).text
        assert "38001085718" not in page
        assert "3800108" not in page
    assert "on file" in client.get("/treasurer/donors/2").text
