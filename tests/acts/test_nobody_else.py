"""Ways round the second person, each as somebody would go it: by the acts that pages and the terminal call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.access.house import JAAN, LIFETIME, MARI, House
from tests.book import OTHER_OWN, OWN
from tests.conftest import FreshEngine
from tests.web.conftest import QUICK

from donations.access import members
from donations.access.link import use_link
from donations.access.person import Role
from donations.acts import agreeing
from donations.acts.agreeing import asker_called
from donations.acts.guarded import AccountWanted, EntryWanted
from donations.core.iban import parse_account
from donations.core.refusal import Refusal
from donations.store.donors import people
from donations.store.session import as_reader, reading, writing

ANNA = "Anna Admin"
WANTED = AccountWanted(number=OTHER_OWN, name="mine")


@pytest.fixture
def house(fresh_sqlite: FreshEngine) -> Iterator[House]:
    """Anna (1), who looks after people, of an association with one account."""
    with fresh_sqlite() as engine:
        found = House(engine)
        found.add(ANNA, Role.ADMIN)
        number = parse_account(OWN)
        assert number is not None
        with writing(engine) as session:
            people.add_account(session, number, name="x")
        yield found


def wish(house: House, by: str, wanted: AccountWanted | EntryWanted = WANTED) -> int:
    """Wish it; return the number under which it waits, 0 where it was done at once."""
    with writing(house.engine) as session:
        waits = agreeing.change(session, wanted, asker_called(as_reader(session), house.origin(by=by)))
    return 0 if waits is None else waits.id


def agree(house: House, number: int, by: str) -> str:
    """Agree; return as what it was refused, empty where it was done."""
    try:
        with writing(house.engine) as session:
            agreeing.agree(session, number, asker_called(as_reader(session), house.origin(by=by)))
    except Refusal as refusal:
        return str(refusal.code)
    return ""


def entry(house: House, person: int) -> EntryWanted:
    """Return how somebody comes in."""
    with reading(house.engine) as session:
        return EntryWanted.now(session, person)


def add(house: House, name: str, *roles: Role) -> None:
    house.add(name, *roles)
    house.wait(days=30)


def stop(house: House, person: int, by: str) -> None:
    with writing(house.engine) as session:
        members.switch_off(session, person, house.origin(by=by))


def on_again(house: House, person: int, by: str) -> int:
    return wish(house, by, replace(entry(house, person), is_on=True))


def let_in(house: House, person: int, by: str) -> None:
    with writing(house.engine) as session:
        members.new_link(session, person, house.origin(by=by))
    house.wait(minutes=1)


def test_who_stops_somebody_once_more_did_not_stop_them(house: House) -> None:
    add(house, MARI, Role.ADMIN)
    add(house, JAAN, Role.TREASURER)
    stop(house, 3, MARI)
    house.wait(days=300)
    stop(house, 3, ANNA)
    assert on_again(house, 3, ANNA)
    assert entry(house, 3).is_on is False


def test_an_earlier_stop_of_ones_own_takes_back_no_later_one(house: House) -> None:
    add(house, MARI, Role.ADMIN)
    add(house, JAAN, Role.TREASURER)
    stop(house, 3, ANNA)
    house.wait(minutes=1)
    assert on_again(house, 3, ANNA) == 0
    house.wait(minutes=1)
    stop(house, 3, MARI)
    house.wait(minutes=1)
    assert on_again(house, 3, ANNA)
    assert on_again(house, 3, MARI) == 0


def test_who_is_brought_back_late_is_told_as_long_as_the_others(house: House) -> None:
    """While Mari is off the wish seems dead to all: what it rests on is not so."""
    add(house, MARI, Role.TREASURER)
    number = wish(house, ANNA, replace(entry(house, 2), roles=frozenset({Role.TREASURER, Role.ADMIN})))
    stop(house, 2, ANNA)
    house.wait(days=13, hours=23)
    assert on_again(house, 2, ANNA) == 0
    house.wait(days=13)
    assert agree(house, number, ANNA) == "not_yet"
    house.wait(days=1)
    assert agree(house, number, ANNA) == ""


def test_who_comes_in_as_another_comes_in_as_a_third(house: House) -> None:
    add(house, MARI, Role.ADMIN)
    add(house, JAAN, Role.TREASURER)
    let_in(house, 2, ANNA)
    let_in(house, 3, MARI)
    assert agree(house, wish(house, ANNA), JAAN) == "not_yet"
    assert agree(house, wish(house, JAAN), ANNA) == "not_yet"


def test_a_day_is_not_enough_for_who_wishes_as_another(house: House) -> None:
    add(house, MARI, Role.TREASURER)
    let_in(house, 2, ANNA)
    number = wish(house, MARI)
    house.wait(days=13)
    assert [agree(house, number, each) for each in (MARI, ANNA)] == ["not_yet"] * 2
    house.wait(days=1)
    assert agree(house, number, ANNA) == ""  # two again


def test_a_last_day_that_is_over_counts_as_a_stop_from_then_on(house: House) -> None:
    add(house, MARI, Role.TREASURER)
    last = (house.now + timedelta(days=15)).date()
    with writing(house.engine) as session:
        members.set_until(session, 2, last, house.origin(by=ANNA))
    house.wait(days=16)
    number = wish(house, ANNA)
    assert number
    house.wait(days=13)
    assert agree(house, number, ANNA) == "not_yet"
    house.wait(days=2)
    assert agree(house, number, ANNA) == ""


def test_a_role_taken_away_alone_after_notice_counts_as_a_stop(house: House) -> None:
    add(house, MARI, Role.TREASURER)
    number = wish(house, ANNA, replace(entry(house, 2), roles=frozenset({Role.AUDITOR})))
    assert number
    house.wait(days=1)
    assert agree(house, number, ANNA) == ""
    number = wish(house, ANNA)
    house.wait(days=13)
    assert agree(house, number, ANNA) == "not_yet"
    house.wait(days=1)
    assert agree(house, number, ANNA) == ""


def test_one_role_more_makes_nobody_anothers_hand(house: House) -> None:
    add(house, MARI, Role.TREASURER)
    more = replace(entry(house, 2), roles=frozenset({Role.TREASURER, Role.AUDITOR}))
    number = wish(house, ANNA, more)
    house.wait(days=1)
    assert agree(house, number, ANNA) == ""
    house.wait(minutes=1)
    assert agree(house, wish(house, ANNA), MARI) == ""


def test_who_gave_somebody_the_roles_with_nobody_else_is_not_two_by_that(house: House) -> None:
    add(house, MARI, Role.VIEWER)
    roles = frozenset({Role.ADMIN, Role.TREASURER})
    with writing(house.engine) as session:
        asker = asker_called(as_reader(session), house.origin(by=ANNA))
        said = {"sees_names": False, "until": None, "asker": asker}
        secret, _ = agreeing.invite(session, name=JAAN, email="", roles=roles, **said)  # type: ignore[arg-type]
    house.wait(days=1)
    assert agree(house, 1, ANNA) == ""
    with writing(house.engine) as session:
        use_link(session, secret, QUICK.hashed("x"), name="", origin=house.origin(), lifetime=LIFETIME)
    house.wait(minutes=1)
    number = wish(house, ANNA)
    assert agree(house, number, JAAN) == "not_yet"
    house.wait(days=1)
    assert agree(house, number, ANNA) == ""
