"""A proof is fresh for ten minutes, and given again with everything that lets the person in, by nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.access.authenticator import Authenticator
from tests.access.house import JAAN, MARI, House
from tests.access.test_passkey import PLACE, add, asked_for_known, asked_for_new
from tests.access.test_signing_in import with_app
from tests.web.conftest import PASSWORD

from donations.access import passkey
from donations.access.event import Event
from donations.access.passkey import PasskeyError
from donations.access.session import FRESH_FOR, Again, Entered
from donations.access.signing_in import TooManyAttemptsError, WrongError, prove_again

SECOND = timedelta(seconds=1)


def again(house: House, entered: Entered) -> Again:
    found = house.standing(entered)
    assert found is not None
    return Again(person_id=found.person.id, digest=found.digest)


def prove(house: House, entered: Entered, password: str = PASSWORD, code: str = "") -> Entered:
    return prove_again(house.entrance, again(house, entered), password=password, code=code, origin=house.origin())


def is_fresh(house: House, entered: Entered) -> bool:
    found = house.standing(entered)
    assert found is not None
    return found.is_fresh


@pytest.mark.parametrize(("after", "fresh"), [(timedelta(0), True), (FRESH_FOR - SECOND, True), (FRESH_FOR, False)])
def test_a_proof_is_fresh_for_ten_minutes(house: House, after: timedelta, *, fresh: bool) -> None:
    house.add(MARI)
    entered = house.password(MARI)
    house.now += after
    assert is_fresh(house, entered) is fresh


def test_the_password_makes_it_fresh_under_a_new_secret(house: House) -> None:
    person = house.add(MARI)
    entered = house.password(MARI)
    house.now += FRESH_FOR
    proved = prove(house, entered)
    assert is_fresh(house, proved)
    assert house.standing(entered) is None, "whoever had stolen the cookie gains nothing"
    assert house.happened(person)[-1] is Event.SIGNED_IN


def test_half_of_a_proof_is_none(house: House) -> None:
    person = house.add(MARI)
    with_app(house, person)
    assert not is_fresh(house, house.password(MARI))


def test_who_has_a_second_step_takes_it_again(house: House) -> None:
    person = house.add(MARI)
    _, codes = with_app(house, person)
    house.now += FRESH_FOR
    entered = house.code(house.password(MARI), codes[0])
    for code in ("", "000000", codes[0]):
        with pytest.raises(WrongError):
            prove(house, entered, code=code)
    house.wait(minutes=1)
    assert is_fresh(house, prove(house, entered, code=codes[1]))
    assert house.standing(entered) is None


def test_wrong_passwords_are_counted_as_at_the_door(house: House) -> None:
    house.add(MARI)
    entered = house.password(MARI)
    for _ in range(3):
        with pytest.raises(WrongError):
            prove(house, entered, "kolm väikest kassi")
    with pytest.raises(TooManyAttemptsError):
        prove(house, entered)
    assert house.standing(entered) is not None, "nobody is signed out by it"


def test_who_signed_out_meanwhile_is_not_let_in_again(house: House) -> None:
    house.add(MARI)
    entered = house.password(MARI)
    gone = again(house, entered)
    prove(house, entered)
    with pytest.raises(WrongError):
        prove_again(house.entrance, gone, password=PASSWORD, code="", origin=house.origin())


@pytest.mark.parametrize(("owner", "good"), [(MARI, True), (JAAN, False)])
def test_a_passkey_of_ones_own_is_a_whole_proof(house: House, owner: str, *, good: bool) -> None:
    people = {name: house.add(name) for name in (MARI, JAAN)}
    key = Authenticator(PLACE)
    add(house, people[owner], key.made(asked_for_new(house, people[owner])))
    entered = house.password(MARI) if owner == JAAN else passkey_in(house, key)
    house.now += FRESH_FOR
    answer, who = key.used(asked_for_known(house)), again(house, entered)
    if not good:
        with pytest.raises(PasskeyError):
            passkey.sign_in(house.entrance, answer, browser="here", place=PLACE, origin=house.origin(), again=who)
        assert not is_fresh(house, entered)
        return
    proved = passkey.sign_in(house.entrance, answer, browser="here", place=PLACE, origin=house.origin(), again=who)
    assert is_fresh(house, proved)
    assert house.standing(entered) is None


def passkey_in(house: House, key: Authenticator) -> Entered:
    answer = key.used(asked_for_known(house))
    return passkey.sign_in(house.entrance, answer, browser="here", place=PLACE, origin=house.origin())
