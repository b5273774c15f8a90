"""What every answer tells the browser."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import Book, gift, statement
from tests.web.conftest import LOCAL

from donations.web.headers import SECURITY_HEADERS


def get_paths(app: FastAPI) -> list[str]:
    """Every page, with 1 for each id; mounted files and unknown pages too."""
    routes = [path for path, methods in app.openapi()["paths"].items() if "get" in methods]
    filled = [
        path.replace("{token}", "none").format(payment_id=1, donor_id=2, file_id=1, month="2026-03") for path in routes
    ]
    return [*filled, "/static/style.css", "/static/none", "/none", "/treasurer/none", "/treasurer/payments/x"]


def test_every_answer_is_locked_down(app: FastAPI, client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000)))
    paths = get_paths(app)
    assert len(paths) > 15
    for path in paths:
        answer = client.get(path)
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value, path
        is_public = path == "/" or path.startswith("/static/")
        assert answer.headers["cache-control"] == ("no-cache" if is_public else "no-store"), path


@pytest.mark.parametrize("word", ["unsafe-inline", "unsafe-eval", "http:", "https:", "*", "data:"])
def test_the_policy_lets_nothing_in(word: str) -> None:
    assert word not in SECURITY_HEADERS["Content-Security-Policy"]


def test_the_unforeseen_is_a_page_without_details(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("Mari Mets EE307700771000000012")

    monkeypatch.setattr("donations.web.treasurer.imports.imported_files", fail)
    client = TestClient(app, base_url="http://localhost", client=LOCAL, raise_server_exceptions=False)
    answer = client.get("/treasurer/imports")
    assert answer.status_code == 500
    assert "Nothing was changed." in answer.text
    assert "Code: internal" in answer.text
    assert "Mari" not in answer.text
    assert "RuntimeError" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == SECURITY_HEADERS["Content-Security-Policy"]


def test_no_template_has_inline_script_or_style(app: FastAPI, client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000)))
    for path in get_paths(app):
        page = client.get(path).text
        assert " style=" not in page, path
        assert "<script>" not in page, path
        assert " onclick=" not in page, path
        assert "http://" not in page.replace("http://localhost.", ""), path
