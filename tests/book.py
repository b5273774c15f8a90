"""Books in the making: statements made by hand go in through the same door as files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from donations.acts.answering import answer
from donations.acts.importing import FileResult, admit
from donations.acts.offering import Answer
from donations.acts.reading_files import Terms
from donations.acts.undoing import UndoResult, undo
from donations.core.donor import DonorId
from donations.core.iban import AccountNumber, parse_account
from donations.core.money import EUR, Balance, Currency, Minor, money_of
from donations.core.payment import Allocation, AllocationId, Decision, PaymentId, Purpose
from donations.core.person_code import parse_code
from donations.core.statement import (
    BalancePoint,
    Counterparty,
    GivenFile,
    Provenance,
    Reading,
    StatedBalance,
    Statement,
    StatementLine,
)
from donations.identity.content import end_of
from donations.ledger.booking import WantedAllocation, allocate, reverse_all
from donations.reports.checking import check
from donations.reports.dump import dump
from donations.store.payments.allocations import allocations_of, append_allocations
from donations.store.payments.payments import load_payments
from donations.store.reporting import attested, donor_names
from donations.store.session import ReadSession, as_reader, next_ids, reading, writing
from donations.store.tables import AllocationRow

OWN = "EE382200221020145685"
OTHER_OWN = "EE471000001020145685"
MARI = "EE307700771000000012"
JAAN = "EE832200221000000012"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def day(text: str) -> date:
    """Return `03-15` as a day of 2026."""
    return date.fromisoformat(f"2026-{text}")


def line(
    on: str,
    minor: Minor,
    name: str = "",
    account: str = "",
    text: str = "",
    *,
    code: str = "",
    currency: Currency = EUR,
    **more: Any,
) -> StatementLine:
    """Return a line of 2026; the amount is signed, `more` are fields of the line."""
    return StatementLine(
        row=1,
        booked_on=day(on),
        money=money_of(minor, currency),
        counterparty=Counterparty(name=name, account=parse_account(account), code=parse_code(code)),
        text=text,
        **more,
    )


def gift(on: str, minor: Minor, name: str = "Mari Mets", account: str = MARI, **more: Any) -> StatementLine:
    """Return a line that the rules book as a gift."""
    return line(on, minor, name, account, "Annetus", **more)


def statement(
    first: str,
    last: str,
    *lines: StatementLine,
    opening: Minor | None = None,
    closing: Minor | None = None,
    interim: tuple[tuple[str, Minor], ...] = (),
    account: str = OWN,
    currency: Currency = EUR,
    made: datetime | None = NOW,
) -> Statement:
    """Return a statement of 2026; with an opening balance and no closing one, the closing is what adds up.

    It was `made` when its last day was over, unless something else is said: None where the file does not say when.
    """
    moved = sum(each.money.signed_minor for each in lines)
    if opening is not None and closing is None:
        closing = opening + moved
    return Statement(
        account=_account(account),
        currency=currency,
        first_day=day(first),
        last_day=day(last),
        lines=lines,
        opening=None if opening is None else Balance(opening, currency),
        closing=None if closing is None else Balance(closing, currency),
        balances=tuple(
            StatedBalance(row=1, point=BalancePoint.INTERIM, on=day(on), balance=Balance(minor, currency))
            for on, minor in interim
        ),
        imbalance=0 if opening is None or closing is None else closing - opening - moved,
        provenance=Provenance(made_at=max(made, end_of(day(last))) if made == NOW else made),
    )


def _account(text: str) -> AccountNumber:
    number = parse_account(text)
    assert number is not None
    return number


@dataclass(frozen=True, slots=True)
class Book:
    """One database with books in it."""

    engine: Engine

    def take(self, *statements: Statement, name: str = "statement.xml", accept: str | None = None) -> FileResult:
        """Import one file; its bytes are a function of what it states, as a bank's are."""
        content = repr(statements).encode()
        terms = Terms(by="treasurer", now=NOW, add_accounts=True, accept_imbalance=accept)
        read = Reading(format="by hand", statements=statements, notices=())
        with writing(self.engine) as session:
            return admit(session, GivenFile(name=name, content=content), read, terms)

    def answer(self, payment: int, given: Answer) -> Allocation:
        """Book a person's decision."""
        with writing(self.engine) as session:
            return answer(session, PaymentId(payment), given, by="treasurer", now=NOW)

    def refund_to_nobody(self, payment: int) -> None:
        """Book a refund whose donor nobody said: no answer is that any more, and older books have some."""
        decision = Decision(reason="an old one", person="treasurer")
        with writing(self.engine) as session:
            reader = as_reader(session)
            (found,) = load_payments(reader, [PaymentId(payment)])
            wanted = WantedAllocation(purpose=Purpose.REFUND, amount=found.money.amount, decision=decision)
            ids = next_ids(session, AllocationRow)
            taken = reverse_all(allocations_of(reader, [found.id]).get(found.id, []), decision, ids)
            append_allocations(session, [*taken, allocate(found, [], wanted, AllocationId(next(ids)))], at=NOW)

    def undo(self, file_id: int | None) -> UndoResult:
        """Take an import back."""
        assert file_id is not None
        with writing(self.engine) as session:
            return undo(session, file_id, by="treasurer", now=NOW)

    def payment(self, on: str, minor: Minor) -> PaymentId:
        """Return the first attested payment of a day and signed amount."""
        with self.reading() as session:
            return min(row.id for row in attested(session) if (row.booked_on, row.minor) == (day(on), minor))

    def donor(self, name: str) -> DonorId:
        """Return the one donor of a name."""
        with self.reading() as session:
            (found,) = (donor for donor, known in donor_names(session).items() if known == name)
        return found

    def ledger(self) -> bytes:
        """Return all that stands in the books, to be compared."""
        with self.reading() as session:
            return dump(session)

    def broken(self) -> frozenset[str]:
        """Return the invariants that do not hold."""
        with self.reading() as session:
            return check(session).broken

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """Open a session to read from."""
        with reading(self.engine) as session:
            yield session

    @contextmanager
    def trying(self) -> Iterator[ReadSession]:
        """Open a session whose changes are never kept; it can read what it wrote, and may do what no program does."""
        with self.engine.connect() as connection, Session(bind=connection) as session:
            yield ReadSession(session)
