"""Donors and gifts as they are shown."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from donations.store.api.listing import ListedDonor, ListedGift, donor_with_id, known_by
from donations.store.session import ReadSession
from donations.views.value import Money, Named, View, money


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
    return KnownDonor.made_of(found, given=_given(found), accounts=accounts, has_code=has_code)


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
