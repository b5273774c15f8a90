"""Nothing that names a donor gets into logs, error reports or temporary files, whatever is visited or goes wrong."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from io import StringIO
from itertools import islice
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import Book
from tests.conftest import HOST_KEY
from tests.web.browsing import engine
from tests.web.test_canaries import CANARIES, MUST_NAME, NAME, NAMING, addresses_of, leaks, lived_in, person, program

from donations.cli.server import configured, listen

__all__ = ["engine", "lived_in", "person", "program"]

OF_OURS = (*CANARIES, HOST_KEY)
_OF_TESTS = {"httpx2", "asyncio"}
"""Who asks here logs what it asks for."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are made, and whatever a command of the program leaves."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Log whatever anybody tells, also while the books are lived in."""
    caplog.set_level(logging.INFO)
    return caplog


def said(logged: pytest.LogCaptureFixture) -> str:
    """Return all that was logged, with the errors."""
    records = (each for when in ("setup", "call") for each in logged.get_records(when))
    whole = logging.Formatter("%(name)s %(message)s")
    return "\n".join(whole.format(each) for each in records if each.name.partition(".")[0] not in _OF_TESTS)


def found_in(text: str) -> set[str]:
    return {canary for canary in OF_OURS if canary in text}


def left_in(folder: Path) -> set[str]:
    """Return what can be read in the files of a folder and in their names."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    return found_in(" ".join([*map(str, files), *(each.read_bytes().decode("utf-8", "replace") for each in files)]))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_logs_and_temporary_files_name_nobody(
    app: FastAPI,
    person: TestClient,
    program: TestClient,
    lived_in: Book,
    folder: Path,
    logged: pytest.LogCaptureFixture,
) -> None:
    del lived_in
    assert leaks(app, person, program, only=NAMING), "names are on the pages that are visited"
    for path in MUST_NAME:
        assert {person.get(address).status_code for address in addresses_of(path)} >= {200}, path
    assert found_in(said(logged)) == set()
    assert left_in(folder) == set()


@pytest.fixture
def broken(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every page fail with an error that names a donor, as an error of a library may."""

    def fail(*_: object, **__: object) -> None:
        try:
            dict[str, str]()[NAME]
        except KeyError as error:
            raise ValueError(f"{' '.join(OF_OURS)} cannot be read") from error

    del app
    monkeypatch.setattr("sqlalchemy.engine.Engine.connect", fail)


@pytest.fixture
def told() -> StringIO:
    """What the server tells."""
    return StringIO()


@pytest.fixture
def served(app: FastAPI, told: StringIO, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The pages as they are served, on this computer."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(configured(app, app.state.site.settings))
    monkeypatch.setattr(logging.getLogger("uvicorn"), "handlers", [logging.StreamHandler(told)])
    thread = Thread(target=server.run, args=([listening],))
    thread.start()
    yield int(listening.getsockname()[1])
    server.should_exit = True
    thread.join()


def answer(port: int, path: str) -> tuple[int, str]:
    client = HTTPConnection("localhost", port)
    client.request("GET", path)
    found = client.getresponse()
    text = f"{found.headers} {found.read().decode('utf-8', 'replace')}"
    client.close()
    return found.status, text


def test_error_reports_name_nobody(app: FastAPI, broken: None, served: int, folder: Path, told: StringIO) -> None:
    del broken
    paths = [path for route in app.state.site.routes.declared for path in islice(addresses_of(route.path), 1)]
    answers = [answer(served, f"{path}?find=asked-for") for path in paths]
    failed = [text for status, text in answers if status == 500]
    assert failed
    assert "ValueError" in told.getvalue(), "it is told what went wrong"
    assert "KeyError" in told.getvalue()
    assert found_in(told.getvalue() + " ".join(failed)) == set()
    assert "asked-for" not in told.getvalue(), "nor what was searched for"
    assert left_in(folder) == set()


def test_who_asks_for_more_gets_the_words(
    broken: None, served: int, told: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the words are in the error, and are found where they are told."""
    del broken
    monkeypatch.setenv("DONATIONS_DEBUG", "1")
    assert answer(served, "/")[0] == 500
    for _ in range(100):  # it is told once the answer is on its way
        if "ValueError" in told.getvalue():
            break
        sleep(0.05)
    assert found_in(told.getvalue()) == {*OF_OURS}
