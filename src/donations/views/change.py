"""A change that waits for a second person, as people and programs are shown it."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from donations.access import members
from donations.access.person import Role, roles_text
from donations.acts.agreeing import WaitingChange
from donations.acts.guarded import AccountWanted, EntryWanted, TermsWanted
from donations.store.donors import people
from donations.store.publishing import terms
from donations.store.session import ReadSession
from donations.views.value import View


class WaitingChangeView(View):
    """What was wished, by whom, and who may agree."""

    number: int
    kind: str = Field(description="`roles`, `account` or `terms`.")
    by: str
    at: datetime
    agreeing: list[str] = Field(description="Who may agree at once.")
    due: datetime = Field(description="From when on it may be done where nobody may agree at once.")
    is_outdated: bool = Field(description="Whether it can only be withdrawn: what it rests on is not so any more.")
    person: str = Field(default="", description="Whose roles they are.")
    roles: list[Role] = Field(default_factory=list)
    sees_names: bool = False
    until: date | None = None
    loses_last_day: bool = Field(default=False, description="Whether a last day that is set now would be none.")
    is_on_again: bool = Field(default=False, description="Whether who is switched off now would be let in again.")
    account: str = Field(default="", description="The own account that is new, or that gifts would be asked to.")
    account_name: str = ""
    account_now: str = Field(default="", description="The own account that gifts are asked to now.")
    donors_min: int | None = None
    percent: int | None = None


def change_view(session: ReadSession, change: WaitingChange) -> WaitingChangeView:
    """Return a change that waits."""
    said = WaitingChangeView(
        number=change.id,
        kind=change.kind,
        by=change.by,
        at=change.at,
        agreeing=[each.name for each in change.agreeing],
        due=change.due,
        is_outdated=change.is_outdated,
    )
    match change.wanted:
        case EntryWanted() as wanted:
            now = EntryWanted.now(session, wanted.person)
            more: dict[str, object] = {
                "person": members.member(session, wanted.person).name,
                "roles": [Role(each) for each in roles_text(wanted.roles).split()],
                "sees_names": wanted.sees_names,
                "until": wanted.until,
                "loses_last_day": now.until is not None and wanted.until is None,
                "is_on_again": wanted.is_on and not now.is_on,
            }
        case AccountWanted(number=number, name=name):
            more = {"account": number, "account_name": name}
        case TermsWanted() as wanted:
            more = {
                "account": people.payee_account(session, wanted.account) or "",
                "account_now": people.payee_account(session, terms(session).account_id) or "",
                "donors_min": wanted.donors_min,
                "percent": wanted.percent,
            }
    return said.model_copy(update=more)
