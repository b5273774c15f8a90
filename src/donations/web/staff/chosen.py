"""What a visitor chose to look at: a month, an appeal, an own account; all of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field, field_validator

from donations.access.person import Permission
from donations.core.calendar import Month
from donations.core.donor import Appeal, AppealId
from donations.core.money import EUR, Currency
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.store.donors import people
from donations.store.given import GiftScope
from donations.store.session import ReadSession
from donations.store.statements.covered_days import CoveredDays, covered_days
from donations.web.access import Visitor
from donations.web.addresses import month_named
from donations.web.site import Site


class AskedChoice(BaseModel):
    """The choice as the address has it."""

    month: str | None = Field(None, max_length=7)
    appeal: int | None = None
    account: int | None = None
    currency: str = Field(EUR, pattern="^[A-Z]{3}$")
    page: int = Field(1, ge=1, le=1_000_000)

    @field_validator("month", "appeal", "account", mode="before")
    @classmethod
    def _is_none(cls, written: str) -> str | None:
        """Take what a form sends for "all" as nothing chosen."""
        return written or None


AskedHere = Annotated[AskedChoice, Query()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The choice, and what else can be chosen."""

    month: Month
    appeal: AppealId | None
    account: int | None
    currency: Currency
    covered: CoveredDays
    months: tuple[Month, ...]
    """Those that statements cover, the newest first, and the chosen one."""
    appeals: tuple[Appeal, ...]
    accounts: dict[int, str]
    """Own accounts by id, with what they are called."""
    sees_names: bool

    @property
    def scope(self) -> GiftScope:
        """The chosen month's gifts."""
        return self.since(self.month)

    def since(self, first: Month) -> GiftScope:
        """Return the gifts from the first day of a month to the last of the chosen one."""
        return GiftScope(
            first_day=first.first_day,
            last_day=self.month.last_day,
            appeal_id=self.appeal,
            account_id=self.account,
        )

    @property
    def year(self) -> GiftScope:
        """Every gift of the chosen month's year, whatever else was chosen."""
        return GiftScope(first_day=date(self.month.year, 1, 1), last_day=date(self.month.year, 12, 31))

    @property
    def is_covered(self) -> bool:
        """Whether any statement is of the chosen month."""
        return self.covered.touches(self.month.first_day, self.month.last_day)

    @property
    def before(self) -> Month | None:
        """The month before, if it can be chosen."""
        return self.month.before if self.month.before in self.months else None

    @property
    def after(self) -> Month | None:
        """The month after, if it can be chosen."""
        return self.month.next if self.month.next in self.months else None

    def address(self, **other: object) -> str:
        """Return the choice as the end of an address, with something else chosen."""
        own = {"month": self.month, "appeal": self.appeal, "account": self.account, "currency": self.currency}
        return "?" + urlencode({name: str(value) for name, value in (own | other).items() if value is not None})

    @property
    def only(self) -> str:
        """The chosen appeal and account, to stand behind the days in an address."""
        own = {"appeal": self.appeal, "account": self.account}
        return "".join(f"&{name}={value}" for name, value in own.items() if value is not None)

    def appeal_name(self, appeal: AppealId | None) -> str | None:
        """Return the name of an appeal."""
        return next((each.name for each in self.appeals if each.id == appeal), None)


def chosen(session: ReadSession, asked: AskedChoice, visitor: Visitor, site: Site) -> Chosen:
    """Return what was chosen; without a month the last one with statements. Raises `Refusal` for no month.

    Who may not see names chooses no appeal and no account: small ones would tell a single donor's gifts.
    """
    covered = covered_days(session)
    today = site.today
    newest = Month.of(covered.last_day or today)
    month = newest if asked.month is None else month_named(asked.month)
    if not Month(2000, 1) <= month <= Month(9998, 12):
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    months, oldest = {month}, Month.of(covered.first_day or today)
    while oldest <= newest:
        months.add(oldest)
        oldest = oldest.next
    sees_names = visitor.may(Permission.SEE_NAMES)
    return Chosen(
        month=month,
        appeal=AppealId(asked.appeal) if sees_names and asked.appeal is not None else None,
        account=asked.account if sees_names else None,
        currency=Currency(asked.currency),
        covered=covered,
        months=tuple(sorted(months, reverse=True)),
        appeals=people.appeals(session),
        accounts={row.id: row.name for row in people.accounts(session)},
        sees_names=sees_names,
    )
