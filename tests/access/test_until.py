"""A person who comes for a while: in until the last second of a day in Estonia, by no way a second later."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.access.authenticator import Authenticator
from tests.access.house import JAAN, MARI, House
from tests.access.test_passkey import PLACE, add, asked_for_known, asked_for_new
from tests.web.conftest import PASSWORD

from donations.access import members, passkey
from donations.access.event import Event
from donations.access.link import good_link
from donations.access.passkey import PasskeyError
from donations.access.person import Role
from donations.access.session import Entered
from donations.access.signing_in import WrongError
from donations.core.refusal import Refusal
from donations.store.session import as_reader, reading, writing
from donations.store.users import person_here

SUMMER = date(2026, 7, 31)
LAST_OF_SUMMER = datetime(2026, 7, 31, 20, 59, 59, tzinfo=UTC)
"""Estonia is three hours ahead in summer,"""
WINTER = date(2026, 12, 31)
LAST_OF_WINTER = datetime(2026, 12, 31, 21, 59, 59, tzinfo=UTC)
"""and two in winter."""
NINETY_DAYS = date(2026, 9, 29)


def until(house: House, person: int, day: date | None) -> None:
    with writing(house.engine) as session:
        members.set_until(session, person, day, house.origin(by="Anna"))


def last_day(house: House, person: int) -> date | None:
    with reading(house.engine) as session:
        return person_here(session, person).until


@pytest.mark.parametrize(("day", "last"), [(SUMMER, LAST_OF_SUMMER), (WINTER, LAST_OF_WINTER)])
def test_the_last_second_and_the_first_behind_it(house: House, day: date, last: datetime) -> None:
    house.now = last
    person = house.add(MARI, Role.AUDITOR)
    key = Authenticator(PLACE)
    add(house, person, key.made(asked_for_new(house, person)))
    until(house, person, day)
    with writing(house.engine) as session:
        link = members.new_link(session, person, house.origin())
    entered, token = passkey_in(house, key), house.token(person)
    assert not house.password(MARI).is_complete
    assert house.standing(entered) is not None
    assert house.token_opens(token)
    with reading(house.engine) as session:
        good_link(session, link, now=house.now)

    house.wait(seconds=1)
    assert house.standing(entered) is None
    assert not house.token_opens(token)
    with pytest.raises(WrongError):
        house.password(MARI)
    with pytest.raises(PasskeyError):
        passkey_in(house, key)
    with pytest.raises(Refusal, match="link_gone"), reading(house.engine) as session:
        good_link(session, link, now=house.now)


def passkey_in(house: House, key: Authenticator) -> Entered:
    answer = key.used(asked_for_known(house))
    return passkey.sign_in(house.entrance, answer, browser="here", place=PLACE, origin=house.origin())


def test_what_ended_stays_ended(house: House) -> None:
    person = house.add(MARI, Role.AUDITOR)
    entered, token = house.password(MARI), house.token(person)
    until(house, person, house.now.date())
    assert house.standing(entered) is not None, "today is still to come"
    house.wait(hours=10)
    until(house, person, WINTER)
    assert house.standing(entered) is None
    assert not house.token_opens(token)
    assert house.password(MARI).is_complete
    assert house.happened(person).count(Event.UNTIL_CHANGED) == 2


@pytest.mark.parametrize(
    ("roles", "asked", "day"),
    [
        ({Role.AUDITOR}, None, NINETY_DAYS),
        ({Role.AUDITOR}, SUMMER, SUMMER),
        ({Role.AUDITOR, Role.TREASURER}, None, None),
        ({Role.TREASURER}, None, None),
        ({Role.TREASURER}, SUMMER, SUMMER),
    ],
)
def test_who_only_audits_comes_for_ninety_days(
    house: House, roles: set[Role], asked: date | None, day: date | None
) -> None:
    with writing(house.engine) as session:
        said = {"name": MARI, "email": "", "roles": frozenset(roles), "sees_names": False, "until": asked}
        members.invite(session, **said, origin=house.origin())  # type: ignore[arg-type]
    assert last_day(house, 1) == day


def test_who_becomes_an_auditor_gets_a_last_day_and_keeps_one_that_was_set(house: House) -> None:
    mari, jaan = house.add(MARI), house.add(JAAN)
    until(house, jaan, SUMMER)
    with writing(house.engine) as session:
        for person in (mari, jaan):
            roles = frozenset({Role.AUDITOR})
            members.change_roles(session, person, roles, sees_names=False, origin=house.origin(by="Anna"))
    assert (last_day(house, mari), last_day(house, jaan)) == (NINETY_DAYS, SUMMER)


def test_an_administrator_without_a_last_day_remains(house: House) -> None:
    anna, mari = house.add("Anna", Role.ADMIN), house.add(MARI, Role.ADMIN)
    until(house, mari, WINTER)
    with pytest.raises(Refusal, match="last_admin"):
        until(house, anna, WINTER)
    with pytest.raises(Refusal, match="last_admin"), writing(house.engine) as session:
        members.switch_off(session, anna, house.origin())
    until(house, mari, None)
    until(house, anna, WINTER)
    assert (last_day(house, anna), last_day(house, mari)) == (WINTER, None)


def test_the_same_day_again_is_no_change(house: House) -> None:
    person = house.add(MARI, password=PASSWORD)
    for _ in range(2):
        until(house, person, SUMMER)
    assert house.happened(person).count(Event.UNTIL_CHANGED) == 1
    with writing(house.engine) as session:
        assert person_here(as_reader(session), person).until == SUMMER
