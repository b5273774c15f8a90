"""The certificates of a year as they are shown: issued ones, who can get one, and who cannot."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from donations.acts.certificate import CannotGet, CertificateState, NoCertificateReason, Ready, YearOfCertificates
from donations.views.value import Money, Named, View, money_by_currency


class CertificateView(View):
    """A certificate and what has become of it."""

    number: str = Field(description="As it is written: `2026-0001`.")
    donor: Named = Field(description="Who stands for the donor now, named as on it; no name where it was erased.")
    totals: list[Money] = Field(description="What it says, one for each currency.")
    state: CertificateState
    now: list[Money] = Field(description="What the books say now.")
    replaced_by: str | None


class ReadyView(View):
    """A donor who can get one."""

    donor: Named
    totals: list[Money]
    replaces: list[str] = Field(description="The numbers of those that it would stand for.")


class CannotGetView(View):
    """A donor who cannot."""

    donor: Named
    totals: list[Money]
    why: NoCertificateReason


class CertificatesView(View):
    """What there is to issue for a year, and what was issued."""

    year: int
    is_over: bool
    may_issue: bool = Field(description="Whether the figures of the year are final enough to be certified.")
    open_months: list[str] = Field(description="Those that are not closed: their gifts may still change.")
    issued: list[CertificateView]
    ready: list[ReadyView]
    cannot: list[CannotGetView]


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
