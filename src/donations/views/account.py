"""An own account, and an appeal."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from donations.core.donor import Appeal
from donations.core.money import EUR
from donations.store.appeal_pages import AppealPage, AppealPages
from donations.store.donors import people
from donations.store.organisation import paper_settings
from donations.store.session import ReadSession
from donations.store.tables import AccountRow
from donations.views.value import ListOf, Money, View, money


class AccountView(View):
    """One of the organisation's bank accounts."""

    id: int
    number: str = Field(description="IBAN without blanks, or the bank's own number where it gives no IBAN.")
    name: str = Field(description="What the organisation calls it.")
    first_day: date | None = Field(description="As somebody said; null: that of its first statement or transfer.")
    last_day: date | None = Field(description="As somebody said; null while it is open.")
    became: str | None = Field(description="The number of the own account that the bank made of it.")


class BalanceView(View):
    """A balance at the end of a day that a person read in the internet bank."""

    account: str = Field(description="The own account's number.")
    day: date
    money: Money


def accounts_view(session: ReadSession) -> ListOf[AccountView]:
    """Return the own accounts in the order they were registered."""
    return ListOf(items=list(map(account_view, people.accounts(session))))


def account_view(row: AccountRow) -> AccountView:
    """Return one own account."""
    return AccountView.made_of(row, first_day=row.opened_on, last_day=row.ended_on)


class AppealView(View):
    """A campaign, or the general fund."""

    id: int
    name: str
    keywords: list[str] = Field(description="The words that donors write, folded: small letters without accents.")
    references: list[str] = Field(description="The reference numbers that name it.")
    last_day: date | None = Field(description="Of later payments nothing names it; null while it goes on.")
    keywords_last_days: dict[str, date] = Field(description="Of keywords that ended by themselves, by keyword.")
    has_page: bool = Field(description="Whether the public reads of it at `/appeal/N`.")
    goal: Money | None = Field(description="What is hoped for, as the public reads it.")
    begins_on: date | None = Field(description="The day from which its page counts; null: all.")


def appeals_view(session: ReadSession) -> ListOf[AppealView]:
    """Return the appeals with their keywords."""
    told = paper_settings(session, AppealPages)
    return ListOf(items=[_appeal(each, told.of(each.id)) for each in people.appeals(session)])


def _appeal(appeal: Appeal, told: AppealPage) -> AppealView:
    goal = None if told.goal_minor is None else money(told.goal_minor, EUR)
    named = {"has_page": told.is_shown, "goal": goal, "begins_on": told.begins_on}
    return AppealView.made_of(appeal, keywords_last_days=dict(appeal.last_days), **named)
