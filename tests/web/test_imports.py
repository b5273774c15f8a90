"""Imports are listed, and taken back with the consequences shown first."""

from __future__ import annotations

from starlette.testclient import TestClient
from tests.book import MARI, Book, gift, line, statement
from tests.web.reading_pages import hidden_of, text_of

from donations.core.allocation import Purpose
from donations.reports.dump import dump
from donations.review import Answer

JANUARY = statement("01-01", "01-31", gift("01-05", 1_000), line("01-06", 500, "Mari Mets", MARI, "tere"))


def test_the_consequences_come_first(client: TestClient, book: Book) -> None:
    result = book.take(JANUARY, name="january.xml")
    book.answer(2, Answer(purpose=Purpose.INCOME, reason="A ticket"))
    with book.reading() as session:
        before = dump(session)
    page = client.get(f"/treasurer/imports/{result.file_id}/undo").text
    said = text_of(page)
    assert "2 lines stop counting. 2 payments, which no other import shows, leave the books:" in said
    assert "1 gift : 10,00 €" in said.replace("gift:", "gift :")
    assert "1 answer that a person gave" in said
    with book.reading() as session:
        assert dump(session) == before


def test_undone_is_as_if_it_had_never_come(client: TestClient, book: Book) -> None:
    with book.reading() as session:
        empty = dump(session)
    result = book.take(JANUARY)
    path = f"/treasurer/imports/{result.file_id}/undo"
    sent = hidden_of(f'<form action="{path}">' + client.get(path).text.split("<form")[1], action=path)
    answer = client.post(path, data=sent)
    assert f"Import {result.file_id} is undone." in text_of(answer.text)
    with book.reading() as session:
        assert dump(session) == empty
    again = client.get(path)
    assert (again.status_code, "nothing_to_undo" in again.text) == (200, True)
    assert client.post(path, data=sent).status_code == 200


def test_what_changed_since_is_shown_again(client: TestClient, book: Book) -> None:
    result = book.take(JANUARY)
    path = f"/treasurer/imports/{result.file_id}/undo"
    book.answer(2, Answer(purpose=Purpose.INCOME, reason="A ticket"))
    with book.reading() as session:
        before = dump(session)
    answer = client.post(path, data={"promised": "what it was before"})
    assert (answer.status_code, "preview_outdated" in answer.text) == (409, True)
    with book.reading() as session:
        assert dump(session) == before


def test_an_import_that_never_was(client: TestClient) -> None:
    answer = client.get("/treasurer/imports/9/undo")
    assert (answer.status_code, "unknown_import" in answer.text) == (404, True)


def test_an_empty_list_says_what_to_do(client: TestClient) -> None:
    assert "Upload statements" in client.get("/treasurer/imports").text
