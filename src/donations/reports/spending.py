"""What costs were for: sums by category, and by payee where a category is missing or was given."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from donations.acts.proving import proofs
from donations.core.calendar import Period
from donations.core.language import N_
from donations.core.money import EUR, Currency, Minor, totals
from donations.core.payment import Payment, PaymentId
from donations.core.spending import BANKS_OWN, Category, CategoryId, Payee
from donations.core.statement import LineKind
from donations.reports.corrections import notes_on
from donations.reports.table import Column, ColumnKind, Table, percent_of
from donations.reports.words import TOTAL, OwnText, title_with_period
from donations.store.payments.shown import unnamed_payers, without_payer
from donations.store.session import ReadSession
from donations.store.spending import CostOf, categories, costs

NO_CATEGORY = OwnText(N_("No category yet"), code="no_category")
_PEOPLE = OwnText(N_("people"), code="people")
_ORGANISATIONS = OwnText(N_("organisations only"), code="organisations")
COLUMNS = (
    Column("category", N_("Category"), ColumnKind.TEXT),
    Column("pays", N_("Pays"), ColumnKind.TEXT),
    Column("payments", N_("Payments"), ColumnKind.COUNT),
    Column("minor", N_("Spent"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySum:
    """The costs of one category in one currency."""

    category: Category | None
    currency: Currency
    minor: Minor
    payments: int
    percent: int | None
    """Of all costs in the currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeSum:
    """What one payee was paid, or one payment that names none."""

    newest: Payment
    """Names the payee in forms: no account number has to."""
    sums: tuple[tuple[Currency, Minor], ...]
    payments: int
    category: Category | None

    @property
    def bank_kind(self) -> LineKind | None:
        """The kind of the bank's own rows, where it is the bank itself."""
        return self.newest.kind if self.newest.kind in BANKS_OWN else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The costs of some days."""

    categories: tuple[Category, ...]
    by_category: tuple[CategorySum, ...]
    """Euros first, in each currency the largest first; what has no category is the last."""
    totals: tuple[tuple[Currency, Minor], ...]
    without: tuple[PayeeSum, ...]
    """Who was paid for what has no category, the largest first."""
    given: tuple[PayeeSum, ...]
    """The payees who have one."""

    @property
    def sums_without(self) -> tuple[tuple[Currency, Minor], ...]:
        """What has no category, by currency."""
        return tuple((each.currency, each.minor) for each in self.by_category if each.category is None)


def spending_of(session: ReadSession, period: Period) -> Spending:
    """Return the costs booked in a period."""
    found = _costs_in_force(session, period)
    known = tuple(categories(session))
    by_id = {category.id: category for category in known}
    sums = _euros_first(found)
    return Spending(
        categories=known,
        by_category=tuple(_by_category(found, by_id, dict(sums))),
        totals=sums,
        without=_payees((each for each in found if each.category is None), by_id),
        given=_payees((each for each in found if each.category is not None and not each.is_own), by_id),
    )


def costs_in(session: ReadSession, period: Period, category: CategoryId | None) -> list[CostOf]:
    """Return the costs of one category, or those that have none, the newest first."""
    return [each for each in _costs_in_force(session, period) if each.category == category][::-1]


def spending(session: ReadSession, period: Period) -> Table:
    """Return the costs of a period by category; together they are the ledger's costs to the cent."""
    found = spending_of(session, period)
    counts: Counter[Currency] = Counter()
    for each in found.by_category:
        counts[each.currency] += each.payments
    return Table(
        title=title_with_period(N_("Spending by category, {period}"), period),
        columns=COLUMNS,
        rows=tuple((*_named(each.category), each.payments, each.minor, each.currency) for each in found.by_category),
        totals=tuple((TOTAL, None, counts[currency], minor, currency) for currency, minor in found.totals),
        notes=notes_on(session, period, proofs(session)),
    )


def _named(category: Category | None) -> tuple[str, str | None]:
    if category is None:
        return NO_CATEGORY, None
    return category.name, _PEOPLE if category.pays_people else _ORGANISATIONS


def _costs_in_force(session: ReadSession, period: Period) -> list[CostOf]:
    """Return what stands, to be shown: a refund to somebody who asked to be forgotten may be a part of the payment."""
    found = [each for each in costs(session, first_day=period.first_day, last_day=period.last_day) if each.minor]
    payers = unnamed_payers(session, [each.payment for each in found])
    return [
        each if each.content is None else replace(each, content=without_payer(each.content, payers)) for each in found
    ]


def _euros_first(found: Iterable[CostOf]) -> tuple[tuple[Currency, Minor], ...]:
    return tuple(sorted(totals(found), key=lambda pair: pair[0] != EUR))


def _by_category(
    found: Sequence[CostOf], by_id: dict[CategoryId, Category], totals: dict[Currency, Minor]
) -> list[CategorySum]:
    groups: defaultdict[tuple[Currency, CategoryId | None], list[CostOf]] = defaultdict(list)
    for each in found:
        groups[each.currency, each.category].append(each)
    sums = [
        CategorySum(
            category=None if category is None else by_id[category],
            currency=currency,
            minor=(minor := sum(each.minor for each in own)),
            payments=len(own),
            percent=percent_of(minor, totals[currency]),
        )
        for (currency, category), own in groups.items()
    ]
    return sorted(sums, key=lambda each: (each.currency != EUR, each.currency, each.category is None, -each.minor))


def _payees(found: Iterable[CostOf], by_id: dict[CategoryId, Category]) -> tuple[PayeeSum, ...]:
    groups: defaultdict[Payee | PaymentId, list[tuple[CostOf, Payment]]] = defaultdict(list)
    for each in found:
        if each.content is not None:
            groups[each.payment if each.payee is None else each.payee].append((each, each.content))
    sums = [
        PayeeSum(
            newest=own[-1][1],
            sums=_euros_first(each for each, _ in own),
            payments=len(own),
            category=None if (category := own[-1][0].category) is None else by_id[category],
        )
        for own in groups.values()
    ]
    return tuple(sorted(sums, key=lambda each: -max(minor for _, minor in each.sums)))
