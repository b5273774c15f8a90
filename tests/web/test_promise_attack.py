"""Whatever is shown first is done exactly so or not at all, whatever anybody does between looking and the button.

What is shown is read from the page itself, as a person reads it: nothing here knows how a promise is made.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zlib import crc32

import pytest
from lxml import html
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, US, gifts_in, lived
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, gift, line, statement
from tests.examples import ALL
from tests.web.conftest import STATEMENTS, Clock, prove
from tests.web.reading_pages import links_of
from tests.written_once import written_once

from donations.acts.answering import payment_with_id
from donations.acts.claiming import recognise
from donations.acts.closing import close, reopen
from donations.acts.erasing import restrict
from donations.acts.importing import take_all
from donations.acts.issuing import issue
from donations.acts.merging import merge, unmerge
from donations.acts.offering import Answer, NewDonor
from donations.acts.reading_files import Terms, read_file
from donations.acts.registering import NewAccount, NewNames, call, register, rename
from donations.acts.teaching import make_rule, switch_rule
from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId, PayerClaim
from donations.core.iban import ValidIban, parse_iban
from donations.core.keyword import parse_keyword
from donations.core.name import name_key
from donations.core.payment import PaymentId, Purpose
from donations.core.statement import GivenFile
from donations.ledger.retention import RetentionReason
from donations.matching.standing_rules import Condition, Direction, RuleNumber
from donations.published.blocks import Rules
from donations.store.donors.donor_facts import ConsentKind, correct_name, record_consent, write_note
from donations.store.organisation import Letterhead, set_papers
from donations.store.publishing import PublishingTerms, set_terms
from donations.store.session import WriteSession, as_reader, writing

TODAY = date(2026, 7, 5)
POST = JAAN
_FILE = (STATEMENTS / "lhv-2026-01-month.xml").read_bytes()
_FILE_TERMS = Terms(by="t", now=NOW)
OUT_TO_HOST = Condition(direction=Direction.OUT, name="Veebimajutus Näidis OÜ")
OUT_TO_POST = Condition(direction=Direction.OUT, name="Eesti Post OÜ")
OK, DONE = 200, 303
BESIDE = re.compile(r" The bank calls the owner .* right\?")
"""What a page remarks on the side: nothing of it is done."""


def iban(text: str) -> ValidIban:
    number = parse_iban(text)
    assert number is not None
    return number


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Donors 2 to 5 and more, donor 4 merged into 3, a claim given, a rule, a cost, questions, and open months."""
    book.take(
        statement(
            "01-01",
            "01-31",
            gift("01-05", 1_000, "Mari Mets", MARI),
            gift("01-06", 2_000, "M Mets", JAAN),
            gift("01-07", 4_000, "Jaan Tamm", JAAN),
            gift("01-08", 8_000, "J Tamm", MARI),
            line("01-09", 1_500, "Mari Mets", MARI, "kuumakse"),
            line("01-10", 1_600, "Mari Mets", MARI, "kuumakse"),
            line("01-11", -700, "Eesti Post OÜ", POST, "arve 77"),
            opening=0,
        )
    )
    book.take(statement("02-01", "02-28", gift("02-05", 1_000), *gifts_in(2, 11), opening=17_400))
    mari, m, jaan, j = (book.donor(name) for name in ("Mari Mets", "M Mets", "Jaan Tamm", "J Tamm"))
    assert (mari, m, jaan, j) == (2, 3, 4, 5)
    with writing(book.engine) as session:
        merge(session, j, into=jaan, reason="x", by="treasurer", now=NOW)
        recognise(session, mari, PayerClaim(iban(JAAN), name_key("M Mari")), by="treasurer", now=NOW)
        when = Condition(direction=Direction.IN, iban=iban(MARI), words=("aprill",))
        _rule(session, when, Answer(purpose=Purpose.INCOME, reason=""))
        register(session, NewAccount(number=iban("EE237700010000000016")), now=NOW)
    return book


def _rule(session: WriteSession, when: Condition, meant: Answer, label: str = "") -> None:
    payment = payment_with_id(as_reader(session), PaymentId(7 if when.direction is Direction.OUT else 5))
    make_rule(session, when, meant, label=label, payment=payment, by="treasurer", now=NOW)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step, and the page that shows it first."""

    at: str | Callable[[TestClient], str]
    """The address of the page, or what prepares the page and tells it."""
    sent: Mapping[str, str] | None = None
    """The form that asks for the page; None where it is just looked at."""
    action: str
    """The end of the address that its form goes to."""
    more: Mapping[str, str] = field(default_factory=dict)
    shown: str = "//main"
    """What on the page is the step, and nothing else."""


def upload(client: TestClient) -> str:
    return client.post("/treasurer/upload", files=[("files", ("a.xml", _FILE))]).url.path.removeprefix("/treasurer/")


def given_claim(client: TestClient) -> str:
    links = links_of(client.get("/treasurer/donors/2").text)
    return next(each for each in links if each.endswith("/back")).removeprefix("/treasurer/")


_RULE = {"payment": "5", "by_account": "true", "words": "kuumakse", "kind": "gift", "donor": "Mari Mets", "appeal": "1"}
_MONTH = "//section[@aria-labelledby='close' or @aria-labelledby='bank' or @aria-labelledby='appeals']"
_SENTENCE = "//section[@aria-labelledby='sentence']"
STEPS: dict[str, Step] = {
    "upload": Step(at=upload, action="/commit"),
    "undo": Step(at="imports/2/undo", action="/undo"),
    "keyword": Step(
        at="settings", sent={"kind": "names", "appeal": "1", "keywords": "kuumakse"}, action="/settings/add"
    ),
    "account": Step(at="settings", sent={"kind": "account", "number": OTHER_OWN, "name": "x"}, action="/settings/add"),
    "merge": Step(at="donors/3/merge?into=2", action="/merge"),
    "apart": Step(at="donors/4/merges/1/apart", action="/apart"),
    "claim": Step(
        at="donors/2/claims", sent={"kind": "payer", "iban": JAAN, "name": "Jaan Tamm"}, action="/claims/add"
    ),
    "claim back": Step(at=given_claim, action="/back"),
    "erase": Step(at="donors/4/erase", action="/erase", more={"why": "asked"}),
    "rule": Step(at="rules/preview", sent=_RULE, action="/rules", shown=_SENTENCE),
    "rule off": Step(at="rules/1/off", action="/off", shown=_SENTENCE),
    "close": Step(
        at="months/2026-01",
        action="/close",
        shown=_MONTH,
    ),
    "proposal": Step(at="questions/5", action="/take", shown="//ol[contains(@class,'offers')]/li[1]"),
    "alike": Step(at="payments/5/alike", action="/alike", shown="(//main//label[.//input[@type='radio']])[1]"),
}
STEPS_LATER: dict[str, Step] = {
    "publish": Step(at="publishing", action="/publishing", shown="//section[@aria-labelledby='ahead']"),
    "all certificates": Step(
        at="certificates/2026/issue", action="/issue", shown="//section[@aria-labelledby='count']"
    ),
    "certificate": Step(at="donors/2", action="/issue", shown="//ul[.//form[contains(@action,'/issue')]]"),
}
"""They are taken when months are closed."""


def by_terminal(book: Book, change: str) -> None:
    """Let another process change the books that has nothing of this program in it."""
    url = book.engine.url
    if url.get_backend_name() == "sqlite":
        driver, place = "sqlite3", str(url.database)
    else:
        driver, place = "psycopg", url.set(drivername="postgresql").render_as_string(hide_password=False)
    code = f"import sys, {driver}; books = {driver}.connect(sys.argv[1]); books.execute(sys.argv[2]); books.commit()"
    subprocess.run([sys.executable, "-c", code, place, change], check=True)


def writes(act: Callable[[WriteSession], object]) -> Callable[[Book, Clock], object]:
    def change(book: Book, _clock: Clock) -> None:
        with writing(book.engine) as session:
            act(session)

    return change


CHANGES: dict[str, Callable[[Book, Clock], object]] = {
    "no change": lambda _book, _clock: None,
    "another import": lambda book, _: book.take(
        statement("03-01", "03-31", gift("03-05", 900), gift("03-06", 70, "Jaan Tamm", JAAN), opening=29_400)
    ),
    "an import of other days of the month": lambda book, _: book.take(
        statement("01-01", "01-31", line("01-20", 5_000, "Mari Mets", MARI, "kuumakse")), name="b.xml"
    ),
    "an import that names the payer": lambda book, _: book.take(
        statement("03-01", "03-31", gift("03-05", 900, code="49403136526"), opening=29_400)
    ),
    "an undo": lambda book, _: book.undo(1),
    "another undo": lambda book, _: book.undo(2),
    "an answer": lambda book, _: book.answer(5, Answer(purpose=Purpose.INCOME, reason="a sale")),
    "part of an answer": lambda book, _: book.answer(5, Answer(purpose=Purpose.INCOME, reason="a sale", minor=100)),
    "an answer beside": lambda book, _: book.answer(6, Answer(purpose=Purpose.GIFT, reason="x", donor=NewDonor("Uus"))),
    "a merge": writes(lambda tx: merge(tx, DonorId(3), into=DonorId(4), reason="x", by="t", now=NOW)),
    "a merge of the one that stays": writes(
        lambda tx: merge(tx, DonorId(2), into=DonorId(4), reason="x", by="t", now=NOW)
    ),
    "one apart and another one in its place": writes(
        lambda tx: (
            unmerge(tx, 1, by="t", now=NOW),
            merge(tx, DonorId(3), into=DonorId(4), reason="x", by="t", now=NOW),
        )
    ),
    "an erasure": writes(lambda tx: restrict(tx, DonorId(4), why=RetentionReason.ASKED, by="t", now=NOW, today=TODAY)),
    "another erasure": writes(
        lambda tx: restrict(tx, DonorId(2), why=RetentionReason.ASKED, by="t", now=NOW, today=TODAY)
    ),
    "a rule": writes(lambda tx: _rule(tx, OUT_TO_POST, Answer(purpose=Purpose.TRANSFER, reason=""))),
    "a rule of the same payments": writes(
        lambda tx: _rule(
            tx,
            Condition(direction=Direction.IN, words=("kuumakse",), iban=iban(MARI)),
            Answer(purpose=Purpose.INCOME, reason=""),
        )
    ),
    "a rule of what is to come": writes(lambda tx: _rule(tx, OUT_TO_HOST, Answer(purpose=Purpose.TRANSFER, reason=""))),
    "the same file from somebody else": writes(
        lambda tx: take_all(tx, [read_file(GivenFile(name="b.xml", content=_FILE), _FILE_TERMS)], _FILE_TERMS)
    ),
    "an own account that was somebody's": writes(
        lambda tx: register(tx, NewAccount(number=iban("EE181000001000002023")), now=NOW)
    ),
    "a rule less": writes(lambda tx: switch_rule(tx, RuleNumber(1), on=False, by="t", now=NOW)),
    "a closing": writes(
        lambda tx: close(tx, Month(2026, 1), by="t", now=NOW, today=TODAY, reasons=lambda _: "because")
    ),
    "a keyword": writes(
        lambda tx: register(tx, NewNames(appeal=AppealId(1), keywords=(parse_keyword("kuumakse"),)), now=NOW)
    ),
    "another appeal": writes(
        lambda tx: register(tx, NewNames(appeal="Katus", keywords=(parse_keyword("katus"),)), now=NOW)
    ),
    "an own account": writes(lambda tx: register(tx, NewAccount(number=iban(JAAN)), now=NOW)),
    "the name of an appeal": writes(lambda tx: rename(tx, name="Kevad", appeal=AppealId(1))),
    "the name of a donor": writes(lambda tx: correct_name(tx, DonorId(2), "Mari Kask", by="t", at=NOW)),
    "the name of another donor": writes(lambda tx: correct_name(tx, DonorId(4), "Jaan Kask", by="t", at=NOW)),
    "a note": writes(lambda tx: write_note(tx, DonorId(4), "called", by="t", at=NOW)),
    "the organisation's name": writes(lambda tx: call(tx, "Eesti Post OÜ", by="t", at=NOW)),
    "a claim": writes(
        lambda tx: recognise(tx, DonorId(2), PayerClaim(iban(JAAN), name_key("Jaan Tamm")), by="t", now=NOW)
    ),
    "a day": lambda _book, clock: clock.advance(timedelta(days=1)),
    "a terminal beside that calls a donor otherwise": lambda book, _: by_terminal(
        book, "UPDATE donor SET name = (SELECT name FROM donor WHERE id = 1) WHERE id = 4"
    ),
    "a terminal beside that calls an appeal otherwise": lambda book, _: by_terminal(
        book, "UPDATE appeal SET name = 'Keegi'"
    ),
}


_TERMS = PublishingTerms(rules=Rules(donors_min=11, percent=25))
_LETTERHEAD = Letterhead(organisation=US, signer="Mari Mets")
_SAME = (
    *(
        "no change",
        "a merge",
        "an erasure",
        "another erasure",
        "the name of an appeal",
        "the name of a donor",
        "a note",
    ),
    *("the organisation's name", "a day", "another undo"),
    *("a terminal beside that calls a donor otherwise", "a terminal beside that calls an appeal otherwise"),
)
CHANGES_LATER: dict[str, Callable[[Book, Clock], object]] = {
    **{name: CHANGES[name] for name in _SAME},
    "a late line": lambda book, _: book.take(
        statement("02-01", "02-28", gift("02-20", 9_900, "Donor 1")), name="late.xml"
    ),
    "a gift that is none": lambda book, _: book.answer(1, Answer(purpose=Purpose.INCOME, reason="a ticket")),
    "a gift that is somebody else's": lambda book, _: book.answer(
        1, Answer(purpose=Purpose.GIFT, reason="x", donor=DonorId(3))
    ),
    "other terms": writes(lambda tx: set_terms(tx, _TERMS, by="t", at=NOW)),
    "another letterhead": writes(
        lambda tx: set_papers(tx, Letterhead(organisation=US, signer="Jaan Tamm"), by="t", at=NOW)
    ),
    "another language": writes(
        lambda tx: record_consent(
            tx, DonorId(2), ConsentKind.CERTIFICATE_LANGUAGE, "en", given_on=TODAY, source="x", by="t", at=NOW
        )
    ),
    "a month opened again": writes(lambda tx: reopen(tx, Month(2026, 2), by="t", now=NOW, reason="a mistake")),
    "certificates of somebody else": writes(
        lambda tx: issue(tx, 2026, donors={DonorId(3)}, issuer=_LETTERHEAD, by="t", now=NOW, today=date(2027, 1, 10))
    ),
}


ALWAYS = {
    *("no change", "one apart and another one in its place", "a rule of what is to come", "another letterhead"),
    "a terminal beside that calls a donor otherwise",
}
"""Changes by which promises were broken once."""


@dataclass(frozen=True)
class Seen:
    """What a person was shown of a step, and the form that takes it; no form where it cannot be taken."""

    said: str
    form: Mapping[str, str] | None
    to: str


def seen(step: Step, place: str, client: TestClient) -> Seen:
    path = f"/treasurer/{place}"
    answer = client.get(path) if step.sent is None else client.post(path, data=step.sent)
    page = html.fromstring(answer.text)
    said = " ".join(" ".join(" ".join(part.itertext()) for part in page.xpath(step.shown)).split())
    for form in page.xpath("//main//form[@method='post']") if answer.status_code == OK else ():
        to = form.get("action") or answer.url.path
        if to.endswith(step.action):
            name = form.get("id") or "-"
            fields = form.xpath(".//input[@type='hidden']") + page.xpath("//input[@form=$name]", name=name)
            filled = {each.get("name"): each.get("value") for each in fields}
            chosen = form.xpath(".//input[@type='radio' and @checked]") + form.xpath(".//input[@name='also']")
            filled |= {each.get("name"): each.get("value") for each in chosen}
            reasons = page.xpath("//textarea[@form=$name] | //input[@form=$name and @name='reason']", name=name)
            return Seen(said, filled | {each.get("name"): "because" for each in reasons} | dict(step.more), to)
    return Seen(said, None, "")


def attack(step: Step, client: TestClient, book: Book, change: Callable[[], object]) -> bool:
    """Look, let somebody change something, press the button, and return whether it was done."""
    place = step.at if isinstance(step.at, str) else step.at(client)
    before = seen(step, place, client)
    assert before.form is not None, before.said
    assert before.said
    change()
    prove(client)
    after, ledger = seen(step, place, client), book.ledger()
    answer = client.post(before.to, data=before.form, follow_redirects=False)
    if answer.status_code == DONE:
        assert BESIDE.sub("", after.said) == BESIDE.sub("", before.said)
        return True
    assert answer.status_code in {403, 404, 409, 410, 422}, answer.status_code
    assert book.ledger() == ledger
    if after.form is not None:
        assert re.search("preview_outdated|proposal_outdated|organisation_differs", answer.text)
    return False


def pairs(steps: Iterable[str], changes: Iterable[str]) -> list[tuple[str, str]]:
    """Return each step with each change in `make assurance`, else with some: the same each time."""
    return [
        (step, change)
        for step, change in product(steps, changes)
        if ALL or change in ALWAYS or crc32(f"{step} {change}".encode()) % 20 == 0
    ]


@pytest.mark.parametrize(("step", "change"), pairs(STEPS, CHANGES))
def test_what_was_shown_is_done_or_nothing(
    client: TestClient, written: Book, clock: Clock, step: str, change: str
) -> None:
    is_done = attack(STEPS[step], client, written, lambda: CHANGES[change](written, clock))
    assert is_done or change != "no change"


@pytest.fixture
@written_once
def over(book: Book) -> Book:
    """Two closed months whose donors stand by themselves, and the merge that changes take apart."""
    lived(book, gifts_in(1, 12), [*gifts_in(2, 12), line("02-11", -700, "Eesti Post OÜ", JAAN, "arve")])
    with writing(book.engine) as session:
        set_papers(session, _LETTERHEAD, by="treasurer", at=NOW)
        call(session, US, by="treasurer", at=NOW)
    return book


@pytest.mark.parametrize(("step", "change"), pairs(STEPS_LATER, CHANGES_LATER))
def test_what_was_shown_of_closed_months_is_done_or_nothing(
    client: TestClient, over: Book, clock: Clock, step: str, change: str
) -> None:
    clock.now = LATER if step == "publish" else datetime(2027, 1, 10, 12, tzinfo=UTC)
    is_done = attack(STEPS_LATER[step], client, over, lambda: CHANGES_LATER[change](over, clock))
    assert is_done or change != "no change"
