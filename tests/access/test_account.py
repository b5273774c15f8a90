"""One's own account: whatever changes how one comes in signs every other browser out."""

from __future__ import annotations

import pyotp
import pytest
from tests.access.house import JAAN, LIFETIME, MARI, House
from tests.unsealed import without_keys
from tests.web.conftest import PASSWORD

from donations.access import account as acts
from donations.access.event import Event
from donations.access.session import Entered
from donations.access.signing_in import WrongError, with_code
from donations.acts.rekeying import forget
from donations.store.host_key import KEY, HostKey
from donations.store.session import as_reader, writing
from donations.store.users import person_here

NEW = "neli suurt põdrapulli"


def change_password(house: House, person: int) -> Entered:
    with writing(house.engine) as session:
        row = person_here(as_reader(session), person)
        hashed = house.entrance.passwords.hashed(NEW)
        return acts.set_password(session, row, hashed, origin=house.origin(), lifetime=LIFETIME)


def test_a_new_password_leaves_one_browser(house: House) -> None:
    person = house.add(MARI)
    others = [house.password(MARI) for _ in range(2)]
    entered = change_password(house, person)
    assert house.standing(entered) is not None
    assert [house.standing(each) for each in others] == [None, None]
    assert house.password(MARI, NEW).is_complete


def test_an_app_counts_once_it_has_shown_a_code(house: House) -> None:
    person = house.add(MARI)
    with writing(house.engine) as session:
        acts.begin_totp(session, person)
    assert house.password(MARI).is_complete
    with pytest.raises(acts.WrongCodeError), writing(house.engine) as session:
        acts.confirm_totp(session, person, "000000", origin=house.origin(), lifetime=LIFETIME)
    assert not house.account(person).has_second_step


def test_taking_the_app_away_takes_its_codes_too(house: House) -> None:
    person = house.add(MARI)
    with writing(house.engine) as session:
        secret = acts.begin_totp(session, person)
        shown = pyotp.TOTP(secret).at(house.now)
        entered, codes = acts.confirm_totp(session, person, shown, origin=house.origin(), lifetime=LIFETIME)
    assert house.account(person).codes_left == len(codes)
    with writing(house.engine) as session:
        acts.remove_totp(session, person, origin=house.origin(), lifetime=LIFETIME)
    assert house.standing(entered) is None
    assert house.account(person).codes_left == 0
    assert house.password(MARI, PASSWORD).is_complete


def test_only_ones_own_sessions_can_be_ended(house: House) -> None:
    mari, jaan = house.add(MARI), house.add(JAAN)
    mine, others = house.password(MARI), house.password(JAAN)
    found = house.standing(others)
    assert found is not None
    with writing(house.engine) as session:
        acts.sign_out(session, mari, found.digest, house.origin(), kind=Event.SESSION_ENDED)
    assert house.standing(others) is not None
    with writing(house.engine) as session:
        acts.sign_out(session, jaan, found.digest, house.origin(), kind=Event.SESSION_ENDED)
    assert house.standing(others) is None
    assert house.standing(mine) is not None
    assert house.happened(jaan)[-1] is Event.SESSION_ENDED
    assert Event.SESSION_ENDED not in house.happened(mari)


def test_signing_out_everywhere(house: House) -> None:
    person = house.add(MARI)
    browsers = [house.password(MARI) for _ in range(3)]
    assert len(house.account(person).browsers) == 3
    with writing(house.engine) as session:
        acts.sign_out_everywhere(session, person, house.origin())
    assert [house.standing(each) for each in browsers] == [None] * 3
    assert house.account(person).browsers == []


def test_nothing_secret_is_kept_as_it_is(house: House) -> None:
    """Somebody who reads the database cannot sign in with what is there (but for the app's secret: see trust)."""
    person = house.add(MARI)
    entered = change_password(house, person)
    with writing(house.engine) as session:
        codes = acts.make_recovery_codes(session, person, house.origin())
    with house.engine.connect() as connection:
        kept = " ".join(
            str(tuple(row))
            for table in ("person", "person_session", "recovery_code", "one_time_link", "sign_in_event")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - names are given above
        )
    assert MARI in kept
    for secret in (entered.secret, NEW, PASSWORD, *codes):
        assert secret not in kept


def test_a_new_password_and_signing_out_everywhere_end_tokens(house: House) -> None:
    person = house.add(MARI)
    first = house.token(person)
    change_password(house, person)
    second = house.token(person)
    assert (house.token_opens(first), house.token_opens(second)) == (False, True)
    with writing(house.engine) as session:
        acts.sign_out_everywhere(session, person, house.origin())
    assert not house.token_opens(second)


def test_an_app_that_counts_is_not_given_up_for_one_that_does_not_yet(house: House) -> None:
    person = house.add(MARI)
    with writing(house.engine) as session:
        secret = acts.begin_totp(session, person)
        acts.confirm_totp(session, person, pyotp.TOTP(secret).at(house.now), origin=house.origin(), lifetime=LIFETIME)
    with pytest.raises(acts.HasAppError), writing(house.engine) as session:
        acts.begin_totp(session, person)
    assert not house.password(MARI).is_complete


def test_the_database_alone_tells_no_secret_of_an_app(house: House) -> None:
    person, before = house.add(MARI), house.add(JAAN)
    with writing(house.engine) as session:
        secret = acts.begin_totp(session, person)
        old = person_here(as_reader(session), before)
        old.totp_secret, old.totp_confirmed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", True  # as older versions kept them
        session.add(old)
    for _ in range(2):
        with writing(house.engine) as session:
            acts.seal_totp_secrets(session)
    with house.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT totp_secret FROM person").all())
    assert secret not in kept
    assert "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" not in kept
    house.code(house.password(JAAN), pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").at(house.now))


def test_without_the_key_a_recovery_code_still_lets_in(house: House) -> None:
    without_keys(house.engine)
    person = house.add(MARI)
    with writing(house.engine) as session:
        secret = acts.begin_totp(session, person)
        shown = pyotp.TOTP(secret).at(house.now)
        _, codes = acts.confirm_totp(session, person, shown, origin=house.origin(), lifetime=LIFETIME)
    house.wait(minutes=1)
    lost = HostKey("another key, for the first one is lost")
    house.engine = house.engine.execution_options(**{KEY: lost})
    with writing(house.engine) as session:
        assert forget(session, lost, by="admin", now=house.now).lost == (MARI,)
    other = house.entrance
    half = house.standing(house.password(MARI))
    assert half is not None
    origin = house.origin()
    with pytest.raises(WrongError):
        with_code(other, digest=half.digest, person_id=person, code=pyotp.TOTP(secret).at(house.now), origin=origin)
    assert with_code(other, digest=half.digest, person_id=person, code=codes[0], origin=origin).is_complete
