"""A browser's stand-in on this computer, over books of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from jinja2 import Template
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.conftest import database_of
from tests.examples import ALL
from tests.web.asking import asking_in_one_step
from tests.web.rows import rows_in

from donations.access.event import Origin
from donations.access.link import add_person
from donations.access.password import Passwords
from donations.access.person import Role
from donations.access.secret import form_token
from donations.access.session import begin
from donations.jobs.known import KINDS
from donations.jobs.running import Runner
from donations.settings import Settings
from donations.store.log.looks import AccessNotes
from donations.store.opening import open_engine
from donations.store.session import writing
from donations.store.version import KeptPreviews
from donations.web import create_app
from donations.web.beside import Published
from donations.web.browser import COOKIE
from donations.web.forms import TOKEN_HEADER
from donations.web.site import Called, Site

STATEMENTS = Path(__file__).parents[2] / "statements"
REFUSED = Path(__file__).parents[1] / "refused"
LOCAL = ("127.0.0.1", 50_000)
PASSWORD = "kolm väikest põrsast"  # noqa: S105 - of people who do not exist
QUICK = Passwords(time_cost=1, memory_cost=8, parallelism=1)
"""Hashing that protects nothing and costs nothing."""
AGES = 1_000_000


ON_BOTH = {
    *("test_answers", "test_declared", "test_donors", "test_hostile", "test_ledger", "test_reports", "test_texts"),
    *("test_upload", "test_answering", "test_description", "test_reading", "test_arriving", "test_arriving_attack"),
}
"""Modules whose pages search, sort, lock or keep what people write: there databases differ. The others show what is in
the books, which tests of the rooms below try on both; `make assurance` tries all pages on both."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let pages be tested on one database, but for those where databases differ."""
    if ALL:
        return
    left_out = [each for each in items if database_of(each) == "postgres" and _is_of_pages(each.path)]
    config.hook.pytest_deselected(items=left_out)
    ids = {each.nodeid for each in left_out}
    items[:] = [each for each in items if each.nodeid not in ids]


def _is_of_pages(path: Path) -> bool:
    return Path(__file__).parent in path.parents and path.stem not in ON_BOTH


@pytest.fixture(autouse=True)
def _values_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse a database row in anything that any template is given."""
    render = Template.render

    def checked(template: Template, *given: Any, **named: Any) -> str:
        rows = rows_in(named)
        assert not rows, f"{template.name}: {rows}"
        return render(template, *given, **named)

    monkeypatch.setattr(Template, "render", checked)


@pytest.fixture(scope="session", autouse=True)
def _in_one_step() -> Iterator[None]:
    with asking_in_one_step():
        yield


@dataclass(slots=True)
class Clock:
    """Time that only passes when a test says so."""

    now: datetime = field(default_factory=lambda: datetime(2026, 7, 5, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def made_once() -> FastAPI:
    """The application, whose many routes take most of a second to make; each test gives it a database of its own."""
    settings = Settings(
        organisation="MTÜ Rohutirts",
        max_upload_bytes=100_000,
        session_idle_minutes=AGES,
        session_hours=AGES,
        allowed_hosts=("donations.example",),
    )
    return create_app(settings, open_engine("sqlite://"), passwords=QUICK)


@pytest.fixture
def app(
    made_once: FastAPI,
    engine: Engine,
    clock: Clock,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[FastAPI]:
    """The application over an empty database; uploads may hold 100 kB, and sessions outlast what tests wait for."""
    if engine.dialect.name != "sqlite":  # what is kept beside the books is in the working folder
        monkeypatch.chdir(tmp_path_factory.mktemp("working"))
    site: Site = made_once.state.site
    made_once.state.site = replace(
        site,
        engine=engine,
        clock=clock,
        entrance=replace(site.entrance, engine=engine),
        published=Published(),
        looks=AccessNotes(),
        called=Called(),
        previews=KeptPreviews(),
        evening=KeptPreviews(),
        found=KeptPreviews(),
        jobs=(jobs := Runner(KINDS)),
    )
    yield made_once
    jobs.stop(seconds=60)
    made_once.state.site = site


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """The treasurer's browser on this computer, which sends forms from our own pages."""
    with browser(app, enter(app, Role.TREASURER, name="treasurer")) as made:
        yield made


def enter(app: FastAPI, *roles: Role, name: str, password: str | None = None, sees_names: bool = False) -> str:
    """Make a person with these roles, sign in, and return the secret for the browser."""
    site: Site = app.state.site
    origin = Origin(address="127.0.0.1", browser="a test", at=site.clock())
    with writing(site.engine) as session:
        row = add_person(session, name=name, email="", roles=frozenset(roles), origin=origin)
        row.sees_names = sees_names
        row.password_hash = site.entrance.passwords.hashed(password or PASSWORD)
        session.add(row)
        return begin(session, row.id, origin, lifetime=site.lifetime).secret


def browser(app: FastAPI, secret: str | None = None, **options: Any) -> TestClient:
    """Return a browser on this computer that holds a secret; its token goes along with whatever it sends.

    Over http the client would not give secure cookies back, though browsers do that on localhost.
    """
    headers = {"sec-fetch-site": "same-origin", "accept-language": "en"}
    if secret is not None:
        headers[TOKEN_HEADER] = form_token(secret)
    made = TestClient(app, base_url="https://localhost", client=LOCAL, headers=headers, **options)
    if secret is not None:
        made.cookies.set(COOKIE, secret, domain="localhost.local")  # as the cookie jar calls this computer
    return made


def prove(client: TestClient, password: str = PASSWORD) -> None:
    """Prove again who is there, where the last proof is too old for what comes next."""
    answer = client.post("/sign-in/again", data={"password": password}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    renewed(client)


def renewed(client: TestClient) -> None:
    """Go on with the token of the secret that the browser has been given."""
    client.headers[TOKEN_HEADER] = form_token(client.cookies[COOKIE])
