"""A key is taken while its request is worked on, keeps the answer for a day, and is free when nothing came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b, sha1, sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from tests.conftest import HOST_KEY
from tests.unsealed import without_keys

from donations.access.person import Role
from donations.acts.rekeying import rotate, seal_books, unseal_books
from donations.store import tokens
from donations.store.host_key import KEY, HostKey, write_word
from donations.store.session import WATCHES, as_reader, reading, writing
from donations.store.tokens import GIVEN_UP_AFTER, KEPT_FOR, EarlierRequest
from donations.store.users import add_person

NOW = datetime(2026, 7, 5, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=1)
ASKED, TOLD = "Kanaarilind küsib", '{"counterparty":"Kanaarilind"}'


@pytest.fixture
def owner(engine: Engine) -> int:
    with writing(engine) as session:
        return add_person(
            session, name="Tiina", name_key="tiina", email="", email_key=None, roles=Role.TREASURER, now=NOW
        ).id


def begin(engine: Engine, owner: int, *, at: datetime = NOW) -> None:
    with writing(engine) as session:
        tokens.begin(session, owner_id=owner, key="k", request=ASKED, now=at)


def begun(engine: Engine, owner: int, *, at: datetime, key: str = "k", asked: str = ASKED) -> EarlierRequest | None:
    with reading(engine) as session:
        return tokens.begun(session, owner_id=owner, key=key, request=asked, now=at)


def test_a_request_without_answer_is_given_up_in_time(engine: Engine, owner: int) -> None:
    assert begun(engine, owner, at=NOW) is None
    begin(engine, owner)
    in_flight = EarlierRequest(is_same=True, status=None, answer="")
    assert begun(engine, owner, at=NOW + GIVEN_UP_AFTER - MOMENT) == in_flight
    assert begun(engine, owner, at=NOW + GIVEN_UP_AFTER) is None
    begin(engine, owner, at=NOW + GIVEN_UP_AFTER)
    assert begun(engine, owner, at=NOW + GIVEN_UP_AFTER) == in_flight


def test_an_answer_is_kept_for_a_day_and_for_its_key_only(engine: Engine, owner: int) -> None:
    begin(engine, owner)
    with writing(engine) as session:
        tokens.keep_answer(session, owner_id=owner, key="k", status=201, answer="{}")
    answered = EarlierRequest(is_same=True, status=201, answer="{}")
    assert begun(engine, owner, at=NOW + KEPT_FOR - MOMENT) == answered
    assert begun(engine, owner, at=NOW + KEPT_FOR) is None
    assert begun(engine, owner, at=NOW, key="K") is None


def test_what_is_forgotten_is_deleted(engine: Engine, owner: int) -> None:
    begin(engine, owner)
    with writing(engine) as session:
        later = NOW + KEPT_FOR
        tokens.begin(session, owner_id=owner, key="another", request=ASKED, now=later)
        assert tokens.begun(as_reader(session), owner_id=owner, key="k", request=ASKED, now=NOW) is None


def test_a_released_key_is_free(engine: Engine, owner: int) -> None:
    begin(engine, owner)
    with writing(engine) as session:
        tokens.release(session, owner_id=owner, key="k")
    assert begun(engine, owner, at=NOW) is None


def kept(engine: Engine) -> tuple[str, str]:
    with engine.connect() as connection:
        asked, told = connection.execute(text("SELECT request_sha256, answer FROM idempotency_key")).one()
    return asked, told


def answered(engine: Engine, owner: int) -> None:
    begin(engine, owner)
    with writing(engine) as session:
        tokens.keep_answer(session, owner_id=owner, key="k", status=200, answer=TOLD)


def test_who_has_only_the_database_reads_no_answer_and_can_prove_no_guess_of_a_request(
    engine: Engine, owner: int
) -> None:
    answered(engine, owner)
    asked, told = kept(engine)
    assert asked not in {made(ASKED.encode()).hexdigest() for made in (sha256, sha1, blake2b)}
    assert "Kanaarilind" not in told
    other = begun(engine, owner, at=NOW, asked="something else")
    assert other is not None
    assert not other.is_same


@pytest.mark.parametrize("act", ["wrap", "anew", "unseal", "seal"])
def test_a_request_is_known_again_after_the_keys_were_changed(
    engine: Engine, owner: int, tmp_path: Path, act: str
) -> None:
    if act == "seal":
        without_keys(engine)
    answered(engine, owner)
    write_word(tmp_path / "old", HOST_KEY)
    new = HostKey(HOST_KEY if "seal" in act else HOST_KEY[::-1])
    here = engine.execution_options(**{KEY: new, WATCHES: ()})
    with writing(here) as session:
        if act == "seal":
            seal_books(session, by="admin", now=NOW)
        elif act == "unseal":
            unseal_books(session, by="admin", now=NOW)
        else:
            rotate(session, new, old_file=tmp_path / "old", anew=act == "anew", by="admin", now=NOW)
    assert begun(here, owner, at=NOW) == EarlierRequest(is_same=True, status=200, answer=TOLD)
    assert "Kanaarilind" not in kept(engine)[1]
