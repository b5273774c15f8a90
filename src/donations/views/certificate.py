"""The certificates of a year as they are shown: issued ones, who can get one, and who cannot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from donations.acts.certificate import (
    CannotGet,
    CertificateState,
    Issued,
    NoCertificateReason,
    Ready,
    YearOfCertificates,
)
from donations.core.language import Language
from donations.views.value import Money, Named, View, money_by_currency


class CertificateView(View):
    """A certificate and what has become of it."""

    year: int
    count: int = Field(description="Its place among those of the year, from 1.")
    number: str = Field(description="As it is written: `2026-0001`.")
    donor: Named = Field(description="Who stands for the donor now, named as on it; no name where it was erased.")
    totals: list[Money] = Field(description="What it says, one for each currency.")
    state: CertificateState
    now: list[Money] = Field(description="What the books say now.")
    replaces: list[str] = Field(description="The numbers of those that it stands for.")
    replaced_by: str | None
    language: Language
    issued_at: datetime
    issued_by: str

    @property
    def is_erased(self) -> bool:
        """Whether its name was erased: then it cannot be given to anybody."""
        return not self.donor.name


class ReadyView(View):
    """A donor who can get one."""

    donor: Named
    totals: list[Money]
    language: Language
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
        issued=list(map(certificate_view, found.issued)),
        ready=[ReadyView.made_of(each, **_given(each)) for each in found.ready],
        cannot=[CannotGetView.made_of(each, **_given(each)) for each in found.cannot],
    )


def certificate_view(issued: Issued) -> CertificateView:
    """Return a certificate and what has become of it."""
    found = issued.certificate
    return CertificateView.made_of(
        issued,
        year=found.kept.year,
        count=found.kept.number,
        number=found.number,
        donor=Named(id=issued.donor, name=found.kept.name or ""),
        totals=money_by_currency(found.sums),
        now=money_by_currency(issued.now),
        replaces=list(found.replaces),
        language=found.language,
        issued_at=found.kept.issued_at,
        issued_by=found.kept.issued_by,
    )


def _given(each: Ready | CannotGet) -> dict[str, Any]:
    return {"donor": Named(id=each.donor, name=each.name), "totals": money_by_currency(each.sums)}
