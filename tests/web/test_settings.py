"""Accounts, appeals and keywords: what adding would change comes first, and what cannot be is said on the page."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, OTHER_OWN, OWN, Book, line, statement
from tests.web.conftest import browser, enter
from tests.web.reading_pages import hidden_of, text_of
from tests.written_once import written_once

from donations.access.person import Role
from donations.store.donors import people

ROOF = {"kind": "appeal", "name": "Roof", "keywords": "Katus, katuse jaoks"}


@pytest.fixture
@written_once
def roof(book: Book) -> Book:
    book.take(
        statement(
            "03-01",
            "03-31",
            line("03-02", 1_000, "Mari Mets", MARI, "Katus"),
            line("03-03", 2_500, "Jaan Tamm", JAAN, "arve 7"),
        )
    )
    return book


def consider(client: TestClient, **sent: str) -> tuple[int, str]:
    answer = client.post("/treasurer/settings", data=sent)
    return answer.status_code, answer.text


def test_what_would_change_comes_first(client: TestClient, roof: Book) -> None:
    before = roof.ledger()
    _, page = consider(client, **ROOF)
    assert "1 payment becomes a gift : 10,00 €" in text_of(page).replace("gift:", "gift :")
    assert roof.ledger() == before
    with roof.reading() as session:
        assert len(people.appeals(session)) == 1
    answer = client.post("/treasurer/settings/add", data=hidden_of(page, action="/add"))
    assert "Added." in text_of(answer.text)
    with roof.reading() as session:
        assert people.appeals(session)[1].keywords == ("katus", "katuse jaoks")


def offered(client: TestClient, payment: int) -> list[str]:
    page = html.fromstring(client.get(f"/treasurer/payments/{payment}").text)
    return [each.text.strip() for each in page.xpath("(//select[@name='appeal'])[1]/option")]


def test_an_appeal_ends_and_is_offered_no_more(client: TestClient, roof: Book) -> None:
    roof.take(statement("04-01", "04-30", line("04-02", 500, "Mari Mets", MARI, "Annetus")))
    client.post("/treasurer/settings/add", data=hidden_of(consider(client, **ROOF)[1], action="/add"))
    _, page = consider(client, kind="end", appeal="1", last_day="2026-04-01")
    assert "General Its last day is 1 April 2026." in text_of(page)
    assert "1 gift will no longer count as a gift" in text_of(page)
    answer = client.post("/treasurer/settings/add", data=hidden_of(page, action="/add"))
    assert "Saved." in text_of(answer.text)
    assert "General until 1 April 2026" in text_of(answer.text)
    assert (offered(client, 3), offered(client, 2)) == (["Roof"], ["General", "Roof"])
    _, page = consider(client, kind="end", appeal="1", last_day="")
    assert "It goes on." in text_of(page)
    assert "1 payment becomes a gift" in text_of(page)


def test_what_changed_since_is_shown_again(client: TestClient, roof: Book) -> None:
    sent = hidden_of(consider(client, **ROOF)[1], action="/add")
    roof.take(statement("04-01", "04-30", line("04-02", 500, "Mari Mets", MARI, "Katus")))
    answer = client.post("/treasurer/settings/add", data=sent)
    assert (answer.status_code, "preview_outdated" in answer.text) == (409, True)
    assert "2 payments become gifts" in text_of(answer.text)
    assert client.post("/treasurer/settings/add", data=hidden_of(answer.text, action="/add")).status_code == 200


@pytest.mark.usefixtures("roof")
def test_a_common_word_is_warned_of(client: TestClient) -> None:
    _, page = consider(client, kind="names", appeal="1", keywords="ARVE")
    assert "“Arve” is a common word on transfers that are no gifts." in text_of(page)
    assert "1 payment becomes a gift" in text_of(page)


@pytest.mark.parametrize(
    ("sent", "code", "said"),
    [
        ({"kind": "account", "number": "EE001"}, "iban_invalid", "check digits"),
        ({"kind": "code", "number": "10137318"}, "bad_code", "check digit"),
        ({"kind": "code", "number": "37605030299"}, "bad_code", "not the code that is asked for"),
        ({"kind": "appeal", "name": "", "keywords": "katus"}, "name_needed", "Give it a name."),
        ({"kind": "appeal", "name": "general"}, "appeal_name_taken", "“General”"),
        ({"kind": "names", "appeal": "1"}, "keyword_needed", "at least one"),
        ({"kind": "names", "appeal": "1", "keywords": "ab"}, "bad_keyword", "“ab” is no keyword"),
        ({"kind": "names", "appeal": "1", "references": "12345"}, "bad_reference", "“12345” is no reference"),
        ({"kind": "appeal", "name": "X", "keywords": "annetus"}, "name_taken", "belongs to the appeal “General”"),
    ],
)
def test_what_cannot_be_added_is_said_on_the_page(
    client: TestClient, sent: dict[str, str], code: str, said: str
) -> None:
    for path in ("", "/add"):
        answer = client.post(f"/treasurer/settings{path}", data=sent)
        assert (answer.status_code, code in answer.text) == (409 if code.endswith("taken") else 422, True)
        assert said in text_of(answer.text)
        for value in set(sent.values()) - {sent["kind"], sent.get("appeal"), ""}:
            assert f'value="{value}"' in answer.text


def test_an_appeal_that_is_not_there_gets_no_keyword(client: TestClient) -> None:
    assert "unknown_appeal" in consider(client, kind="names", appeal="7", keywords="katus")[1]


def test_an_account_is_added_and_renamed(client: TestClient, roof: Book) -> None:
    _, page = consider(client, kind="account", number=OTHER_OWN, name="Savings")
    client.post("/treasurer/settings/add", data=hidden_of(page, action="/add"))
    assert "Savings" in text_of(client.get("/treasurer/settings").text)
    assert "already_registered" in consider(client, kind="account", number=OTHER_OWN)[1]
    renamed = client.post("/treasurer/settings/accounts/2", data={"name": " Rainy <day> "})
    assert "Renamed." in text_of(renamed.text)
    assert "Rainy &lt;day&gt;" in renamed.text
    with roof.reading() as session:
        assert people.accounts(session)[1].name == "Rainy <day>"


def test_the_own_registry_code_is_added(client: TestClient) -> None:
    _, page = consider(client, kind="code", number="10137319")
    assert "No payment becomes a gift." in text_of(page)
    answer = client.post("/treasurer/settings/add", data=hidden_of(page, action="/add"))
    assert "Added." in text_of(answer.text)
    assert "10137319" in text_of(answer.text)


def test_an_appeal_is_renamed(client: TestClient) -> None:
    assert "Renamed." in text_of(client.post("/treasurer/settings/appeals/1", data={"name": "The fund"}).text)
    assert "The fund" in text_of(client.get("/treasurer/settings").text)


@pytest.mark.parametrize("path", ["accounts/9", "appeals/9"])
def test_there_is_no_such_thing_to_rename(client: TestClient, path: str) -> None:
    answer = client.post(f"/treasurer/settings/{path}", data={"name": "X"})
    assert (answer.status_code, "unknown_" in answer.text) == (404, True)


def test_a_blank_is_no_name(client: TestClient) -> None:
    assert "name_needed" in client.post("/treasurer/settings/appeals/1", data={"name": "  "}).text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUDITOR])
def test_only_who_manages_the_books_sees_it(app: FastAPI, role: Role) -> None:
    with browser(app, enter(app, role, name="other")) as other:
        assert other.get("/treasurer/settings").status_code == 403
        assert consider(other, **ROOF)[0] == 403


def life(client: TestClient, what: str, **sent: str) -> tuple[int, str]:
    answer = client.post(f"/treasurer/settings/accounts/1/{what}", data=sent)
    return answer.status_code, text_of(answer.text)


def test_an_account_begins_ends_and_is_opened_again(client: TestClient, roof: Book) -> None:
    del roof
    assert "Saved. The days of the account are looked at anew." in life(client, "begin", first_day="2026-02-10")[1]
    assert 'value="2026-02-10"' in client.get("/treasurer/settings").text
    said = life(client, "end", last_day="2026-04-30", became=OTHER_OWN)[1]
    assert "The account is ended: nothing is wanted of later days." in said
    assert "ended 30 April 2026" in said
    assert "It became EE47 1000 0010 2014 5685" in said
    assert "The account is open again." in life(client, "reopen")[1]
    assert life(client, "begin", first_day="")[0] == 200
    assert 'value="2026-02-10"' not in client.get("/treasurer/settings").text


@pytest.mark.parametrize(
    ("what", "sent", "status", "said"),
    [
        ("end", {"last_day": "2026-03-02"}, 409, "A payment of 3 March 2026 is younger"),
        ("end", {"last_day": "2026-07-05"}, 422, "5 July 2026 is not over yet"),
        ("end", {"last_day": "2026-04-30", "became": "EE00"}, 422, "The check digits of this IBAN are wrong."),
        ("end", {"last_day": "2026-04-30", "became": OWN}, 422, "An account becomes another one, not itself."),
        ("end", {"last_day": "2026-04-30"}, 409, "The account still holds 35,00 €."),
        ("begin", {"first_day": "2026-03-03"}, 409, "A payment of 2 March 2026 is older"),
        ("begin", {"first_day": "soon"}, 422, "bad_form"),
        ("reopen", {}, 409, "The account was not ended."),
    ],
)
def test_what_cannot_be_of_an_account_is_said_in_words(
    client: TestClient, roof: Book, what: str, sent: dict[str, str], status: int, said: str
) -> None:
    roof.take(statement("04-01", "04-10", opening=3_500))
    found, page = life(client, what, **sent)
    assert (found, said in page) == (status, True), page
