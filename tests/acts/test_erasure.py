"""A donor who asks to be forgotten: out of sight at once, destroyed when due, and every sum as it was (I22, T37)."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Select, select, text
from sqlmodel import col
from tests.acts.test_publishing import gifts_in, lived, published
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples, of_rules
from tests.unsealed import without_keys
from tests.written_once import written_once

from donations.acts.certificate import NoCertificateReason as CertificateWhy
from donations.acts.claiming import recognise
from donations.acts.closing import close
from donations.acts.erasing import Purged, Restricted, due, hold, purge, release, restrict, retention_status_of
from donations.acts.issuing import issue, year_of_certificates
from donations.acts.judging import judge_all
from donations.acts.merging import merge, unmerge
from donations.acts.offering import Answer
from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.core.donor_field import donor_fields
from donations.core.giving_code import GivingCode
from donations.core.iban import parse_iban
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.ledger.audit import About, Action, Noted
from donations.ledger.retention import RetentionReason, RetentionState
from donations.matching.standing_rules import Condition, Direction, Meaning, RuleNumber, StandingRule
from donations.reports.inf4 import changed_since, inf4
from donations.store.donors import people
from donations.store.donors.donor_facts import ConsentKind, correct_name, record_consent, set_field, write_note
from donations.store.donors.donor_search import DonorFilter, Order, found_donors, search
from donations.store.donors.links import links_of
from donations.store.donors.merges import names_of_givers
from donations.store.donors.restricted import giving_again, history_of, notice
from donations.store.donors.subject_access import identity_of, lines_naming
from donations.store.given import GiftScope
from donations.store.giving.givers import donor_sums
from donations.store.log.audit import note_access
from donations.store.organisation import FinancialYear, Letterhead, set_papers
from donations.store.papers import certificates_of, keep_list, lines_of_list
from donations.store.payments.questions import write_note as write_payment_note
from donations.store.payments.rules import add_rule, rule_rows
from donations.store.personal_data import sweep
from donations.store.public import received_from, received_with_code
from donations.store.publishing import blocks
from donations.store.session import WriteSession, as_reader, reading, writing
from donations.store.spending import add_category, categorise_payees, costs
from donations.store.tables import DonorRow, PayerRow, StatementLineRow, WordingRow, metadata
from donations.store.tables.documents import DocumentSettingRow
from donations.views.inf4 import UnlistedReason as Inf4Why

TODAY = date(2026, 7, 1)
LAST_KEPT = date(2033, 12, 31)
DUE = date(2034, 1, 1)
LONG_AFTER = date(2035, 1, 1)
"""Whenever financial years begin."""
JOINT = OTHER_OWN
CODE = "49403136526"
PHONE = "+37255501234"
MARIS, JAANS = DonorId(2), DonorId(4)
"""Mari by her code; Mari on the joint account is donor 3."""
CANARIES = ("Mari Mets", "Mets Mari", "METS", MARI, CODE, "kanaarilind", "Kollane", "Sinine", PHONE)


def known(book: Book) -> Book:
    """Mari with a code, Mari and Jaan on a joint account, and money that went back to her."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-01", 1_000, code=CODE),
            gift("03-02", 2_000, "Mari Mets", JOINT),
            gift("03-03", 4_000, "Jaan Tamm", JOINT),
            gift("03-04", 8_000, "Jaan Tamm", JAAN),
            gift("03-05", 3_000),
            line("03-07", -1_000, "Mari Mets", MARI, "tagastus"),
            line("03-08", 700, "Mari Mets", MARI, "sünnipäevaks kanaarilind"),
            line("03-09", -500, "Mari Mets", MARI, "toimetamise eest"),
        )
    )
    with writing(book.engine) as session:
        set_papers(session, FinancialYear(first_month=1), by="treasurer", at=NOW)
    return book


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Books in which everything stands open: where nothing is sealed, it shows what is gone."""
    without_keys(book.engine)
    return known(book)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def forgotten(book: Book, donor: DonorId, *, today: date = TODAY) -> Restricted:
    with writing(book.engine) as session:
        return restrict(session, donor, why=RetentionReason.ASKED, by="treasurer", now=noon(today), today=today)


def purged(book: Book, donor: DonorId, *, today: date = DUE) -> Purged:
    with writing(book.engine) as session:
        return purge(session, donor, by="treasurer", now=noon(today), today=today)


def state_of(book: Book, donor: DonorId) -> RetentionState:
    with book.reading() as session:
        return retention_status_of(session, donor).state


def talked_about(book: Book, donor: DonorId) -> None:
    """Let every kind of thing be known of a donor that people write."""
    answer = Answer(purpose=Purpose.GIFT, donor=donor, reason="kanaarilind told me so")
    book.answer(book.payment("03-08", 700), answer)
    paid = book.payment("03-09", -500)
    book.answer(paid, Answer(purpose=Purpose.COST, reason="an invoice"))
    with writing(book.engine) as session:
        wages = add_category(session, "Töötasud", pays_people=True, by="treasurer", at=NOW)
        categorise_payees(session, {paid: wages}, by="treasurer", at=NOW)
        write_note(session, donor, "sent a kanaarilind", by="treasurer", at=NOW)
        write_payment_note(session, book.payment("03-01", 1_000), "kanaarilind again", by="treasurer", at=NOW)
        correct_name(session, donor, "Mari Mets-Kollane", by="treasurer", at=NOW)
        set_field(session, donor, donor_fields()["phone"], PHONE, by="treasurer", at=NOW)
        record_consent(
            session,
            donor,
            ConsentKind.CONTACT,
            "kanaarilind@example.org",
            given_on=TODAY,
            source="a letter of Sinine",
            by="treasurer",
            at=NOW,
        )
        merge(session, DonorId(3), into=donor, reason="kanaarilind", by="treasurer", now=NOW)
        looked = Noted(
            action=Action.PROGRAM_READ,
            about=About.ADDRESS,
            id="/api/v1/donors",
            by="a program",
            at=NOW,
            details={"query": "name=METS&limit=5"},
        )
        note_access(session, [looked])
        lines = inf4(as_reader(session), 2026).lines
        keep_list(session, lines, year=2026, by="treasurer", at=NOW)


def kept_anywhere(engine: Engine) -> str:
    """Return whatever stands in any row of any table."""
    with engine.connect() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return "\n".join(repr(row) for row in rows)


def figures(book: Book) -> list[object]:
    """Return every amount and number of the books, and every digest, with nothing that names anybody."""
    wanted = (
        "SELECT id, payment_id, purpose, minor, currency, donor_id, appeal_id, reverses_id FROM allocation ORDER BY id",
        "SELECT id, account_id, booked_on, minor, currency, ordinal FROM payment ORDER BY id",
        "SELECT line_id, payment_id FROM attestation ORDER BY line_id, payment_id",
        "SELECT digest, figures FROM closing ORDER BY id",
        "SELECT digest, figures FROM published_block ORDER BY number",
        "SELECT donor_id, stream, every, due, expected_minor, dues FROM regular_gift ORDER BY donor_id, stream",
        "SELECT sha256 FROM source_document ORDER BY sha256",
    )
    with book.reading() as session:
        rows: list[object] = [tuple(row) for query in wanted for row in session.execute(text(query))]
        sums = donor_sums(session, GiftScope(first_day=date.min, last_day=date.max))
        rows += sorted(((each.donor_id or 0), each.given, each.refunded) for each in sums)
        rows += [(each.payment, each.minor, each.category) for each in costs(session)]
    return rows


def refused(book: Book, act: object) -> str:
    with pytest.raises(Refusal) as error, writing(book.engine) as session:
        act(session)  # type: ignore[operator]
    return str(error.value.code)


def without_donors(ledger: bytes) -> list[str]:
    """Return the lines of a canonical ledger without who gave."""
    return sorted(re.sub(r'"donor":\[[^]]*\]', "", each) for each in ledger.decode().splitlines())


def test_out_of_sight_at_once_and_no_sum_changes(lived_in: Book) -> None:
    talked_about(lived_in, MARIS)
    before, ledger = figures(lived_in), lived_in.ledger()
    result = forgotten(lived_in, MARIS)
    assert figures(lived_in) == before
    assert without_donors(lived_in.ledger()) == without_donors(ledger)
    assert lived_in.ledger().count(b'"forgotten ') == 4
    assert not lived_in.broken()
    assert (result.name, len(result.merged), result.stays.kept_until) == ("№ 2", 1, LAST_KEPT)
    gone = result.destroyed
    assert (gone.notes, gone.payment_notes, gone.wishes, gone.names_before, gone.reasons) == (1, 1, 1, 1, 1)
    assert gone.fields == 1
    with lived_in.reading() as session:
        assert {each.name for each in people.donors(session, [MARIS, DonorId(3)]).values()} == {"№ 2"}
        listed = found_donors(session, search(session, DonorFilter()), year=2026, order=Order.NAME, start=0, size=10)
        assert {each.name for each in listed} == {"Jaan Tamm"}
        for sought in (DonorFilter(words=("mets",)), DonorFilter(account=MARI), DonorFilter(minor=3_000)):
            assert found_donors(session, search(session, sought), year=2026, order=Order.NAME, start=0, size=10) == []
        assert set(names_of_givers(session).values()) == {"jaan tamm"}


def test_what_people_wrote_is_destroyed_at_once(lived_in: Book) -> None:
    talked_about(lived_in, MARIS)
    forgotten(lived_in, MARIS)
    left = kept_anywhere(lived_in.engine)
    wrote = ("sent a kanaarilind", "kanaarilind again", "Sinine", "kanaarilind@", "'kanaarilind'", "name=METS", PHONE)
    assert [each for each in wrote if each in left] == []
    assert "sünnipäevaks kanaarilind" in left  # the bank's own line: a source document


def test_the_tax_board_is_told_the_name_and_nobody_else(lived_in: Book) -> None:
    forgotten(lived_in, MARIS)
    with writing(lived_in.engine) as session:
        reader = as_reader(session)
        lines = inf4(reader, 2026).lines
        number = keep_list(session, lines, year=2026, by="treasurer", at=NOW)
        assert [(each.name, each.code) for each in lines] == [("№ 2", CODE)]
        assert [(each.name, each.code) for each in lines_of_list(reader, number)] == [("Mari Mets", CODE)]
        assert changed_since(reader, number, lines) == []
        assert [each.name for each in changed_since(reader, number, [])] == ["№ 2"]


def test_who_never_had_a_name_is_not_listed_by_a_number(lived_in: Book) -> None:
    lived_in.take(statement("04-01", "04-30", gift("04-05", 900, "", "EE717700771001735865", code="38001085718")))
    with lived_in.reading() as session:
        (nameless,) = [each.donor for each in inf4(session, 2026).unlisted if each.why is Inf4Why.NAME_MISSING]
    forgotten(lived_in, nameless)
    with lived_in.reading() as session:
        assert [each.donor for each in inf4(session, 2026).lines] == [MARIS]


def test_a_gift_cannot_be_found_by_strangers_any_more(lived_in: Book) -> None:
    iban = parse_iban(MARI)
    assert iban is not None
    lived_in.take(statement("04-01", "04-30", line("04-05", 3_000, "Mari Mets", MARI, "annetus K7QM-3TZP")))

    def found() -> tuple[bool, bool]:
        with lived_in.reading() as session:
            by_account = received_from(session, iban=iban, minor=3_000, day=date(2026, 3, 5))
            return bool(by_account), bool(received_with_code(session, GivingCode("K7QM3TZP")))

    assert found() == (True, True)
    forgotten(lived_in, MARIS)
    assert found() == (False, False)
    with lived_in.reading() as session:
        assert session.execute(select(metadata.tables["line_code"])).all()
    purged(lived_in, MARIS)
    with lived_in.reading() as session:
        assert session.execute(select(metadata.tables["line_code"])).all() == []


@pytest.mark.parametrize(("today", "is_due"), [(LAST_KEPT, False), (DUE, True)])
def test_the_rest_goes_on_the_day_and_not_before(lived_in: Book, today: date, *, is_due: bool) -> None:
    forgotten(lived_in, MARIS)
    with lived_in.reading() as session:
        assert due(session, today=today) == ([MARIS] if is_due else [])
    if is_due:
        purged(lived_in, MARIS, today=today)
        assert state_of(lived_in, MARIS) is RetentionState.UNNAMED
    else:
        code = refused(lived_in, lambda s: purge(s, MARIS, by="t", now=noon(today), today=today))
        assert code == "donor_still_needed"


@pytest.mark.parametrize(
    ("first_month", "until"), [(4, date(2033, 3, 31)), (7, date(2033, 6, 30)), (None, date(2034, 2, 28))]
)
def test_it_is_kept_for_seven_years_from_the_end_of_the_financial_year(
    lived_in: Book, first_month: int | None, until: date
) -> None:
    forgotten(lived_in, MARIS)
    with writing(lived_in.engine) as session:
        session.delete(session.get_one(DocumentSettingRow, FinancialYear.name))
        if first_month is not None:
            set_papers(session, FinancialYear(first_month=first_month), by="treasurer", at=NOW)
    assert refused(lived_in, lambda s: purge(s, MARIS, by="t", now=noon(until), today=until)) == "donor_still_needed"
    assert purged(lived_in, MARIS, today=until + timedelta(days=1)).destroyed.files == 1
    with writing(lived_in.engine) as session:
        set_papers(session, FinancialYear(first_month=3), by="treasurer", at=NOW)
    assert not lived_in.broken()


def test_a_later_gift_keeps_all_of_it_longer(lived_in: Book) -> None:
    forgotten(lived_in, MARIS)
    with lived_in.reading() as session:
        assert retention_status_of(session, MARIS).kept_until == LAST_KEPT
    later = statement("03-01", "03-31", gift("03-20", 500))
    lived_in.take(later)
    with lived_in.reading() as session:
        assert retention_status_of(session, MARIS).last_day == date(2026, 3, 20)


def test_when_all_is_gone_nothing_names_the_donor_anywhere(lived_in: Book) -> None:
    talked_about(lived_in, MARIS)
    before = figures(lived_in)
    forgotten(lived_in, MARIS)
    result = purged(lived_in, MARIS)
    assert (result.destroyed.files, result.destroyed.reasons, result.destroyed.list_lines) == (1, 1, 1)
    assert result.destroyed.payees == 1
    assert figures(lived_in) == before
    assert not lived_in.broken()
    left = kept_anywhere(lived_in.engine)
    assert [each for each in CANARIES if each in left] == []
    assert "Jaan Tamm" in left
    assert sweep(lived_in.engine)
    if lived_in.engine.dialect.name == "sqlite":
        files = [Path(f"{lived_in.engine.url.database}{end}") for end in ("", "-wal")]
        stored = b"".join(each.read_bytes() for each in files if each.exists())
        assert [each for each in CANARIES if each.encode() in stored] == []
        assert b"Jaan Tamm" in stored


SAID: Select[*tuple[Any, ...]] = (
    select(
        *(col(StatementLineRow.id), col(PayerRow.name), col(PayerRow.account), col(PayerRow.code)),
        *(col(WordingRow.text), col(PayerRow.digest), col(WordingRow.digest).label("of_wording")),
    )
    .select_from(StatementLineRow)
    .join(WordingRow, col(WordingRow.id) == col(StatementLineRow.wording_id))
    .join(PayerRow, col(PayerRow.id) == col(WordingRow.payer_id))
    .order_by(col(StatementLineRow.id))
)


def test_what_others_say_in_the_same_words_stays_and_no_digest_of_the_donor_does(lived_in: Book) -> None:
    taken_back = lived_in.take(
        statement("05-01", "05-31", gift("05-01", 600, code=CODE), gift("05-02", 700, "Jaan Tamm", JAAN))
    )
    lived_in.take(
        statement(
            "04-01",
            "04-30",
            gift("04-01", 900, "Jaan Tamm", JOINT),
            line("04-02", 900, "Jaan Tamm", JAAN, f"annetus {CODE}"),
            line("04-03", 900, "Jaan Tamm", JAAN, "annetus "),
        )
    )
    lived_in.undo(taken_back.file_id)
    with lived_in.reading() as session:
        before = session.execute(SAID).all()
    forgotten(lived_in, MARIS)
    forgotten(lived_in, DonorId(3))
    purged(lived_in, MARIS)
    purged(lived_in, DonorId(3))
    with lived_in.reading() as session:
        after = session.execute(SAID).all()
    others = [row for row in before if row.name == "Jaan Tamm"]
    assert [row[:5] for row in after] == [(*row[:4], row.text.replace(CODE, "")) for row in others]
    assert len(others) == 6
    gone = {bytes(each) for row in before for each in row[5:]} - {
        bytes(each) for row in after for each in row[5:] if each
    }
    assert len(gone) == 3 + 6 + 1, "three payers, six wordings, and one that had the code"
    assert sweep(lived_in.engine)
    if lived_in.engine.dialect.name == "sqlite":
        stored = Path(str(lived_in.engine.url.database)).read_bytes()
        assert not [each for each in gone if each in stored]
        assert [bytes(row[5]) in stored for row in after] == [True] * 6


def test_who_was_one_by_the_banks_lines_stays_so_when_these_are_gone(lived_in: Book) -> None:
    lived_in.take(statement("04-01", "04-30", gift("04-01", 900, "Mari Mets", JOINT, code=CODE)))
    with lived_in.reading() as session:
        assert links_of(session) == {(MARIS, DonorId(3))}
    forgotten(lived_in, MARIS)
    purged(lived_in, MARIS)
    with lived_in.reading() as session:
        assert links_of(session) == {(MARIS, DonorId(3))}
    assert not lived_in.broken()


def test_judging_again_leaves_what_was_decided_of_a_forgotten_donor(lived_in: Book) -> None:
    forgotten(lived_in, MARIS)
    purged(lived_in, MARIS)
    marked = "SELECT id, payment_id, purpose, minor, donor_id FROM allocation WHERE donor_id = 2 ORDER BY id"
    with lived_in.reading() as session:
        before = [*session.execute(text(marked))]
    with writing(lived_in.engine) as session:
        judge_all(session, now=NOW)
        assert [*session.execute(text(marked))] == before
    assert not lived_in.broken()


def test_neither_another_file_nor_another_gift_brings_the_name_back(lived_in: Book) -> None:
    forgotten(lived_in, MARIS)
    again = statement("03-01", "04-30", gift("03-01", 1_000, code=CODE), gift("04-05", 3_000))
    lived_in.take(again, name="again.xml")
    with lived_in.reading() as session:
        names = set(session.scalars(select(col(DonorRow.name))))
        given_by = Counter(
            each.donor_id for each in donor_sums(session, GiftScope(first_day=date.min, last_day=date.max))
        )
        assert giving_again(session) == [MARIS]
    assert names == {"Anonymous", "№ 2", "Mari Mets", "Jaan Tamm"}  # Mari on the joint account asked for nothing
    assert given_by[MARIS] == 1
    with writing(lived_in.engine) as session:
        notice(session, MARIS)
    with lived_in.reading() as session:
        assert giving_again(session) == []


def test_a_gift_of_an_erased_donor_stays_so_when_the_file_with_the_account_is_taken_back(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Mari Mets", text="Annetus")))
    with_account = book.take(statement("03-01", "03-31", gift("03-05", 1_000), opening=0))
    forgotten(book, book.donor("Mari Mets"))
    book.undo(with_account.file_id)
    assert not book.broken()
    assert b"Mari" not in book.ledger()


def test_a_hold_stops_both_steps_until_it_is_released(lived_in: Book) -> None:
    def held(session: WriteSession) -> None:
        hold(session, MARIS, why=RetentionReason.DISPUTE, by="treasurer", now=NOW, today=TODAY)

    def released(session: WriteSession) -> None:
        release(session, MARIS, by="treasurer", now=NOW, today=TODAY)

    def tries(session: WriteSession) -> None:
        restrict(session, MARIS, why=RetentionReason.ASKED, by="t", now=NOW, today=TODAY)

    with writing(lived_in.engine) as session:
        held(session)
    assert refused(lived_in, tries) == "donor_held"
    assert refused(lived_in, held) == "donor_held"
    with writing(lived_in.engine) as session:
        released(session)
    assert refused(lived_in, released) == "donor_not_held"
    forgotten(lived_in, MARIS)
    with writing(lived_in.engine) as session:
        held(session)
    assert refused(lived_in, lambda s: purge(s, MARIS, by="t", now=noon(DUE), today=DUE)) == "donor_held"
    with lived_in.reading() as reader:
        steps = [(each.step, each.why, each.done_by) for each in history_of(reader, MARIS)]
    assert steps == [
        ("hold", "dispute", "treasurer"),
        ("restrict", "asked", "treasurer"),
        ("release", "over", "treasurer"),
        ("hold", "dispute", "treasurer"),
    ]


def test_nothing_more_is_known_of_a_restricted_donor(lived_in: Book) -> None:
    with writing(lived_in.engine) as session:
        merge(session, DonorId(3), into=MARIS, reason="x", by="t", now=NOW)
    forgotten(lived_in, MARIS)
    with lived_in.reading() as reader:
        (claim, *_) = people.claims_of(reader, JAANS)

    def joins(one: DonorId, other: DonorId) -> object:
        return lambda session: merge(session, one, into=other, reason="x", by="t", now=NOW)

    for act in (
        joins(MARIS, JAANS),
        joins(JAANS, MARIS),
        lambda session: unmerge(session, 1, by="t", now=NOW),
        lambda session: recognise(session, MARIS, claim, by="t", now=NOW),
        lambda session: restrict(session, MARIS, why=RetentionReason.ASKED, by="t", now=NOW, today=TODAY),
    ):
        assert refused(lived_in, act) == "restricted_donor"
    for donor, code in ((1, "anonymous_donor"), (3, "merged_already"), (99, "unknown_donor")):
        tried = DonorId(donor)
        assert (
            refused(
                lived_in, lambda s, d=tried: restrict(s, d, why=RetentionReason.ASKED, by="t", now=NOW, today=TODAY)
            )
            == code
        )


def test_the_other_holder_of_a_joint_account_keeps_everything(lived_in: Book) -> None:
    forgotten(lived_in, DonorId(3))
    purged(lived_in, DonorId(3))
    with reading(lived_in.engine) as session:
        theirs = select(col(PayerRow.name), col(PayerRow.account)).where(col(PayerRow.account) == JOINT)
        lines = session.execute(theirs).all()
        assert [tuple(row) for row in lines] == [("Jaan Tamm", JOINT)]
        assert names_of_givers(session)[JAANS] == "jaan tamm"


def test_a_rule_of_the_other_holder_of_a_joint_account_stays(lived_in: Book) -> None:
    jaans = Meaning(purpose=Purpose.GIFT, donor=JAANS, appeal=AppealId(1))
    nobodys = Meaning(purpose=Purpose.INCOME)
    with writing(lived_in.engine) as session:
        for number, then in enumerate((jaans, nobodys), start=1):
            when = Condition(direction=Direction.IN, iban=parse_iban(JOINT), words=(f"märksõna {number}",))
            add_rule(session, StandingRule(number=RuleNumber(number), when=when, then=then), at=NOW, by="treasurer")
    forgotten(lived_in, DonorId(3))
    assert purged(lived_in, DonorId(3)).destroyed.rules == 1
    with lived_in.reading() as reader:
        assert [(row.donor_id, row.iban) for row in rule_rows(reader).values()] == [(JAANS, JOINT), (None, "")]


def test_closed_months_stay_as_they_were_frozen(lived_in: Book) -> None:
    with writing(lived_in.engine) as session:
        close(session, Month(2026, 3), by="treasurer", now=NOW, today=TODAY, reasons=lambda _: "it has to be")
    before = figures(lived_in)
    forgotten(lived_in, MARIS)
    purged(lived_in, MARIS)
    assert figures(lived_in) == before
    assert not lived_in.broken()


def test_a_certificate_loses_its_name_and_no_other_is_issued(lived_in: Book) -> None:
    new_year = date(2027, 1, 10)
    with writing(lived_in.engine) as session:
        close(session, Month(2026, 3), by="treasurer", now=NOW, today=TODAY, reasons=lambda _: "it has to be")
        issue(
            session,
            2026,
            donors={MARIS},
            issuer=Letterhead(organisation="MTÜ Rohutirts"),
            by="treasurer",
            now=noon(new_year),
            today=new_year,
        )
    assert forgotten(lived_in, MARIS, today=new_year).destroyed.certificates == 1
    with lived_in.reading() as reader:
        year = year_of_certificates(reader, 2026, today=new_year)
        (kept,) = certificates_of(reader, 2026)
    assert (kept.name, kept.figures != "") == (None, True)
    assert [(each.donor, each.why) for each in year.cannot] == [(MARIS, CertificateWhy.RESTRICTED)]
    assert not lived_in.broken()


def test_a_rule_about_the_donor_works_until_it_is_emptied(lived_in: Book) -> None:
    when = Condition(direction=Direction.IN, iban=parse_iban(MARI), words=("kanaarilind",))
    then = Meaning(purpose=Purpose.GIFT, donor=MARIS, appeal=AppealId(1))
    with writing(lived_in.engine) as session:
        add_rule(session, StandingRule(number=RuleNumber(1), when=when, then=then), at=NOW, by="treasurer")
        judge_all(session, now=NOW)
    before = figures(lived_in)
    forgotten(lived_in, MARIS)
    assert purged(lived_in, MARIS).destroyed.rules == 1
    with lived_in.reading() as reader:
        row = rule_rows(reader)[RuleNumber(1)]
        assert (row.iban, row.name, row.words, row.switched_off_by) == ("", "", "", "treasurer")
    assert figures(lived_in) == before
    assert not lived_in.broken()


def test_a_rule_about_what_the_donor_is_paid_loses_the_name(lived_in: Book) -> None:
    when = Condition(direction=Direction.OUT, name="Mets, Mari")
    kept = Condition(direction=Direction.OUT, name="Jaan Tamm")
    with writing(lived_in.engine) as session:
        for number, asked in enumerate((when, kept), start=1):
            rule = StandingRule(number=RuleNumber(number), when=asked, then=Meaning(purpose=Purpose.COST), label="tasu")
            add_rule(session, rule, at=NOW, by="treasurer")
    forgotten(lived_in, MARIS)
    assert purged(lived_in, MARIS).destroyed.rules == 1
    with lived_in.reading() as reader:
        assert [row.name for row in rule_rows(reader).values()] == ["", "Jaan Tamm"]


def test_published_blocks_stay_as_everybody_saw_them(book: Book) -> None:
    lived(book, *(gifts_in(month, 12) for month in (1, 2, 3)))
    published(book)
    before = figures(book)
    forgotten(book, DonorId(5))
    purged(book, DonorId(5), today=LONG_AFTER)
    assert figures(book) == before
    with book.reading() as session:
        assert blocks(session)
    assert not book.broken()


@of_rules()
@settings(max_examples=examples(15))
@given(
    gifts=st.lists(
        st.tuples(st.integers(1, 28), st.integers(1, 900), st.sampled_from(["Yks", "Kaks", "Kolm"]), st.booleans()),
        min_size=1,
        max_size=12,
    ),
    forgets=st.lists(st.tuples(st.integers(2, 7), st.booleans()), max_size=4, unique_by=lambda each: each[0]),
)
def test_any_erasure_conserves_every_sum(
    fresh_engine: FreshEngine, gifts: list[tuple[int, int, str, bool]], forgets: list[tuple[int, bool]]
) -> None:
    """I22: no amount, count, day or digest changes, and no line names who was purged."""
    lines = [
        gift(f"03-{day:02}", minor, f"Annetaja {name}", JOINT if is_joint else _ACCOUNTS[name])
        for day, minor, name, is_joint in gifts
    ]
    with fresh_engine() as engine:
        book = Book(engine)
        book.take(statement("03-01", "03-31", *lines))
        before = figures(book)
        for donor, is_whole in forgets:
            with book.reading() as session:
                if DonorId(donor) not in people.donors(session, [DonorId(donor)]):
                    continue
                whom = identity_of(session, DonorId(donor))
            forgotten(book, DonorId(donor))
            if is_whole:
                purged(book, DonorId(donor), today=LONG_AFTER)
                with book.reading() as session:
                    assert lines_naming(session, whom) == []
        assert figures(book) == before
        assert not book.broken()


_ACCOUNTS = {"Yks": MARI, "Kaks": JAAN, "Kolm": "EE717700771001735865"}
