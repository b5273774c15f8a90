"""Imports with everything people ask of them, done or only shown: what is stated and proven, and what they bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from donations.acts.importing import FileResult, FileStatus, StatementResult, take_all
from donations.acts.promise import promise_of
from donations.acts.proving import Proved
from donations.acts.reading_files import ReadFile, Terms
from donations.core.calendar import Month, Period
from donations.core.iban import UnverifiedAccount, bank_name, parse_account
from donations.core.money import Currency, Minor
from donations.core.payment import Payment, PaymentId
from donations.core.problem import Problem, ProblemCode
from donations.core.provider import provider_of
from donations.reports.day_reasons import ReasonedRun, Reasons
from donations.store.donors import people
from donations.store.months import closed_months_touched
from donations.store.payments.shown import shown_payments
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.statements.brought import ImportEffect, import_effect
from donations.store.statements.coverage import ledger_proof
from donations.store.statements.files import Ledger
from donations.store.statements.findings import notices_of
from donations.store.statements.imports import ImportedFile, ImportedStatement, LineSums, import_with_id, line_sums
from donations.store.tables import AccountRow
from donations.views.imported import (
    AskedAccountView,
    AskedView,
    ImportContentView,
    ImportedStatementView,
    ImportEffectView,
    ImportResultsView,
    ImportResultView,
    ProvenDays,
    PurposeSums,
    StatementContentView,
    results_view,
    stated_money,
)
from donations.views.phrases import Phrase, Teller, problem_views
from donations.views.value import money, money_by_currency

ASKED_SHOWN = 10
"""Of each file; the others are counted."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """One import, and what stands in the books because of it."""

    file: ImportedFile
    statements: tuple[StatementReport, ...]
    brought: ImportEffect
    closed: tuple[Month, ...]
    """Closed months into which it brought payments."""
    notices: tuple[Problem, ...]
    asked: tuple[Payment, ...]
    """The first payments that wait for an answer, in the order of their days."""

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
        asked=_first_asked(session, brought.open),
    )


def _first_asked(session: ReadSession, waiting: Sequence[PaymentId]) -> tuple[Payment, ...]:
    payments = shown_payments(session, waiting[:ASKED_SHOWN])
    return tuple(sorted(payments, key=lambda each: (each.booked_on, each.id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFile:
    """What a file came to, inside the transaction in which it did."""

    result: FileResult
    report: ImportReport | None
    """None where nothing is imported."""

    @property
    def promises(self) -> object:
        """What is shown of it; numbers of rows are no part of it, for others may have taken them meanwhile."""
        if self.report is None:
            return self.result
        report, brought = self.report, self.report.brought
        asked = [(each.booked_on, each.money, each.counterparty, each.text) for each in report.asked]
        counts = [len(each) for each in (brought.payments, brought.donors, brought.new_donors, brought.open)]
        return self.result, report.statements, report.known, report.closed, brought.purposes, counts, asked


def take_files(session: WriteSession, files: Sequence[ReadFile], terms: Terms) -> tuple[TakenFile, ...]:
    """Import files and return what each came to, to be shown first or said afterwards."""
    results, reader = take_all(session, files, terms), as_reader(session)
    return tuple(TakenFile(result=each, report=report_of(reader, each)) for each in results)


def report_of(session: ReadSession, result: FileResult) -> ImportReport | None:
    """Return what there is to say of a file that was imported now, None of another."""
    is_in = result.status in {FileStatus.IMPORTED, FileStatus.NOTHING_NEW} and result.file_id is not None
    return import_report(session, result.file_id) if is_in and result.file_id is not None else None


def result_view(
    taken: TakenFile,
    teller: Teller,
    *,
    is_preview: bool,
    sees_names: bool,
    path: str | None = None,
    remedies: Mapping[ProblemCode, str] | None = None,
) -> ImportResultView:
    """Return what a file came to; `remedies` stand in for those that name commands."""
    result, report = taken.result, taken.report
    is_new = result.status is not FileStatus.ALREADY_IMPORTED
    stated = () if report is None else zip(result.statements, report.statements, strict=True)
    return ImportResultView.made_of(
        result,
        is_preview=is_preview,
        id=None if is_preview and is_new else result.file_id,
        path=path,
        statements=tuple(
            _with_news(each, _content(content, teller, sees_names=sees_names)) for each, content in stated
        ),
        new=sum(each.new for each in result.statements),
        known=sum(each.known for each in result.statements),
        totals=money_by_currency(result.gift_totals),
        effect=None if report is None else _effect(report, with_numbers=False),
        asks=tuple(AskedAccountView.made_of(each, bank=bank_of(each.number)) for each in result.asks),
        notices=problem_views(result.problems, teller, remedies=remedies),
        digest=promise_of(taken),
    )


def all_results(files: Iterable[tuple[TakenFile, ImportResultView]]) -> ImportResultsView:
    """Return what several files came to, each with its view."""
    both = list(files)
    effects = [taken.report.brought for taken, _ in both if taken.report is not None]
    donors = frozenset().union(*(each.donors for each in effects))
    new_donors = frozenset().union(*(each.new_donors for each in effects))
    return results_view(
        [view for _, view in both],
        donors=len(donors),
        new_donors=len(new_donors),
        digest=promise_of(tuple(taken for taken, _ in both)),
    )


def content_view(
    report: ImportReport, teller: Teller, *, sees_names: bool, remedies: Mapping[ProblemCode, str] | None = None
) -> ImportContentView:
    """Return an import with everything; `remedies` stand in for those that name commands."""
    return ImportContentView.made_of(
        report.file,
        statements=tuple(_content(each, teller, sees_names=sees_names) for each in report.statements),
        effect=_effect(report, with_numbers=True),
        notices=problem_views(report.notices, teller, remedies=remedies),
    )


def _with_news(result: StatementResult, content: StatementContentView) -> ImportedStatementView:
    return ImportedStatementView(**dict(content), proof=result.proof, new=result.new, known=result.known)


def _content(each: StatementReport, teller: Teller, *, sees_names: bool) -> StatementContentView:
    adds_up_or_not = each.opening is not None and each.closing is not None
    return StatementContentView.made_of(
        each,
        account=each.number,
        name=each.account,
        opening=stated_money(each.opening, each.currency),
        closing=stated_money(each.closing, each.currency),
        money_in=money(each.money_in, each.currency),
        money_out=money(each.money_out, each.currency),
        imbalance=money(each.imbalance, each.currency) if adds_up_or_not else None,
        days=[_proven_days(run, teller, sees_names=sees_names) for run in each.days],
    )


def _proven_days(each: ReasonedRun, teller: Teller, *, sees_names: bool) -> ProvenDays:
    def words(phrase: Phrase | None) -> str:
        return "" if phrase is None else teller.tell(phrase)

    return ProvenDays(
        first_day=each.days.first_day,
        last_day=each.days.last_day,
        state=each.state,
        cause=None if each.run.why is None else each.run.why.cause.value,
        words=words(each.why),
        near=words(each.near.phrase if each.near is not None and sees_names else None),
        to_do=words(each.to_do),
    )


def _effect(report: ImportReport, *, with_numbers: bool) -> ImportEffectView:
    brought = report.brought
    return ImportEffectView(
        payments=len(brought.payments),
        known=report.known,
        purposes=[PurposeSums.made_of(each, totals=money_by_currency(each.totals)) for each in brought.purposes],
        donors=len(brought.donors),
        new_donors=len(brought.new_donors),
        questions=len(brought.open),
        asked=[_asked(each, with_number=with_numbers) for each in report.asked],
        closed_months=list(map(str, report.closed)),
    )


def _asked(each: Payment, *, with_number: bool) -> AskedView:
    return AskedView(
        payment=each.id if with_number else None,
        booked_on=each.booked_on,
        name=each.counterparty.name,
        money=money(each.money.signed_minor, each.money.amount.currency),
        text=each.text,
    )


def bank_of(number: str) -> str | None:
    """Return the bank, or the payment provider, of an account where its number says it."""
    provider, parsed = provider_of(number), parse_account(number)
    if provider is not None:
        return provider.brand
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
