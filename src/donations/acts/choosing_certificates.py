"""Before certificates are issued: whom the smallest sum leaves out, and one to look at that is not issued."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from donations.acts.certificate import (
    CertificateState,
    Issued,
    Ready,
    certificate_of,
    counted_parts_of_year,
)
from donations.acts.issuing import appeals_called, make_certificate, named_parts
from donations.core.money import EUR, Minor
from donations.store.organisation import Letterhead
from donations.store.session import ReadSession


def given_at_least(ready: Iterable[Ready], least: Minor) -> list[Ready]:
    """Return those who gave so much in euros or more; sums in other currencies cannot be compared and stay."""
    return [each for each in ready if any(currency != EUR or minor >= least for currency, minor in each.sums)]


def sample(session: ReadSession, ready: Ready, year: int, *, issuer: Letterhead, by: str, now: datetime) -> Issued:
    """Return what would be issued to a donor under the number 0, as the books are now; nothing is kept."""
    parts = counted_parts_of_year(session, year, {ready.donor})[ready.donor]
    appeals = appeals_called(session, ready.language)
    kept = make_certificate(ready, 0, named_parts(parts, appeals), year=year, issuer=issuer, by=by, now=now)
    return Issued(
        certificate=certificate_of(kept),
        state=CertificateState.STANDS,
        donor=ready.donor,
        now=ready.sums,
        replaced_by=None,
    )
