"""Tables of banks that are not known: their columns are said on a page, tried, kept, and known the next time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from starlette.testclient import TestClient
from tests.book import JAAN, NOW, OWN, Book, gift, statement
from tests.web.reading_pages import text_of
from tests.written_once import written_once

from donations.acts.registering import NewAccount, register
from donations.core.iban import ValidIban
from donations.store.session import reading, writing
from donations.store.table_layouts import table_layouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A table, what has to be said besides what its columns show, and what a person reads in it."""

    text: str
    later: str
    """Of the same kind, from a later month."""
    said: dict[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    """What is asked before anything is read."""
    read: tuple[str, ...] = ()
    is_asked_again: bool = False
    """Whether the next one looks like any table of as many columns."""


TABLES = {
    "semicolons, comma, preamble": Sample(
        text=(
            "Konto väljavõte\nPeriood;01.03.2026-31.03.2026\n\n"
            "Kuupäev;Maksja;Selgitus;Summa;Jääk\n"
            "05.03.2026;Mari Mets;Annetus;10,00;110,00\n"
            '17.03.2026;Trükikoda;"Arve ""17""";-1 250,50;-1 140,50\n'
        ),
        later="Kuupäev;Maksja;Selgitus;Summa;Jääk\n15.04.2026;Mari Mets;Annetus;12,00;-1 128,50\n",
        read=("2", "5 March 2026 – 17 March 2026", "10,00 €", "1 250,50 €", "each row’s follows on the one before"),
    ),
    "commas, point, month first": Sample(
        text=("Date,Payee,Memo,Amount\n03/05/2026,Mari Mets,Annetus,10.00\n03/06/2026,Jaan Tamm,Annetus,12.00\n"),
        later="Date,Payee,Memo,Amount\n04/07/2026,Mari Mets,Annetus,10.00\n",
        asks=("Say in which order the dates are written", "No amount has a minus"),
        said={"days": "month_first", "all_in": "true"},
        read=("5 March 2026 – 6 March 2026", "22,00 €"),
    ),
    "two columns of amounts, tabs": Sample(
        text=(
            "Datum\tName\tText\tDebit\tCredit\n"
            "05.03.2026\tMari Mets\tAnnetus\t\t10.00\n25.03.2026\tTrükikoda\tArve\t7.00\t\n"
        ),
        later="Datum\tName\tText\tDebit\tCredit\n25.04.2026\tMari Mets\tAnnetus\t\t11.00\n",
        read=("5 March 2026 – 25 March 2026", "10,00 €", "7,00 €"),
    ),
    "no headings, direction": Sample(
        text="2026-03-05;Mari Mets;Annetus;10,00;IN\n2026-03-09;Trükikoda;Arve;7,00;OUT\n",
        later="2026-04-05;Mari Mets;Annetus;10,00;IN\n2026-04-09;Trükikoda;Arve;7,00;OUT\n",
        is_asked_again=True,
        asks=("Say which word means that money came in",),
        said={"money_in": "IN", "m1": "name", "m2": "text"},
        read=("5 March 2026 – 9 March 2026", "10,00 €", "7,00 €"),
    ),
    "thousands with a point, ids, other currency": Sample(
        text=(
            "ID,Date,Currency,Counterparty,Details,Amount,Note\n"
            'TX-0001,2026/03/05,USD,Mari Mets,Annetus,"1.000",\nTX-0002,2026/03/06,USD,Jaan Tamm,Annetus,"2.000",\n'
        ),
        later='ID,Date,Currency,Counterparty,Details,Amount,Note\nTX-0009,2026/04/06,USD,Mari Mets,Annetus,"3.000",\n',
        asks=("Say which mark stands before cents", "No amount has a minus"),
        said={"mark": ",", "m3": "name", "all_in": "true"},
        read=("3 000,00 USD", "5 March 2026 – 6 March 2026"),
    ),
}


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """One own account."""
    book.take(statement("01-01", "01-31", gift("01-05", 1_000)))
    return book


def upload(client: TestClient, text: str, name: str = "tabel.csv") -> str:
    answer = client.post("/treasurer/upload", files={"files": (name, text.encode())}, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def form_of(page: str) -> dict[str, str]:
    """Return what stands in the form, as a browser sends it."""
    said = {}
    for name, inner in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        options = re.findall(r"<option([^>]*)>([^<]*)", inner)
        chosen = next((each for each in options if "selected" in each[0]), options[0])
        value = re.search(r'value="([^"]*)"', chosen[0])
        said[name] = value[1] if value else chosen[1].strip()
    said |= dict(re.findall(r'<input type="checkbox" name="(\w+)" value="([^"]*)" checked', page))
    return said | dict(re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', page))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_said_once_and_known_the_next_time(client: TestClient, lived_in: Book, name: str) -> None:
    sample = TABLES[name]
    address = upload(client, sample.text)
    assert "Say what the columns mean" in client.get(address).text
    columns = f"{address}/columns/1"
    form = form_of(client.get(columns).text)
    if sample.asks:
        asked = client.post(
            columns, data={**form, **{k: v for k, v in sample.said.items() if k[0] == "m" and k[1:].isdigit()}}
        )
        assert asked.status_code == 422
        for each in sample.asks:
            assert each in text_of(asked.text)
    form = {**form, **sample.said}
    shown = client.post(columns, data=form)
    assert shown.status_code == 200, text_of(shown.text)
    for each in sample.read:
        assert each in text_of(shown.text), (each, text_of(shown.text))
    done = client.post(columns, data={**form, "use": "true"})
    assert "table, as you said" in text_of(done.text)
    promised = re.search(r'name="promised" value="([^"]+)"', done.text)
    assert promised is not None
    client.post(f"{address}/commit", data={"promised": promised[1]})
    before = len(lived_in.ledger())
    again = client.get(upload(client, sample.later)).text
    assert ("table, as you said" in text_of(again)) is not sample.is_asked_again
    assert ("Say what the columns mean" in again) is sample.is_asked_again
    assert len(lived_in.ledger()) == before
    if not sample.is_asked_again:
        assert "imported already" in text_of(client.get(upload(client, sample.text)).text)


def test_money_out_without_a_minus_is_never_money_in(client: TestClient, lived_in: Book) -> None:
    del lived_in
    rows = "2026-03-15;Incoming;Mari;Annetus;10,00\n2026-03-16;Outgoing;Printer;Arve;7,00\n"
    columns = f"{upload(client, 'Date;Type;Name;Text;Amount' + chr(10) + rows)}/columns/1"
    form = form_of(client.get(columns).text)
    assert form["m1"] == "direction"
    asked = client.post(columns, data=form)
    assert asked.status_code == 422
    assert "Say which word means that money came in" in text_of(asked.text)
    unsaid = client.post(columns, data={**form, "m1": ""})
    assert unsaid.status_code == 422
    assert "No amount has a minus" in text_of(unsaid.text)
    shown = text_of(client.post(columns, data={**form, "money_in": "Incoming"}).text)
    assert "In 10,00 €" in shown
    assert "Out 7,00 €" in shown


def test_a_table_without_headings_is_not_read_as_another_one(client: TestClient, lived_in: Book) -> None:
    """Both have five columns: the one before said the amount first, this one the balance."""
    del lived_in
    one = "2026-03-15;Mari;Annetus;10,00;110,00\n2026-03-16;Printer;Arve;-7,00;103,00\n"
    other = "2026-04-15;Mari;Annetus;210,00;10,00\n2026-04-16;Printer;Arve;203,00;-7,00\n"
    columns = f"{upload(client, one)}/columns/1"
    said = {"m1": "name", "m2": "text", "m3": "amount", "m4": "balance"}
    client.post(columns, data={**form_of(client.get(columns).text), **said, "use": "true"})
    again = upload(client, other)
    assert "Say what the columns mean" in client.get(again).text
    asked = client.get(f"{again}/columns/1").text
    assert form_of(asked)["m3"] == "amount"
    assert "It has no headings, so it is asked each time" in text_of(asked)


@pytest.mark.parametrize(
    "text",
    [
        "Date|Name|Text|Amount\n2026-03-15|Mari|Annetus|10,00\n2026-03-16|Printer|Arve|-7,00\n",
        "Date;Name;Text;Amount\n2026-03-15;Mari;Annetus;10,00\n2026-03-16;Printer;Arve;(7,00)\n",
        "Date;Name;Text;Amount\n2026-03-15;Mari;Annetus;10,00\n2026-03-16;Printer;Arve;7,00-\n",
    ],
    ids=["bars", "brackets", "minus behind"],
)
def test_what_bookkeepers_write_is_read(client: TestClient, lived_in: Book, text: str) -> None:
    del lived_in
    columns = f"{upload(client, text)}/columns/1"
    shown = text_of(client.post(columns, data=form_of(client.get(columns).text)).text)
    assert "In 10,00 €" in shown
    assert "Out 7,00 €" in shown


def test_of_several_accounts_nobody_guesses(client: TestClient, lived_in: Book) -> None:
    sample = TABLES["semicolons, comma, preamble"]
    address = upload(client, sample.text)
    form = form_of(client.get(f"{address}/columns/1").text)
    client.post(f"{address}/columns/1", data={**form, "use": "true"})
    with writing(lived_in.engine) as session:
        register(session, NewAccount(number=ValidIban(JAAN)), now=NOW)
    again = upload(client, sample.later)
    page = client.get(again).text
    assert "Say what the columns mean" in page
    form = form_of(client.get(f"{again}/columns/1").text)
    assert form["account"] == ""
    assert "Say which of your accounts" in text_of(client.post(f"{again}/columns/1", data=form).text)
    shown = client.post(f"{again}/columns/1", data={**form, "account": OWN})
    assert "15 April 2026" in text_of(shown.text)


def test_what_was_said_is_listed_shared_and_dropped(client: TestClient, lived_in: Book) -> None:
    address = upload(client, TABLES["semicolons, comma, preamble"].text)
    form = form_of(client.get(f"{address}/columns/1").text)
    client.post(f"{address}/columns/1", data={**form, "called": "Coop", "use": "true"})
    page = client.get("/treasurer/layouts").text
    assert "Coop" in page
    with reading(lived_in.engine) as session:
        (fingerprint,) = table_layouts(session)
    taken = client.get(f"/treasurer/layouts/{fingerprint}.json")
    assert taken.json()["mark"] == ","
    assert OWN not in taken.text
    client.post(f"/treasurer/layouts/{fingerprint}/drop")
    assert "Coop" not in client.get("/treasurer/layouts").text
    assert "Say what the columns mean" in client.get(upload(client, TABLES["semicolons, comma, preamble"].later)).text


def test_what_is_no_table_is_told(client: TestClient, lived_in: Book) -> None:
    del lived_in
    address = upload(client, "a;b;c\nx;y;z\n")
    assert client.get(f"{address}/columns/1").status_code == 422
