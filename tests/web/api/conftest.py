"""Programs that ask: tokens for any scopes and roles, and small books to ask about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, OTHER_OWN, Book, gift, line, statement
from tests.web.conftest import Clock
from tests.written_once import written_once

from donations.access.event import Origin
from donations.access.person import Role, roles_text
from donations.access.tokens import Scope, Token, make_token
from donations.store.session import writing
from donations.store.users import add_person

ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes people and tokens."""

    engine: Engine
    clock: Clock

    def origin(self) -> Origin:
        """Return where these people sit."""
        return Origin(address="127.0.0.1", browser="a test", at=self.clock())

    def person(self, name: str = "Tiina Treasurer", *roles: Role) -> int:
        """Return the number of a new person."""
        with writing(self.engine) as session:
            row = add_person(
                session,
                name=name,
                name_key=name.casefold(),
                email="",
                email_key=None,
                roles=roles_text(frozenset(roles or {Role.TREASURER})),
                now=self.clock(),
            )
            return row.id

    def made(self, owner: int, scopes: Iterable[Scope] = ALL_SCOPES, *, days: int = 90) -> tuple[Token, str]:
        """Return a new token and its text."""
        with writing(self.engine) as session:
            return make_token(session, owner_id=owner, name="A script", scopes=scopes, days=days, origin=self.origin())


Ask = Callable[..., Any]


@pytest.fixture
def tokens(engine: Engine, clock: Clock) -> Tokens:
    return Tokens(engine, clock)


@pytest.fixture
def stranger(app: FastAPI) -> TestClient:
    """A program without a token; it sends nothing that browsers do."""
    return TestClient(app, base_url="http://localhost", headers={"accept-language": "en"})


@pytest.fixture
def program(app: FastAPI, tokens: Tokens) -> TestClient:
    """A program that may do everything a treasurer may."""
    _, text = tokens.made(tokens.person())
    headers = {"authorization": f"Bearer {text}", "accept-language": "en"}
    return TestClient(app, base_url="http://localhost", headers=headers)


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Two months: gifts of two donors, a question with a near keyword, a cost, a transfer."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-05", 1_000),
            gift("03-06", 2_000, "Jaan Kask", JAAN, code="38001085718"),
            line("03-07", 500, "Mari Mets", MARI, "anetus"),
            line("03-08", -300, "Pank", "", "Teenustasu"),
            opening=0,
        ),
        name="march.xml",
    )
    book.take(statement("04-01", "04-30", gift("04-05", 1_500), line("04-09", -700, "Poes", OTHER_OWN, "arve")))
    return book
