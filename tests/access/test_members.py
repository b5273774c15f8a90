"""Looking after people: one administrator always remains, and what changes holds at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.access.house import JAAN, MARI, House
from tests.web.conftest import PASSWORD

from donations.access import members
from donations.access.event import Event
from donations.access.link import good_link, make_set_up_link, use_link
from donations.access.person import Role
from donations.access.session import Entered
from donations.core.refusal import Refusal
from donations.store.session import as_reader, reading, writing

ADMIN, TREASURER, VIEWER = frozenset({Role.ADMIN}), frozenset({Role.TREASURER}), frozenset({Role.VIEWER})


def invite(house: House, name: str, roles: frozenset[Role] = TREASURER, *, email: str = "") -> str:
    with writing(house.engine) as session:
        return members.invite(
            session, name=name, email=email, roles=roles, sees_names=False, origin=house.origin(by="Anna")
        )[0]


def follow(house: House, secret: str, *, name: str = "") -> Entered:
    hashed = house.entrance.passwords.hashed(PASSWORD)
    with writing(house.engine) as session:
        return use_link(session, secret, hashed, name=name, origin=house.origin(), lifetime=house.entrance.lifetime)


def test_the_first_person_comes_by_the_set_up_link(house: House) -> None:
    with writing(house.engine) as session:
        secret = make_set_up_link(session, now=house.now)
    assert secret is not None
    found = house.standing(follow(house, secret, name=MARI))
    assert found is not None
    assert found.person.roles == {Role.ADMIN, Role.TREASURER}
    with pytest.raises(Refusal, match="link_gone"):
        follow(house, secret, name=JAAN)
    with writing(house.engine) as session:
        assert make_set_up_link(session, now=house.now) is None


def test_only_the_newest_set_up_link_is_good_and_for_half_an_hour(house: House) -> None:
    with writing(house.engine) as session:
        first = make_set_up_link(session, now=house.now)
        second = make_set_up_link(session, now=house.now)
    assert first is not None
    assert second is not None
    with pytest.raises(Refusal, match="link_gone"):
        follow(house, first, name=MARI)
    house.wait(minutes=30)
    with pytest.raises(Refusal, match="link_gone"):
        follow(house, second, name=MARI)


def test_a_set_up_link_is_worth_nothing_once_somebody_is_there(house: House) -> None:
    with writing(house.engine) as session:
        secret = make_set_up_link(session, now=house.now)
    assert secret is not None
    house.add(MARI)
    with pytest.raises(Refusal, match="link_gone"):
        follow(house, secret, name=JAAN)


def test_an_invitation_sets_a_password_once(house: House) -> None:
    secret = invite(house, MARI, VIEWER, email="mari@mets.ee")
    with reading(house.engine) as session:
        person = good_link(session, secret, now=house.now).person
    assert person is not None
    assert not person.has_password
    found = house.standing(follow(house, secret))
    assert found is not None
    assert (found.person.name, found.person.roles) == (MARI, VIEWER)
    with pytest.raises(Refusal, match="link_gone"):
        follow(house, secret)
    assert house.happened(person.id) == [Event.INVITED, Event.LINK_MADE, Event.PASSWORD_SET]
    assert [each.by for each in house.account(person.id).history] == ["", "Anna", "Anna"]


@pytest.mark.parametrize("secret", ["", "x", "0" * 43, "õ" * 43])
def test_links_cannot_be_guessed(house: House, secret: str) -> None:
    invite(house, MARI)
    with pytest.raises(Refusal, match="link_gone"):
        follow(house, secret)


def test_an_old_link_is_good_no_more(house: House) -> None:
    secret = invite(house, MARI)
    house.wait(days=3)
    with pytest.raises(Refusal, match="link_gone"):
        follow(house, secret)


@pytest.mark.parametrize(("name", "email"), [("mari METS", ""), ("Other", "MARI@mets.ee")])
def test_names_and_addresses_are_taken_once(house: House, name: str, email: str) -> None:
    house.add(MARI, email="mari@mets.ee")
    with pytest.raises(Refusal, match="already_taken"):
        invite(house, name, email=email)


def test_a_new_link_does_not_get_past_the_second_step(house: House) -> None:
    """Whoever finds the link has no phone; an administrator who wants in has to take the second step away, seen."""
    person = house.add(MARI)
    give_recovery_only_app(house, person)
    with writing(house.engine) as session:
        secret = members.new_link(session, person, house.origin(by="Anna"))
    assert not follow(house, secret).is_complete


def give_recovery_only_app(house: House, person: int) -> None:
    with writing(house.engine) as session:
        row = members._row(as_reader(session), person)
        row.totp_secret, row.totp_confirmed = "JBSWY3DPEHPK3PXP", True
        session.add(row)


def test_one_administrator_always_remains(house: House) -> None:
    anna = house.add("Anna", Role.ADMIN, Role.TREASURER)
    mari = house.add(MARI, Role.TREASURER)
    invited = house.add(JAAN, Role.ADMIN, password=None)
    with pytest.raises(Refusal, match="last_admin"), writing(house.engine) as session:
        members.switch_off(session, anna, house.origin())
    with pytest.raises(Refusal, match="last_admin"), writing(house.engine) as session:
        members.change_roles(session, anna, TREASURER, sees_names=False, origin=house.origin())
    with writing(house.engine) as session:
        members.switch_off(session, invited, house.origin())
        members.change_roles(session, mari, ADMIN, sees_names=False, origin=house.origin())
        members.switch_off(session, anna, house.origin())
    with pytest.raises(Refusal, match="last_admin"), writing(house.engine) as session:
        members.switch_off(session, mari, house.origin())


def test_new_roles_hold_from_the_next_request_on(house: House) -> None:
    house.add("Anna", Role.ADMIN)
    person = house.add(MARI)
    entered = house.password(MARI)
    with writing(house.engine) as session:
        members.change_roles(session, person, VIEWER, sees_names=True, origin=house.origin(by="Anna"))
    assert house.standing(entered) is None
    found = house.standing(house.password(MARI))
    assert found is not None
    assert (found.person.roles, found.person.sees_names) == (VIEWER, True)


def test_roles_that_stay_sign_nobody_out(house: House) -> None:
    person = house.add(MARI)
    entered = house.password(MARI)
    with writing(house.engine) as session:
        members.change_roles(session, person, TREASURER, sees_names=False, origin=house.origin(by="Anna"))
    assert house.standing(entered) is not None
    assert Event.ROLES_CHANGED not in house.happened(person)


def test_nobody_is_left_without_a_role(house: House) -> None:
    person = house.add(MARI)
    with pytest.raises(Refusal, match="no_role"), writing(house.engine) as session:
        members.change_roles(session, person, frozenset(), sees_names=False, origin=house.origin())
    with pytest.raises(Refusal, match="no_role"):
        invite(house, JAAN, frozenset())


def test_switched_off_and_on(house: House) -> None:
    person = house.add(MARI)
    entered = house.password(MARI)
    with writing(house.engine) as session:
        secret = members.new_link(session, person, house.origin())
        members.switch_off(session, person, house.origin())
    assert house.standing(entered) is None
    with pytest.raises(Refusal, match="link_gone"):
        follow(house, secret)
    with writing(house.engine) as session:
        members.switch_on(session, person, house.origin())
    assert house.password(MARI).is_complete


def test_a_lost_second_step_is_taken_away(house: House) -> None:
    person = house.add(MARI)
    give_recovery_only_app(house, person)
    half = house.password(MARI)
    assert not half.is_complete
    with writing(house.engine) as session:
        members.reset_second_step(session, person, house.origin(by="Anna"))
    assert house.standing(half) is None
    assert house.password(MARI).is_complete
    assert house.happened(person).count(Event.FACTORS_RESET) == 1


def test_who_is_not_there_cannot_be_looked_after(house: House) -> None:
    for act in (
        members.new_link,
        members.switch_off,
        members.switch_on,
        members.end_sessions,
        members.reset_second_step,
    ):
        with pytest.raises(Refusal, match="unknown_person"), writing(house.engine) as session:
            act(session, 99, house.origin())


@pytest.mark.parametrize("act", [members.switch_off, members.end_sessions, members.reset_second_step])
def test_whatever_ends_sessions_out_of_mistrust_ends_tokens(house: House, act: Callable[..., None]) -> None:
    house.add("Anna", Role.ADMIN)
    person, other = house.add(MARI), house.add(JAAN)
    token, others = house.token(person), house.token(other)
    with writing(house.engine) as session:
        act(session, person, house.origin(by="Anna"))
    with writing(house.engine) as session:
        members.switch_on(session, person, house.origin(by="Anna"))
    assert not house.token_opens(token)
    assert house.token_opens(others)
    assert house.happened(person).count(Event.TOKEN_REVOKED) == 1


def test_a_token_may_no_more_than_its_owner_today(house: House) -> None:
    person = house.add(MARI)
    token = house.token(person)
    assert house.token_opens(token)
    with writing(house.engine) as session:
        members.change_roles(session, person, VIEWER, sees_names=False, origin=house.origin(by="Anna"))
    assert not house.token_opens(token)


def test_of_two_administrators_who_demote_each_other_one_remains(house: House) -> None:
    anna, mari = house.add("Anna", Role.ADMIN), house.add(MARI, Role.ADMIN)

    def demote(person: int) -> bool:
        try:
            with writing(house.engine) as session:
                members.change_roles(session, person, VIEWER, sees_names=False, origin=house.origin())
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(demote, [anna, mari])) == [False, True]
