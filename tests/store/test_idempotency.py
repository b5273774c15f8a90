"""A key is taken while its request is worked on, keeps the answer for a day, and is free when nothing came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from donations.access.person import Role
from donations.store import tokens
from donations.store.session import as_reader, reading, writing
from donations.store.tokens import GIVEN_UP_AFTER, KEPT_FOR, EarlierRequest
from donations.store.users import add_person

NOW = datetime(2026, 7, 5, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def owner(engine: Engine) -> int:
    with writing(engine) as session:
        return add_person(
            session, name="Tiina", name_key="tiina", email="", email_key=None, roles=Role.TREASURER, now=NOW
        ).id


def begin(engine: Engine, owner: int, *, at: datetime = NOW) -> None:
    with writing(engine) as session:
        tokens.begin(session, owner_id=owner, key="k", request_sha256="abc", now=at)


def begun(engine: Engine, owner: int, *, at: datetime, key: str = "k") -> EarlierRequest | None:
    with reading(engine) as session:
        return tokens.begun(session, owner_id=owner, key=key, now=at)


def test_a_request_without_answer_is_given_up_in_time(engine: Engine, owner: int) -> None:
    assert begun(engine, owner, at=NOW) is None
    begin(engine, owner)
    in_flight = EarlierRequest(request_sha256="abc", status=None, answer="")
    assert begun(engine, owner, at=NOW + GIVEN_UP_AFTER - MOMENT) == in_flight
    assert begun(engine, owner, at=NOW + GIVEN_UP_AFTER) is None
    begin(engine, owner, at=NOW + GIVEN_UP_AFTER)
    assert begun(engine, owner, at=NOW + GIVEN_UP_AFTER) == in_flight


def test_an_answer_is_kept_for_a_day_and_for_its_key_only(engine: Engine, owner: int) -> None:
    begin(engine, owner)
    with writing(engine) as session:
        tokens.keep_answer(session, owner_id=owner, key="k", status=201, answer="{}")
    answered = EarlierRequest(request_sha256="abc", status=201, answer="{}")
    assert begun(engine, owner, at=NOW + KEPT_FOR - MOMENT) == answered
    assert begun(engine, owner, at=NOW + KEPT_FOR) is None
    assert begun(engine, owner, at=NOW, key="K") is None


def test_what_is_forgotten_is_deleted(engine: Engine, owner: int) -> None:
    begin(engine, owner)
    with writing(engine) as session:
        later = NOW + KEPT_FOR
        tokens.begin(session, owner_id=owner, key="another", request_sha256="x", now=later)
        assert tokens.begun(as_reader(session), owner_id=owner, key="k", now=NOW) is None


def test_a_released_key_is_free(engine: Engine, owner: int) -> None:
    begin(engine, owner)
    with writing(engine) as session:
        tokens.release(session, owner_id=owner, key="k")
    assert begun(engine, owner, at=NOW) is None
