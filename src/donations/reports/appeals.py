"""What was given to each appeal in a period."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.money import Currency
from donations.core.period import Period
from donations.reports.notes import notes_on
from donations.reports.proofs import proofs
from donations.reports.said import TOTAL, titled
from donations.reports.table import Column, Kind, Row, Table
from donations.store.given import Scope
from donations.store.giving.gift_sums import AppealSum, appeal_sums, givers
from donations.store.session import ReadSession

COLUMNS = (
    Column("appeal", N_("Appeal"), Kind.TEXT),
    Column("gifts", N_("Gifts"), Kind.COUNT),
    Column("donors", N_("Donors"), Kind.COUNT),
    Column("total", N_("Given"), Kind.MINOR),
    Column("currency", N_("Currency"), Kind.CURRENCY),
)


def appeals(session: ReadSession, period: Period) -> Table:
    """Return the gifts by appeal; who gave to two appeals counts once in the total. Refunds are not taken off."""
    scope = Scope(first_day=period.first_day, last_day=period.last_day)
    found = appeal_sums(session, scope)
    donors = {each.currency: each.donors for each in givers(session, scope)}
    return Table(
        title=titled(N_("Appeals, {period}"), period),
        columns=COLUMNS,
        rows=tuple((each.name, each.gifts, each.donors, each.minor, each.currency) for each in found),
        totals=tuple(_total(found, currency, donors[currency]) for currency in sorted(donors)),
        notes=notes_on(session, period, proofs(session)),
    )


def _total(found: list[AppealSum], currency: Currency, donors: int) -> Row:
    own = [each for each in found if each.currency == currency]
    return (TOTAL, sum(each.gifts for each in own), donors, sum(each.minor for each in own), currency)
