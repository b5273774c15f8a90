"""Strangers who want to know who gives, through the real pages over a made-up year; nothing of the product helps them.

The figures to be held, within what chance does to so few, are those that the settings page tells a treasurer: a
stranger finds a gift of 3 % of all accounts and of 8 % of those that give regularly, a colleague who knows account and
month a regular giver in 8 %. Each attack has a control that must succeed, or it would hold by being bad at attacking.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from urllib.parse import unquote_plus

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, lived, published
from tests.book import Book, line
from tests.examples import ALL, of_rules
from tests.web.conftest import Clock, browser
from tests.written_once import written_once

from donations.access import turnstile
from donations.store.host_key import key_of
from donations.store.keyed import Keyed, hashed
from donations.web import arriving

MONTHS = range(1, 7)
ACCOUNTS, REGULAR = 160, 0.35
AMOUNTS = {5: 15, 10: 25, 15: 8, 20: 18, 25: 10, 30: 4, 50: 10, 7: 2, 12: 2, 18: 2, 35: 2, 40: 2}
DAYS = {day: 1.4 + (8.6 if day in {1, 5, 8, 10, 15, 20, 25} else 0) for day in range(1, 29)}
CHARACTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
ARRIVED = "Yes, it arrived."


@dataclass(frozen=True, slots=True)
class Paid:
    """A gift as its giver's bank shows it; whole euros."""

    iban: str
    euros: int
    day: date
    code: str = ""

    @property
    def form(self) -> dict[str, str]:
        """Return what is asked by account."""
        return {"iban": self.iban, "amount": str(self.euros), "day": self.day.isoformat()}


@dataclass(frozen=True, slots=True)
class World:
    """Who gave, in the first half of 2026."""

    gifts: tuple[Paid, ...]
    regular: frozenset[str]

    @property
    def accounts(self) -> list[str]:
        """Return all that anybody gave from."""
        return sorted({each.iban for each in self.gifts})


def iban(random: Random) -> str:
    """Make up an Estonian account number with its check digits (ISO 13616)."""
    inner = "22" + "".join(random.choice("0123456789") for _ in range(14))
    check = 98 - int(f"{inner}141400") % 97  # E is 14
    return f"EE{check:02}{inner}"


def code(random: Random) -> str:
    """Make up a code, as the page makes them."""
    halves = list[str]()
    while len(halves) < 2:
        half = "".join(random.choice(CHARACTERS) for _ in range(4))
        if re.search("[0-9]", half) and re.search("[A-Z]", half):
            halves.append(half)
    return "-".join(halves)


def world(seed: int, accounts: int = ACCOUNTS) -> World:
    """Make givers up: a third gives every month, on usual days and usual amounts; the others once."""
    random, gifts, regular = Random(seed), list[Paid](), set[str]()
    for number in range(accounts):
        whose = iban(random)
        (euros,) = random.choices(list(AMOUNTS), list(AMOUNTS.values()))
        if number < accounts * REGULAR:
            regular.add(whose)
            (day,) = random.choices(list(DAYS), list(DAYS.values()))
            own = code(random)
            gifts += [
                Paid(whose, euros, working_day(date(2026, month, day)), own)
                for month in MONTHS
                if random.random() < 0.97
            ]
        else:
            day_of_year = date(2026, 1, 1) + timedelta(days=random.randrange(176))
            gifts.append(Paid(whose, euros * random.choice((1, 1, 2, 3)), working_day(day_of_year)))
    return World(tuple(gifts), frozenset(regular))


def working_day(day: date) -> date:
    """Return when banks book what is ordered for a day."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


HERE = world(seed=2026)


@cache
def learnt(most: int, *, month: int | None = None) -> list[tuple[int, date]]:
    """Return the questions by which most of another circle's regular givers are found, each the best that is left.

    That is what a stranger can know: how people give, and not who.
    """
    elsewhere = world(seed=1, accounts=1_500)
    asked_of: dict[tuple[int, date], set[str]] = {}
    for gift in elsewhere.gifts:
        if gift.iban in elsewhere.regular and month in {None, gift.day.month} and gift.day.month < 5:
            asked_of.setdefault((gift.euros, gift.day), set()).add(gift.iban)
    found: set[str] = set()
    questions = []
    for _ in range(most):
        best = max(asked_of, key=lambda question: (len(asked_of[question] - found), question))
        found |= asked_of[best]
        questions.append(best)
    return questions


@dataclass(slots=True)
class Strangers:
    """As many people as it takes, at as many addresses, with all the time there is."""

    app: FastAPI
    clock: Clock
    answered_today: int = 0

    def ask(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        """Ask from an address that has not asked too much yet, on a day on which not too much was asked."""
        if self.answered_today == turnstile.IN_ALL_MAX:
            self.sleep(self.clock.now + timedelta(days=1))
        client = self._client(self.answered_today // turnstile.FROM_ADDRESS_MAX)
        answer = client.post(path, data=form)
        self.answered_today += answer.status_code == 200
        return answer.status_code, answer.text

    def sleep(self, until: datetime) -> None:
        """Wait."""
        self.clock.now = max(self.clock.now, until)
        self.answered_today = 0

    def _client(self, number: int) -> TestClient:
        client = browser(self.app)
        client._transport.client = (f"198.51.100.{number}", 50_000)  # type: ignore[attr-defined]
        return client


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "sleep", lambda _: None)


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """The books of the circle, published as far as may be."""
    months = [
        [
            line(f"{each.day:%m-%d}", each.euros * 100, f"Giver {each.iban[-6:]}", each.iban, f"Annetus {each.code}")
            for each in HERE.gifts
            if each.day.month == month
        ]
        for month in MONTHS
    ]
    lived(book, *months)
    published(book)
    return book


@pytest.fixture
def circle(written: Book, clock: Clock) -> Book:
    clock.now = LATER
    return written


@pytest.fixture
def strangers(app: FastAPI, circle: Book, clock: Clock) -> Strangers:
    del circle
    return Strangers(app, clock)


@pytest.fixture
def let(client: TestClient) -> None:
    """The association lets people ask by account."""
    assert client.post("/treasurer/association/asking", data={"by_account": "true"}).status_code == 200


def tried(strangers: Strangers, account: str, questions: Sequence[tuple[int, date]]) -> bool | None:
    """Ask about an account; None where nothing is answered any more."""
    for euros, day in questions:
        status, page = strangers.ask("/find-my-gift/account", Paid(account, euros, day).form)
        if status == 429:
            return None
        assert status == 200
        if ARRIVED in page:
            return True
    return False


@of_rules()
@pytest.mark.usefixtures("let")
def test_a_stranger_who_has_all_account_numbers_finds_few_in_a_year(strangers: Strangers, clock: Clock) -> None:
    """Patient, from many addresses, with the best questions that habits tell."""
    questions, found, refused = learnt(7), set[str](), 0
    begun = clock.now
    some = HERE.accounts if ALL else HERE.accounts[::2]
    for month, at in ((0, questions[:3]), (1, questions[3:6]), (2, questions[6:]), (10, questions[6:])):
        strangers.sleep(begun + timedelta(days=31 * month))
        for account in some:
            said = tried(strangers, account, at)
            refused += said is None
            found |= {account} if said else set()
    assert len(found) <= 0.07 * len(some)
    assert len(found & HERE.regular) <= 0.17 * len(HERE.regular.intersection(some))
    assert refused >= 2 * (len(some) - len(found))


@pytest.mark.usefixtures("let")
def test_a_colleague_who_knows_account_and_month_finds_few(strangers: Strangers) -> None:
    found = [each for each in sorted(HERE.regular) if tried(strangers, each, learnt(3, month=3))]
    assert len(found) <= 0.16 * len(HERE.regular)


@of_rules()
@pytest.mark.usefixtures("let")
def test_without_the_turnstile_a_stranger_would_find_many(
    strangers: Strangers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the counting that keeps them, and these strangers are good at guessing."""
    for limit in ("ABOUT_ACCOUNT_MONTH_MAX", "ABOUT_ACCOUNT_YEAR_MAX", "IN_ALL_MAX", "FROM_ADDRESS_MAX"):
        monkeypatch.setattr(turnstile, limit, 100_000)
    some = sorted(HERE.regular)[:12]
    assert sum(bool(tried(strangers, each, learnt(120))) for each in some) >= 0.5 * len(some)


def test_the_question_that_there_was_gave_most_of_them_away() -> None:
    """The control: four characters, an amount and a day within three, five times a day for a month."""
    questions = []
    for euros in AMOUNTS:
        questions += [(euros, date(2026, 3, 4) + timedelta(days=7 * week)) for week in range(4)]
    asked = questions[: 5 * 30]

    def is_found(account: str) -> bool:
        return any(
            gift.iban[-4:] == account[-4:] and gift.euros == euros and abs((gift.day - day).days) <= 3
            for gift in HERE.gifts
            for euros, day in asked
        )

    found = {each for each in HERE.accounts if is_found(each)}
    assert len(found) >= 0.3 * len(HERE.accounts)
    assert len(found & HERE.regular) >= 0.6 * len(HERE.regular)


@pytest.mark.usefixtures("let")
def test_a_giver_is_answered_so_that_an_attack_could_succeed(strangers: Strangers) -> None:
    """The control: with all that is right the same strangers find nearly every gift of the published months."""
    known = [each for each in HERE.gifts if each.day.month == 2][:40]
    assert sum(bool(tried(strangers, each.iban, [(each.euros, each.day)])) for each in known) >= 0.9 * len(known)
    with_code = {each.code for each in known if each.code}
    answers = [strangers.ask("/find-my-gift", {"code": each})[1] for each in sorted(with_code)]
    assert answers
    assert all(ARRIVED in each for each in answers)


def test_codes_are_not_hit_by_guessing_for_days(
    strangers: Strangers, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the pages, at all that the turnstile lets through and more; a day's answers are few."""
    if not ALL:
        monkeypatch.setattr(turnstile, "IN_ALL_MAX", 3 * turnstile.FROM_ADDRESS_MAX)
    random, begun = Random(5), clock.now
    answers = [strangers.ask("/find-my-gift", {"code": code(random)}) for _ in range(2 * turnstile.IN_ALL_MAX + 1)]
    assert {status for status, _ in answers} == {200}
    assert clock.now - begun == timedelta(days=2)
    assert not [page for _, page in answers if ARRIVED in page]
    client = browser(strangers.app)
    impatient = [client.post("/find-my-gift", data={"code": code(random)}).status_code for _ in range(14)]
    assert impatient == [200] * turnstile.FROM_ADDRESS_MAX + [429] * 4


@of_rules()
def test_a_hundred_thousand_codes_are_none_of_those_in_the_books(circle: Book) -> None:
    """What the turnstile lets through in a year and a half; the control is a code of four characters."""
    random = Random(6)
    with circle.reading() as session:
        key = key_of(session.connection())
        kept = {each for (each,) in session.execute(text("SELECT DISTINCT digest FROM line_code"))}
        assert len(kept) == len(HERE.regular)
        guesses = {code(random).replace("-", "") for _ in range(100_000)}
        assert not kept & {hashed(key, Keyed.GIVING_CODE, each) for each in guesses}
    codes = {each.code[:4] for each in HERE.gifts if each.code}
    assert codes & {each[:4] for each in guesses}


def test_a_year_at_the_turnstile_against_ten_thousand_codes_stays_under_its_bound() -> None:
    """Counted by hand: of all groups of four, those with a digit and a letter."""
    digits, letters = len(re.findall("[0-9]", CHARACTERS)), len(re.findall("[A-Z]", CHARACTERS))
    shapes = ((digits + letters) ** 4 - digits**4 - letters**4) ** 2
    assert turnstile.IN_ALL_MAX * 365 * 10_000 / shapes <= 0.0017


@pytest.mark.usefixtures("let")
def test_nothing_of_a_question_is_in_a_log_or_an_address(
    strangers: Strangers, caplog: pytest.LogCaptureFixture, circle: Book
) -> None:
    """Every question that can be asked, answered or not; and the database holds no word of them either."""
    gift = next(each for each in HERE.gifts if each.code)
    stranger_iban, stranger_code = iban(Random(9)), code(Random(9))
    seen: list[str] = []
    with caplog.at_level(logging.DEBUG):
        for _ in range(5):
            for form in (gift.form, gift.form | {"iban": stranger_iban}, gift.form | {"day": "never"}):
                client = browser(strangers.app)
                answer = client.post("/find-my-gift/account", data=form)
                seen += [str(answer.url), repr(answer.headers), *(str(each.url) for each in answer.history)]
            for asked in (gift.code, stranger_code, gift.code[:-1]):
                answer = browser(strangers.app).post("/find-my-gift", data={"code": asked})
                seen += [str(answer.url), repr(answer.headers), *(str(each.url) for each in answer.history)]
    with circle.reading() as session:
        for table in ("stranger_asked", "line_code", "audit_entry", "audit_detail"):
            seen += [repr(row) for row in session.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608 - our names
    said = unquote_plus(" ".join([*seen, caplog.text])).upper()
    for canary in (gift.iban, stranger_iban, gift.code, stranger_code):
        assert canary not in said
        assert canary.replace("-", "") not in said
    assert "/FIND-MY-GIFT/ACCOUNT" in said
