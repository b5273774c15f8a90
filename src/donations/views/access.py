"""Who may come in, as it is shown: people, the tokens of their programs, and what the audit log has of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import Field

from donations.access.person import Person, Role, person_of, roles_text
from donations.access.tokens import Scope, Token, tokens
from donations.ledger.audit import StoredEntry
from donations.store.session import ReadSession
from donations.store.users import all_people
from donations.views.value import View


class PersonView(View):
    """Somebody who has an account."""

    name: str
    email: str
    roles: list[Role]
    sees_names: bool = Field(description="Whether a viewer sees names; the others do by their role, or never.")
    has_password: bool = Field(description="Whether the link of the invitation was used.")
    is_disabled: bool
    until: date | None = Field(description="The last day on which the person may come in; null without an end.")


class TokenView(View):
    """A token without its secret."""

    id: int
    owner: str = Field(description="Whose it is, by name.")
    name: str = Field(description="The program that has it.")
    scopes: list[Scope]
    expires_at: datetime
    last_used_on: date | None
    state: str = Field(description="`good`, `expired` or `revoked`.")


class EntryView(View):
    """An entry of the audit log."""

    number: int = Field(description="Counts from 1, without gaps.")
    at: datetime
    by: str
    action: str = Field(description="A stable code.")
    about: str
    id: str
    commitment: str
    before: str = Field(description="Fingerprint of the entry before it; empty for the first.")
    sha256: str = Field(description="Its own fingerprint, as it is kept.")


def person_view(person: Person) -> PersonView:
    """Return somebody who has an account."""
    return PersonView.made_of(person, roles=[Role(each) for each in roles_text(person.roles).split()])


def token_views(session: ReadSession, *, now: datetime) -> list[TokenView]:
    """Return all tokens, in the order they were made."""
    owners = {row.id: person_of(row).name for row in all_people(session)}
    return [token_view(each, owner=owners[each.owner_id], now=now) for each in tokens(session)]


def token_view(token: Token, *, owner: str, now: datetime) -> TokenView:
    """Return a token."""
    fault = token.fault(now)
    state = "good" if fault is None else str(fault).removeprefix("token_")
    return TokenView.made_of(token, owner=owner, scopes=sorted(token.scopes), state=state)


def entry_views(kept: Sequence[StoredEntry]) -> list[EntryView]:
    """Return entries of the log."""
    return [EntryView.made_of(each.entry, sha256=each.digest) for each in kept]
