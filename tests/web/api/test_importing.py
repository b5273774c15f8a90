"""Files come in through the API: once, however often they are sent; as promised, or not at all."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.readers.test_archive import zipped
from tests.web.api.conftest import Tokens
from tests.web.conftest import REFUSED, STATEMENTS, Clock

from donations.core.iban import parse_iban
from donations.reports.dump import dump
from donations.reports.imports import take_files
from donations.store.donors import people
from donations.store.session import reading, writing
from donations.web.api import imports

JANUARY = (STATEMENTS / "lhv-2026-01-month.xml").read_bytes()
SAME_AS_CSV = (STATEMENTS / "lhv-2026-01-same-month.csv").read_bytes()
OWN = "EE237700010000000016"


@pytest.fixture(autouse=True)
def own_account(engine: Engine) -> None:
    number = parse_iban(OWN)
    assert number is not None
    with writing(engine) as session:
        people.add_account(session, number, name="Main account")


def send(
    program: TestClient, content: bytes = JANUARY, key: str | None = "first", query: str = "", **headers: str
) -> Any:
    sent = {"content-type": "application/octet-stream"} | ({} if key is None else {"idempotency-key": key})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return program.post(f"/api/v1/imports{query}", content=content, headers=sent | named)


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def books(engine: Engine) -> bytes:
    with reading(engine) as session:
        return dump(session)


def test_an_archive_comes_in_as_its_files(program: TestClient) -> None:
    archive = zipped(("a.xml", JANUARY), ("b.pdf", b"%PDF-1"))
    shown = send(program, archive, key=None, query="?preview=true", file_name="bank.zip")
    answer = send(program, archive, query=f"?promised={shown.json()['digest']}", file_name="bank.zip")
    told = answer.json()
    assert (shown.status_code, answer.status_code) == (200, 201)
    assert [(each["name"], each["status"], each["id"]) for each in told["items"]] == [
        ("bank.zip › a.xml", "imported", 1),
        ("bank.zip › b.pdf", "refused", None),
    ]
    assert told["sums"]["refused"] == 1
    assert send(program, archive, query=f"?promised={shown.json()['digest']}", file_name="bank.zip").json() == told
    assert send(program, archive, key="again").status_code == 200


def test_an_archive_of_which_nothing_comes_in_is_refused(program: TestClient, engine: Engine) -> None:
    before = books(engine)
    for archive, codes in (
        (zipped(("a.pdf", b"%PDF-1"), ("b.xml", b"")), ["not_a_statement", "empty_file"]),
        (zipped(("a.xml", JANUARY), ("../b.xml", JANUARY)), ["archive_names"]),
    ):
        answer = send(program, archive)
        assert answer.status_code >= 400
        assert [each["code"] for each in answer.json()["problems"]] == codes
    assert books(engine) == before


def test_a_file_comes_in(program: TestClient) -> None:
    answer = send(program, file_name="jaanuar%20%C3%B5.xml")
    told = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/imports/1"
    assert (told["status"], told["id"], told["name"], told["is_preview"]) == ("imported", 1, "jaanuar õ.xml", False)
    assert told["new"] > 10
    assert told["totals"][0]["minor"] > 0
    assert program.get(answer.headers["location"]).json()["imported_by"] == "Tiina Treasurer"


def test_a_preview_says_what_the_import_does_and_does_nothing(program: TestClient, engine: Engine) -> None:
    before = books(engine)
    preview = send(program, key=None, query="?preview=true")
    assert preview.status_code == 200
    assert preview.json()["is_preview"] is True
    assert preview.json()["id"] is None
    assert books(engine) == before
    done = send(program, query=f"?promised={preview.json()['digest']}")
    assert done.status_code == 201
    assert {**done.json(), "id": None, "is_preview": True} == preview.json()


def test_a_preview_that_became_another_one_is_not_imported(program: TestClient, engine: Engine) -> None:
    preview = send(program, key=None, query="?preview=true").json()
    send(program, SAME_AS_CSV, key="another")
    before = books(engine)
    assert code_of(send(program, query=f"?promised={preview['digest']}")) == (409, "preview_outdated")
    assert books(engine) == before
    assert send(program).json()["new"] == 0  # the key is free again: nothing came of the request


def test_the_same_request_gets_the_same_answer(program: TestClient, engine: Engine, clock: Clock) -> None:
    first = send(program)
    before = books(engine)
    clock.advance(timedelta(hours=23))
    again = send(program)
    assert (again.status_code, again.json(), again.headers["location"]) == (201, first.json(), "/api/v1/imports/1")
    assert books(engine) == before


def test_after_a_day_it_is_a_new_request(program: TestClient, clock: Clock) -> None:
    send(program)
    clock.advance(timedelta(hours=24))
    again = send(program)
    assert (again.status_code, again.json()["status"]) == (200, "already_imported")
    assert again.json()["id"] == 1


@pytest.mark.parametrize(
    ("content", "query", "headers"),
    [
        (SAME_AS_CSV, "", {}),
        (JANUARY + b"\n", "", {}),
        (JANUARY, "", {"file_name": "another.xml"}),
        (JANUARY, f"?promised={'0' * 64}", {}),
    ],
)
def test_a_key_is_for_one_request(
    program: TestClient, content: bytes, query: str, headers: dict[str, str], engine: Engine
) -> None:
    send(program)
    before = books(engine)
    assert code_of(send(program, content, query=query, **headers)) == (422, "idempotency_key_reused")
    assert books(engine) == before


def test_a_key_is_its_owners(program: TestClient, stranger: TestClient, tokens: Tokens) -> None:
    send(program)
    _, token = tokens.made(tokens.person("Another"))
    answer = send(stranger, SAME_AS_CSV, authorization=f"Bearer {token}")
    assert answer.status_code == 201


def test_an_import_needs_a_key(program: TestClient) -> None:
    assert code_of(send(program, key=None)) == (400, "idempotency_key_missing")
    assert code_of(send(program, key="with blanks in it")) == (422, "invalid_input")
    assert code_of(send(program, key="x" * 256)) == (422, "invalid_input")


def test_a_refused_file_is_named_line_by_line_and_keeps_no_key(program: TestClient, engine: Engine) -> None:
    before = books(engine)
    answer = send(program, (REFUSED / "balance_mismatch.xml").read_bytes())
    assert code_of(answer) == (422, "file_refused")
    assert answer.json()["money"] == "Nothing was imported."
    assert answer.json()["problems"]
    assert {"code", "what", "remedy", "line", "at"} == answer.json()["problems"][0].keys()
    assert books(engine) == before
    assert send(program, JANUARY).status_code == 201


def test_an_account_that_is_not_registered_is_refused(program: TestClient) -> None:
    answer = send(program, JANUARY.replace(OWN.encode(), b"EE382200221020145685"))
    assert [each["code"] for each in answer.json()["problems"]] == ["unknown_account"]


def test_a_form_is_no_file(program: TestClient) -> None:
    answer = program.post("/api/v1/imports", files={"file": ("a.xml", JANUARY)}, headers={"idempotency-key": "a"})
    assert code_of(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize("content", [b"", b" \n", b"\x00" * 100, b"%PDF-1.7", b"PK\x03\x04", b"<html></html>"])
def test_what_is_no_statement_is_refused(program: TestClient, content: bytes) -> None:
    assert code_of(send(program, content)) == (422, "file_refused")


def test_too_large_a_file_is_refused_by_its_length_and_by_its_bytes(program: TestClient) -> None:
    too_large = b"x" * 200_000
    assert code_of(send(program, too_large)) == (413, "file_too_large")

    def in_pieces() -> Any:
        yield from [b"x" * 10_000] * 20

    answer = program.post("/api/v1/imports", content=in_pieces(), headers={"idempotency-key": "b"})
    assert code_of(answer) == (413, "file_too_large")


def test_many_at_once_have_one_effect(program: TestClient) -> None:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(send(program))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [answer.json() for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert done
    assert all(each == done[0] for each in done)
    assert len(program.get("/api/v1/imports").json()["items"]) == 1


def test_while_it_is_worked_on_it_is_not_begun_again(program: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = []

    def take_files_and_ask_again(*given: Any) -> Any:
        answers.append(send(program))
        return take_files(*given)

    monkeypatch.setattr(imports, "take_files", take_files_and_ask_again)
    assert send(program).status_code == 201
    assert code_of(answers[0]) == (409, "idempotency_key_in_flight")
    assert answers[0].headers["retry-after"] == "5"


def test_what_breaks_frees_the_key(app: FastAPI, program: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = TestClient(app, "http://localhost", raise_server_exceptions=False, headers=dict(program.headers))
    with monkeypatch.context() as broken:
        broken.setattr(imports, "take_files", lambda *_: 1 / 0)
        assert code_of(send(quiet)) == (500, "internal")
    assert send(program).status_code == 201


def test_undoing_is_shown_first_and_done_as_shown(program: TestClient, engine: Engine) -> None:
    before = books(engine)
    send(program)
    imported = books(engine)
    preview = program.delete("/api/v1/imports/1?preview=true").json()
    assert preview["is_preview"] is True
    assert preview["payments"] > 10
    assert books(engine) == imported
    assert code_of(program.delete(f"/api/v1/imports/1?promised={'0' * 64}")) == (409, "preview_outdated")
    assert books(engine) == imported
    done = program.delete(f"/api/v1/imports/1?promised={preview['digest']}")
    assert done.json() == {**preview, "is_preview": False}
    assert books(engine) == before
    assert code_of(program.delete("/api/v1/imports/1")) == (409, "nothing_to_undo")
    assert code_of(program.delete("/api/v1/imports/99")) == (404, "unknown_import")
