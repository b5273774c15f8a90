"""Signing in: the same answer to whatever is wrong, every attempt counted, and no code twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pyotp
import pytest
from tests.access.house import JAAN, LIFETIME, MARI, House
from tests.store.test_waiting import somebody_writes
from tests.web.conftest import PASSWORD

from donations.access import account as acts
from donations.access import members
from donations.access.event import Event
from donations.access.person import Role
from donations.access.session import HALF_LIFE, Entered
from donations.access.signing_in import TooManyAttemptsError, WrongError, check_password, with_code, with_password
from donations.core.refusal import Refusal
from donations.store.session import TURN, WritersTurn, as_reader, writing
from donations.store.users import person_here

WRONG = "kolm väikest kassi"


def fail(house: House, times: int, name: str = MARI, *, wait: float = 0, address: str = "192.0.2.7") -> int:
    """Try a wrong password so often, and return how many were looked at."""
    looked_at = 0
    for _ in range(times):
        house.wait(seconds=wait)
        with pytest.raises((WrongError, TooManyAttemptsError)) as refused:
            house.password(name, WRONG, address=address)
        looked_at += refused.type is WrongError
    return looked_at


def with_app(house: House, person: int) -> tuple[str, list[str]]:
    """Give a person an authenticator app; return its secret and the recovery codes."""
    with writing(house.engine) as session:
        secret = acts.begin_totp(session, person)
        shown = pyotp.TOTP(secret).at(house.now)
        _, codes = acts.confirm_totp(session, person, shown, origin=house.origin(), lifetime=LIFETIME)
    house.wait(minutes=1)
    return secret, codes


@pytest.mark.parametrize("name", [MARI, "MARI METS", "mari@mets.ee", " Mari@Mets.ee "])
def test_by_name_or_address(house: House, name: str) -> None:
    person = house.add(MARI, email="Mari@mets.ee")
    found = house.standing(house.password(name))
    assert found is not None
    assert (found.person.id, found.person.name, found.is_complete) == (person, MARI, True)
    assert house.happened(person) == [Event.INVITED, Event.SIGNED_IN]


def test_whatever_is_wrong_is_answered_alike(house: House) -> None:
    house.add(MARI)
    house.add("Invited", password=None)
    off = house.add(JAAN)
    house.add("Anna Admin", Role.ADMIN)
    with writing(house.engine) as session:
        members.switch_off(session, off, house.origin())
    for name, password in ((MARI, WRONG), ("Nobody", PASSWORD), ("Invited", PASSWORD), (JAAN, PASSWORD), ("", "")):
        with pytest.raises(WrongError):
            house.password(name, password)


def test_unknown_names_wait_as_known_ones_do(house: House) -> None:
    """Else the third failure would tell who has an account."""
    house.add(MARI)
    assert fail(house, 6, MARI, address="192.0.2.1") == fail(house, 6, "Nobody", address="192.0.2.2") == 3


def test_a_right_password_ends_the_waiting(house: House) -> None:
    house.add(MARI)
    assert fail(house, 3) == 3
    with pytest.raises(TooManyAttemptsError):
        house.password(MARI)
    house.wait(seconds=1)
    house.password(MARI)
    assert fail(house, 3) == 3


def test_a_hundred_failures_close_the_account_until_a_link_opens_it(house: House) -> None:
    person = house.add(MARI)
    assert fail(house, 105, wait=901) == 100
    house.wait(days=30)
    with pytest.raises(TooManyAttemptsError):
        house.password(MARI)
    with writing(house.engine) as session:
        acts.set_password(
            session,
            person_here(as_reader(session), person),
            house.entrance.passwords.hashed(PASSWORD),
            origin=house.origin(),
            lifetime=LIFETIME,
        )
    assert house.password(MARI).is_complete


def test_one_address_cannot_try_many_accounts(house: House) -> None:
    people = [f"Person {number}" for number in range(25)]
    for name in people[:3]:
        house.add(name)
    assert sum(fail(house, 1, name) for name in people) == 20
    assert fail(house, 1, "Person 24", address="192.0.2.8") == 1
    house.wait(seconds=61)
    assert house.password("Person 0").is_complete


def test_attempts_at_the_same_moment_are_all_counted(house: House) -> None:
    house.add(MARI)

    def attempt(_: int) -> bool:
        try:
            house.password(MARI, WRONG)
        except WrongError:
            return True
        except TooManyAttemptsError:
            return False
        raise AssertionError

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 3


def test_strangers_leave_room_for_others_while_somebody_writes(house: House) -> None:
    """A storm of them is told to come later, and whoever is signed in still has a place in the queue of writers."""
    entrance = house.entrance
    writers: WritersTurn = house.engine.get_execution_options()[TURN]

    knock = partial(with_password, entrance, name="Nobody", password=WRONG, origin=house.origin())
    with ThreadPoolExecutor(8) as strangers, somebody_writes(house.engine):
        knocking = [strangers.submit(knock) for _ in range(8)]
        while entrance.strangers.waiting < 4 or writers.turn.waiting < 4:
            assert not any(each.done() for each in knocking)
        with pytest.raises(Refusal, match="busy"):
            knock()
        assert writers.turn.waiting == 4


def test_the_app_is_asked_for_after_the_password(house: House) -> None:
    person = house.add(MARI)
    secret, _ = with_app(house, person)
    half = house.password(MARI)
    assert not half.is_complete
    entered = house.code(half, pyotp.TOTP(secret).at(house.now))
    found = house.standing(entered)
    assert found is not None
    assert found.is_complete
    assert entered.secret != half.secret
    assert house.standing(half) is None
    assert house.happened(person)[-2:] == [Event.PASSWORD_RIGHT, Event.SIGNED_IN]


def test_no_code_is_taken_twice(house: House) -> None:
    secret, _ = with_app(house, house.add(MARI))
    shown = pyotp.TOTP(secret).at(house.now)
    house.code(house.password(MARI), shown)
    with pytest.raises(WrongError):
        house.code(house.password(MARI), shown)
    house.wait(seconds=30)
    assert house.code(house.password(MARI), pyotp.TOTP(secret).at(house.now)).is_complete


def test_a_recovery_code_works_once(house: House) -> None:
    person = house.add(MARI)
    _, codes = with_app(house, person)
    assert house.code(house.password(MARI), codes[0].upper()).is_complete
    assert house.happened(person)[-1] is Event.SIGNED_IN_RECOVERY
    with pytest.raises(WrongError):
        house.code(house.password(MARI), codes[0])
    assert house.account(person).codes_left == len(codes) - 1


def test_codes_of_others_do_not_help(house: House) -> None:
    with_app(house, house.add(MARI))
    _, codes = with_app(house, house.add(JAAN))
    with pytest.raises(WrongError):
        house.code(house.password(MARI), codes[0])


def test_codes_cannot_be_guessed_either(house: House) -> None:
    """Wrong codes count on the account; giving the right password in between does not start the count anew."""
    with_app(house, house.add(MARI))
    looked_at = 0
    for _ in range(10):
        try:
            house.code(house.password(MARI), "000000")
        except WrongError:
            looked_at += 1
        except TooManyAttemptsError:
            break
    assert looked_at == 3


def test_the_second_step_does_not_wait_for_ever(house: House) -> None:
    with_app(house, house.add(MARI))
    half = house.password(MARI)
    house.wait(seconds=HALF_LIFE.total_seconds() - 1)
    assert house.standing(half) is not None
    house.wait(seconds=1)
    assert house.standing(half) is None


def test_a_session_ends_by_itself(house: House) -> None:
    house.add(MARI)
    entered = house.password(MARI)
    house.wait(minutes=59)
    assert house.standing(entered) is not None
    house.wait(minutes=1)
    assert house.standing(entered) is None


def test_the_present_password_is_asked_for_before_the_account_changes(house: House) -> None:
    person = house.add(MARI)
    check_password(house.entrance, person_id=person, password=PASSWORD, origin=house.origin())
    assert house.happened(person) == [Event.INVITED]
    with pytest.raises(WrongError):
        check_password(house.entrance, person_id=person, password=WRONG, origin=house.origin())
    assert house.happened(person) == [Event.INVITED, Event.FAILED]


def test_the_history_forgets(house: House) -> None:
    """Addresses are personal data: after a year they are gone with the next time that somebody signs in."""
    person = house.add(MARI)
    house.password(MARI)
    house.now += timedelta(days=364)
    house.password(MARI)
    assert len(house.happened(person)) == 3
    house.now += timedelta(days=2)
    house.password(MARI)
    assert house.happened(person) == [Event.SIGNED_IN, Event.SIGNED_IN]


def test_a_second_step_that_is_not_owed_any_more_lets_nobody_in(house: House) -> None:
    """Between the question who owes it and the code, somebody signs the person out everywhere."""
    person = house.add(MARI)
    secret, codes = with_app(house, person)
    half = house.standing(house.password(MARI))
    assert half is not None
    with writing(house.engine) as session:
        acts.sign_out_everywhere(session, person, house.origin())
    for code in (pyotp.TOTP(secret).at(house.now), codes[0]):
        with pytest.raises(WrongError):
            with_code(house.entrance, digest=half.digest, person_id=person, code=code, origin=house.origin())
    assert house.account(person).codes_left == len(codes), "what did not let anybody in is not used up"


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a_code_that_comes_twice_at_the_same_moment_lets_in_once(house: House, kind: str) -> None:
    person = house.add(MARI)
    secret, codes = with_app(house, person)
    code = pyotp.TOTP(secret).at(house.now) if kind == "app" else codes[0]
    halves = [house.password(MARI) for _ in range(2)]

    def comes_in(half: Entered) -> bool:
        try:
            house.code(half, code)
        except WrongError:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(comes_in, halves)) == [False, True]
