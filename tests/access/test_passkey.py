"""What a passkey is asked to sign: once, soon, and by the browser that was asked (the rest is in a real browser)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.access.authenticator import Authenticator
from tests.access.house import JAAN, MARI, House

from donations.access import passkey
from donations.access.event import ADDRESS_FAILURES_MAX, Event
from donations.access.passkey import CHALLENGE_LIFE, CHALLENGES_MAX, PasskeyError, RelyingParty
from donations.access.signing_in import TooManyAttemptsError
from donations.store import users
from donations.store.session import writing

PLACE = RelyingParty(host="localhost", origin="http://localhost:8000", name="MTÜ Rohutirts")


def ask(house: House, browser: str = "here") -> None:
    with writing(house.engine) as session:
        passkey.ask_for_known(session, browser=browser, place=PLACE, origin=house.origin())


def taken(house: House, browser: str = "here") -> bool:
    with writing(house.engine) as session:
        return users.take_challenge(session, browser, too_old=house.now - CHALLENGE_LIFE) is not None


def test_a_challenge_is_answered_once(house: House) -> None:
    ask(house)
    assert taken(house)
    assert not taken(house)


def test_by_the_browser_that_was_asked(house: House) -> None:
    ask(house)
    assert not taken(house, "elsewhere")
    assert taken(house)


@pytest.mark.parametrize(("after", "good"), [(CHALLENGE_LIFE - timedelta(seconds=1), True), (CHALLENGE_LIFE, False)])
def test_and_soon(house: House, after: timedelta, *, good: bool) -> None:
    ask(house)
    house.now += after
    assert taken(house) is good


def test_a_wrong_answer_uses_it_up_too(house: House) -> None:
    ask(house)
    with pytest.raises(PasskeyError):
        passkey.sign_in(house.entrance, "{}", browser="here", place=PLACE, origin=house.origin())
    assert not taken(house)


def test_strangers_cannot_fill_the_table(house: House) -> None:
    for number in range(CHALLENGES_MAX + 5):
        ask(house, f"browser {number}")
    with house.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM passkey_challenge").scalar_one()
    assert 0 < kept <= CHALLENGES_MAX


def test_one_address_cannot_go_on_trying(house: House) -> None:
    person = house.add(MARI)
    for _ in range(ADDRESS_FAILURES_MAX):
        with pytest.raises(PasskeyError):
            passkey.sign_in(house.entrance, '{"id": "x"}', browser="here", place=PLACE, origin=house.origin())
    with pytest.raises(TooManyAttemptsError):
        passkey.sign_in(house.entrance, "{}", browser="here", place=PLACE, origin=house.origin())
    assert house.happened(person) == [Event.INVITED], "whose account it was meant for nobody knows"


def test_the_device_has_to_recognise_its_owner(house: House) -> None:
    person = house.add(MARI)
    with writing(house.engine) as session:
        new = json.loads(passkey.ask_for_new(session, person, browser="here", place=PLACE, origin=house.origin()))
        known = json.loads(passkey.ask_for_known(session, browser="here", place=PLACE, origin=house.origin()))
    assert new["authenticatorSelection"]["userVerification"] == known["userVerification"] == "required"
    assert new["authenticatorSelection"]["residentKey"] == "required"
    assert new["rp"] == {"id": "localhost", "name": "MTÜ Rohutirts"}
    assert known.get("allowCredentials", []) == [], "else names could be tried out"


def asked_for_new(house: House, person: int) -> str:
    with writing(house.engine) as session:
        return passkey.ask_for_new(session, person, browser="here", place=PLACE, origin=house.origin())


def asked_for_known(house: House) -> str:
    with writing(house.engine) as session:
        return passkey.ask_for_known(session, browser="here", place=PLACE, origin=house.origin())


def add(house: House, person: int, answer: str) -> None:
    passkey.add(house.entrance, person, answer, name="", browser="here", place=PLACE, origin=house.origin())


def test_a_passkey_that_was_added_lets_its_owner_in(house: House) -> None:
    person, device = house.add(MARI), Authenticator(PLACE)
    add(house, person, device.made(asked_for_new(house, person)))
    answer = device.used(asked_for_known(house))
    entered = passkey.sign_in(house.entrance, answer, browser="here", place=PLACE, origin=house.origin())
    found = house.standing(entered)
    assert found is not None
    assert found.person.name == MARI
    with pytest.raises(PasskeyError):
        passkey.sign_in(house.entrance, answer, browser="here", place=PLACE, origin=house.origin())


def test_a_challenge_that_anybody_gets_adds_no_passkey(house: House) -> None:
    """Else a stolen session would add one without the password, and come in for ever."""
    person = house.add(MARI)
    options = asked_for_known(house)
    with pytest.raises(PasskeyError):
        add(house, person, Authenticator(PLACE).made(options))
    assert not house.account(person).passkeys


def test_a_passkey_is_added_for_who_asked(house: House) -> None:
    person, other = house.add(MARI), house.add(JAAN)
    options = asked_for_new(house, person)
    with pytest.raises(PasskeyError):
        add(house, other, Authenticator(PLACE).made(options))


@pytest.mark.parametrize("part", ["attestationObject", "clientDataJSON"])
def test_answers_that_are_none_are_refused_as_such(house: House, part: str) -> None:
    person = house.add(MARI)
    for written in ("", "AA", "oA", "v_8", "m_________8", "e30", "bnVsbA", "W10", "9" * 9_000, "\N{DIGIT ONE}\ud800"):
        said = json.loads(Authenticator(PLACE).made(asked_for_new(house, person)))
        said["response"][part] = written
        with pytest.raises(PasskeyError):
            add(house, person, json.dumps(said))


@pytest.mark.parametrize("answer", ["", "[]", "null", "1", '{"id": {}}', '{"id": "x"}', "[" * 20_000])
def test_no_answer_at_all_is_refused_as_such(house: House, answer: str) -> None:
    person = house.add(MARI)
    asked_for_new(house, person)
    with pytest.raises(PasskeyError):
        add(house, person, answer)
    asked_for_known(house)
    with pytest.raises(PasskeyError):
        passkey.sign_in(house.entrance, answer, browser="here", place=PLACE, origin=house.origin())
