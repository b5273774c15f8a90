"""Payments as they may be shown, alone and with their lines: of restricted donors neither name, account nor text.

What somebody is paid is no gift of theirs, and what nobody has answered yet is none: both would show the name again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.core.money import Currency
from donations.core.name import NameKey, in_title_case, name_key
from donations.core.payment import Payment, PaymentId
from donations.core.statement import Counterparty, Detail, StatementLine
from donations.ledger.retention import unnamed
from donations.store.donors.restricted import restricted_ids
from donations.store.donors.surviving import surviving_id
from donations.store.given import entries, parts, with_lines
from donations.store.line_texts import line_texts
from donations.store.payments.payments import is_attested, load_payments
from donations.store.session import ReadSession, in_runs
from donations.store.statements.lines import line_of, lines_query
from donations.store.tables import (
    AttestationRow,
    DonorClaimRow,
    DonorRow,
    ImportedFileRow,
    PaymentRow,
    StatementLineRow,
    StatementRow,
)
from donations.store.tables.donors import ClaimAssignmentRow, RestrictedDonorRow

_TEXTS = (line_texts.c.name, line_texts.c.account, line_texts.c.code)
"""A code in a text is but a hint."""


@dataclass(slots=True)
class RestrictedClaims:
    """By what restricted donors are recognised; an account may be joint, and there the name decides."""

    names: defaultdict[NameKey, set[DonorId]] = field(default_factory=lambda: defaultdict(set))
    codes: defaultdict[str, set[DonorId]] = field(default_factory=lambda: defaultdict(set))
    accounts: defaultdict[str, set[DonorId]] = field(default_factory=lambda: defaultdict(set))
    joint: frozenset[str] = frozenset()
    """Accounts from which others give too."""

    def whose(self, *, name: str, account: str, code: str) -> DonorId | None:
        """Return whom a line names; where nobody else gives from an account, any name on it is the donor's."""
        by_code = self.codes.get(code, set())
        here = self.accounts.get(account, set())
        by_name = here & self.names.get(name_key(name), set())
        alone = here if not name or account not in self.joint else set()
        return min(by_code or by_name or alone, default=None)

    def of_rule(self, *, name: NameKey, account: str) -> DonorId | None:
        """Return whom a rule is about; where it asks for a name alone, whoever is called so."""
        return self.whose(name=name, account=account, code="") if account else min(self.names[name], default=None)


def recognised(session: ReadSession, ids: Iterable[PaymentId]) -> dict[PaymentId, DonorId]:
    """Return the restricted standing donor whom lines of these payments name, for those that name one."""
    known = known_restricted(session)
    found: dict[PaymentId, DonorId] = {}
    if not known.names:
        return found
    lines = (
        sql_select(col(AttestationRow.payment_id), *_TEXTS)
        .join(line_texts, line_texts.c.line_id == col(AttestationRow.line_id))
        .where(
            or_(
                line_texts.c.account.in_(sorted(known.accounts)),
                line_texts.c.code.in_(sorted(known.codes)),
            )
        )
    )
    for run in in_runs(sorted(set(ids))):
        for payment, name, account, code in session.execute(lines.where(col(AttestationRow.payment_id).in_(run))):
            whose = known.whose(name=name, account=account, code=code)
            if whose is not None:
                found[PaymentId(payment)] = whose
    return found


def known_restricted(session: ReadSession) -> RestrictedClaims:
    """Return by what restricted donors are recognised, as long as their rest is not destroyed.

    Others who pay for a donor by a person's word are somebody else.
    """
    known = RestrictedClaims()
    names = sql_select(col(RestrictedDonorRow.name), surviving_id()).join(
        DonorRow, col(DonorRow.id) == col(RestrictedDonorRow.donor_id)
    )
    for name, donor in session.execute(names.where(col(RestrictedDonorRow.name) != "")):
        known.names[name_key(name)].add(DonorId(donor))
    if not known.names:
        return known
    for code, iban, key, donor in _claims(session):
        for words, word in ((known.codes, code), (known.accounts, iban), (known.names, key)):
            if word:
                words[word].add(DonorId(donor))
    for name, account, code, donor in _lines_of_gifts(session):
        if account and (donor in known.names.get(name_key(name), ()) or donor in known.codes.get(code, ())):
            known.accounts[account].add(DonorId(donor))
    others = (col(DonorClaimRow.iban).in_(sorted(known.accounts)), col(DonorClaimRow.donor_id).not_in(restricted_ids()))
    known.joint = frozenset(session.scalars(sql_select(col(DonorClaimRow.iban)).where(*others)))
    return known


def _claims(session: ReadSession) -> Iterable[Any]:
    by_word = sql_select(col(ClaimAssignmentRow.claim_id))
    return session.execute(
        sql_select(col(DonorClaimRow.code), col(DonorClaimRow.iban), col(DonorClaimRow.name_key), surviving_id())
        .join(DonorRow, col(DonorRow.id) == col(DonorClaimRow.donor_id))
        .where(col(DonorClaimRow.donor_id).in_(restricted_ids()), col(DonorClaimRow.id).not_in(by_word))
    )


def _lines_of_gifts(session: ReadSession) -> Iterable[Any]:
    """Return what the bank wrote of payers whose payments were ever a restricted donor's, each once."""
    return session.execute(
        sql_select(*_TEXTS, entries.c.donor_id)
        .select_from(with_lines(entries))
        .where(entries.c.booked_for.in_(restricted_ids()))
        .distinct()
    )


Unnamed = Mapping[PaymentId, str]
"""What stands in the place of the payer's name; payments that may be shown as they are have none."""


def shown_payments(session: ReadSession, ids: Iterable[PaymentId]) -> list[Payment]:
    """Return the attested payments among these ids, for people and programs to see."""
    wanted = sorted(set(ids))
    payers = unnamed_payers(session, wanted)
    return [without_payer(payment, payers) for payment in load_payments(session, wanted)]


def shown_payment(session: ReadSession, payment: Payment) -> Payment:
    """Return one payment likewise."""
    return without_payer(payment, unnamed_payers(session, [payment.id]))


def unnamed_payers(session: ReadSession, ids: Iterable[PaymentId]) -> dict[PaymentId, str]:
    """Return what is to be shown instead of the payer, of these payments, for those that are a restricted donor's."""
    wanted = sorted(set(ids))
    found = {payment: unnamed(donor) for payment, donor in recognised(session, wanted).items()}
    for run in in_runs(wanted):
        query = (
            sql_select(parts.c.payment_id, func.min(parts.c.donor_id))
            .where(parts.c.payment_id.in_(run), parts.c.booked_for.in_(restricted_ids()))
            .group_by(parts.c.payment_id)
        )
        found |= {PaymentId(payment): unnamed(DonorId(donor)) for payment, donor in session.execute(query)}
    return found


def without_payer(payment: Payment, payers: Unnamed) -> Payment:
    """Return the payment as it may be shown: a name that the bank gives in capitals as people write it."""
    if payment.id not in payers:
        return replace(payment, counterparty=_written(payment.counterparty))
    return replace(payment, counterparty=Counterparty(name=payers[payment.id]), text="", reference=None, details=())


def shown_details(session: ReadSession, payment: Payment) -> tuple[Detail, ...]:
    """Return what the bank shows of the transactions of an entry; of a restricted donor's only the amount."""
    parties = [each.counterparty for each in payment.details]
    accounts = {party.account for party in parties if isinstance(party.account, str)}
    codes = {str(party.code) for party in parties if party.code}
    query = sql_select(col(DonorClaimRow.iban), col(DonorClaimRow.code)).where(
        col(DonorClaimRow.donor_id).in_(restricted_ids()),
        or_(col(DonorClaimRow.iban).in_(accounts), col(DonorClaimRow.code).in_(codes)),
    )
    known = session.execute(query) if accounts | codes else ()
    hidden = {each for row in known for each in row if each}
    return tuple(
        replace(each, counterparty=Counterparty(), text="")
        if hidden & {str(each.counterparty.account), str(each.counterparty.code)}
        else replace(each, counterparty=_written(each.counterparty))
        for each in payment.details
    )


def _written(party: Counterparty) -> Counterparty:
    """Return who it is with names in capitals as people write them."""
    return replace(party, name=in_title_case(party.name), on_behalf_of=in_title_case(party.on_behalf_of))


def line_without_payer(line: StatementLine, payer: str) -> StatementLine:
    """Return a line with this in the place of the payer's name, and nothing else of the payer."""
    return replace(line, counterparty=Counterparty(name=payer), text="", reference=None, parts=(), details=())


def first_and_last_day(session: ReadSession) -> tuple[date, date] | None:
    """Return the first and the last booking date of all payments."""
    day = col(PaymentRow.booked_on)
    one = select(day).where(is_attested()).limit(1)  # one step in the index of days; min and max look at all of them
    first = session.scalar(one.order_by(day))
    last = session.scalar(one.order_by(day.desc()))
    return None if first is None or last is None else (first, last)


def booked_days(session: ReadSession, account_id: int) -> tuple[date | None, date | None]:
    """Return the days of the oldest and of the youngest payment of an account."""
    days = select(func.min(PaymentRow.booked_on), func.max(PaymentRow.booked_on))
    first, last = session.execute(days.where(PaymentRow.account_id == account_id, is_attested())).one()
    return first, last


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestingLine:
    """A line as the bank wrote it, and where."""

    file_id: int
    file_name: str
    format: str
    is_total: bool
    """The batch entry whose part the payment is."""
    line: StatementLine


def attesting_lines(session: ReadSession, payment: PaymentId) -> list[AttestingLine]:
    """Return the lines that attest the payment now, in the order they came; a restricted donor's without the payer."""
    query = (
        lines_query()
        .add_columns(
            col(ImportedFileRow.id).label("file_id"),
            col(ImportedFileRow.name).label("file_name"),
            col(ImportedFileRow.format).label("format"),
            col(StatementRow.currency).label("currency"),
        )
        .join(AttestationRow, col(AttestationRow.line_id) == col(StatementLineRow.id))
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .join(ImportedFileRow, col(ImportedFileRow.id) == col(StatementRow.file_id))
        .where(col(AttestationRow.payment_id) == payment)
        .order_by(col(StatementLineRow.id))
    )
    payer = unnamed_payers(session, [payment]).get(payment)
    lines = ((row, line_of(row, Currency(row.currency))) for row in session.execute(query))
    return [
        AttestingLine(
            file_id=row.file_id,
            file_name=row.file_name,
            format=row.format,
            is_total=row.is_total,
            line=line if payer is None else line_without_payer(line, payer),
        )
        for row, line in lines
    ]
