"""The working list for form INF 4 as it is shown: who is listed, who cannot be and why, the rest, and what changed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from donations.core.donor import DonorKind
from donations.core.language import N_
from donations.views.value import Money, Named, View


class UnlistedReason(StrEnum):
    """Why a donor cannot be listed."""

    CODE_MISSING = "code_missing"
    CODE_INVALID = "code_invalid"
    """A code came with the gifts, but its check digit is wrong."""
    TWO_CODES = "two_codes"
    """Donors were merged who have a code each."""
    NAME_MISSING = "name_missing"
    NOTHING_LEFT = "nothing_left"
    """As much or more went back as was given in the year."""


WHY_UNLISTED = {
    UnlistedReason.CODE_MISSING: N_("The code is missing"),
    UnlistedReason.CODE_INVALID: N_("A code came with the gift, but it is not valid"),
    UnlistedReason.TWO_CODES: N_("Two donors with different codes were merged"),
    UnlistedReason.NAME_MISSING: N_("The name is missing"),
    UnlistedReason.NOTHING_LEFT: N_("As much as was given, or more, was paid back"),
}


UNSAID_LIST = N_(
    "Nobody has said yet when you are on the tax board’s list of associations with income tax incentives, so all gifts "
    "of the year are counted."
)


class ListedView(View):
    """A donor who is listed. The code stands in the file alone."""

    donor: Named
    kind: DonorKind = Field(description="Whose code it is.")
    money: Money


class UnlistedView(View):
    """A donor who cannot be listed yet."""

    donor: Named
    money: Money
    why: UnlistedReason


class ListedChange(View):
    """A donor's line that is not as it was on the newest list that was taken along."""

    donor: Named
    before: Money | None = Field(description="Null where it was not on the list.")
    now: Money | None = Field(description="Null where it is not on it now.")
    has_other_code: bool
    has_other_name: bool


class KeptListView(View):
    """A list that was taken along."""

    id: int
    kept_at: datetime
    kept_by: str
    donors: int
    money: Money


class Inf4View(View):
    """A calendar year, less what of its gifts ever went back."""

    year: int
    listed: list[ListedView] = Field(description="By name.")
    not_listed: list[UnlistedView] = Field(description="The largest sums first.")
    listed_sum: Money
    not_listed_sum: Money
    anonymous: Money
    without_donor: Money = Field(description="Refunds of which nobody said whose gift they return.")
    outside: Money = Field(
        description="Of known donors, given while the association was not on the list with income tax incentives."
    )
    elsewhere: list[Money] = Field(description="Given in other currencies: the form wants euros.")
    total: Money
    returned_later: Money = Field(description="Of the year's gifts, paid back in later years.")
    returned_of_before: Money = Field(description="Paid back in the year, of gifts of earlier years.")
    booked: Money = Field(description="Gifts less refunds by day of booking, as other reports say.")
    lists: list[KeptListView] = Field(description="The newest first.")
    changed: list[ListedChange] = Field(description="Since the newest of these lists.")
    is_list_said: bool = Field(description="Whether anybody said when it is on that list; until then all counts.")
    on_list_since: date | None
    on_list_until: date | None
    promised: str = Field(
        description="Says what is listed, codes too, so that nobody can guess them: only these books know how."
    )
