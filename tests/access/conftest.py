"""The house that people come into, on each database."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from tests.access.house import House


@pytest.fixture
def house(engine: Engine) -> House:
    """A house that nobody lives in yet."""
    return House(engine)
