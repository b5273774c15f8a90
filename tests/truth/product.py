"""The one door to the product: all that the generator does and reads, by the calls that the command line makes.

No other module of the generator imports the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine
from tests.truth.told import Asked, Booked, Offer, Part, ProductRefused, Said, Took
from tests.truth.values import Form, GivenFile

from donations.acts import pairing, registering
from donations.acts.answering import answer
from donations.acts.asking import review
from donations.acts.closing import close, prospect
from donations.acts.erasing import hold, purge, release, restrict
from donations.acts.importing import FileResult, take_all, take_read
from donations.acts.issuing import issue, letterhead, year_of_certificates
from donations.acts.merging import merge, unmerge
from donations.acts.offering import Answer, offers
from donations.acts.publishing import publish
from donations.acts.reading_files import Terms, read_file, read_new_files
from donations.acts.registering import NewAccount, register
from donations.acts.undoing import undo
from donations.core.calendar import Month, Period
from donations.core.donor import ANONYMOUS, DonorId
from donations.core.iban import parse_account
from donations.core.payment import PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.statement import GivenFile as ProductFile
from donations.core.table_layout import ColumnMeaning, DayOrder, TableLayout, said_of
from donations.ledger.booking import live
from donations.ledger.retention import RetentionReason
from donations.readers.door import files_of
from donations.reports.catalogue import REPORTS
from donations.reports.checking import check
from donations.reports.coverage import coverage
from donations.reports.dump import dump
from donations.reports.duplicates import pairs_alike
from donations.reports.inf4 import inf4
from donations.store.donors import people
from donations.store.donors.merges import merges_of
from donations.store.log.audit import acting_as
from donations.store.migrate import migrate
from donations.store.months import closings_in_force
from donations.store.opening import open_engine
from donations.store.papers import keep_list
from donations.store.payments.allocations import allocations_of
from donations.store.payments.shown import shown_payments
from donations.store.reporting import attested
from donations.store.session import ReadSession, WriteSession, as_reader, reading, writing

BY = "treasurer"
_HOST_KEY = "of the worlds' host, and as long as a key is"
"""One for all books, which are copies of a first one."""
STATES = {
    "proven": "proven",
    "not proven yet": "unproven",
    "days missing": "missing",
    "balances contradict": "conflict",
    "not over": "not_over",
    "no statement, balance unchanged": "unchanged",
}
"""The report's words for the six states of `proof.md`; a word that is not here is compared as it is."""


@dataclass(slots=True)
class Product:
    """Books in one database, at a time that only moves on."""

    engine: Engine
    organisation: str
    now: datetime

    # What is done ---------------------------------------------------------------------------------------------------

    def register_account(self, iban: str) -> None:
        """Register an own account."""
        number = parse_account(iban)
        assert number is not None
        with self._writing() as session:
            register(session, NewAccount(number=number), now=self._at)

    def be_called(self) -> None:
        """Say what the organisation is called."""
        with self._writing() as session:
            registering.call(session, self.organisation, by=BY, at=self._at)

    def take(self, file: GivenFile) -> Took:
        """Import a file, or the one in an archive."""
        (read,) = read_new_files(self.engine, _given(file), self._terms())
        return _took(take_read(self.engine, read, self._terms()))

    def preview(self, files: list[GivenFile]) -> list[Took]:
        """Say what importing would do; nothing is kept."""
        terms = self._terms()
        read = [read_file(each, terms) for file in files for each in files_of(_given(file), terms.limits)]
        with self._writing(keep=False) as session:
            return [_took(each) for each in take_all(session, read, terms)]

    def undo(self, file_id: int) -> None:
        """Take an import back."""
        with self._writing() as session:
            undo(session, file_id, by=BY, now=self._at)

    def take_offer(self, payment: int, number: int) -> None:
        """Answer with a proposal."""
        with self._writing() as session:
            found = review(as_reader(session), only=[PaymentId(payment)])
            given = offers(found.questions[0], found)[number - 1].given
            answer(session, PaymentId(payment), given, by=BY, now=self._at)

    def answer(self, payment: int, purpose: str, donor: int | str | None = None) -> None:
        """Answer by hand: a donor by number or by name; the anonymous one where nobody is known."""
        whom = DonorId(donor) if isinstance(donor, int) else donor
        if purpose == Purpose.GIFT.value and whom is None:
            whom = ANONYMOUS
        given = Answer(purpose=Purpose(purpose), reason="the treasurer knows", donor=whom)
        with self._writing() as session:
            answer(session, PaymentId(payment), given, by=BY, now=self._at)

    def say_same(self, one: int, other: int) -> None:
        """Say that two payments are one."""
        with self._writing() as session:
            pairing.same(session, PaymentId(one), PaymentId(other), by=BY, now=self._at)

    def leave_out(self, payment: int) -> None:
        """Say that a payment is none."""
        with self._writing() as session:
            pairing.leave_out(session, PaymentId(payment), reason="the bank moved it", by=BY, now=self._at)

    def merge(self, goes: int, into: int) -> int:
        """Let two donors be one; returns the number of the merge."""
        with self._writing() as session:
            merge(session, DonorId(goes), into=DonorId(into), reason="the same", by=BY, now=self._at)
            return next(each.id for each in merges_of(as_reader(session), DonorId(into)))

    def unmerge(self, number: int) -> None:
        """Take a merge apart."""
        with self._writing() as session:
            unmerge(session, number, by=BY, now=self._at)

    def hold(self, donor: int) -> None:
        """Let nothing of a donor be destroyed."""
        with self._writing() as session:
            hold(session, DonorId(donor), why=RetentionReason.DISPUTE, by=BY, now=self._at, today=self.today)

    def release(self, donor: int) -> None:
        """End a hold."""
        with self._writing() as session:
            release(session, DonorId(donor), by=BY, now=self._at, today=self.today)

    def erase(self, donor: int, *, keep: bool = True) -> str:
        """Take a donor out of sight; returns what is shown from then on."""
        with self._writing(keep=keep) as session:
            done = restrict(session, DonorId(donor), why=RetentionReason.ASKED, by=BY, now=self._at, today=self.today)
            return done.name

    def purge(self, donor: int) -> None:
        """Destroy the rest of a donor."""
        with self._writing() as session:
            purge(session, DonorId(donor), by=BY, now=self._at, today=self.today)

    def obstacles(self, month: str) -> tuple[str, ...]:
        """Return what is in the way of closing a month."""
        with reading(self.engine) as session:
            found = prospect(session, Month.parse(month), today=self.today)
        return tuple(each.kind.value for each in found.obstacles)

    def close(self, month: str) -> dict[str, Any]:
        """Close a month, with a reason where one is needed; returns the figures that are frozen."""
        with self._writing() as session:
            done = close(
                session,
                Month.parse(month),
                by=BY,
                now=self._at,
                today=self.today,
                reasons=lambda _: "the board wants it",
            )
            return done.figures.document()

    def issue(self, year: int) -> list[str]:
        """Issue certificates to all who can get one."""
        with self._writing() as session:
            issuer = letterhead(as_reader(session), organisation=self.organisation)
            return issue(session, year, donors=None, issuer=issuer, by=BY, now=self._at, today=self.today)

    def keep_inf4(self, year: int) -> int:
        """Take the list for the tax board along; returns its number."""
        with self._writing() as session:
            lines = inf4(as_reader(session), year).lines
            return keep_list(session, lines, year=year, by=BY, at=self._at)

    def publish(self) -> dict[str, Any]:
        """Publish what may be; returns the public document."""
        with self._writing() as session:
            try:
                done = publish(session, organisation=self.organisation, by=BY, now=self._at)
            except Refusal as error:
                raise ProductRefused(str(error.code)) from None
            return done.snapshot.document()

    # What is read ---------------------------------------------------------------------------------------------------

    def ledger(self) -> tuple[Booked, ...]:
        """Return all payments with what they are booked as."""
        with reading(self.engine) as session:
            return tuple(_ledger(session))

    def duplicates(self) -> set[frozenset[int]]:
        """Return the pairs of donors of whom is asked whether they are one."""
        with reading(self.engine) as session:
            return {frozenset(pair) for pair, _ in pairs_alike(session)}

    def questions(self, only: int | None = None) -> tuple[Asked, ...]:
        """Return the open questions, or the one of a payment."""
        with reading(self.engine) as session:
            return tuple(
                Asked(
                    payment=each.payment.id,
                    left=each.unallocated,
                    reason=each.outcome.reason.code,
                    offers=tuple(
                        Offer(number=at, purpose=one.purpose.value, donor=one.donor, because=one.because.value)
                        for at, one in enumerate(getattr(each.outcome, "proposals", ()), 1)
                    ),
                )
                for each in review(session, None if only is None else [PaymentId(only)]).questions
                if each.unallocated
            )

    def said(self) -> tuple[Said, ...]:
        """Return what files disagree on."""
        with reading(self.engine) as session:
            return tuple(
                Said(kind=each.kind.value, payments=tuple(p for p in (each.payment, each.other) if p is not None))
                for each in review(session).findings
            )

    def states(self) -> dict[tuple[str, str, date], str]:
        """Return the state of each day, by account and currency; days that are not told are missing."""
        with reading(self.engine) as session:
            table = coverage(session, Period.of(), today=self.today).by_key()
        return {
            (row["account"], row["currency"], day): STATES.get(str(row["state"]), str(row["state"]))
            for row in table
            for day in _days(row["first_day"], row["last_day"])
        }

    def dump(self) -> bytes:
        """Return the canonical ledger."""
        with reading(self.engine) as session:
            return dump(session)

    def broken(self) -> frozenset[str]:
        """Return the invariants that do not hold."""
        with reading(self.engine) as session:
            return check(session).broken

    def report(self, name: str, *, year: int | None = None, month: int | None = None) -> list[dict[str, Any]]:
        """Return the rows of a report, by column."""
        with reading(self.engine) as session:
            table = REPORTS[name].make(session, Period.of(year=year, month=month), self.today)
        return [
            {key: cell.isoformat() if isinstance(cell, date) else cell for key, cell in row.items()}
            for row in table.by_key()
        ]

    def everything_told(self, year: int) -> str:
        """Return all reports and lists as text, to be searched for what must not be in them."""
        told: list[Any] = [self.report(name) for name in REPORTS]
        told += [self.questions(), self.said(), self.dump().decode(), self.certificates(year)]
        told += [(line["donor"], line["name"]) for line in self.inf4(year)["listed"]]
        with reading(self.engine) as session:
            told += [(each.name, each.text) for each in _ledger(session)]
            told += [each.name for each in review(session).donors.values()]
        return "\n".join(map(str, told))

    def inf4(self, year: int) -> dict[str, Any]:
        """Return the list for the tax board, with codes."""
        with reading(self.engine) as session:
            found = inf4(session, year)
        return {
            "listed": [
                {"donor": each.donor, "code": str(each.code), "name": each.name, "minor": each.minor}
                for each in found.lines
            ],
            "unlisted": [
                {"donor": each.donor, "name": each.name, "why": each.why.value, "minor": each.minor}
                for each in found.unlisted
            ],
            "anonymous": found.anonymous,
            "without_donor": found.without_donor,
            "total": found.total,
            "booked": found.booked,
        }

    def certificates(self, year: int) -> list[dict[str, Any]]:
        """Return what was issued for a year and what became of it."""
        with reading(self.engine) as session:
            found = year_of_certificates(session, year, today=self.today)
        return [
            {
                "number": each.certificate.number,
                "donor": each.donor,
                "name": each.certificate.kept.name,
                "sums": dict(each.certificate.sums),
                "parts": [(part.day, part.minor, part.currency) for part in each.certificate.parts],
                "state": each.state.value,
            }
            for each in found.issued
        ]

    def frozen(self) -> dict[str, dict[str, Any]]:
        """Return the figures of closed months."""
        with reading(self.engine) as session:
            return {str(month): each.figures.document() for month, each in closings_in_force(session).items()}

    # ----------------------------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        """The day on which things are done."""
        return self.now.date()

    @property
    def _at(self) -> datetime:
        return self.now.replace(tzinfo=UTC)

    def _terms(self) -> Terms:
        return Terms(by=BY, now=self._at)

    @contextmanager
    def _writing(self, *, keep: bool = True) -> Iterator[WriteSession]:
        try:
            with acting_as(BY, at=self._at), writing(self.engine, keep=keep) as session:
                yield session
        except Refusal as error:
            raise ProductRefused(str(error.code)) from error


def new_database(url: str) -> None:
    """Make an empty database."""
    engine = open_engine(url, key=_HOST_KEY)
    migrate(engine)
    engine.dispose()


def open_database(url: str) -> Engine:
    """Open a database."""
    return open_engine(url, key=_HOST_KEY)


_TABLE = TableLayout(
    heading=("account", "currency", "booked", "who", "their account", "what for", "amount", "balance"),
    separator=";",
    meanings=(
        *(ColumnMeaning.OWN_ACCOUNT, ColumnMeaning.CURRENCY, ColumnMeaning.DAY, ColumnMeaning.NAME),
        *(ColumnMeaning.ACCOUNT, ColumnMeaning.TEXT, ColumnMeaning.AMOUNT, ColumnMeaning.BALANCE),
    ),
    days=DayOrder.DAY_FIRST,
    mark=",",
)
"""What the treasurer says of the tables of no bank in particular."""


def _given(file: GivenFile) -> ProductFile:
    is_table = file.download.form is Form.TABLE and not file.download.is_packed
    return ProductFile(name=file.name, content=said_of(file.content, _TABLE, account="") if is_table else file.content)


def _took(result: FileResult) -> Took:
    return Took(
        status=result.status.value,
        file_id=result.file_id,
        notices=tuple(each.code.value for each in result.problems),
        lines=sum(each.lines for each in result.statements),
        text=str(result),
    )


def _ledger(session: ReadSession) -> Iterator[Booked]:
    rows = {each.id: each for each in attested(session)}
    standing = {payment: live(found) for payment, found in allocations_of(session, rows).items()}
    named = people.donors(session, {row.donor for found in standing.values() for row in found if row.donor is not None})
    for payment in shown_payments(session, rows):
        row, party = rows[payment.id], payment.counterparty
        yield Booked(
            id=payment.id,
            account=row.account,
            currency=row.currency,
            day=row.booked_on,
            minor=row.minor,
            name=party.name,
            iban=str(getattr(party.account, "text", party.account or "")),
            text=payment.text,
            parts=tuple(
                Part(
                    purpose=each.purpose.value,
                    minor=each.amount.minor,
                    donor=None if each.donor is None else named[each.donor].id,
                    donor_name="" if each.donor is None else named[each.donor].name,
                    by_person=each.decision.person is not None,
                )
                for each in standing.get(payment.id, [])
            ),
        )


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)
