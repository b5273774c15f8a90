"""Nothing of a restricted donor on any page, in any file and in any answer to a program: everything is visited."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from datetime import date
from zipfile import ZipFile, is_zipfile

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import JAAN, NOW, Book, gift, line, statement
from tests.documents.papers import text_of as paper_text
from tests.examples import ALL
from tests.web.addresses import filled
from tests.web.browsing import engine
from tests.web.conftest import Clock, browser, enter
from tests.web.reading_pages import give_answer, hidden_of

from donations.access.event import Origin
from donations.access.person import Role
from donations.access.tokens import Scope, make_token
from donations.acts.erasing import restrict
from donations.core.donor import AppealId, DonorId
from donations.core.iban import parse_iban
from donations.core.payment import PaymentId, Purpose
from donations.ledger.retention import RetentionReason
from donations.matching.standing_rules import Condition, Direction, Meaning, RuleNumber, StandingRule
from donations.reports.catalogue import REPORTS
from donations.store.payments.rules import add_rule
from donations.store.session import writing
from donations.store.spending import add_category, categorise_payees

__all__ = ["engine"]  # one database is enough for what pages show

NAME, ACCOUNT, CODE = "Kanaari Lind", "DE89370400440532013000", "49403136526"
OTHER, PAYS_FOR_OTHERS = "EE717700771001735865", "EE277700771001735881"
CANARIES = ("Kanaari", "Lind", ACCOUNT, "DE89 3704", CODE, "kollane", "3130000017", "55587654")
KANAARI = DonorId(2)
NOT_FOUND = 404
DAYS = (
    "?all=true&year=2026&month=2026-03&from=2026-01-01&to=2026-12-31&first=2026-01-01&last=2026-12-31"
    "&category=1&names=true&payment=3&id=1&id=2"
)
"""What lists are asked for, so that they have something in them."""
LATER = re.compile(r"/([2-9]|1[01])\b")
"""A number that is not the first: in `make test` its page is asked for once only."""
PARTS = {
    "name": tuple(REPORTS),
    "kind": ("csv", "xlsx", "json", "pdf", "beancount", "hledger"),
    "card": ("total", "goal", "months"),
    "switch": ("on", "off"),
    "month": ("2026-03",),
    "year": ("2026",),
}
MUST_NAME = {
    "/treasurer/donors/{donor_id}/held",
    "/treasurer/donors/{donor_id}/held.pdf",
    "/treasurer/donors/{donor_id}/held.json",
    "/treasurer/imports/{file_id}/original",
    "/treasurer/inf4/lists/{number}.csv",
    "/treasurer/inf4/lists/{number}.xlsx",
}
"""The donor's own letter, the bank's file as it came, and the lists that the law asks for."""
NAMING = {
    "/treasurer/rules",
    "/treasurer/spending",
    "/treasurer/ledger/{month}",
    "/treasurer/imports/{file_id}",
    "/treasurer/questions/{payment_id}",
    "/treasurer/payments/{payment_id}",
    "/treasurer/rules/{number}/{switch}",
    "/treasurer/reports/{name}.{kind}",
    "/treasurer/journal/{month}.{kind}",
    "/api/v1/questions",
    "/api/v1/payments",
    "/api/v1/donors/{donor_id}",
}
"""Some that name a donor who is not restricted; codes are whole in no page."""


def brought_in(book: Book) -> None:
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-01", 1_000, NAME, ACCOUNT, code=CODE),
            gift("03-02", 1_100, NAME, ACCOUNT, reference="3130000017"),
            gift("03-03", 1_200, "Jaan Tamm", JAAN),
            gift("03-04", 1_300, "Teine Nimi", JAAN),
            line("03-05", 1_400, NAME, ACCOUNT, "kollane küsimus"),
            line("03-06", -100, NAME, ACCOUNT, "kollane tagastus"),
            line("03-07", -200, NAME, ACCOUNT, "kollane tasu"),
            line("03-08", -300, NAME, ACCOUNT, "kollane ost"),
            line("03-09", 1_500, "Jaan Tamm", JAAN, "Annetus"),
            line("03-10", 1_600, NAME, ACCOUNT, "kollane annetus"),
            gift("03-11", 1_700, "Piret Pihl", PAYS_FOR_OTHERS),
            opening=50_000,
        )
    )


@pytest.fixture
def lived_in(client: TestClient, book: Book) -> Book:
    """A donor who gave in every way, was paid, asks a question, and of whom everything is known that can be."""
    brought_in(book)
    book.take(statement("03-01", "03-01", gift("03-01", 1_000, NAME, ACCOUNT, code=CODE)), name="twice.xml")
    paid = book.payment("03-07", -200)
    client.post(f"/treasurer/payments/{paid}/answer", data={"kind": "cost", "reason": "kollane arve"})
    with writing(book.engine) as session:
        wages = add_category(session, "Tasud", pays_people=True, by="treasurer", at=NOW)
        categorise_payees(session, {PaymentId(paid): wages}, by="treasurer", at=NOW)
        when = Condition(direction=Direction.IN, iban=parse_iban(ACCOUNT), words=("kollane", "annetus"))
        then = Meaning(purpose=Purpose.GIFT, donor=KANAARI, appeal=AppealId(1))
        add_rule(session, StandingRule(number=RuleNumber(1), when=when, then=then), at=NOW, by="treasurer")
        out = Condition(direction=Direction.OUT, iban=parse_iban(ACCOUNT), words=("kollane",))
        rule = StandingRule(number=RuleNumber(2), when=out, then=Meaning(purpose=Purpose.COST), label="Kanaari tasu")
        add_rule(session, rule, at=NOW, by="treasurer")
        called = Condition(direction=Direction.OUT, name=NAME)
        rule = StandingRule(number=RuleNumber(3), when=called, then=Meaning(purpose=Purpose.COST))
        add_rule(session, rule, at=NOW, by="treasurer")
    client.post("/treasurer/donors/2/notes", data={"text": "kollane"})
    client.post("/treasurer/donors/2/name", data={"text": f"{NAME} Kollane"})
    client.post("/treasurer/donors/2/name", data={"text": NAME})
    said = {"kind": "certificate_language", "value": "ru", "given_on": "2026-06-01", "source": "kollane kiri"}
    client.post("/treasurer/donors/2/consents", data=said)
    client.post("/treasurer/donors/2/fields/phone", data={"value": "+372 5558 7654"})
    page = client.get("/treasurer/donors/5/merge?into=2").text
    client.post("/treasurer/donors/5/merge", data=hidden_of(page, action="/merge") | {"reason": "kollane ema ütles"})
    paid_by_another = {"kind": "gift", "donor": "2", "appeal": "1", "reason": "räägitud"}
    give_answer(client, book.payment("03-11", 1_700), paid_by_another)
    listed = client.get("/treasurer/inf4?year=2026").text
    client.post("/treasurer/inf4/2026/keep", data=hidden_of(listed, action="/keep"))
    client.get("/treasurer/donors", params={"find": NAME})
    return book


def addresses_of(path: str) -> Iterator[str]:
    """Yield a route's path with every name that could be in it, and with the first few numbers."""
    found = [path]
    for part, values in PARTS.items():
        if f"{{{part}}}" in path:
            found = [each.replace(f"{{{part}}}", value) for each in found for value in values]
    for each in found:
        one = filled(each)
        yield from (one.replace("/1", f"/{number}") for number in (range(1, 12) if "/1" in one else (1,)))


def words_of(content: bytes) -> str:
    """Return what can be read in an answer, packed as it may be."""
    if content.startswith(b"%PDF"):
        return paper_text(content)
    if is_zipfile(io.BytesIO(content)):
        with ZipFile(io.BytesIO(content)) as archive:
            return " ".join(words_of(archive.read(name)) for name in archive.namelist())
    return content.decode("utf-8", "replace")


def leaks(
    app: FastAPI, person: TestClient, program: TestClient, only: Collection[str] | None = None
) -> set[tuple[str, str]]:
    """Return which routes name the donor, and by what."""
    found = set()
    for route in app.state.site.routes.declared:
        if "GET" not in route.methods or route.path in MUST_NAME or (only is not None and route.path not in only):
            continue
        client = program if route.is_for_programs else person
        for path in addresses_of(route.path):
            for asked in (path,) if LATER.search(path) and not ALL else (path, path + DAYS):
                answer = client.get(asked)
                said = f"{answer.url} {answer.headers} {words_of(answer.content)}"
                found |= {(route.path, canary) for canary in CANARIES if canary in said}
                if answer.status_code == NOT_FOUND:
                    break  # whatever it is asked for
    return found


@pytest.fixture
def person(app: FastAPI) -> Iterator[TestClient]:
    with browser(app, enter(app, *Role, name="Mari the treasurer")) as made:
        yield made


@pytest.fixture
def program(app: FastAPI, clock: Clock) -> TestClient:
    origin = Origin(address="127.0.0.1", browser="a test", at=clock())
    with writing(app.state.site.engine) as session:
        _, text = make_token(session, owner_id=1, name="A script", scopes=frozenset(Scope), days=90, origin=origin)
    return TestClient(app, base_url="http://localhost", headers={"authorization": f"Bearer {text}"})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nothing_names_a_restricted_donor(
    app: FastAPI, person: TestClient, program: TestClient, lived_in: Book
) -> None:
    with writing(lived_in.engine) as session:
        restrict(session, KANAARI, why=RetentionReason.ASKED, by="treasurer", now=NOW, today=date(2026, 7, 1))
    assert leaks(app, person, program) == set()
    assert "№ 2" in person.get("/treasurer/rules").text
    assert "№ 2" in person.get("/treasurer/spending?year=2026").text
    assert "№ 2" in person.get("/treasurer/questions").text
    lived_in.undo(1)
    brought_in(lived_in)
    assert leaks(app, person, program, only=NAMING) == set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nothing_names_who_turned_out_to_be_a_restricted_donor(
    app: FastAPI, person: TestClient, program: TestClient, lived_in: Book
) -> None:
    """Of whom everything is known that can be, too: nothing of it is destroyed yet, and nothing of it is shown."""
    lived_in.take(statement("05-01", "05-31", gift("05-01", 900, "Muu Isik", OTHER)), name="other.xml")
    with writing(lived_in.engine) as session:
        restrict(
            session,
            lived_in.donor("Muu Isik"),
            why=RetentionReason.ASKED,
            by="treasurer",
            now=NOW,
            today=date(2026, 7, 1),
        )
    assert leaks(app, person, program, only={"/treasurer/rules"}) != set()
    lived_in.take(statement("06-01", "06-30", gift("06-01", 900, "Muu Isik", OTHER, code=CODE)), name="linking.xml")
    assert leaks(app, person, program, only=None if ALL else NAMING) == set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_everything_names_a_donor_before(app: FastAPI, person: TestClient, program: TestClient, lived_in: Book) -> None:
    """The control: pages, files and answers are found, and have in them what they are searched for."""
    del lived_in
    named = leaks(app, person, program, only=NAMING)
    assert {canary for _, canary in named} == {*CANARIES} - {CODE}
    assert {route for route, _ in named} == NAMING
