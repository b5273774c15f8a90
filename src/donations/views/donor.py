"""Donors, gifts and certificates as they are shown."""

from __future__ import annotations

from collections import Counter
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
from donations.core.donor import DonorKind
from donations.core.language import Language
from donations.store.donors.donor_facts import ConsentKind
from donations.store.listing import ListedDonor, ListedGift
from donations.views.value import Money, Named, View, Written, money, money_by_currency


class GivenView(View):
    """What a donor gave in one currency."""

    gifts: int = Field(description="How many.")
    money: Money = Field(description="Refunds are taken off.")


class DonorView(View):
    """A person or an organisation that gives; number 1 is the one anonymous donor."""

    id: int
    name: str
    given: list[GivenView] = Field(description="One for each currency; empty where no gift stands.")


class UsedAccount(View):
    """An account from which gifts of a donor came; one that nothing came from yet has no days."""

    number: str = Field(description="IBAN without blanks.")
    names: list[str] = Field(description="As the bank spells them.")
    payments: int = Field(description="Each once, however many statements show it.")
    first_day: date | None
    last_day: date | None


class PayerView(View):
    """An account and a name under which gifts of a donor came."""

    account: str
    name: str
    donor: Named = Field(description="Whose gifts they are.")
    payments: int
    first_day: date
    last_day: date


class RegularGiftView(View):
    """A regular gift, and how it stands."""

    every: int = Field(description="How many months lie between two of them.")
    usual: Money
    in_a_row: int = Field(description="How many came since one was missed last.")
    next_due: date
    is_missed: bool = Field(description="Whether it was due, and statements that cover its days do not show it.")


class PeriodGifts(View):
    """What a donor gave in a month or a year; refunds are taken off."""

    period: str = Field(description="As `2026-03` or `2026`.")
    gifts: int = Field(description="Payments, be they split or not.")
    totals: list[Money]


class AssignedClaim(View):
    """A person's word by what a donor is recognised."""

    id: int
    account: str = Field(description="Empty where it is a code, which is never told.")
    name: str
    by: str
    at: datetime


class FieldView(View):
    """What stands in a field of a donor, and who wrote it."""

    value: str
    recorded_by: str
    recorded_at: datetime


class ConsentView(View):
    """What a donor agreed to or asked for on a day."""

    kind: ConsentKind
    value: str
    given_on: date
    source: Written = Field(description="How we know.")
    recorded_by: str


class DonorNoteView(View):
    """A note on a donor."""

    id: int
    text: Written
    written_by: str
    written_at: datetime


class FormerName(View):
    """A name that a donor had until a person corrected it."""

    name: str
    corrected_by: str
    corrected_at: datetime


class PastMerge(View):
    """A person's word that two donors are one."""

    id: int
    donor: Named = Field(description="Who was merged.")
    into: Named
    reason: Written
    by: str
    at: datetime
    parted_by: str | None = Field(description="Who took it apart; null where it stands.")
    parted_at: datetime | None


class DonorLinkView(View):
    """Two donors who are one by what the bank writes."""

    id: int
    one: int
    other: int
    since: datetime


class KnownDonor(DonorView):
    """A donor with everything that is known but the list of gifts."""

    accounts: list[str] = Field(description="IBANs without blanks.")
    has_code: bool = Field(description="Whether a personal or registry code is known. The code is never told.")
    contacts: dict[str, str] = Field(
        description="What stands in the fields that are kept of donors, by their keys, such as `phone`: +3725550123."
    )
    kind: DonorKind
    months: list[PeriodGifts] = Field(description="With gifts, the oldest first.")
    years: list[PeriodGifts] = Field(description="With gifts, the newest first.")
    regular: list[RegularGiftView]
    used_accounts: list[UsedAccount]
    paid_by_others: list[PayerView]
    paid_for_others: list[PayerView]
    neighbours: list[PayerView] = Field(description="Others, whose gifts come from the same accounts.")
    assigned: list[AssignedClaim]
    fields_kept: dict[str, FieldView] = Field(description="`contacts`, with who wrote them.")
    consents: list[ConsentView] = Field(description="The latest of each kind.")
    earlier_consents: list[ConsentView] = Field(description="The newest first.")
    notes: list[DonorNoteView]
    former_names: list[FormerName]
    merges: list[PastMerge]
    links: list[DonorLinkView]
    newer_name: str | None = Field(description="What the newest payments call the donor, where it is another name.")

    @property
    def gifts(self) -> int:
        """How many payments gave something."""
        return sum(each.gifts for each in self.years)

    @property
    def totals(self) -> list[Money]:
        """What was given in all, one for each currency."""
        sums: Counter[str] = Counter()
        for each in self.years:
            sums.update({one.currency: one.minor for one in each.totals})
        return money_by_currency(sorted(sums.items()))

    def consent(self, kind: ConsentKind) -> ConsentView | None:
        """Return the latest word in a matter."""
        return next((each for each in self.consents if each.kind == kind), None)


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
    digest: str = Field(description="Of what it comes to: the terminal takes it, or its beginning, as a mark.")


def donor_view(donor: ListedDonor) -> DonorView:
    """Return a donor with everything given."""
    return DonorView.made_of(donor, given=given_views(donor))


def gift_view(gift: ListedGift, account: str) -> GiftView:
    """Return a gift; `account` is the own account's number."""
    return GiftView.made_of(
        gift,
        account=account,
        money=money(gift.minor, gift.currency),
        donor=Named(id=gift.donor_id, name=gift.donor),
        appeal=Named(id=gift.appeal_id, name=gift.appeal),
    )


def given_views(donor: ListedDonor) -> list[GivenView]:
    """Return what a donor gave, one for each currency."""
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
