"""Each month of each account: what the bank says it held, what moved, what that was for, and whether it is proven."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from donations.acts.proving import Proved, proofs
from donations.core.calendar import Month, Period, months_between
from donations.core.language import N_
from donations.core.money import Minor
from donations.core.payment import Purpose
from donations.ledger.figures import AccountMonth, AppealMonth, Figures
from donations.reports.corrections import notes_on
from donations.reports.reconciliation import compared
from donations.reports.table import Column, ColumnKind, Note, Row, Table
from donations.reports.words import DAYS, OwnText, month_word, title_with_period
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import appeal_months, donors_by_month
from donations.store.payments.movements import day_sums, purpose_sums
from donations.store.session import ReadSession
from donations.store.statements.files import Ledger

COLUMNS = (
    Column("account", N_("Account"), ColumnKind.TEXT),
    Column("month", N_("Month"), ColumnKind.TEXT),
    Column("opening", N_("Opening (bank)"), ColumnKind.MINOR),
    Column("in", N_("Money in"), ColumnKind.MINOR),
    Column("out", N_("Money out"), ColumnKind.MINOR),
    Column("gifts", N_("Gifts"), ColumnKind.MINOR),
    Column("refunds", N_("Refunds"), ColumnKind.MINOR),
    Column("transfers", N_("Transfers"), ColumnKind.MINOR),
    Column("income", N_("Other income"), ColumnKind.MINOR),
    Column("costs", N_("Costs"), ColumnKind.MINOR),
    Column("unallocated", N_("Unallocated"), ColumnKind.MINOR),
    Column("questions", N_("Questions"), ColumnKind.COUNT),
    Column("closing", N_("Closing (ledger)"), ColumnKind.MINOR),
    Column("bank_closing", N_("Closing (bank)"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("proof", N_("Proof"), ColumnKind.TEXT),
)
DETAIL_COLUMNS = (
    Column("account", N_("Account"), ColumnKind.TEXT),
    Column("month", N_("Month"), ColumnKind.TEXT),
    Column("item", N_("What"), ColumnKind.TEXT),
    Column("minor", N_("Amount"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("proof", N_("Proof"), ColumnKind.TEXT),
)
_BALANCES = {"opening", "closing", "bank_closing"}
_PURPOSES = (Purpose.GIFT, Purpose.REFUND, Purpose.TRANSFER, Purpose.INCOME, Purpose.COST)
_QUESTIONS = N_("Payments that have money without a purpose: {count}. See the questions.")
_DAY = timedelta(days=1)


@dataclass(slots=True)
class _Moved:
    """What moved in one month on one account; signed, so that money out is negative and everything adds up."""

    money_in: Minor = 0
    money_out: Minor = 0
    unallocated: Minor = 0
    questions: int = 0
    purposes: Counter[Purpose] = field(default_factory=Counter)


def months(session: ReadSession, period: Period) -> Table:
    """Return one row for each account, currency and month; money out is negative.

    opening + money in + money out = closing, and money in + money out = what it was for + unallocated. The ledger's
    closing is brought forward from the first balance that the bank states.
    """
    proved = proofs(session)
    found = list(account_months(session, period, proved))
    return Table(
        title=title_with_period(N_("Months, {period}"), period),
        columns=COLUMNS,
        rows=tuple(_row(one, each) for one, each in found),
        notes=(*_open(each for _, each in found), *notes_on(session, period, proved)),
    )


def month(session: ReadSession, period: Period) -> Table:
    """Return the same figures below each other, account by account and month by month, as pages of the books.

    The proof stands beside the bank's closing balance. What is nothing and no balance is left out.
    """
    whole = months(session, period)
    rows: list[Row] = []
    for row in whole.rows:
        account, one, currency, proof = row[0], row[1], whole.currency_of(row), row[-1]
        for column, value in zip(COLUMNS, row, strict=True):
            if column.kind is ColumnKind.MINOR and (value or column.key in _BALANCES):
                is_last = column.key == "bank_closing"
                rows.append((account, one, OwnText(column.heading), value, currency, proof if is_last else None))
    return Table(
        title=title_with_period(N_("Month, {period}"), period),
        columns=DETAIL_COLUMNS,
        rows=tuple(rows),
        notes=whole.notes,
    )


def figures(session: ReadSession, one: Month, proved: Sequence[Proved]) -> Figures:
    """Return everything that a month comes to now."""
    return figures_by_month(session, Period(one.first_day, one.last_day), proved).get(one, Figures())


def figures_by_month(session: ReadSession, period: Period, proved: Sequence[Proved]) -> dict[Month, Figures]:
    """Return everything that each month of the period comes to now, for those that a statement covers."""
    accounts: defaultdict[Month, list[AccountMonth]] = defaultdict(list)
    for one, account in account_months(session, period, proved):
        accounts[one].append(account)
    appeals: defaultdict[Month, list[AppealMonth]] = defaultdict(list)
    scope = GiftScope(first_day=period.first_day, last_day=period.last_day)
    for one, appeal in appeal_months(session, scope):
        appeals[one].append(appeal)
    donors = donors_by_month(session, scope)
    return {
        one: Figures(accounts=tuple(accounts[one]), appeals=tuple(appeals[one]), donors=donors.get(one, 0))
        for one in sorted(accounts)
    }


def account_months(
    session: ReadSession, period: Period, proved: Sequence[Proved]
) -> Iterator[tuple[Month, AccountMonth]]:
    """Return what each account did in each month of the period that its statements cover."""
    moved = _moved(session, period)
    for each in proved:
        bank = compared(each)
        at_end_of = {one.end_of: one.bank for one in bank.balances if one.is_day_end}
        covered = each.covered
        for days in () if covered is None else months_between(covered.first_day, covered.last_day):
            if not period.touches(days.first_day, days.last_day):
                continue
            one = Month.of(days.first_day)
            sums = moved.get((each.ledger, one), _Moved())
            yield (
                one,
                AccountMonth(
                    account=each.number,
                    currency=each.currency,
                    opening=at_end_of.get(days.first_day - _DAY),
                    money_in=sums.money_in,
                    money_out=sums.money_out,
                    purposes={purpose: sums.purposes[purpose] for purpose in _PURPOSES},
                    unallocated=sums.unallocated,
                    questions=sums.questions,
                    closing=each.balance(days.last_day),
                    bank_closing=at_end_of.get(days.last_day),
                    proof=each.state_in(days),
                ),
            )


def _row(one: Month, each: AccountMonth) -> Row:
    return (
        *(each.account, month_word(one), each.opening, each.money_in, each.money_out),
        *(each.purposes[purpose] for purpose in _PURPOSES),
        *(each.unallocated, each.questions, each.closing, each.bank_closing, each.currency, DAYS[each.proof]),
    )


def _open(found: Iterable[AccountMonth]) -> Iterator[Note]:
    questions = sum(each.questions for each in found)
    if questions:
        yield Note("questions_open", _QUESTIONS, (("count", str(questions)),))


def _moved(session: ReadSession, period: Period) -> dict[tuple[Ledger, Month], _Moved]:
    found: dict[tuple[Ledger, Month], _Moved] = {}
    for day in day_sums(session, first_day=period.first_day, last_day=period.last_day):
        sums = found.setdefault((day.ledger, Month.of(day.day)), _Moved())
        sums.money_in += day.money_in
        sums.money_out += day.money_out
        sums.unallocated += day.unallocated
        sums.questions += day.questions
    for part in purpose_sums(session, first_day=period.first_day, last_day=period.last_day):
        found[part.ledger, Month.of(part.day)].purposes[part.purpose] += part.minor
    return found
