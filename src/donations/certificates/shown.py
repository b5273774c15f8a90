"""The certificates of a year as they are shown."""

from __future__ import annotations

from typing import Any

from donations.certificates.value import CannotGet, Ready, YearOfCertificates
from donations.views.certificate import CannotGetView, CertificatesView, CertificateView, ReadyView
from donations.views.value import Named, money_by_currency


def certificates_view(found: YearOfCertificates) -> CertificatesView:
    """Return what there is to issue for a year, and what was issued."""
    return CertificatesView.made_of(
        found,
        open_months=list(map(str, found.open_months)),
        issued=[
            CertificateView.made_of(
                each,
                number=each.certificate.number,
                donor=Named(id=each.donor, name=each.certificate.kept.name or ""),
                totals=money_by_currency(each.certificate.sums),
                now=money_by_currency(each.now),
            )
            for each in found.issued
        ],
        ready=[ReadyView.made_of(each, **_given(each)) for each in found.ready],
        cannot=[CannotGetView.made_of(each, **_given(each)) for each in found.cannot],
    )


def _given(each: Ready | CannotGet) -> dict[str, Any]:
    return {"donor": Named(id=each.donor, name=each.name), "totals": money_by_currency(each.sums)}
