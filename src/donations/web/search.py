"""One search over everything that may be shown: payments, donors, files and months, each with a way to all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.core.calendar import Month, Period
from donations.core.money import EUR, decimal_text
from donations.core.payment import PaymentId
from donations.core.sought import Sought, sought_from
from donations.store.donors import people
from donations.store.donors.donor_search import FoundDonor, donor_filter_from, search, sums_of
from donations.store.payments.listed import Choice, ListedPayment, listed, places
from donations.store.session import ReadSession, reading
from donations.store.statements.coverage import CoveredDays, covered_days
from donations.store.statements.imports import ImportedFile, ImportFilter, list_imports
from donations.web.access import VisitorHere, needs
from donations.web.pages import SEARCH_PATH, Site, SiteHere, page

PAYMENTS_SHOWN, DONORS_SHOWN, FILES_SHOWN, MONTHS_SHOWN = 20, 10, 5, 12

router = APIRouter(prefix=SEARCH_PATH)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPayments:
    """The newest payments of one reading of what was typed."""

    payments: list[ListedPayment]
    has_more: bool
    address: str
    """Where the ledger lists all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that was found; of each kind no more than is looked at, the newest first."""

    payments: tuple[FoundPayments, ...] = ()
    donors: tuple[FoundDonor, ...] = ()
    donors_in_all: int = 0
    files: tuple[ImportedFile, ...] = ()
    has_more_files: bool = False
    months: tuple[Month, ...] = ()

    @property
    def only_payment(self) -> PaymentId | None:
        """The payment, where one is all that was found."""
        shown = [each.payment.id for found in self.payments for each in found.payments]
        is_all = len(set(shown)) == 1 and not (self.donors or self.files or self.months)
        return shown[0] if is_all else None

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing of any kind."""
        return not (self.payments or self.donors or self.files or self.months)


@router.get("")
@needs(Permission.SEE_FIGURES)
def search_page(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    written: Annotated[str, Query(alias="find", max_length=140)] = "",
) -> Response:
    """Show what was found, or lead to the one payment that is all of it.

    Who may not see names finds months, and nothing that names anybody.
    """
    sought, sees_names = sought_from(written), visitor.may(Permission.SEE_NAMES)
    with reading(site.engine) as session:
        months = _months(sought, covered_days(session))
        found = Found(months=months)
        if sees_names and sought.words:
            found = _found(session, sought, months, site)
        if found.only_payment is not None:
            return RedirectResponse(f"/treasurer/payments/{found.only_payment}", status_code=303)
        return page(
            request,
            "search.html",
            written=sought.words,
            found=found,
            sees_names=sees_names,
            own_accounts={row.number: row.name for row in people.accounts(session)},
            appeals={each.id: each.name for each in people.appeals(session)},
        )


def _found(session: ReadSession, sought: Sought, months: tuple[Month, ...], site: Site) -> Found:
    is_of_words = sought.minor is None and sought.days is None
    donors = site.found_by(session, search, donor_filter_from(sought.words)) if is_of_words else []
    files = _files(session, sought)
    return Found(
        payments=tuple(_payments(session, sought, site)),
        donors=tuple(sums_of(session, donors[:DONORS_SHOWN], year=site.today.year)),
        donors_in_all=len(donors),
        files=tuple(files[:FILES_SHOWN]),
        has_more_files=len(files) > FILES_SHOWN,
        months=months,
    )


def _payments(session: ReadSession, sought: Sought, site: Site) -> Iterator[FoundPayments]:
    """Yield the payments of each reading that has any."""
    readings: list[tuple[Choice, dict[str, str]]] = []
    if sought.minor is not None:
        amount = decimal_text(sought.minor, EUR)
        readings.append((Choice(least=sought.minor, most=sought.minor), {"least": amount, "most": amount}))
    if sought.days is not None:
        first, last = sought.days.first_day, sought.days.last_day
        days = {"first": first.isoformat(), "last": last.isoformat()}
        readings.append((Choice(first_day=first, last_day=last), days))
    readings.append((Choice(wordings=site.wordings_with(session, sought.words)), {"text": sought.words}))
    for choice, asked in readings:
        here = [each.payment for each in islice(places(session, choice, size=PAYMENTS_SHOWN), PAYMENTS_SHOWN + 1)]
        if here:
            yield FoundPayments(
                payments=listed(session, here[:PAYMENTS_SHOWN]),
                has_more=len(here) > PAYMENTS_SHOWN,
                address=f"/treasurer/ledger?{urlencode(asked)}",
            )


def _files(session: ReadSession, sought: Sought) -> list[ImportedFile]:
    wanted = ImportFilter(name=sought.words)
    if sought.days is not None:
        wanted = ImportFilter(first_day=sought.days.first_day, last_day=sought.days.last_day)
    return list_imports(session, wanted, start=0, size=FILES_SHOWN + 1)


def _months(sought: Sought, covered: CoveredDays) -> tuple[Month, ...]:
    """Return the months of the days that were typed, those with statements, the newest first."""
    if sought.days is None:
        return ()
    first, last = sought.days.first_day, sought.days.last_day
    months = (Month.of(Period.of(year=first.year, month=number).first_day) for number in range(12, 0, -1))
    return tuple(
        each
        for each in months
        if each.first_day <= last and each.last_day >= first and covered.touches(each.first_day, each.last_day)
    )
