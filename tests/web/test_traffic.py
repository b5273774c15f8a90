"""The line that is told of each request, its id, and the figures of `/metrics`: nobody can be found in them."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient
from tests.book import NOW, Book, gift, statement
from tests.web.conftest import LOCAL, browser, enter

from donations.access.person import Role
from donations.ledger.audit import About, Action, Noted
from donations.store.log.audit import note_access
from donations.store.session import writing
from donations.web.traffic import SECONDS, Traffic

TOKEN = "kuldnokk-kuldnokk-kuldnokk-kuldnokk"  # noqa: S105 - of nobody
CANARIES = ("Kanaari", "Lind", "DE89370400440532013000", "49403136526", "10.9.8.7", "kollane")
A_REQUEST = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def told(app: FastAPI, caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the access log says, and counts of this test only."""
    app.state.site = replace(app.state.site, traffic=Traffic())
    with caplog.at_level(logging.INFO, logger="donations.access"):
        yield caplog


def lines(told: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(each.getMessage()) for each in told.records if each.name == "donations.access"]


def with_settings(app: FastAPI, **changed: object) -> None:
    site = app.state.site
    app.state.site = replace(site, settings=site.settings.model_copy(update=changed))


def samples(text: str) -> dict[str, float]:
    """Return the samples of an exposition, read as Prometheus' text format says."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            read = re.fullmatch(r'([a-z_]+(?:\{(?:[a-z]+="[^"\\\n]*",?)+\})?) ([0-9.e+-]+)', line)
            assert read, line
            found[read[1]] = float(read[2])
    assert text.endswith("\n")
    return found


def watching(app: FastAPI, host: str = LOCAL[0], **headers: str) -> TestClient:
    return TestClient(app, base_url="http://localhost", client=(host, 50_000), headers=headers)


def test_one_line_for_each_request(client: TestClient, told: pytest.LogCaptureFixture) -> None:
    answer = client.get("/treasurer/donors/7?find=Kanaari", headers={"x-request-id": A_REQUEST})
    (line,) = lines(told)
    assert answer.status_code == 404
    assert line.pop("time").endswith("+00:00")
    assert line.pop("ms") >= 0
    assert line == {
        "request": A_REQUEST,
        "method": "GET",
        "route": "/treasurer/donors/{donor_id}",
        "status": 404,
        "bytes": len(answer.content),
    }
    assert answer.headers["x-request-id"] == A_REQUEST


@pytest.mark.parametrize("said", ["", "Kanaari Lind", "DE89370400440532013000", "49403136526", "a" * 31, "g" * 32])
def test_an_id_that_could_be_anything_else_is_not_taken(
    client: TestClient, told: pytest.LogCaptureFixture, said: str
) -> None:
    answer = client.get("/healthz", headers={"x-request-id": said})
    made = answer.headers["x-request-id"]
    assert (len(made), made != said, lines(told)[0]["request"]) == (32, True, made)


def test_nobody_is_named_in_the_log_nor_in_the_figures(
    app: FastAPI, book: Book, told: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Canaries in addresses, queries, headers, methods, forms, names and errors; the control finds them on a page."""
    book.take(statement("03-01", "03-31", gift("03-01", 1_000, "Kanaari Lind", CANARIES[2], code=CANARIES[3])))
    with_settings(app, metrics_token=SecretStr(TOKEN))
    secret = enter(app, Role.TREASURER, name="Kanaari Lind the treasurer")
    carried = {"referer": "https://x/Kanaari", "user-agent": "kollane", "x-forwarded-for": "10.9.8.7"}
    client = browser(app, secret, raise_server_exceptions=False)
    client.headers.update(carried)
    assert "Kanaari" in client.get("/treasurer/donors?find=Kanaari").text
    for path in ("/link/kollane", "/Kanaari/Lind", "/treasurer/months/kollane", "/static/kollane.css", "/healthz"):
        client.get(path, params={"name": "Kanaari"})
        client.post(path, data={"name": "Kanaari"})
        client.request("KOLLANE", path)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Kanaari Lind", CANARIES[2])

    monkeypatch.setattr("donations.web.sign_in.account.good_link", fail)
    answer = client.get("/link/kollane")
    assert answer.status_code == 500
    assert f"(request {answer.headers['x-request-id']})" in told.text
    figures = watching(app, authorization=f"Bearer {TOKEN}").get("/metrics").text
    said = told.text + figures
    assert len(lines(told)) == 1 + 3 * 5 + 1 + 1
    assert lines(told)[-2] | {"ms": 0, "time": 0} == {
        "time": 0,
        "request": answer.headers["x-request-id"],
        "method": "GET",
        "route": "/link/{secret}",
        "status": 500,
        "ms": 0,
        "bytes": len(answer.content),
    }
    assert "no route" in figures
    assert [each for each in CANARIES if each.lower() in said.lower()] == []


def test_the_figures_are_off_until_they_are_wanted(app: FastAPI) -> None:
    asked = watching(app, authorization="Bearer ").get("/metrics")
    assert (asked.status_code, "unknown_page" in asked.text) == (404, True)


@pytest.mark.parametrize(
    ("hosts", "peer", "headers", "status"),
    [
        ((), "127.0.0.1", {}, 200),
        ((), "::1", {}, 200),
        ((), "10.9.8.7", {}, 404),
        ((), "127.0.0.1", {"x-forwarded-for": "10.9.8.7"}, 404),
        (("donations.example",), "127.0.0.1", {}, 404),
    ],
)
def test_this_computer_may_read_the_figures_where_it_serves_no_other(
    app: FastAPI, hosts: tuple[str, ...], peer: str, headers: dict[str, str], status: int
) -> None:
    """A proxy on this computer, that says nothing of whom it asks for, would make strangers look local."""
    with_settings(app, metrics=True, allowed_hosts=hosts)
    assert watching(app, peer, **headers).get("/metrics").status_code == status


@pytest.mark.parametrize(("said", "status"), [(f"Bearer {TOKEN}", 200), (f"Bearer {TOKEN}x", 404), ("Bearer ä", 404)])
def test_a_token_opens_the_figures_from_anywhere(app: FastAPI, said: str, status: int) -> None:
    with_settings(app, metrics_token=SecretStr(TOKEN), metrics=False)
    asked = TestClient(app, base_url="https://donations.example", client=("10.9.8.7", 1))
    assert asked.get("/metrics", headers=[(b"authorization", said.encode())]).status_code == status


def test_requests_are_counted_by_route(app: FastAPI, client: TestClient, told: pytest.LogCaptureFixture) -> None:
    del told
    with_settings(app, metrics=True, allowed_hosts=())
    for number in (7, 8, 9):
        client.get(f"/treasurer/donors/{number}")
    text = watching(app).get("/metrics").text
    found = samples(text)
    route = "/treasurer/donors/{donor_id}"
    assert found[f'donations_requests_total{{method="GET",route="{route}",status="404"}}'] == 3
    edges = [found[f'donations_request_seconds_bucket{{route="{route}",le="{edge:g}"}}'] for edge in SECONDS]
    assert edges == sorted(edges)
    assert found[f'donations_request_seconds_bucket{{route="{route}",le="+Inf"}}'] == 3
    assert found[f'donations_request_seconds_count{{route="{route}"}}'] == 3
    assert found[f'donations_request_seconds_sum{{route="{route}"}}'] > 0
    assert found["donations_requests_in_progress"] == 1


def test_the_books_are_told_of_without_a_gift(app: FastAPI, book: Book) -> None:
    with_settings(app, metrics=True, allowed_hosts=())
    ask = watching(app)
    none_yet = samples(ask.get("/metrics").text)
    assert {"donations_unproven_days", "donations_last_backup_timestamp_seconds"} & set(none_yet) == set()
    assert none_yet["donations_database_bytes"] % (1024 * 1024) == 0
    assert none_yet["donations_database_bytes"] > 0
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), opening=0))
    done = Noted(action=Action.BACKED_UP, about=About.ORGANISATION, by="anyone", at=NOW, details={})
    with writing(book.engine) as session:
        note_access(session, [done])
    found = samples(ask.get("/metrics").text)
    assert found["donations_unproven_days"] == 5 + 30 + 31 + 30
    assert found["donations_last_backup_timestamp_seconds"] == int(NOW.timestamp())
    book.take(statement("04-01", "04-30", gift("04-07", 2_000), opening=1_000), name="next.xml")
    later = samples(ask.get("/metrics").text)
    one_gift_more = {name for name, value in later.items() if found.get(name) != value and "request" not in name}
    assert one_gift_more == {"donations_unproven_days", "donations_files"}


def test_workers_of_one_server_are_counted_together(tmp_path: Path) -> None:
    one, other = Traffic(), Traffic()
    one.shared_in = other.shared_in = tmp_path
    other.note("GET", "/", 200, 0.2)
    (told,) = tmp_path.iterdir()
    told.rename(told.with_name(f"another{told.suffix}"))  # both are of this process here
    one.note("GET", "/", 200, 0.01)
    found = one.of_all_workers()
    assert found.answered == {("GET", "/", 200): 2}
    assert found.within == {("/", 0.05): 1, ("/", 0.3): 1}
    assert found.seconds == {"/": pytest.approx(0.21)}
    assert one.answered == {("GET", "/", 200): 1}
