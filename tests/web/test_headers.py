"""What every answer tells the browser."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import Book, gift, statement
from tests.web.addresses import addresses
from tests.web.conftest import browser, enter

from donations.access.person import Role
from donations.access.secret import new_secret
from donations.core.refusals import RequestCode
from donations.web.headers import NOTICES, OPEN_DATA, SECURITY_HEADERS


def get_paths(app: FastAPI) -> list[str]:
    """Every page, with samples for its ids; mounted files and unknown pages too."""
    pages = [each.path for each in addresses(app) if each.method == "GET"]
    return [*pages, "/static/style.css", "/static/none", "/none", "/treasurer/none", "/treasurer/payments/x"]


def test_every_answer_is_locked_down(app: FastAPI, client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000)))
    paths = get_paths(app)
    assert len(paths) > 15
    for path in paths:
        answer = client.get(path)
        is_public = (
            path == "/" or path in NOTICES or path.startswith(("/static/", "/docs/static/", "/own/", "/appeal/"))
        )
        is_open = path in OPEN_DATA or path.startswith("/embed/")
        for name, value in SECURITY_HEADERS.items():
            assert (answer.headers[name] == value) != (is_open and name in opened(path)), (path, name)
        assert ("access-control-allow-origin" in answer.headers) == is_open, path
        kept = answer.headers["cache-control"]
        assert ("public" in kept or kept == "no-cache") if is_public or is_open else kept == "no-store", path


def opened(path: str) -> set[str]:
    """Return which locks are off, so that other sites may show what the public sees anyway."""
    return {"Cross-Origin-Resource-Policy"} | ({"Content-Security-Policy"} if path.startswith("/embed/") else set())


@pytest.mark.parametrize(("scheme", "said"), [("https", "max-age=31536000"), ("http", None)])
def test_who_came_by_https_comes_by_it_again(app: FastAPI, scheme: str, said: str | None) -> None:
    answer = TestClient(app, base_url=f"{scheme}://localhost").get("/sign-in")
    assert answer.headers.get("strict-transport-security") == said


@pytest.mark.parametrize("word", ["unsafe-inline", "unsafe-eval", "http:", "https:", "*", "data:"])
def test_the_policy_lets_nothing_in(word: str) -> None:
    assert word not in SECURITY_HEADERS["Content-Security-Policy"]


def test_the_unforeseen_is_a_page_without_details(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Mari Mets EE307700771000000012")

    monkeypatch.setattr("donations.web.admin.members.everybody", fail)
    client = browser(app, enter(app, Role.ADMIN, name="Anna"), raise_server_exceptions=False)
    answer = client.get("/admin/people")
    assert answer.status_code == 500
    assert str(RequestCode.INTERNAL.money) in answer.text
    assert "Code: internal" in answer.text
    assert "Mari" not in answer.text
    assert "RuntimeError" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == SECURITY_HEADERS["Content-Security-Policy"]


def test_no_secret_of_an_address_gets_into_the_log(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A link that failed is still good."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("donations.web.sign_in.account.good_link", fail)
    secret = new_secret()
    client = browser(app, secret, raise_server_exceptions=False)
    assert client.get(f"/link/{secret}").status_code == 500
    assert "unforeseen RuntimeError on /link/{secret}" in caplog.text
    assert secret not in caplog.text


def test_no_template_has_inline_script_or_style(app: FastAPI, client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000)))
    pages = [client.get(path) for path in get_paths(app)]
    for answer in pages:
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for bad in (" style=", "<script>", "<style", " onclick=", "javascript:"):
            assert bad not in answer.text, answer.url
        assert "http://" not in answer.text.replace("http://localhost", ""), answer.url
