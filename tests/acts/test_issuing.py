"""Certificates count without gaps, stay as they were issued, and are void once the books say something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, update
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.written_once import written_once

from donations.acts.certificate import (
    Certificate,
    CertificateState,
    NoCertificateReason,
    YearOfCertificates,
    counted_parts_of_year,
)
from donations.acts.closing import close
from donations.acts.donor_certificates import find_certificate
from donations.acts.issuing import issue, year_of_certificates
from donations.acts.merging import merge, unmerge
from donations.acts.offering import Answer
from donations.core.calendar import Month
from donations.core.canonical import canonical
from donations.core.donor import DonorId, PayerClaim
from donations.core.iban import parse_iban
from donations.core.language import Language
from donations.core.money import totals
from donations.core.name import name_key
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.reports.checking import check
from donations.store.donors import people
from donations.store.donors.donor_facts import ConsentKind, record_consent
from donations.store.organisation import Letterhead
from donations.store.papers import add_certificates
from donations.store.reporting import attested
from donations.store.session import as_reader, writing
from donations.store.tables.documents import CertificateNameRow, CertificateRow

NEXT_YEAR = date(2027, 1, 10)
ISSUER = Letterhead(organisation="MTÜ Rohutirts", signer="Mari Mets")


@pytest.fixture
@written_once
def year(book: Book) -> Book:
    """Mari gave twice, Jaan once and somebody without a name once, in January; the month is closed."""
    book.take(
        statement(
            "01-01",
            "01-31",
            gift("01-05", 1000),
            gift("01-06", 500),
            gift("01-07", 2000, "Jaan Tamm", JAAN),
            opening=0,
        )
    )
    close_month(book, Month(2026, 1))
    return book


def close_month(book: Book, month: Month) -> None:
    with writing(book.engine) as session:
        close(session, month, by="treasurer", now=NOW, today=NEXT_YEAR, reasons=lambda _: "no matter what")


def looked_at(book: Book, *, today: date = NEXT_YEAR) -> YearOfCertificates:
    with book.reading() as session:
        return year_of_certificates(session, 2026, today=today)


def issued(book: Book, *donors: str) -> list[str]:
    wanted = {book.donor(each) for each in donors} or None
    with writing(book.engine) as session:
        return issue(session, 2026, donors=wanted, issuer=ISSUER, by="treasurer", now=NOW, today=NEXT_YEAR)


def states(book: Book) -> dict[str, CertificateState]:
    return {each.certificate.number: each.state for each in looked_at(book).issued}


def certificate(book: Book, number: int) -> Certificate:
    with book.reading() as session:
        found = find_certificate(session, 2026, number)
    assert found is not None
    return found.certificate


def test_all_who_can_get_one_get_one_and_numbers_have_no_gap(year: Book) -> None:
    assert [(each.name, each.sums) for each in looked_at(year).ready] == [
        ("Mari Mets", (("EUR", 1500),)),
        ("Jaan Tamm", (("EUR", 2000),)),
    ]
    assert issued(year, "Mari Mets") == ["2026-0001"]
    assert issued(year) == ["2026-0002"]
    assert states(year) == {"2026-0001": CertificateState.STANDS, "2026-0002": CertificateState.STANDS}
    with pytest.raises(Refusal, match="nothing_to_issue"):
        issued(year)


def test_a_certificate_says_each_gift(year: Book) -> None:
    issued(year, "Mari Mets")
    found = certificate(year, 1)
    assert [(part.day.isoformat(), part.minor) for part in found.parts] == [("2026-01-05", 1000), ("2026-01-06", 500)]
    assert (found.kept.name, found.issuer, found.language) == ("Mari Mets", ISSUER, Language.ESTONIAN)
    assert found.sums == (("EUR", 1500),)


def test_the_donors_own_wish_says_the_language(year: Book) -> None:
    with writing(year.engine) as session:
        record_consent(
            session,
            year.donor("Jaan Tamm"),
            ConsentKind.CERTIFICATE_LANGUAGE,
            "ru",
            given_on=date(2026, 2, 1),
            source="a letter",
            by="treasurer",
            at=NOW,
        )
    issued(year, "Jaan Tamm")
    assert certificate(year, 1).language is Language.RUSSIAN


@pytest.mark.parametrize("today", [date(2026, 12, 31), date(2026, 7, 1)])
def test_nothing_is_certified_before_the_year_is_over(year: Book, today: date) -> None:
    with writing(year.engine) as session, pytest.raises(Refusal, match="year_not_final"):
        issue(session, 2026, donors=None, issuer=ISSUER, by="treasurer", now=NOW, today=today)
    assert not looked_at(year, today=today).may_issue


def test_nothing_is_certified_while_a_month_with_payments_is_open(year: Book) -> None:
    year.take(statement("02-01", "02-28", gift("02-05", 700)))
    assert looked_at(year).open_months == (Month(2026, 2),)
    with pytest.raises(Refusal, match="year_not_final"):
        issued(year)
    close_month(year, Month(2026, 2))
    assert issued(year, "Mari Mets") == ["2026-0001"]


def test_a_later_refund_makes_it_void_and_a_new_one_names_it(year: Book) -> None:
    issued(year)
    year.take(statement("02-01", "02-28", line("02-05", -400, "Mari Mets", MARI, "tagasi")))
    refund = Answer(purpose=Purpose.REFUND, donor=year.donor("Mari Mets"), reason="too much")
    year.answer(year.payment("02-05", -400), refund)
    close_month(year, Month(2026, 2))

    assert states(year) == {"2026-0001": CertificateState.VOID, "2026-0002": CertificateState.STANDS}
    (ready,) = looked_at(year).ready
    assert (ready.name, ready.sums, ready.replaces) == ("Mari Mets", (("EUR", 1100),), ("2026-0001",))
    assert issued(year) == ["2026-0003"]
    assert states(year)["2026-0001"] is CertificateState.REPLACED
    assert states(year)["2026-0003"] is CertificateState.STANDS
    assert certificate(year, 3).replaces == ("2026-0001",)
    assert certificate(year, 1).sums == (("EUR", 1500),)


def pay_back_in_january(book: Book, minor: int, name: str, account: str) -> None:
    """A refund in January of the next year, which stays open."""
    paid = replace(line("01-01", minor, name, account, "tagasi"), booked_on=date(2027, 1, 5))
    book.take(
        replace(statement("01-01", "01-31"), first_day=date(2027, 1, 1), last_day=date(2027, 1, 9), lines=(paid,))
    )
    with book.reading() as session:
        payment = max(row.id for row in attested(session))
    book.answer(payment, Answer(purpose=Purpose.REFUND, donor=book.donor(name), reason="too much"))


def test_a_refund_in_the_next_year_makes_it_void_too(year: Book) -> None:
    issued(year)
    pay_back_in_january(year, -500, "Mari Mets", MARI)
    assert states(year) == {"2026-0001": CertificateState.VOID, "2026-0002": CertificateState.STANDS}
    (ready,) = looked_at(year).ready
    assert (ready.sums, ready.replaces) == ((("EUR", 1000),), ("2026-0001",))
    assert issued(year) == ["2026-0003"]
    assert [(part.day.isoformat(), part.minor) for part in certificate(year, 3).parts] == [
        ("2026-01-05", 1000),
        ("2026-01-06", 500),
        ("2027-01-05", -500),
    ]
    assert not year.broken()


def test_no_new_one_is_offered_where_all_went_back_in_the_next_year(year: Book) -> None:
    issued(year)
    pay_back_in_january(year, -2000, "Jaan Tamm", JAAN)
    assert states(year) == {"2026-0001": CertificateState.STANDS, "2026-0002": CertificateState.VOID}
    found = looked_at(year)
    assert found.ready == ()
    assert [(each.name, each.why) for each in found.cannot] == [("Jaan Tamm", NoCertificateReason.NOTHING_LEFT)]
    with year.reading() as session:
        next_year = year_of_certificates(session, 2027, today=date(2028, 1, 10))
    assert (next_year.ready, next_year.cannot) == ((), ())


def test_merged_donors_get_one_for_both(year: Book) -> None:
    issued(year)
    with writing(year.engine) as session:
        into = year.donor("Mari Mets")
        merge(session, year.donor("Jaan Tamm"), into=into, reason="one person", by="treasurer", now=NOW)
    (ready,) = looked_at(year).ready
    assert (ready.sums, ready.replaces) == ((("EUR", 3500),), ("2026-0001", "2026-0002"))


ACCOUNTS = (MARI, JAAN, "EE171010220000000012")


def three_of_one_name(book: Book, givers: tuple[int, ...]) -> list[DonorId]:
    """Return the donors of three accounts, all of whom gave in 2025, and some in January 2026, which is closed."""
    before = [replace(gift("12-05", 500, account=each), booked_on=date(2025, 12, 5)) for each in ACCOUNTS]
    year_before = replace(
        statement("12-01", "12-31", *before), first_day=date(2025, 12, 1), last_day=date(2025, 12, 31)
    )
    book.take(year_before, name="before.xml")
    book.take(statement("01-01", "01-31", *(gift("01-05", 1000 + each, account=ACCOUNTS[each]) for each in givers)))
    for month in (Month(2025, 12), Month(2026, 1)):
        close_month(book, month)
    with book.reading() as session:
        ibans = [each for each in map(parse_iban, ACCOUNTS) if each is not None]
        claims = [PayerClaim(each, name_key("Mari Mets")) for each in ibans]
        found = people.donors_claimed(session, claims)
    assert len(set(found.values())) == len(ACCOUNTS)
    return [found[each] for each in claims]


@pytest.mark.parametrize("merges", [((0, 1),), ((2, 1), (1, 0)), ((1, 0), (2, 0))])
@pytest.mark.parametrize("givers", [(0,), (2,), (0, 1), (1, 2)])
def test_a_certificate_stays_with_its_gifts_when_merges_are_taken_apart(
    book: Book, merges: tuple[tuple[int, int], ...], givers: tuple[int, ...]
) -> None:
    """Whoever stood for the giver when it was issued: no gift changed, nor the sum, nor the name."""
    donors = three_of_one_name(book, givers)
    with writing(book.engine) as session:
        for goes, into in merges:
            merge(session, donors[goes], into=donors[into], reason="one person", by="treasurer", now=NOW)
    issued(book)
    for number in range(len(merges), 0, -1):
        found = looked_at(book)
        assert {each.state for each in found.issued} <= {CertificateState.STANDS, CertificateState.VOID}
        with writing(book.engine) as session:
            unmerge(session, number, by="treasurer", now=NOW)
            tops = {each.id for each in people.donors(as_reader(session), donors).values()}
            given = counted_parts_of_year(as_reader(session), 2026, tops)
        found = looked_at(book)
        sums = {donor: totals(parts) for donor, parts in given.items()}
        for each in found.issued:
            whose = {donor for donor, own in sums.items() if own == each.certificate.sums}
            assert (each.state is CertificateState.STANDS) is bool(whose)
            assert not whose or {each.donor} == whose
        standing = {each.donor for each in found.issued if each.state is CertificateState.STANDS}
        assert {each.donor for each in found.ready} == sums.keys() - standing


def test_of_two_certificates_of_merged_donors_never_both_stand(book: Book) -> None:
    """Each is of 10 euros; together they gave 20, and once 10 of these are given back only one may be shown."""
    book.take(statement("01-01", "01-31", gift("01-05", 1000), gift("01-07", 1000, "Jaan Tamm", JAAN), opening=0))
    close_month(book, Month(2026, 1))
    issued(book)
    mari, jaan = book.donor("Mari Mets"), book.donor("Jaan Tamm")
    with writing(book.engine) as session:
        merge(session, jaan, into=mari, reason="one person", by="treasurer", now=NOW)
    book.take(statement("02-01", "02-28", line("02-05", -1000, "Mari Mets", MARI, "tagasi")))
    book.answer(book.payment("02-05", -1000), Answer(purpose=Purpose.REFUND, donor=mari, reason="too much"))
    close_month(book, Month(2026, 2))
    assert states(book) == {"2026-0001": CertificateState.VOID, "2026-0002": CertificateState.STANDS}
    assert looked_at(book).ready == ()


def test_who_cannot_get_one_is_named_with_the_reason(book: Book) -> None:
    book.take(
        statement(
            "01-01",
            "01-31",
            gift("01-05", 1000),
            line("01-06", 300, "", "", "Annetus"),
            line("01-07", -1000, "Mari Mets", MARI, "tagasi"),
        )
    )
    book.answer(book.payment("01-06", 300), Answer(purpose=Purpose.GIFT, donor=DonorId(1), reason="from the box"))
    refund = Answer(purpose=Purpose.REFUND, donor=book.donor("Mari Mets"), reason="a mistake")
    book.answer(book.payment("01-07", -1000), refund)
    found = looked_at(book)
    assert found.ready == ()
    assert {each.why for each in found.cannot} == {NoCertificateReason.ANONYMOUS, NoCertificateReason.NOTHING_LEFT}


def test_the_digest_holds_number_figures_and_name(year: Book) -> None:
    issued(year, "Mari Mets")
    kept = certificate(year, 1).kept
    assert kept.digest == kept.own_digest
    for changed in (
        replace(kept, name="Mari Maasikas"),
        replace(kept, number=2),
        replace(kept, figures=kept.figures.replace("1000", "9000")),
    ):
        assert changed.own_digest != kept.digest


def test_checking_the_books_looks_at_the_certificates(year: Book) -> None:
    issued(year)
    with year.trying() as session:
        assert not check(session, ["certificates_whole"]).broken
        session.execute(update(CertificateNameRow).values(name="Somebody else"))
        assert check(session, ["certificates_whole"]).broken


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([["2025-12-31", 1500, "EUR", ""]], id="a gift of another year"),
        pytest.param([["2026-01-05", 1500, "EUR", ""], ["2025-12-31", -500, "EUR", ""]], id="a refund before it"),
        pytest.param([["2026-01-05", 1500, "EUR", ""], ["2027-01-05", -1500, "EUR", ""]], id="nothing that is left"),
        pytest.param([], id="nothing"),
    ],
)
def test_checking_the_books_looks_at_what_certificates_say(year: Book, parts: list[list[object]]) -> None:
    issued(year)
    kept = certificate(year, 1).kept
    made = replace(kept, number=3, figures=canonical({"parts": parts}))
    with writing(year.engine) as session:
        add_certificates(session, [replace(made, digest=made.own_digest)])
    with year.reading() as session:
        assert check(session, ["certificates_whole"]).broken


def test_what_was_issued_cannot_be_changed(year: Book) -> None:
    issued(year, "Mari Mets")
    with pytest.raises(DatabaseError, match="append_only"), writing(year.engine) as session:
        session.execute(update(CertificateRow).where(col(CertificateRow.number) == 1).values(figures="{}"))
