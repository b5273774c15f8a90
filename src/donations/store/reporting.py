"""The whole books as plain values: for the checks of the ledger, and for its canonical text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import NamedTuple

from sqlalchemy import func, text, type_coerce
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import DonorId
from donations.core.iban import parse_iban
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId, Purpose
from donations.ledger.checked_books import CheckedBooks, DocumentFact, LineFact, PaymentFact, StatementFact
from donations.matching.standing_rules import PREFIX
from donations.store.donors.links import links_of
from donations.store.donors.merges import merged_into, merges
from donations.store.donors.restricted import last_purge, payments_of_restricted
from donations.store.given import parts
from donations.store.kept_sums import kept_day_sums
from donations.store.line_texts import line_texts
from donations.store.payments.allocations import allocation_of, allocations_query
from donations.store.payments.payments import is_attested
from donations.store.payments.rules import rule_rows
from donations.store.session import ReadSession
from donations.store.statements.files import files_past_retention
from donations.store.statements.pairs import left_out_ids
from donations.store.tables import (
    APPEND_ONLY,
    AccountRow,
    ActiveFileRow,
    AppealRow,
    AttestationRow,
    DonorRow,
    ImportedFileRow,
    PaymentRow,
    SourceDocumentRow,
    StatementLineRow,
    StatementRow,
)
from donations.store.tables.sealed import SealedFileToCheck

_VERBS = ("delete", "update")
_POSTGRES_BITS = {"delete": 8, "update": 16}
"""Of `pg_trigger.tgtype` (PostgreSQL, catalog/pg_trigger.h)."""


def books(session: ReadSession) -> CheckedBooks:
    """Return everything that the checks look at; hashes every kept file, one in memory at a time."""
    allocations = session.execute(allocations_query())
    return CheckedBooks(
        payments={each.id: each for each in _payments(session)},
        allocations=tuple(map(allocation_of, allocations)),
        attestations=[
            (line, payment)
            for line, payment in session.execute(
                sql_select(col(AttestationRow.line_id), col(AttestationRow.payment_id))
            )
        ],
        lines={each.id: each for each in _lines(session)},
        left_out=left_out_ids(session),
        statements=tuple(_statements(session)),
        documents=tuple(_documents(session)),
        merges=merges(session),
        links=frozenset(links_of(session)),
        merged_into=merged_into(session),
        without_iban=_without_iban(session),
        standing_rules=frozenset(f"{PREFIX}{number}" for number in rule_rows(session)),
        day_sums=kept_day_sums(session),
        unguarded=unguarded(session),
    )


def unguarded(session: ReadSession) -> tuple[tuple[str, str], ...]:
    """Return the append-only tables, with the verb, that no trigger of the database guards."""
    guarded = _guarded_sqlite(session) if session.get_bind().dialect.name == "sqlite" else _guarded_postgres(session)
    return tuple(pair for pair in product(APPEND_ONLY, _VERBS) if pair not in guarded)


def _guarded_sqlite(session: ReadSession) -> set[tuple[str, str]]:
    found = set()
    for table, written in session.execute(text("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")):
        refuses = "RAISE(ABORT" in written
        found |= {(table, verb) for verb in _VERBS if refuses and f"BEFORE {verb.upper()} ON {table}" in written}
    return found


def _guarded_postgres(session: ReadSession) -> set[tuple[str, str]]:
    query = (
        "SELECT relname, tgtype FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND relnamespace = current_schema()::regnamespace "
        "AND tgtype & 2 <> 0"  # before, to refuse; what comes after only counts
    )
    return {
        (table, verb) for table, bits in session.execute(text(query)) for verb in _VERBS if bits & _POSTGRES_BITS[verb]
    }


def _payments(session: ReadSession) -> Iterator[PaymentFact]:
    query = sql_select(
        col(PaymentRow.id),
        col(PaymentRow.account_id),
        col(PaymentRow.currency),
        col(PaymentRow.booked_on),
        col(PaymentRow.minor),
        col(PaymentRow.ordinal),
    )
    return (PaymentFact(*row) for row in session.execute(query))


def _lines(session: ReadSession) -> Iterator[LineFact]:
    query = (
        sql_select(
            col(StatementLineRow.id),
            col(StatementRow.id),
            col(StatementRow.account_id),
            col(StatementRow.currency),
            col(StatementLineRow.booked_on),
            col(StatementLineRow.minor),
            col(StatementLineRow.batch_id),
            col(StatementLineRow.is_total),
        )
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
    )
    return (LineFact(*row) for row in session.execute(query))


def _statements(session: ReadSession) -> Iterator[StatementFact]:
    moved = (
        sql_select(col(StatementLineRow.statement_id), func.sum(col(StatementLineRow.minor)).label("minor"))
        .where(col(StatementLineRow.batch_id).is_(None))
        .group_by(col(StatementLineRow.statement_id))
        .subquery()
    )
    query = (
        sql_select(
            col(StatementRow.id),
            col(StatementRow.file_id),
            col(StatementRow.opening_minor),
            col(StatementRow.closing_minor),
            func.coalesce(moved.c.minor, 0),
            col(ImportedFileRow.accepted_imbalance),
        )
        .join(ImportedFileRow, col(ImportedFileRow.id) == col(StatementRow.file_id))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .outerjoin(moved, moved.c.statement_id == col(StatementRow.id))
        .order_by(col(StatementRow.id))
    )
    for statement, file, opening, closing, minor, accepted in session.execute(query):
        yield StatementFact(statement, file, opening, closing, int(minor), accepted)


def _documents(session: ReadSession) -> Iterator[DocumentFact]:
    """Return the kept files, without those that were emptied when no law asked for them any more."""
    purged = last_purge(session)
    # Financial years may have begun in another month when they were emptied.
    let_go = set() if purged is None else set(files_past_retention(session, today=purged, whatever_year=True).values())
    query = (
        sql_select(col(ImportedFileRow.sha256), type_coerce(col(SourceDocumentRow.content), SealedFileToCheck))
        .outerjoin(SourceDocumentRow, col(SourceDocumentRow.sha256) == col(ImportedFileRow.sha256))
        .order_by(col(ImportedFileRow.id))
        .execution_options(yield_per=1)
    )
    for kept_as, content in session.execute(query):
        if content == b"" and kept_as in let_go:
            continue
        yield DocumentFact(kept_as, None if content is None else hashlib.sha256(content).hexdigest())


def _without_iban(session: ReadSession) -> frozenset[int]:
    query = sql_select(col(AttestationRow.payment_id), line_texts.c.account).join(
        line_texts, line_texts.c.line_id == col(AttestationRow.line_id)
    )
    found: dict[int, bool] = {}
    for payment, account in session.execute(query):
        found[payment] = found.get(payment, False) or parse_iban(account) is not None
    without = {PaymentId(payment) for payment, has_iban in found.items() if not has_iban}
    # What is booked for a donor out of sight stays so, though the file with the account was taken back.
    return frozenset(without - payments_of_restricted(session, without))


class Attested(NamedTuple):
    """A payment that some active line attests."""

    id: PaymentId
    account: str
    currency: Currency
    booked_on: date
    minor: Minor
    """Signed."""


class DumpedPart(NamedTuple):
    """A standing allocation."""

    payment: PaymentId
    purpose: str
    minor: Minor
    donor: DonorId | None
    appeal: str | None

    @property
    def is_gift(self) -> bool:
        """Whether it says who gives."""
        return self.purpose == Purpose.GIFT.value


def attested(session: ReadSession) -> Iterator[Attested]:
    """Return all payments that count."""
    query = (
        sql_select(
            col(PaymentRow.id),
            col(AccountRow.number),
            col(PaymentRow.currency),
            col(PaymentRow.booked_on),
            col(PaymentRow.minor),
        )
        .join(AccountRow, col(AccountRow.id) == col(PaymentRow.account_id))
        .where(is_attested())
    )
    return (Attested(*row) for row in session.execute(query))


def parts_in_force(session: ReadSession) -> Iterator[DumpedPart]:
    """Return all allocations that nothing reversed."""
    query = (
        sql_select(
            *(parts.c.payment_id, parts.c.purpose, func.abs(parts.c.minor), parts.c.donor_id, col(AppealRow.name)),
        )
        .select_from(parts)
        .outerjoin(AppealRow, col(AppealRow.id) == parts.c.appeal_id)
    )
    return (DumpedPart(*row) for row in session.execute(query))


def donor_names(session: ReadSession) -> dict[DonorId, str]:
    """Return the name of every donor."""
    return {DonorId(donor): name for donor, name in session.execute(sql_select(col(DonorRow.id), col(DonorRow.name)))}
