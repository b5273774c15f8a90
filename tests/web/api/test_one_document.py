"""What `--json` prints is the API's document: the same thing asked through both faces is equal."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.book import NOW, Book
from tests.conftest import HOST_KEY
from tests.web.conftest import STATEMENTS, Clock

from donations.cli import context, run
from donations.core.donor import DonorId
from donations.reports.catalogue import REPORTS
from donations.store.donors.donor_facts import ConsentKind, correct_name, record_consent, write_note
from donations.store.session import writing

Terminal = Callable[..., Any]
FILE = STATEMENTS / "lhv-2026-01-month.xml"
QUESTION = 3


@pytest.fixture
def terminal(engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    """Return what a command prints with `--json`, over the books that the API serves, at the same time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DONATIONS_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("DONATIONS_SECRET_KEY", HOST_KEY)
    monkeypatch.setenv("DONATIONS_USER", "treasurer")
    monkeypatch.setenv("DONATIONS_LANGUAGE", "en")
    monkeypatch.setattr(context, "now", clock)

    def document(*words: object) -> Any:
        context.settings.cache_clear()
        context.engine.cache_clear()
        monkeypatch.setattr(sys, "argv", ["donations", *map(str, words), "--json"])
        printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        with contextlib.redirect_stdout(printed), pytest.raises(SystemExit):
            run()
        return json.loads(printed.buffer.getvalue())

    return document


@pytest.mark.parametrize(
    ("command", "path"),
    [
        *((f"why {payment}", f"payments/{payment}") for payment in range(1, 7)),
        ("questions", "questions"),
        ("account list", "accounts"),
        ("appeal list", "appeals"),
        *((f"report {name}", f"reports/{name}") for name in REPORTS),
        ("report month --month 2026-03", "reports/month?from=2026-03-01&to=2026-03-31"),
        ("report gifts --from 2026-03-06 --to 2026-04-30", "reports/gifts?from=2026-03-06&to=2026-04-30"),
        ("coverage", "reports/coverage"),
        *((f"donors show {donor}", f"donors/{donor}") for donor in range(1, 4)),
        ("month show 2026-03", "months/2026-03"),
        ("inf4 list 2026", "inf4/2026"),
        ("certificates list 2026", "certificates/2026"),
    ],
)
@pytest.mark.usefixtures("lived_in")
def test_what_is_asked(program: TestClient, terminal: Terminal, command: str, path: str) -> None:
    assert terminal(*command.split()) == program.get(f"/api/v1/{path}").json()


def test_a_donor_with_all_that_the_page_shows(program: TestClient, terminal: Terminal, lived_in: Book) -> None:
    donor = DonorId(lived_in.donor("Mari Mets"))
    with writing(lived_in.engine) as session:
        write_note(session, donor, "helistada 38001085718", by="treasurer", at=NOW)
        for on in (NOW.date() - timedelta(days=1), NOW.date()):
            record_consent(
                session, donor, ConsentKind.PUBLIC_NAME, "yes", given_on=on, source="e-mail", by="treasurer", at=NOW
            )
        correct_name(session, donor, "Mari-Liis Mets", by="treasurer", at=NOW)
    found = terminal("donors", "show", donor)
    assert found == program.get(f"/api/v1/donors/{donor}").json()
    assert [each["text"] for each in found["notes"]] == ["helistada •••••••••••"]  # nobody's code leaves the house
    assert (len(found["consents"]), len(found["earlier_consents"])) == (1, 1)
    assert [each["name"] for each in found["former_names"]] == ["Mari Mets"]
    assert [(each["period"], each["totals"][0]["minor"]) for each in found["years"]] == [("2026", 2_500)]
    assert [each["period"] for each in found["months"]] == ["2026-03", "2026-04"]
    assert [each["number"] for each in found["used_accounts"]] == found["accounts"]


@pytest.mark.usefixtures("lived_in")
def test_what_a_file_would_bring(program: TestClient, terminal: Terminal) -> None:
    (told,) = terminal("import", FILE, "--dry-run")["items"]
    assert (told["path"], told["status"]) == (str(FILE), "waits")  # its account is not registered
    assert terminal("account", "add", "EE237700010000000016")
    (told,) = terminal("import", FILE, "--dry-run")["items"]
    answer = program.post("/api/v1/imports?preview=true", content=FILE.read_bytes(), headers={"file-name": FILE.name})
    assert told | {"path": None} == answer.json()


@pytest.mark.usefixtures("lived_in")
def test_what_taking_an_import_back_would_do(program: TestClient, terminal: Terminal) -> None:
    assert terminal("undo", 1, "--dry-run") == program.delete("/api/v1/imports/1?preview=true").json()


@pytest.mark.usefixtures("lived_in")
def test_what_was_answered_and_taken_back(program: TestClient, terminal: Terminal) -> None:
    def now() -> Any:
        return next(each for each in program.get("/api/v1/payments").json()["items"] if each["id"] == QUESTION)

    answered = terminal("answer", QUESTION, "other", "--reason", "a refund of 38001085718")
    assert answered == now()
    assert [part["purpose"] for part in answered["parts"]] == ["income"]
    assert terminal("why", QUESTION) == program.get(f"/api/v1/payments/{QUESTION}").json()
    assert "38001085718" not in str(terminal("why", QUESTION))
    assert terminal("unanswer", QUESTION) == {"taken_back": 1, "payment": now()}
