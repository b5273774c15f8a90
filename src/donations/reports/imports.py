"""One import with everything a person asks of it: what it states, whether that is proven, and what it brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from donations.core.iban import UnverifiedAccount, bank_name, parse_account
from donations.core.money import Currency, Minor
from donations.core.month import Month
from donations.core.problem import Problem
from donations.core.statement import Proof
from donations.identity.proof import proof_of
from donations.identity.seen import StatementId
from donations.store.donors import people
from donations.store.months.closings import closed_months_touched
from donations.store.session import ReadSession
from donations.store.statements.brought import Brought, brought_by
from donations.store.statements.coverage import ledger_proof
from donations.store.statements.imports import ImportedFile, ImportedStatement, LineSums, import_with_id, line_sums
from donations.store.statements.notices import notices_of
from donations.store.tables import AccountRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementReport:
    """One statement of an import; amounts in minor units."""

    number: str
    """The account's."""
    account: str
    """What people call it."""
    bank: str | None
    currency: Currency
    first_day: date
    last_day: date
    opening: Minor | None
    money_in: Minor
    money_out: Minor
    """Positive."""
    closing: Minor | None
    imbalance: Minor
    """Closing as stated less opening, money in and money out."""
    lines: int
    proof: Proof | None
    """None where the import was undone."""

    @property
    def adds_up(self) -> bool | None:
        """Whether opening + money in - money out = closing; None where a balance is not stated."""
        return None if self.opening is None or self.closing is None else self.imbalance == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """One import, and what stands in the books because of it."""

    file: ImportedFile
    statements: tuple[StatementReport, ...]
    brought: Brought
    closed: tuple[Month, ...]
    """Closed months into which it brought payments."""
    notices: tuple[Problem, ...]

    @property
    def lines(self) -> int:
        """How many lines its statements have."""
        return sum(each.lines for each in self.statements)

    @property
    def known(self) -> int:
        """How many of them an earlier import shows too, or the file itself shows twice."""
        return self.lines - len(self.brought.payments)


def import_report(session: ReadSession, file_id: int) -> ImportReport | None:
    """Return what there is to say of one import, None where there is no such one."""
    file = import_with_id(session, file_id)
    if file is None:
        return None
    accounts = {row.id: row for row in people.accounts(session)}
    sums = line_sums(session, [each.id for each in file.statements])
    proofs = {} if file.withdrawn_at else _proofs(session, file)
    brought = brought_by(session, file_id)
    return ImportReport(
        file=file,
        statements=tuple(
            _statement(each, accounts[each.ledger.account_id], sums.get(each.id, LineSums(0, 0, 0)), proofs)
            for each in file.statements
        ),
        brought=brought,
        closed=tuple(closed_months_touched(session, brought.payments)),
        notices=notices_of(session, file_id),
    )


def bank_of(number: str) -> str | None:
    """Return the bank of an account where its number says it."""
    parsed = parse_account(number)
    return None if parsed is None or isinstance(parsed, UnverifiedAccount) else bank_name(parsed)


def _statement(
    stated: ImportedStatement, account: AccountRow, sums: LineSums, proofs: dict[StatementId, Proof]
) -> StatementReport:
    return StatementReport(
        number=account.number,
        account=account.name,
        bank=bank_of(account.number),
        currency=stated.ledger.currency,
        first_day=stated.first_day,
        last_day=stated.last_day,
        opening=stated.opening,
        money_in=sums.money_in,
        money_out=sums.money_out,
        closing=stated.closing,
        imbalance=stated.imbalance,
        lines=sums.lines,
        proof=proofs.get(stated.id),
    )


def _proofs(session: ReadSession, file: ImportedFile) -> dict[StatementId, Proof]:
    known = {ledger: ledger_proof(session, ledger) for ledger in dict.fromkeys(each.ledger for each in file.statements)}
    return {each.id: proof_of(each.id, known[each.ledger]) for each in file.statements}
