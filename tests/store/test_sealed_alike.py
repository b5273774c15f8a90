"""The same story in sealed and in unsealed books: the same ledger, reports and finds, and those of a plain list."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from tests.acts.test_erasure import MARIS, known, talked_about
from tests.book import JAAN, MARI, NOW, Book, gift, statement
from tests.conftest import HOST_KEY, FreshEngine
from tests.unsealed import without_keys

from donations.acts.backing_up import Lock, Unlock, back_up, restore
from donations.core.calendar import Period
from donations.core.donor import DonorKind
from donations.reports.catalogue import REPORTS
from donations.store.donors.donor_search import DonorFilter, donor_filter_from, search
from donations.store.host_key import HostKey
from donations.store.opening import open_engine
from donations.store.reporting import donor_names
from donations.store.session import reading

TODAY = date(2026, 7, 1)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
GIVERS = (
    ("Mari Mets", MARI, 1_000),
    ("Jaan Tamm", JAAN, 2_000),
    ("Õnne Ööbik", "EE717700771001735865", 3_000),
    ("OÜ Metsamari", "EE277700771001735881", 2_000),
    ("ŽANNA ŠIMANSKAJA", "DE89370400440532013000", 500),
    ("Mets Mari-Liis", "FI2112345600000785", 700),
)
ASKED = (
    "mari",
    "met",
    "õnne",
    "onne",
    "ÖÖBIK",
    "tamm jaan",
    "zanna",
    "simanskaja",
    "liis",
    "niemand",
    "a",
    "oü",
    "ou met",
)
ENDS = ("0012", "5865", "5881", "3000", "0785", "9999", MARI, "EE71 7700 7710 0173 5865", "20", "7", "2000")


def plain(text: str) -> str:
    """Fold a text, by no function of the program."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))


def words(name: str) -> list[str]:
    return sorted("".join(each if each.isalnum() else " " for each in plain(name)).split())


def by_hand(text: str) -> list[str]:
    """Return whom a text of the one box finds in the plain list."""
    digits = text.replace(" ", "").upper()
    if digits[-2:].isdigit() or digits.isdigit():
        found = [
            name
            for name, account, minor in GIVERS
            if (len(digits) >= 4 and account.endswith(digits)) or (digits.isdigit() and int(digits) * 100 == minor)
        ]
    else:
        found = [name for name, *_ in GIVERS if all(word in " ".join(words(name)) for word in plain(text).split())]
    return sorted(each.casefold() for each in found)


@pytest.fixture(params=["sealed", "unsealed"])
def books(request: pytest.FixtureRequest, fresh_engine: FreshEngine) -> Iterator[Book]:
    with fresh_engine() as engine:
        if request.param == "unsealed":
            without_keys(engine)
        lines = (gift(f"03-{day:02}", minor, name, account) for day, (name, account, minor) in enumerate(GIVERS, 1))
        book = Book(engine)
        book.take(statement("03-01", "03-31", *lines, opening=0))
        yield book


def test_who_is_looked_for_is_found_as_in_a_plain_list(books: Book) -> None:
    shown = {books.donor(name): name for name in {*_shown(books)}}
    with books.reading() as session:

        def found(sought: DonorFilter) -> list[str]:
            return sorted(shown[donor].casefold() for donor in search(session, sought))

        everybody = sorted(name.casefold() for name, *_ in GIVERS)
        assert found(DonorFilter()) == everybody
        for text in (*ASKED, *ENDS):
            assert found(donor_filter_from(text)) == by_hand(text), text
        companies = [each for each in everybody if each.startswith("oü")]
        assert found(DonorFilter(kind=DonorKind.ORGANISATION)) == companies
        assert found(DonorFilter(kind=DonorKind.PERSON)) == [each for each in everybody if each not in companies]


def _shown(book: Book) -> Iterator[str]:
    with book.reading() as session:
        yield from (name for donor, name in donor_names(session).items() if donor != 1)


def told(engine: Engine) -> tuple[bytes, dict[str, str]]:
    """Return the ledger, and every report."""
    with reading(engine) as session:
        reports = {each.name: repr(each.make(session, YEAR, TODAY)) for each in REPORTS.values()}
    return Book(engine).ledger(), reports


def story(engine: Engine) -> Engine:
    book = Book(engine)
    known(book)
    talked_about(book, MARIS)
    lines = (gift(f"04-{day:02}", minor, name, account) for day, (name, account, minor) in enumerate(GIVERS, 1))
    book.take(statement("04-01", "04-30", *lines, opening=0))
    return engine


def test_sealed_and_unsealed_books_say_the_same_and_travel_to_a_server_and_back(
    fresh_sqlite: FreshEngine, fresh_postgres: FreshEngine, tmp_path: Path
) -> None:
    with fresh_sqlite() as engine:
        open_ = told(story(without_keys(engine)))
        assert not Book(engine).broken()
    with fresh_sqlite() as engine:
        assert told(story(engine)) == open_
        back_up(engine, tmp_path / "one", Lock(), by="admin", now=NOW)
    with fresh_postgres() as engine:
        url = engine.url.render_as_string(hide_password=False)
        engine.dispose()
        with engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA travelled"))
        there = engine.url.update_query_string("options=-csearch_path%3Dtravelled", append=True)
        url = there.render_as_string(hide_password=False)
        restore(tmp_path / "one", url, Unlock(), HostKey(HOST_KEY), by="admin", now=NOW)
        server = open_engine(url, key=HOST_KEY)
        assert told(server) == open_
        assert not Book(server).broken()
        back_up(server, tmp_path / "two", Lock(), by="admin", now=NOW)
        server.dispose()
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA travelled CASCADE"))
    back = f"sqlite:///{tmp_path / 'back.sqlite'}"
    restore(tmp_path / "two", back, Unlock(), HostKey(HOST_KEY), by="admin", now=NOW)
    home = open_engine(back, key=HOST_KEY)
    assert told(home) == open_
    home.dispose()
