"""Donors, gifts and certificates as they are shown."""

from __future__ import annotations

from datetime import date, datetime
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
from donations.core.donor_field import donor_fields
from donations.core.language import Language
from donations.store.donors.donor_facts import newest_field_values
from donations.store.listing import ListedDonor, ListedGift, donor_with_id, known_by
from donations.store.session import ReadSession
from donations.views.value import Money, Named, View, money, money_by_currency


class GivenView(View):
    """What a donor gave in one currency."""

    gifts: int = Field(description="How many.")
    money: Money = Field(description="Refunds are taken off.")


class DonorView(View):
    """A person or an organisation that gives; number 1 is the one anonymous donor."""

    id: int
    name: str
    given: list[GivenView] = Field(description="One for each currency; empty where no gift stands.")


class KnownDonor(DonorView):
    """A donor, and how it is recognised."""

    accounts: list[str] = Field(description="IBANs without blanks.")
    has_code: bool = Field(description="Whether a personal or registry code is known. The code is never told.")
    contacts: dict[str, str] = Field(
        description="What stands in the fields that are kept of donors, by their keys, such as `phone`: +3725550123."
    )


class GiftView(View):
    """A payment, or a part of it, that a donor gave for an appeal."""

    id: int = Field(description="The allocation's number.")
    payment_id: int
    booked_on: date = Field(description="The bank's booking date.")
    account: str = Field(description="The own account's number.")
    money: Money
    donor: Named
    appeal: Named


class LikePair(View):
    """Two donors who may be one."""

    donor: Named = Field(description="Who would go.")
    into: Named = Field(description="Who would stay.")
    likeness: str = Field(description="How sure it is: a stable code.")


class MergeView(View):
    """Two donors who are one by somebody's word, or who are two again."""

    is_preview: bool = Field(description="Whether nothing was kept.")
    id: int = Field(description="The merge's number.")
    donor: Named
    into: Named
    answered: int = Field(description="Questions that it answers.")
    asked: int = Field(description="Questions that come up again.")


def donor_view(donor: ListedDonor) -> DonorView:
    """Return a donor with everything given."""
    return DonorView.made_of(donor, given=_given(donor))


def known_donor(session: ReadSession, number: int) -> KnownDonor | None:
    """Return a donor, or the one that it was merged into; None where there is no such number."""
    found = donor_with_id(session, number)
    if found is None:
        return None
    accounts, has_code = known_by(session, found.id)
    values = newest_field_values(session, found.id)
    return KnownDonor.made_of(
        found,
        given=_given(found),
        accounts=accounts,
        has_code=has_code,
        contacts={key: values[key].value for key in donor_fields() if key in values},
    )


def gift_view(gift: ListedGift, account: str) -> GiftView:
    """Return a gift; `account` is the own account's number."""
    return GiftView.made_of(
        gift,
        account=account,
        money=money(gift.minor, gift.currency),
        donor=Named(id=gift.donor_id, name=gift.donor),
        appeal=Named(id=gift.appeal_id, name=gift.appeal),
    )


def _given(donor: ListedDonor) -> list[GivenView]:
    return [GivenView.made_of(each, money=money(each.minor, each.currency)) for each in donor.given]


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
        ready=[ReadyView.made_of(each, **_given_in_year(each)) for each in found.ready],
        cannot=[CannotGetView.made_of(each, **_given_in_year(each)) for each in found.cannot],
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


def _given_in_year(each: Ready | CannotGet) -> dict[str, Any]:
    return {"donor": Named(id=each.donor, name=each.name), "totals": money_by_currency(each.sums)}
