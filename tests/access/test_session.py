"""Using a session keeps it, and no page waits for an import to note that."""

from __future__ import annotations

import time
from datetime import timedelta

from tests.access.house import MARI, House

from donations.access.secret import digest_of, form_token, is_form_token, is_secret, new_secret
from donations.access.session import Entered
from donations.store.session import writing
from donations.store.users import touch


def seen(house: House, entered: Entered) -> timedelta:
    """Return how long ago the session was used."""
    found = house.standing(entered)
    assert found is not None
    return house.now - found.seen_at


def test_using_it_keeps_it(house: House) -> None:
    house.add(MARI)
    entered = house.password(MARI)
    house.wait(minutes=50)
    touch(house.engine, digest_of(entered.secret), now=house.now)
    assert seen(house, entered) == timedelta(0)
    house.wait(minutes=50)
    assert seen(house, entered) == timedelta(minutes=50)


def test_but_not_longer_than_half_a_day(house: House) -> None:
    house.add(MARI)
    entered = house.password(MARI)
    for _ in range(13):
        house.wait(minutes=55)
        touch(house.engine, digest_of(entered.secret), now=house.now)
    assert house.standing(entered) is not None
    house.wait(minutes=10)
    assert house.standing(entered) is None


def test_nobody_waits_for_an_import(house: House) -> None:
    house.add(MARI)
    entered = house.password(MARI)
    house.wait(minutes=5)
    with writing(house.engine):
        began = time.perf_counter()
        touch(house.engine, digest_of(entered.secret), now=house.now)
        assert time.perf_counter() - began < 2
    touch(house.engine, digest_of(entered.secret), now=house.now)
    assert seen(house, entered) == timedelta(0)


def test_patience_is_as_before(house: House) -> None:
    """The connection goes back to the pool: who writes books after this still waits for a turn."""
    touch(house.engine, "none", now=house.now)
    if house.engine.dialect.name == "sqlite":
        with house.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 10_000


def test_a_form_token_is_of_one_browser_and_does_not_reveal_it() -> None:
    mine, others = new_secret(), new_secret()
    assert is_form_token(form_token(mine), mine)
    assert not is_form_token(form_token(mine), others)
    assert not is_form_token(form_token(""), "")
    assert not is_form_token("õ", mine)
    assert mine not in form_token(mine)
    assert is_secret(mine)
    assert not is_secret(mine + "\n")
