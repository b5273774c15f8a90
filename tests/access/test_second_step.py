"""A second step that is asked of all: of those who can change or take along, and nobody is locked out by it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.access.house import JAAN, MARI, House
from tests.access.test_signing_in import with_app

from donations.access import members
from donations.access.account import remove_totp
from donations.access.person import Role
from donations.access.second_step import OwnStepFirstError, ask_of_all, is_asked_of_all, who_owe_it
from donations.store.session import as_reader, reading, writing
from donations.store.users import newest_rule, person_here

ANNA = "Anna Admin"


def ask(house: House, asker: int, *, is_asked: bool = True) -> None:
    with writing(house.engine) as session:
        row = person_here(as_reader(session), asker)
        ask_of_all(session, is_asked=is_asked, asker=row, at=house.now)


@pytest.fixture
def asked(house: House) -> House:
    """A house whose administrator has an app and asks a second step of all."""
    anna = house.add(ANNA, Role.ADMIN)
    with_app(house, anna)
    ask(house, anna)
    return house


def owes(house: House, name: str) -> bool:
    found = house.standing(house.password(name))
    assert found is not None
    return found.owes_second_step


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({Role.TREASURER}, True),
        ({Role.AUDITOR}, True),
        ({Role.ADMIN}, True),
        ({Role.VIEWER, Role.TREASURER}, True),
        ({Role.VIEWER}, False),
    ],
)
def test_it_is_asked_of_who_can_change_or_take_along(asked: House, roles: set[Role], *, expected: bool) -> None:
    asked.add(MARI, *roles)
    assert owes(asked, MARI) is expected


def test_a_viewer_who_sees_names_takes_them_along(asked: House) -> None:
    person = asked.add(MARI, Role.VIEWER)
    with writing(asked.engine) as session:
        members.change_roles(session, person, frozenset({Role.VIEWER}), sees_names=True, origin=asked.origin(by=ANNA))
    assert owes(asked, MARI)


def test_who_has_one_owes_nothing_until_it_is_taken_away(asked: House) -> None:
    person = asked.add(MARI)
    with_app(asked, person)
    asked.wait(minutes=1)
    half = asked.password(MARI)
    found = asked.standing(half)
    assert found is not None
    assert not found.owes_second_step
    with writing(asked.engine) as session:
        remove_totp(session, person, origin=asked.origin(), lifetime=asked.entrance.lifetime)
    assert owes(asked, MARI)


def test_by_itself_it_is_asked_of_nobody(house: House) -> None:
    house.add(MARI)
    assert not owes(house, MARI)
    with reading(house.engine) as session:
        assert not is_asked_of_all(session)


def test_who_asks_it_has_one_and_asks_it_no_more_at_will(house: House) -> None:
    anna = house.add(ANNA, Role.ADMIN)
    with pytest.raises(OwnStepFirstError):
        ask(house, anna)
    with_app(house, anna)
    house.add(JAAN)
    ask(house, anna)
    assert owes(house, JAAN)
    with writing(house.engine) as session:
        remove_totp(session, anna, origin=house.origin(), lifetime=house.entrance.lifetime)
    ask(house, anna, is_asked=False)
    assert not owes(house, JAAN)


def test_asking_twice_is_asking_once(asked: House) -> None:
    ask(asked, 1)
    with reading(asked.engine) as session:
        rule = newest_rule(session)
        assert rule is not None
        assert (rule.id, rule.set_by, rule.needs_second_step) == (1, ANNA, True)


@pytest.mark.parametrize("leave", [members.switch_off, None], ids=["switched off", "still there"])
def test_it_is_told_who_would_owe_it(asked: House, leave: Callable[..., None] | None) -> None:
    asked.add("Viewer", Role.VIEWER)
    person = asked.add(MARI)
    if leave is not None:
        with writing(asked.engine) as session:
            leave(session, person, asked.origin())
    with reading(asked.engine) as session:
        told = [each.name for each in who_owe_it(session, now=asked.now)]
    assert told == ([] if leave else [MARI])
