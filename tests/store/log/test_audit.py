"""Each act leaves one entry, whoever does it by whatever way; what is refused or only tried leaves none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import col
from tests.access.house import House
from tests.book import JAAN, MARI, NOW, OWN, Book, gift, line, statement
from tests.examples import of_rules
from tests.web.conftest import PASSWORD
from tests.written_once import written_once

from donations.access.event import Event
from donations.access.members import change_roles, invite, set_until, switch_off
from donations.access.person import Role
from donations.access.signing_in import WrongError, with_password
from donations.acts.answering import answer, answer_alike, payment_with_id, split, take_back, take_back_answer
from donations.acts.claiming import recognise
from donations.acts.claiming import take_back as take_claim_back
from donations.acts.closing import close, reopen
from donations.acts.issuing import issue
from donations.acts.merging import merge, unmerge
from donations.acts.offering import Answer
from donations.acts.pairing import bring_back, leave_out
from donations.acts.teaching import make_rule, switch_rule
from donations.acts.thanking import thank
from donations.acts.undoing import undo
from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId, PayerClaim
from donations.core.donor_field import donor_fields
from donations.core.iban import parse_iban
from donations.core.keyword import parse_keyword
from donations.core.money import EUR
from donations.core.name import name_key
from donations.core.payment import PaymentId, Purpose
from donations.core.person_code import PersonalCode, RegistryCode
from donations.core.refusal import Refusal
from donations.core.spending import CategoryId, Payee
from donations.ledger.audit import AREAS, Action, Area, AuditEntry, Head, complaints
from donations.matching.standing_rules import Condition, Direction, RuleNumber
from donations.reports.audited import NOT_TOLD
from donations.reports.checking import check
from donations.store.donors import donor_facts, merges
from donations.store.donors.donor_facts import ConsentKind
from donations.store.donors.people import add_account, add_appeal
from donations.store.donors.registered import name_appeal, rename_account, rename_appeal
from donations.store.log.audit import (
    EntryFilter,
    acting_as,
    count_entries,
    entries,
    erase_details,
    head,
    people_acting,
    whole_log,
)
from donations.store.log.watched import PARTS, WATCHED
from donations.store.organisation import Letterhead, add_own_code, set_papers
from donations.store.papers import KeptLine, keep_list
from donations.store.payments import questions
from donations.store.publishing import PublishingTerms, set_terms
from donations.store.session import WriteSession, as_reader, writing
from donations.store.spending import (
    add_category,
    change_category,
    erase_payees,
    keep_payee_categories,
    keep_payment_categories,
)
from donations.store.statements.coverage import drop_balance, give_balance
from donations.store.statements.files import Ledger
from donations.store.statements.pairs import decide_pairs, undecide_pairs
from donations.store.tables import metadata
from donations.store.tables.audit import AuditEntryRow
from donations.store.users import add_rule

CODE = "49403136526"
ANTS = "EE471000001020145685"
NEXT_YEAR = datetime(2027, 1, 10, 12, tzinfo=UTC)
GIFT = Answer(purpose=Purpose.GIFT, reason="told on the phone", donor="Ants Aas")
INCOME = Answer(purpose=Purpose.INCOME, reason="rent")
BY: dict[str, Any] = {"by": "treasurer", "now": NOW}
AT: dict[str, Any] = {"by": "treasurer", "at": NOW}
MARCH = statement(
    "03-01",
    "03-31",
    gift("03-15", 1_000, code=CODE),
    gift("03-16", 500, "Jaan Tamm", JAAN),
    line("03-17", 700, "Ants Aas", ANTS, "tere"),
    line("03-18", 800, "Ants Aas", ANTS, "tere"),
    opening=0,
)
APRIL = statement("04-01", "04-30", gift("04-15", 1_000), opening=3_000)


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Gifts of Mari and Jaan, and two questions, in March 2026."""
    book.take(MARCH)
    return book


Act = Callable[[Book, WriteSession], object]


def _part(minor: int) -> Answer:
    return Answer(purpose=Purpose.INCOME, reason="in parts", minor=minor)


def _make_rule(tx: WriteSession) -> object:
    looked_at = payment_with_id(as_reader(tx), PaymentId(3))
    to_ants = Condition(direction=Direction.IN, iban=parse_iban(ANTS))
    return make_rule(tx, to_ants, Answer(purpose=Purpose.INCOME, reason=""), label="rent", payment=looked_at, **BY)


def _claim() -> PayerClaim:
    number = parse_iban(ANTS)
    assert number is not None
    return PayerClaim(number, name_key("Ants Aas"))


MARI_ID, JAAN_ID = DonorId(2), DonorId(3)
PHONE = donor_fields()["phone"]
IN_EUROS = Ledger(account_id=1, currency=EUR)
CLOSED = Month(2026, 3)
ROOMS = CategoryId(2)
STORY: list[tuple[Act, Action, str]] = [
    (lambda _, tx: questions.put_payment_aside(tx, PaymentId(3), until=None, **AT), Action.HELD, "payment 3"),
    (lambda _, tx: questions.take_up_again(tx, PaymentId(3)), Action.RELEASED, "payment 3"),
    (lambda _, tx: questions.write_note(tx, PaymentId(3), "Ants Aas knows", **AT), Action.PAYMENT_NOTED, "payment 3"),
    (lambda _, tx: questions.erase_note(tx, 1), Action.PAYMENT_NOTE_ERASED, "payment 3"),
    (lambda _, tx: answer(tx, PaymentId(3), GIFT, **BY), Action.ANSWERED, "payment 3"),
    (lambda _, tx: take_back(tx, PaymentId(3), **BY), Action.ANSWER_TAKEN_BACK, "payment 3"),
    (lambda _, tx: answer_alike(tx, [PaymentId(3), PaymentId(4)], INCOME, **BY), Action.ANSWERED, "payment 3"),
    (lambda _, tx: answer(tx, PaymentId(3), GIFT, **BY), Action.ANSWERED, "payment 3"),
    (lambda _, tx: take_back_answer(tx, 3, **BY), Action.ANSWER_TAKEN_BACK, "payment 3"),
    (lambda _, tx: split(tx, PaymentId(4), [_part(300), _part(500)], **BY), Action.ANSWERED, "payment 4"),
    (lambda _, tx: _make_rule(tx), Action.RULE_MADE, "rule 1"),
    (lambda _, tx: switch_rule(tx, RuleNumber(1), on=False, **BY), Action.RULE_SWITCHED, "rule 1"),
    (lambda _, tx: donor_facts.correct_name(tx, MARI_ID, "Mari Mets-Kask", **AT), Action.DONOR_RENAMED, "donor 2"),
    (lambda _, tx: donor_facts.write_note(tx, MARI_ID, "Mari is kind", **AT), Action.DONOR_NOTED, "donor 2"),
    (lambda _, tx: donor_facts.erase_note(tx, MARI_ID, 1), Action.DONOR_NOTE_ERASED, "donor 2"),
    (lambda _, tx: donor_facts.set_field(tx, MARI_ID, PHONE, "5550 1234", **AT), Action.DONOR_FIELD_SET, "donor 2"),
    (lambda _, tx: donor_facts.set_field(tx, MARI_ID, PHONE, "5550 5678", **AT), Action.DONOR_FIELD_SET, "donor 2"),
    (lambda _, tx: donor_facts.set_field(tx, MARI_ID, PHONE, "", **AT), Action.DONOR_FIELD_EMPTIED, "donor 2"),
    (
        lambda _, tx: donor_facts.record_consent(
            tx, MARI_ID, ConsentKind.CERTIFICATE_LANGUAGE, "en", given_on=NOW.date(), source="Mari wrote", **AT
        ),
        Action.CONSENT_KEPT,
        "donor 2",
    ),
    (lambda _, tx: recognise(tx, MARI_ID, _claim(), **BY), Action.CLAIM_GIVEN, "claim 4"),
    (lambda _, tx: take_claim_back(tx, 4, now=NOW), Action.CLAIM_TAKEN_BACK, "claim 4"),
    (lambda _, tx: merges.mark_distinct(tx, MARI_ID, JAAN_ID, **AT), Action.SAID_DIFFERENT, "donor 2"),
    (lambda _, tx: merges.unmark_distinct(tx, MARI_ID, JAAN_ID), Action.SAID_ALIKE, "donor 2"),
    (lambda _, tx: merge(tx, JAAN_ID, into=MARI_ID, reason="Jaan is Mari", **BY), Action.MERGED, "donor 2"),
    (lambda _, tx: unmerge(tx, 1, **BY), Action.PARTED, "merge 1"),
    (lambda _, tx: decide_pairs(tx, [("a:1", "b:1"), ("a:2", "b:2")], same=True, **AT), Action.LINES_JUDGED, "lines"),
    (lambda _, tx: decide_pairs(tx, [("a:1", "b:1")], same=False, **AT), Action.LINES_JUDGED, "lines"),
    (lambda _, tx: undecide_pairs(tx, [("b:1", "a:1"), ("a:2", "b:2")]), Action.LINES_UNJUDGED, "lines"),
    (lambda _, tx: leave_out(tx, PaymentId(3), reason="twice", **BY), Action.LINE_LEFT_OUT, "payment 3"),
    (lambda _, tx: bring_back(tx, 1, **BY), Action.LINE_BROUGHT_BACK, "payment 3"),
    (
        lambda _, tx: give_balance(tx, IN_EUROS, NOW.date(), 1, **AT),
        Action.BALANCE_GIVEN,
        "account 1",
    ),
    (lambda _, tx: drop_balance(tx, IN_EUROS, NOW.date()), Action.BALANCE_REMOVED, "account 1"),
    (lambda _, tx: add_account(tx, _claim().iban, name="Savings"), Action.ACCOUNT_ADDED, "account 2"),
    (lambda _, tx: rename_account(tx, 2, name="Daily"), Action.ACCOUNT_CHANGED, "account 2"),
    (
        lambda _, tx: add_appeal(tx, "Roof", keywords=[parse_keyword("Roof"), parse_keyword("Katus")], references=[]),
        Action.APPEAL_ADDED,
        "appeal 2",
    ),
    (
        lambda _, tx: name_appeal(tx, AppealId(2), keywords=[parse_keyword("Lagi")], references=[]),
        Action.APPEAL_CHANGED,
        "appeal 2",
    ),
    (lambda _, tx: rename_appeal(tx, AppealId(2), name="The roof"), Action.APPEAL_CHANGED, "appeal 2"),
    (
        lambda _, tx: [add_category(tx, name, pays_people=True, **AT) for name in ("Fees", "Rooms")],
        Action.CATEGORY_SET,
        "category 1",
    ),
    (lambda _, tx: change_category(tx, ROOMS, "Room", pays_people=False), Action.CATEGORY_SET, "category 2"),
    (
        lambda _, tx: keep_payee_categories(tx, {Payee(f"iban:{ANTS}"): ROOMS, Payee("name:jaan tamm"): ROOMS}, **AT),
        Action.PAYEE_CATEGORISED,
        "payee 1",
    ),
    (lambda _, tx: keep_payment_categories(tx, {PaymentId(3): ROOMS}, **AT), Action.COST_CATEGORISED, "payment 3"),
    (lambda _, tx: erase_payees(tx, [Payee("name:jaan tamm")]), Action.PAYEE_FORGOTTEN, "payee 2"),
    (lambda _, tx: add_own_code(tx, RegistryCode("10137319")), Action.OWN_CODE_ADDED, "organisation"),
    (lambda _, tx: set_papers(tx, Letterhead(signer="Mari Mets"), **AT), Action.PAPERS_SET, "papers letterhead"),
    (lambda _, tx: set_papers(tx, Letterhead(signer="Jaan Tamm"), **AT), Action.PAPERS_SET, "papers letterhead"),
    (lambda _, tx: set_terms(tx, PublishingTerms(payee="US"), **AT), Action.TERMS_SET, "terms 1"),
    (
        lambda _, tx: close(tx, CLOSED, today=NOW.date(), reasons=lambda _: "no matter what", **BY),
        Action.CLOSED,
        "month 2026-03",
    ),
    (lambda _, tx: reopen(tx, CLOSED, reason="a mistake", **BY), Action.REOPENED, "closing 1"),
    (
        lambda _, tx: close(tx, CLOSED, today=NOW.date(), reasons=lambda _: "no matter what", **BY),
        Action.CLOSED,
        "month 2026-03",
    ),
    (
        lambda _, tx: keep_list(tx, [KeptLine(MARI_ID, PersonalCode(CODE), "Mari", 1_000)], year=2026, **AT),
        Action.LIST_KEPT,
        "list 1",
    ),
    (lambda _, tx: thank(tx, [MARI_ID], since=date.min, **BY), Action.THANKED, f"donor {MARI_ID}"),
    (lambda _, tx: _issue(tx), Action.CERTIFICATE_ISSUED, "certificate 2026-0001"),
    (lambda _, tx: undo(tx, 1, **BY), Action.UNDONE, "import 1"),
]


def _issue(tx: WriteSession) -> list[str]:
    year = {"now": NEXT_YEAR, "today": NEXT_YEAR.date(), "by": "treasurer"}
    return issue(tx, 2026, donors=None, issuer=Letterhead(organisation="MTÜ Rohutirts"), **year)  # type: ignore[arg-type]


def since(book: Book, before: Head) -> list[AuditEntry]:
    with book.reading() as session:
        return [each.entry for each in whole_log(session)][before.number :]


def end(book: Book) -> Head:
    with book.reading() as session:
        return head(session)


@pytest.fixture
def somebody() -> Iterator[None]:
    """Whoever asks."""
    with acting_as("somebody", at=NOW):
        yield


@of_rules()
@pytest.mark.usefixtures("somebody")
def test_each_act_leaves_one_entry_that_names_nobody(lived_in: Book) -> None:
    for act, action, thing in STORY:
        before = end(lived_in)
        with writing(lived_in.engine, keep=False) as tx:
            act(lived_in, tx)
        assert since(lived_in, before) == []
        with writing(lived_in.engine) as tx:
            act(lived_in, tx)
        assert [(each.action, each.thing) for each in since(lived_in, before)] == [(action, thing)], action
    told = {each.action for each in since(lived_in, Head())}
    assert {each.by for each in since(lived_in, Head())} == {"treasurer", "somebody"}
    plain = " ".join(str(each) for each in since(lived_in, Head()))
    assert not [secret for secret in (MARI, JAAN, ANTS, OWN, CODE, "Mari", "Jaan", "Ants") if secret in plain]
    assert not lived_in.broken()
    assert len(told) == len({action for _, action, _ in STORY} | {Action.IMPORTED, Action.ACCOUNT_ADDED})


def test_an_import_tells_its_accounts_too(book: Book) -> None:
    book.take(MARCH)
    book.take(MARCH)
    book.take(APRIL)
    told = [(each.action, each.thing, each.by, each.at) for each in since(book, Head())]
    assert told == [
        ("imported", "import 1", "treasurer", NOW),
        ("account_added", "account 1", "treasurer", NOW),
        ("imported", "import 2", "treasurer", NOW),
    ]


def test_what_is_refused_leaves_nothing(lived_in: Book) -> None:
    before = end(lived_in)
    with pytest.raises(Refusal), writing(lived_in.engine) as tx:
        answer_alike(tx, [PaymentId(3), PaymentId(99)], GIFT, **BY)
    with pytest.raises(IntegrityError), writing(lived_in.engine) as tx:
        questions.write_note(tx, PaymentId(99), "of no payment", **AT)
    with writing(lived_in.engine) as tx:
        questions.take_up_again(tx, PaymentId(3))  # it was not held
    assert end(lived_in) == before


def test_people_come_and_go(engine: Engine) -> None:
    book, house = Book(engine), House(engine)
    person = house.add("Mari Mets", Role.TREASURER)
    assert [(each.action, each.thing) for each in since(book, Head())] == [("invited", "person 1")]
    before = end(book)
    with pytest.raises(WrongError):
        with_password(house.entrance, name="Mari Mets", password="wrong", origin=house.origin())  # noqa: S106
    assert end(book) == before
    with_password(house.entrance, name="Mari Mets", password=PASSWORD, origin=house.origin())
    with writing(engine) as tx:
        origin = house.origin(by="Jaan Kask")
        change_roles(tx, person, frozenset({Role.VIEWER}), sees_names=False, origin=origin)
    with writing(engine) as tx:
        set_until(tx, person, date(2027, 1, 31), house.origin(by="Jaan Kask"))
    with writing(engine) as tx:
        add_rule(tx, needs_second_step=True, by="Jaan Kask", at=NOW)
    with writing(engine) as tx:
        switch_off(tx, person, house.origin(by="Jaan Kask"))
    with writing(engine) as tx:
        invite(tx, name="Ants", email="", roles=frozenset({Role.VIEWER}), sees_names=False, origin=origin)
    told = [(each.action, each.thing, each.by) for each in since(book, before)]
    assert told == [
        ("signed_in", "person 1", "Mari Mets"),
        ("roles_changed", "person 1", "Jaan Kask"),
        ("until_changed", "person 1", "Jaan Kask"),
        ("entry_rule_set", "organisation", "Jaan Kask"),
        ("disabled", "person 1", "Jaan Kask"),
        ("invited", "person 2", "Jaan Kask"),
    ]


def test_what_happens_to_accounts_is_told() -> None:
    told = {each.value for each in AREAS[Area.PEOPLE]}
    assert told == {each.value for each in Event if each not in NOT_TOLD} | {Action.ENTRY_RULE_SET}


def test_every_table_is_an_act_or_a_part_of_one() -> None:
    acts = {table for table, _ in WATCHED}
    assert not acts & PARTS
    assert acts | PARTS == set(metadata.tables)


def test_the_database_refuses_to_change_the_log(lived_in: Book) -> None:
    for change in (update(AuditEntryRow).values(by="nobody"), delete(AuditEntryRow)):
        with pytest.raises(DatabaseError, match="append_only"), writing(lived_in.engine) as tx:
            tx.execute(change)


def test_what_is_changed_behind_the_programs_back_shows(lived_in: Book) -> None:
    """Whoever gets past the trigger has to write the whole rest of the log anew."""
    with lived_in.engine.begin() as connection:
        for trigger in _triggers(connection):
            connection.execute(text(trigger))
        connection.execute(update(AuditEntryRow).where(col(AuditEntryRow.number) == 1).values(by="nobody"))
    with lived_in.reading() as session:
        assert check(session, ["audit_log_chained"]).broken == {"audit_log_chained"}


def _triggers(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        return ["DROP TRIGGER audit_entry_refuses_update"]
    return ["DROP TRIGGER audit_entry_refuses ON audit_entry"]


def test_details_can_be_erased(lived_in: Book) -> None:
    with lived_in.reading() as session:
        assert next(whole_log(session)).detail_values["sha256"]
    with writing(lived_in.engine) as tx:
        erase_details(tx, [1])
    with lived_in.reading() as session:
        assert not next(whole_log(session)).detail_values
        assert list(complaints(whole_log(session), known=head(session))) == []


def test_entries_are_found_by_who_and_what(lived_in: Book) -> None:
    with writing(lived_in.engine) as tx:
        questions.put_payment_aside(tx, PaymentId(3), until=None, by="Jaan", at=NOW)
    with lived_in.reading() as session:
        assert people_acting(session) == [(3, "Jaan"), (1, "treasurer")]
        assert [each.entry.number for each in entries(session, EntryFilter(), size=2)] == [3, 2]
        assert [each.entry.number for each in entries(session, EntryFilter(by="treasurer"), start=1, size=2)] == [1]
        of_settings = EntryFilter(actions=AREAS[Area.SETTINGS])
        assert [each.entry.number for each in entries(session, of_settings, size=9)] == [2]
        assert count_entries(session, of_settings) == 1
