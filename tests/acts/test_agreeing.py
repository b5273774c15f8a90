"""Nobody alone changes roles, own accounts, the payee's account or privacy terms where somebody else could agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.access.house import JAAN, MARI, House
from tests.book import OTHER_OWN, OWN
from tests.conftest import FreshEngine

from donations.access import members
from donations.access.person import Role
from donations.acts import agreeing
from donations.acts.agreeing import Asker, asker_called
from donations.acts.guarded import AccountWanted, EntryWanted, TermsWanted, Wanted
from donations.core.iban import AccountNumber, parse_account
from donations.core.refusal import Refusal
from donations.published.blocks import Rules
from donations.reports.checking import check
from donations.store.donors import people
from donations.store.log.audit import whole_log
from donations.store.publishing import PublishingTerms, set_terms, terms
from donations.store.session import WriteSession, as_reader, reading, writing

ANNA = "Anna Admin"
THIRD = "EE237700010000000016"


@dataclass
class Board:
    """People of an association with two accounts, and terms that were agreed on."""

    house: House

    def asker(self, session: WriteSession, name: str) -> Asker:
        """Return somebody by the name."""
        return asker_called(as_reader(session), self.house.origin(by=name))

    def wish(self, wanted: Wanted, by: str) -> int | None:
        """Wish a change; return the number under which it waits."""
        with writing(self.house.engine) as session:
            waits = agreeing.change(session, wanted, self.asker(session, by))
            return None if waits is None else waits.id

    def agree(self, number: int, by: str) -> str:
        """Return as what it was refused; empty where it was done."""
        try:
            with writing(self.house.engine) as session:
                agreeing.agree(session, number, self.asker(session, by))
        except Refusal as refusal:
            return str(refusal.code)
        return ""

    def do(self, act: Callable[[WriteSession], object]) -> None:
        """Do something in a transaction of its own."""
        with writing(self.house.engine) as session:
            act(session)

    @property
    def payee(self) -> str:
        """To which account gifts are asked."""
        with reading(self.house.engine) as session:
            return people.payee_account(session, terms(session).account_id) or ""

    @property
    def log(self) -> list[tuple[str, str]]:
        """What the log tells of changes, and by whom."""
        with reading(self.house.engine) as session:
            assert not check(session, ["audit_log_chained"]).broken
            told = (each.entry for each in whole_log(session))
            return [(each.action, each.by) for each in told if each.about == "change"]


@pytest.fixture
def board(fresh_sqlite: FreshEngine) -> Iterator[Board]:
    """Anna and Mari, who both may decide on accounts."""
    with fresh_sqlite() as engine:
        house = House(engine)
        house.add(ANNA, Role.ADMIN)
        house.add(MARI, Role.TREASURER)
        with writing(engine) as session:
            for number in (OWN, OTHER_OWN):
                people.add_account(session, account(number), name="x")
            set_terms(session, PublishingTerms(account_id=1), by="both", at=house.now)
        house.wait(days=30)
        yield Board(house)


def account(number: str) -> AccountNumber:
    parsed = parse_account(number)
    assert parsed is not None
    return parsed


ELSEWHERE = TermsWanted(account=2, donors_min=10, percent=25)


def entry(person: int, *roles: Role, is_on: bool = True) -> EntryWanted:
    return EntryWanted(person=person, roles=frozenset(roles), sees_names=False, until=None, is_on=is_on)


def test_another_one_agrees_and_the_log_tells_both(board: Board) -> None:
    number = board.wish(ELSEWHERE, MARI)
    assert number is not None
    assert board.wish(ELSEWHERE, MARI) == number  # pressed twice
    assert board.payee == OWN
    assert board.agree(number, MARI) == "second_needed"
    assert board.agree(number, "  mari METS ") == "second_needed"
    assert board.agree(number, "root") == "may_not_decide"
    assert board.agree(number, ANNA) == ""
    assert board.payee == OTHER_OWN
    assert board.agree(number, ANNA) == "change_ended"
    assert board.agree(number + 1, ANNA) == "unknown_change"
    assert board.log == [("change_wished", MARI), ("change_agreed", ANNA)]


def test_what_raises_or_stops_needs_nobody(board: Board) -> None:
    assert board.wish(TermsWanted(account=1, donors_min=12, percent=30), MARI) is None
    assert board.wish(entry(2, Role.VIEWER), ANNA) is None
    assert board.log == []


def test_of_terms_what_raises_counts_at_once_and_the_rest_waits(board: Board) -> None:
    def keep(session: WriteSession) -> None:
        wanted = PublishingTerms(account_id=2, payee="A", rules=Rules(donors_min=15, percent=25))
        assert agreeing.change_terms(session, wanted, board.asker(session, MARI)) is not None

    board.do(keep)
    with reading(board.house.engine) as session:
        now = terms(session)
        assert (now.account_id, now.payee, now.rules.donors_min) == (1, "A", 15)
    assert board.agree(1, ANNA) == ""
    with reading(board.house.engine) as session:
        assert terms(session) == replace(now, account_id=2)


@pytest.mark.parametrize(
    "wanted",
    [
        ELSEWHERE,
        AccountWanted(number=THIRD, name="mine"),
        TermsWanted(account=1, donors_min=10, percent=15),
        entry(2, Role.TREASURER, Role.ADMIN),
    ],
)
def test_nobody_comes_to_it_alone(board: Board, wanted: Wanted) -> None:
    """Anna, who lets people in, tries everything that she can do without Mari."""
    if isinstance(wanted, TermsWanted) and wanted.account == 1:
        board.do(
            lambda tx: set_terms(
                tx, PublishingTerms(account_id=1, rules=Rules(donors_min=10, percent=30)), by="", at=board.house.now
            )
        )
    board.house.add(JAAN, Role.ADMIN)
    number = board.wish(wanted, ANNA)
    assert number is not None
    board.house.wait(days=3)
    assert board.agree(number, ANNA) == "second_needed"

    # Somebody of her own making has no role until another one agreed.
    def make_another(session: WriteSession) -> None:
        said = {"name": "Teine Anna", "email": "", "sees_names": False, "until": None}
        _, waits = agreeing.invite(
            session,
            roles=frozenset({Role.ADMIN}),
            asker=board.asker(session, ANNA),
            **said,  # type: ignore[arg-type]
        )
        assert waits is not None
        made = members.member(as_reader(session), 4)
        assert made.roles == frozenset()

    board.do(make_another)
    assert board.agree(number, "Teine Anna") == "may_not_decide"

    # She lets herself in as the others, and agrees to her own wish, or wishes as one of them and agrees as another.
    for person, name in ((2, MARI), (3, JAAN)):
        board.do(partial(members.new_link, person_id=person, origin=board.house.origin(by=ANNA)))
        assert board.agree(number, name) != ""
    theirs = board.wish(replace(ELSEWHERE, percent=20), MARI)
    assert theirs is not None
    assert [board.agree(theirs, name) for name in (ANNA, MARI, JAAN)] == ["not_yet"] * 3

    # She stops them: she is not alone because of that for two weeks, and all who are left are told so long.
    for person in (2, 3):
        board.do(partial(members.switch_off, person_id=person, origin=board.house.origin(by=ANNA)))
    board.house.wait(days=13)
    assert board.agree(number, ANNA) in {"not_yet", "change_outdated"}
    again = board.wish(AccountWanted(number=THIRD, name="again"), ANNA)
    assert again is not None
    assert board.agree(again, ANNA) == "not_yet"
    assert board.payee == OWN


def test_who_is_stopped_meanwhile_wishes_nothing_any_more(board: Board) -> None:
    number = board.wish(ELSEWHERE, MARI)
    assert number is not None
    board.do(lambda tx: members.switch_off(tx, 2, board.house.origin(by=ANNA)))
    assert board.agree(number, ANNA) == "change_outdated"


def test_two_wishes_come_to_no_third_thing(board: Board) -> None:
    first, second = board.wish(ELSEWHERE, MARI), board.wish(TermsWanted(account=2, donors_min=10, percent=15), MARI)
    assert first is not None
    assert second is not None
    board.do(
        lambda tx: set_terms(tx, PublishingTerms(account_id=1, rules=Rules(percent=50)), by=MARI, at=board.house.now)
    )
    assert (board.agree(first, ANNA), board.agree(second, ANNA)) == ("change_outdated", "change_outdated")
    assert board.payee == OWN


def test_where_nobody_else_may_decide_all_are_told_a_day_before(board: Board) -> None:
    number = board.wish(entry(2, Role.TREASURER, Role.AUDITOR), ANNA)  # roles are an administrator's, and there is one
    assert number is not None
    with reading(board.house.engine) as session:
        (waits,) = agreeing.waiting(session, now=board.house.now)
    assert (waits.agreeing, waits.due) == ((), board.house.now + timedelta(days=1))
    board.house.wait(hours=23)
    assert board.agree(number, ANNA) == "not_yet"
    assert board.agree(number, MARI) == "may_not_decide"
    board.house.wait(hours=1)
    assert board.agree(number, ANNA) == ""
    board.house.wait(minutes=1)
    other = board.wish(entry(2, Role.TREASURER, Role.ADMIN), ANNA)
    assert other is not None
    board.house.wait(days=1)
    board.house.add(JAAN, Role.ADMIN)  # now there is somebody to ask
    assert board.agree(other, ANNA) == "second_needed"
    board.do(lambda tx: agreeing.withdraw(tx, other, board.asker(tx, MARI)))  # whoever is told may object
    assert board.log[-1] == ("change_withdrawn", MARI)


def test_who_is_alone_has_nobody_to_ask_and_nobody_to_tell(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        board = Board(House(engine))
        assert board.wish(AccountWanted(number=OWN, name=""), "root") is None  # nobody has an account yet
        board.house.add(ANNA, Role.ADMIN, Role.TREASURER)
        assert board.wish(AccountWanted(number=OTHER_OWN, name=""), ANNA) is None
        assert board.wish(AccountWanted(number=THIRD, name=""), "root") is not None


def test_a_stop_is_taken_back_by_who_made_it(board: Board) -> None:
    board.do(lambda tx: members.switch_off(tx, 2, board.house.origin(by=ANNA)))
    assert board.wish(entry(2, Role.TREASURER, Role.ADMIN, is_on=False), ANNA) is not None  # first more, then on again
    assert board.wish(entry(2, Role.TREASURER), ANNA) is None


def test_no_face_goes_past_it() -> None:
    """What is guarded is done by the acts that know it, and in the made-up association, where nobody has an account."""
    done = re.compile(
        r"\bset_terms\(|members\.(?:invite|change_roles|switch_on|set_until)\b"
        r"|people\.add_account\(|\bregister\(session, NewAccount"
    )
    source = Path(agreeing.__file__).parents[1]
    found = {str(path.relative_to(source)) for path in source.rglob("*.py") if done.search(path.read_text("utf-8"))}
    assert found == {
        *("acts/agreeing.py", "acts/guarded.py", "acts/registering.py", "acts/importing.py"),
        *("demo/evenings.py", "store/publishing.py"),
    }
