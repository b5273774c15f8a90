"""A browser's stand-in on this computer, over books of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from donations.settings import Settings
from donations.web import create_app

STATEMENTS = Path(__file__).parents[2] / "statements"
REFUSED = Path(__file__).parents[1] / "refused"
LOCAL = ("127.0.0.1", 50_000)


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


@pytest.fixture
def app(engine: Engine, clock: Clock) -> FastAPI:
    """The application over an empty database; uploads may hold 100 kB."""
    return create_app(Settings(organisation="MTÜ Rohutirts", max_upload_bytes=100_000), engine, clock=clock)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser on this computer that sends forms from our own pages."""
    headers = {"sec-fetch-site": "same-origin", "accept-language": "en"}
    with TestClient(app, base_url="http://localhost", client=LOCAL, headers=headers) as made:
        yield made
