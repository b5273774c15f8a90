"""One import with everything a person asks of it: what it states, whether that is proven, and what it brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from donations.acts.proving import Proved
from donations.core.calendar import Month, Period
from donations.core.iban import UnverifiedAccount, bank_name, parse_account
from donations.core.money import Currency, Minor
from donations.core.problem import Problem
from donations.identity.proof import DayState
from donations.reports.day_reasons import ReasonedRun, Reasons
from donations.store.donors import people
from donations.store.months import closed_months_touched
from donations.store.session import ReadSession
from donations.store.statements.brought import ImportEffect, import_effect
from donations.store.statements.coverage import ledger_proof
from donations.store.statements.files import Ledger
from donations.store.statements.findings import notices_of
from donations.store.statements.imports import ImportedFile, ImportedStatement, LineSums, import_with_id, line_sums
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
    days: tuple[ReasonedRun, ...]
    """What is known of its days, and why; empty where the import was undone."""
    owner: str
    """The owner of the account, as the bank writes the name; empty where the file does not say."""

    @property
    def adds_up(self) -> bool | None:
        """Whether opening + money in - money out = closing; None where a balance is not stated."""
        return None if self.opening is None or self.closing is None else self.imbalance == 0

    @property
    def is_proven(self) -> bool:
        """Whether each of its days is."""
        return {each.state for each in self.days} == {DayState.PROVEN}

    @property
    def proven_until(self) -> date | None:
        """The last day that is proven with every one before it; None where the first is not."""
        first = next(iter(self.days), None)
        return first.days.last_day if first is not None and first.state is DayState.PROVEN else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """One import, and what stands in the books because of it."""

    file: ImportedFile
    statements: tuple[StatementReport, ...]
    brought: ImportEffect
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
    proved = {} if file.withdrawn_at else _proved(session, file, accounts)
    reasons = Reasons(session)
    brought = import_effect(session, file_id)
    return ImportReport(
        file=file,
        statements=tuple(
            _statement(
                each,
                accounts[each.ledger.account_id],
                sums.get(each.id, LineSums(0, 0, 0)),
                () if file.withdrawn_at else _days(each, proved[each.ledger], reasons),
            )
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
    stated: ImportedStatement, account: AccountRow, sums: LineSums, days: tuple[ReasonedRun, ...]
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
        days=days,
        owner=stated.owner,
    )


def _proved(session: ReadSession, file: ImportedFile, accounts: Mapping[int, AccountRow]) -> dict[Ledger, Proved]:
    return {
        each: Proved(ledger=each, number=accounts[each.account_id].number, proof=ledger_proof(session, each))
        for each in {statement.ledger for statement in file.statements}
    }


def _days(stated: ImportedStatement, proved: Proved, reasons: Reasons) -> tuple[ReasonedRun, ...]:
    return tuple(reasons.of(proved, run) for run in proved.runs_in(Period(stated.first_day, stated.last_day)))
