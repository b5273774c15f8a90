"""The certificates of a year as they are shown."""

from __future__ import annotations

from donations.certificates.value import YearOfCertificates
from donations.views.certificate import CannotGetView, CertificatesView, CertificateView, ReadyView
from donations.views.value import Named, money_by_currency


def certificates_view(found: YearOfCertificates) -> CertificatesView:
    """Return what there is to issue for a year, and what was issued."""
    return CertificatesView(
        year=found.year,
        is_over=found.is_over,
        may_issue=found.may_issue,
        open_months=list(map(str, found.open_months)),
        issued=[
            CertificateView(
                number=each.certificate.number,
                donor=Named(id=each.donor, name=each.certificate.kept.name or ""),
                totals=money_by_currency(each.certificate.sums),
                state=each.state.value,
                now=money_by_currency(each.now),
                replaced_by=each.replaced_by,
            )
            for each in found.issued
        ],
        ready=[
            ReadyView(
                donor=Named(id=each.donor, name=each.name),
                totals=money_by_currency(each.sums),
                replaces=list(each.replaces),
            )
            for each in found.ready
        ],
        cannot=[
            CannotGetView(
                donor=Named(id=each.donor, name=each.name), totals=money_by_currency(each.sums), why=each.why.value
            )
            for each in found.cannot
        ],
    )
