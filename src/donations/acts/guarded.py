"""The changes that nobody makes alone: what each comes to, what it rests on, and whether it is one of them at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from donations.access import members
from donations.access.event import Origin
from donations.access.person import Permission, Role, granted, roles_text
from donations.acts.registering import NewAccount, register
from donations.core.iban import parse_account
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.store.donors import people
from donations.store.public import newest_snapshot_digest
from donations.store.publishing import PublishingTerms, history_of_terms, set_terms, terms
from donations.store.session import ReadSession, WriteSession, as_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWanted:
    """How a person may come in."""

    person: int
    roles: frozenset[Role]
    sees_names: bool
    until: date | None
    is_on: bool

    @classmethod
    def now(cls, session: ReadSession, person_id: int) -> EntryWanted:
        """Return how the person comes in now. Raises `Refusal`."""
        found = members.member(session, person_id)
        return cls(
            person=person_id,
            roles=found.roles,
            sees_names=found.sees_names,
            until=found.until,
            is_on=not found.is_disabled,
        )

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "person": self.person,
            "roles": roles_text(self.roles),
            "sees_names": self.sees_names,
            "until": None if self.until is None else self.until.isoformat(),
            "is_on": self.is_on,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> EntryWanted:
        """Return it as it was kept."""
        until = kept["until"]
        return cls(
            person=kept["person"],
            roles=frozenset(map(Role, kept["roles"].split())),
            sees_names=kept["sees_names"],
            until=None if until is None else date.fromisoformat(until),
            is_on=kept["is_on"],
        )

    def rests_on(self, session: ReadSession) -> dict[str, Any]:
        """What stands now."""
        return EntryWanted.now(session, self.person).written()

    def is_guarded(self, session: ReadSession) -> bool:
        """Whether the person could do more by it, or come in for longer."""
        now = EntryWanted.now(session, self.person)
        is_longer = now.until is not None and (self.until is None or self.until > now.until)
        return is_longer or (self.is_on and not now.is_on) or bool(self.permissions - now.permissions)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the person may do with these roles."""
        return granted(self.roles, sees_names=self.sees_names)

    def do(self, session: WriteSession, origin: Origin) -> None:
        """Let it be so. Raises `Refusal`."""
        now = EntryWanted.now(as_reader(session), self.person)
        if self.is_on and not now.is_on:
            members.switch_on(session, self.person, origin)
        if (self.roles, self.sees_names) != (now.roles, now.sees_names):
            members.change_roles(session, self.person, self.roles, sees_names=self.sees_names, origin=origin)
        if self.until != now.until:
            members.set_until(session, self.person, self.until, origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountWanted:
    """An own account is registered."""

    number: str
    name: str

    @classmethod
    def of(cls, wanted: NewAccount) -> AccountWanted:
        """Return it as it is wished."""
        return cls(number=people.number_text(wanted.number), name=wanted.name)

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return {"number": self.number, "name": self.name}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> AccountWanted:
        """Return it as it was kept."""
        return cls(number=kept["number"], name=kept["name"])

    def rests_on(self, session: ReadSession) -> dict[str, Any]:
        """Whether it is registered already."""
        number = parse_account(self.number)
        return {"is_registered": number is not None and people.account_with(session, number) is not None}

    def is_guarded(self, session: ReadSession) -> bool:
        """Whether it is not the first one."""
        return bool(people.accounts(session))

    def do(self, session: WriteSession, origin: Origin) -> None:
        """Register it. Raises `Refusal`."""
        number = parse_account(self.number)
        if number is None:
            raise Refusal(BooksCode.IBAN_INVALID)
        register(session, NewAccount(number=number, name=self.name), now=origin.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsWanted:
    """To which own account the public is asked to give, and how careful figures are published."""

    account: int | None
    donors_min: int
    percent: int

    @classmethod
    def of(cls, wanted: PublishingTerms) -> TermsWanted:
        """Return what of the terms nobody changes alone."""
        return cls(account=wanted.account_id, donors_min=wanted.rules.donors_min, percent=wanted.rules.percent)

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return {"account": self.account, "donors_min": self.donors_min, "percent": self.percent}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> TermsWanted:
        """Return it as it was kept."""
        return cls(account=kept["account"], donors_min=kept["donors_min"], percent=kept["percent"])

    def rests_on(self, session: ReadSession) -> dict[str, Any]:
        """What counts now."""
        return TermsWanted.of(terms(session)).written()

    def is_guarded(self, session: ReadSession) -> bool:
        """Whether gifts would go elsewhere, or figures be told with less care; the first terms are nobody's change."""
        if not history_of_terms(session, size=1) and newest_snapshot_digest(session) is None:
            return False
        now = TermsWanted.of(terms(session))
        is_lower = self.donors_min < now.donors_min or self.percent < now.percent
        return is_lower or people.payee_account(session, self.account) != people.payee_account(session, now.account)

    def do(self, session: WriteSession, origin: Origin) -> None:
        """Let it count from now on; what else the terms say stays."""
        rules = replace(terms(as_reader(session)).rules, donors_min=self.donors_min, percent=self.percent)
        wanted = replace(terms(as_reader(session)), account_id=self.account, rules=rules)
        set_terms(session, wanted, by=origin.by, at=origin.at)


Wanted = EntryWanted | AccountWanted | TermsWanted
KINDS: dict[str, type[Wanted]] = {"roles": EntryWanted, "account": AccountWanted, "terms": TermsWanted}
NAMES = {kind: name for name, kind in KINDS.items()}


def permission_for(wanted: Wanted) -> Permission:
    """Return what somebody needs to decide it."""
    return Permission.MANAGE_PEOPLE if isinstance(wanted, EntryWanted) else Permission.MANAGE_BOOKS
