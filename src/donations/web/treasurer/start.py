"""The treasurer's first page: how things stand and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.identity.proof import DayState
from donations.reports.proofs import Proved, proofs
from donations.store import people
from donations.store.files import count_active
from donations.store.findings import standing_findings
from donations.store.payments import unallocated_ids
from donations.store.session import reading
from donations.web.access import needs
from donations.web.pages import SiteHere, page

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far one account in one currency is proven by the bank's own balances."""

    number: str
    currency: str
    proven_until: date | None
    """The last day that is proven with every day before it; None where the first day is not."""
    last_day: date
    """The last day that a statement covers."""

    @property
    def is_proven(self) -> bool:
        """Whether every covered day is proven."""
        return self.proven_until == self.last_day


@router.get("")
@needs(Permission.SEE_NAMES)
def start(request: Request, site: SiteHere) -> Response:
    """Show how things stand."""
    with reading(site.engine) as session:
        return page(
            request,
            "treasurer/start.html",
            imports=count_active(session),
            questions=len(unallocated_ids(session)),
            findings=len(standing_findings(session)),
            standings=[_standing(each) for each in proofs(session)],
            own_accounts={row.number: row.name for row in people.accounts(session)},
            appeals=people.appeals(session),
        )


def _standing(proved: Proved) -> Standing:
    first = proved.runs[0]
    return Standing(
        number=proved.number,
        currency=proved.currency,
        proven_until=first.last_day if first.state is DayState.PROVEN else None,
        last_day=proved.covered.last_day,
    )
