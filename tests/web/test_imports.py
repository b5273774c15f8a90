"""Imports are listed, shown one by one, and undone with the consequences shown first."""

from __future__ import annotations

import hashlib

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, gift, line, statement
from tests.web.conftest import STATEMENTS, browser, enter
from tests.web.reading_pages import links_of, text_of

from donations.access.person import Role
from donations.acts.importing import take
from donations.acts.offering import Answer
from donations.acts.reading_files import Terms
from donations.core.payment import Purpose
from donations.core.statement import GivenFile

JANUARY = statement("01-01", "01-31", gift("01-05", 1_000), line("01-06", 500, "Mari Mets", MARI, "tere"))


def test_the_consequences_come_first(client: TestClient, book: Book) -> None:
    result = book.take(JANUARY, name="january.xml")
    book.answer(2, Answer(purpose=Purpose.INCOME, reason="A ticket"))
    before = book.ledger()
    page = client.get(f"/treasurer/imports/{result.file_id}/undo").text
    said = text_of(page)
    assert "2 lines stop counting. 2 payments, which no other import shows, leave the books:" in said
    assert "1 gift : 10,00 €" in said.replace("gift:", "gift :")
    assert "1 answer that a person gave" in said
    assert book.ledger() == before


def test_undone_is_as_if_it_had_never_come(client: TestClient, book: Book) -> None:
    empty = book.ledger()
    result = book.take(JANUARY)
    path = f"/treasurer/imports/{result.file_id}/undo"
    sent = promise_of(client.get(path).text)
    answer = client.post(path, data=sent)
    assert f"Import {result.file_id} is taken back." in text_of(answer.text)
    assert book.ledger() == empty
    again = client.get(path)
    assert (again.status_code, "nothing_to_undo" in again.text) == (409, True)
    assert client.post(path, data=sent).status_code == 409


def test_what_changed_since_is_shown_again(client: TestClient, book: Book) -> None:
    result = book.take(JANUARY)
    path = f"/treasurer/imports/{result.file_id}/undo"
    book.answer(2, Answer(purpose=Purpose.INCOME, reason="A ticket"))
    before = book.ledger()
    answer = client.post(path, data={"promised": "what it was before"})
    assert (answer.status_code, "preview_outdated" in answer.text) == (409, True)
    assert book.ledger() == before


def test_an_import_that_never_was(client: TestClient) -> None:
    answer = client.get("/treasurer/imports/9/undo")
    assert (answer.status_code, "unknown_import" in answer.text) == (404, True)


def promise_of(page: str) -> dict[str, str]:
    return {"promised": page.split('name="promised" value="')[1].partition('"')[0]}


def test_all_that_depends_on_it_is_shown(client: TestClient, book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1_000)), name="short.xml")
    both = statement("01-01", "02-28", gift("01-05", 1_000), gift("01-09", 300), gift("02-05", 500, "Jaan", JAAN))
    result = book.take(both, name="long.xml")
    said = text_of(client.get(f"/treasurer/imports/{result.file_id}/undo").text)
    assert "1 donor has no gift left in the books" in said
    assert "1 payment stays, because another import shows it too." in said
    assert "January 2026 1 1 3,00 € February 2026 1 1 5,00 €" in said


def test_names_accounts_and_days_are_searched(client: TestClient, book: Book) -> None:
    book.take(JANUARY, name="January.xml")
    book.take(statement("02-01", "02-28", gift("02-05", 1_000)), name="february_100%.xml")
    book.take(statement("02-01", "02-28", line("02-05", -1_000), account=OTHER_OWN), name="savings.csv")
    book.undo(1)
    for query, found in {
        "": ["savings", "february", "January"],
        "?name=JANUARY": ["January"],
        "?name=100%25": ["february"],
        "?name=none": [],
        "?account=2": ["savings"],
        "?from=2026-02-28&to=2026-02-28": ["savings", "february"],
        "?account=1&from=2026-01-05&to=2026-01-05": [],
    }.items():
        said = text_of(client.get(f"/treasurer/imports{query}").text)
        names = [word for word in said.replace(".", "_").split("_") if word]
        assert [each for each in ("savings", "february", "January") if any(each in word for word in names)] == found, (
            query
        )
    assert "No import is like that." in said


def test_a_long_list_has_pages(client: TestClient, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("donations.web.treasurer.statements.imports.IMPORTS_AT_ONCE", 2)
    for number in range(1, 4):
        book.take(statement(f"0{number}-01", f"0{number}-20", gift(f"0{number}-05", 100)), name=f"no {number}.xml")
    first = client.get("/treasurer/imports?name=no").text
    assert "?name=no&page=2" in links_of(first)
    assert "no 1.xml" not in first
    assert "no 1.xml" in client.get("/treasurer/imports?name=no&page=2").text


def test_one_import_says_everything(client: TestClient, book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), opening=0), name="january.xml")
    book.take(statement("02-05", "02-28", gift("02-06", 700), line("02-07", 50, "A", MARI, "x")), name="february.xml")
    page = client.get("/treasurer/imports/2").text
    said = text_of(page)
    assert "february.xml" in said
    assert "5–28 Feb 2026" in said
    assert "2 new lines 1 gift of 1 donor: 7,00 € 1 question" in said
    assert "No statement covers 1 February 2026 to 4 February 2026." in said
    assert "1 July 2026, 15:00 by treasurer" in said
    assert "/treasurer/payments/3" in links_of(page)
    book.undo(2)
    said = text_of(client.get("/treasurer/imports/2").text)
    assert "Taken back on 1 July 2026, 15:00 by treasurer." in said
    assert "What it brought" not in said


def test_the_file_comes_back_as_it_was_given(client: TestClient, engine: Engine) -> None:
    content = (STATEMENTS / "lhv-2026-01-month.xml").read_bytes()
    take(engine, GivenFile(name='a"b\r\n\u202eõ ü.xml', content=content), Terms(by="x", now=NOW, add_accounts=True))
    assert hashlib.sha256(content).hexdigest() in client.get("/treasurer/imports/1").text
    answer = client.get("/treasurer/imports/1/original")
    assert answer.content == content
    assert answer.headers["content-disposition"] == 'attachment; filename="a-b-o-u.xml"'
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["99999999999999999999", "0/original", "x/undo", "done", "done?id=0"])
def test_what_is_no_number_of_an_import(client: TestClient, path: str) -> None:
    assert client.get(f"/treasurer/imports/{path}").status_code == 422


@pytest.mark.parametrize("path", ["1", "1/original", "1/undo", "done?id=1"])
def test_there_is_no_such_import(client: TestClient, path: str) -> None:
    answer = client.get(f"/treasurer/imports/{path}")
    assert (answer.status_code, "unknown_import" in answer.text) == (404, True)


def test_who_sees_no_names_sees_no_imports(app: FastAPI, book: Book) -> None:
    book.take(JANUARY)
    with browser(app, enter(app, Role.VIEWER, name="viewer")) as viewer:
        for path in ("", "/1", "/1/original", "/1/undo", "/done?id=1"):
            assert viewer.get(f"/treasurer/imports{path}").status_code == 403, path
        assert viewer.get("/treasurer/coverage").status_code == 200
        assert "/treasurer/imports" not in viewer.get("/treasurer/coverage").text.split("<main", 1)[1]


def test_an_auditor_looks_and_changes_nothing(app: FastAPI, book: Book) -> None:
    book.take(JANUARY)
    with browser(app, enter(app, Role.AUDITOR, name="auditor")) as auditor:
        assert auditor.get("/treasurer/imports/1/original").status_code == 200
        assert not [each for each in links_of(auditor.get("/treasurer/imports/1").text) if each.endswith("/undo")]
        assert auditor.post("/treasurer/imports/1/undo", data={"promised": "x"}).status_code == 403


def test_an_empty_list_says_what_to_do(client: TestClient) -> None:
    assert "Upload statements" in client.get("/treasurer/imports").text
