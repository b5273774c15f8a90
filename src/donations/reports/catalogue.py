"""Every report by its name in addresses and commands: its title, what it is for, and what makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from donations.core.calendar import Period
from donations.core.language import N_
from donations.reports.annual import annual
from donations.reports.corrections import corrections_of
from donations.reports.coverage import coverage
from donations.reports.decided import by_hand
from donations.reports.gifts import appeals, donors, donors_by_year, gifts, waiting
from donations.reports.inf9 import inf9
from donations.reports.month import month, months
from donations.reports.payouts import payout_report
from donations.reports.reconciliation import reconciliation
from donations.reports.regular import regular, retention
from donations.reports.restricted import restricted_money
from donations.reports.spending import spending
from donations.reports.table import Table
from donations.store.session import ReadSession


class HowOften(Enum):
    """When people need a report."""

    MONTHLY = "monthly"
    YEARLY = "yearly"
    ASKED = "asked"


class UsualDays(Enum):
    """How many days a report is usually asked for, up to the last one that statements cover."""

    MONTH = "month"
    YEAR = "year"
    FINANCIAL_YEAR = "financial year"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report; `title` and `use` are marked for translation."""

    name: str
    title: str
    use: str
    """What it is for, in a sentence."""
    make: Callable[[ReadSession, Period, date], Table]
    """From the books, the period, and today."""
    span: UsualDays = UsualDays.YEAR
    needed: HowOften = HowOften.ASKED


def _undated(make: Callable[[ReadSession, Period], Table]) -> Callable[[ReadSession, Period, date], Table]:
    """Return the maker of a report that is the same on every day."""
    return lambda session, period, _: make(session, period)


_REPORTS = (
    Report(
        name="gifts",
        title=N_("Gifts"),
        use=N_("Each gift with its day, donor and appeal."),
        make=_undated(gifts),
        span=UsualDays.MONTH,
        needed=HowOften.MONTHLY,
    ),
    Report(
        name="donors",
        title=N_("Donors"),
        use=N_("What each donor gave, what was paid back, and what is left."),
        make=_undated(donors),
        needed=HowOften.YEARLY,
    ),
    Report(
        name="donor-years",
        title=N_("Donors year by year"),
        use=N_("The same for each year, to compare years and for the yearly thanks."),
        make=_undated(donors_by_year),
        needed=HowOften.YEARLY,
    ),
    Report(
        name="appeals",
        title=N_("Appeals"),
        use=N_("How much each appeal brought, in how many gifts, from how many donors."),
        make=_undated(appeals),
        needed=HowOften.YEARLY,
    ),
    Report(
        name="restricted-money",
        title=N_("Restricted money"),
        use=N_("What was given for one thing only, what of it was spent so, and what is left: for the annual report."),
        make=_undated(restricted_money),
    ),
    Report(
        name="month",
        title=N_("Month for the books"),
        use=N_("Balances of the bank, what moved and what it was for, with the corrections: for the accountant."),
        make=_undated(month),
        span=UsualDays.MONTH,
        needed=HowOften.MONTHLY,
    ),
    Report(
        name="months",
        title=N_("Months side by side"),
        use=N_("The same in one line for each account and month."),
        make=_undated(months),
        needed=HowOften.MONTHLY,
    ),
    Report(
        name="payouts",
        title=N_("Payouts of payment providers"),
        use=N_("What each payout was made of: gifts, fees and refunds; what is left over, and what is under way."),
        make=lambda session, period, today: payout_report(session, period, today=today),
        span=UsualDays.MONTH,
        needed=HowOften.MONTHLY,
    ),
    Report(
        name="reconciliation",
        title=N_("Reconciliation"),
        use=N_(
            "Each balance that the bank states beside the ledger’s, and where a difference is from: for the auditor."
        ),
        make=lambda session, period, today: reconciliation(session, period, today=today),
        needed=HowOften.YEARLY,
    ),
    Report(
        name="spending",
        title=N_("Spending by category"),
        use=N_("What the costs were for, and what has no category yet."),
        make=_undated(spending),
        needed=HowOften.YEARLY,
    ),
    Report(
        name="annual",
        title=N_("Figures for the annual report"),
        use=N_(
            "Restricted and unrestricted gifts, other income and costs of a financial year, proven by the balances of"
            " the accounts (RTJ 14)."
        ),
        make=_undated(annual),
        span=UsualDays.FINANCIAL_YEAR,
    ),
    Report(
        name="inf9",
        title=N_("Figures for INF 9"),
        use=N_("What the tax board asks for about the use of gifts, and what no bank statement knows of it."),
        make=_undated(inf9),
    ),
    Report(
        name="corrections",
        title=N_("Corrections"),
        use=N_("What changed in closed months after they were closed, and why."),
        make=_undated(corrections_of),
        span=UsualDays.ALL,
    ),
    Report(
        name="by-hand",
        title=N_("Decided by hand"),
        use=N_("What people said that payments were for, with their reasons: for the auditor."),
        make=_undated(by_hand),
    ),
    Report(
        name="coverage",
        title=N_("Coverage"),
        use=N_("Which days the bank’s balances prove, and what to download next."),
        make=lambda session, period, today: coverage(session, period, today=today),
        needed=HowOften.MONTHLY,
    ),
    Report(
        name="regular",
        title=N_("Regular giving"),
        use=N_("What was expected of regular donors each month, what came, and who began, stopped, raised or lowered."),
        make=_undated(regular),
        needed=HowOften.MONTHLY,
    ),
    Report(
        name="retention",
        title=N_("Donor retention"),
        use=N_("Of the donors who began in one year, how many gave in the years after."),
        make=_undated(retention),
        span=UsualDays.ALL,
        needed=HowOften.YEARLY,
    ),
    Report(
        name="waiting",
        title=N_("Without a purpose"),
        use=N_("Payments that still have money without a purpose, and how long they have waited."),
        make=waiting,
        span=UsualDays.ALL,
        needed=HowOften.MONTHLY,
    ),
)
REPORTS: dict[str, Report] = {each.name: each for each in _REPORTS}
"""In the order in which they are listed."""
