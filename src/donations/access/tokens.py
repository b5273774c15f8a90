"""Tokens of the API: what a program may do in its owner's name, for how long, and how its secret is recognised."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from donations.access.event import Event, Origin, note
from donations.access.person import Permission, Person, may_come_in, person_of
from donations.access.secret import digest_of, new_secret
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.store import tokens as rows
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables.access import ApiTokenRow
from donations.store.users import person_with_id

DAYS_MAX = 365
_SHAPE = re.compile(r"dt_([1-9][0-9]{0,8})_([A-Za-z0-9_-]{43})", re.ASCII)
_LOOKS_LIKE_ONE = re.compile(r"dt_[0-9]+_[A-Za-z0-9_-]{20}", re.ASCII)


class Scope(StrEnum):
    """What a token is for. Each stands for one permission: a program gets no finer rights than a person has."""

    REPORT_READ = "report:read"
    DONOR_READ = "donor:read"
    STATEMENT_WRITE = "statement:write"
    DECISION_WRITE = "decision:write"


PERMISSIONS: Mapping[Scope, Permission] = {
    Scope.REPORT_READ: Permission.SEE_FIGURES,
    Scope.DONOR_READ: Permission.SEE_NAMES,
    Scope.STATEMENT_WRITE: Permission.IMPORT,
    Scope.DECISION_WRITE: Permission.DECIDE,
}
SCOPE_FOR: Mapping[Permission, Scope] = {permission: scope for scope, permission in PERMISSIONS.items()}

MEANINGS: Mapping[Scope, str] = {
    Scope.REPORT_READ: N_("Read what tells nobody’s gifts: accounts, appeals, which days are proven"),
    Scope.DONOR_READ: N_(
        "Read what names people or tells their gifts: payments, questions, imports, donors, months and balances"
    ),
    Scope.STATEMENT_WRITE: N_("Import bank statements, and take imports back"),
    Scope.DECISION_WRITE: N_("Answer questions, take answers back, and send donors the messages that were shown first"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token without its secret."""

    id: int
    owner_id: int
    name: str
    scopes: frozenset[Scope]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None

    def fault(self, now: datetime) -> AccessCode | None:
        """Return why the token opens nothing any more, or None while it does."""
        if self.revoked_at is not None:
            return AccessCode.TOKEN_REVOKED
        return AccessCode.TOKEN_EXPIRED if self.expires_at <= now else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who comes with a token: its owner, with no more rights than the scopes name and the owner's roles give today."""

    token: Token
    owner: Person

    @property
    def permissions(self) -> frozenset[Permission]:
        """What both the scopes and the roles allow."""
        return self.owner.permissions & {PERMISSIONS[scope] for scope in self.token.scopes}


def make_token(
    session: WriteSession, *, owner_id: int, name: str, scopes: Iterable[Scope], days: int, origin: Origin
) -> tuple[Token, str]:
    """Make a token and return it with its text, which is told this once: `dt_<number>_<32 random bytes>`.

    Raises `Refusal`.
    """
    chosen = frozenset(scopes)
    if not name.strip() or not chosen or not 1 <= days <= DAYS_MAX:
        raise Refusal(AccessCode.BAD_TOKEN_TERMS)
    secret = new_secret()
    row = rows.add_token(
        session,
        owner_id=owner_id,
        name=name.strip(),
        secret_sha256=digest_of(secret),
        scopes=chosen,
        made_at=origin.at,
        expires_at=origin.at + timedelta(days=days),
    )
    note(session, Event.TOKEN_MADE, origin, person_id=owner_id)
    return _token(row), f"dt_{row.id}_{secret}"


def recognise(session: ReadSession, text: str, *, now: datetime) -> Bearer:
    """Return who comes with this text; raises `Refusal`. Expired and revoked are only told to who knows the secret."""
    found = _SHAPE.fullmatch(text)
    row = None if found is None else rows.token_with_id(session, int(found[1]))
    # 32 random bytes cannot be guessed or found from their digest: a slow hash would protect nothing.
    if found is None or row is None or not hmac.compare_digest(digest_of(found[2]), row.secret_sha256):
        raise Refusal(AccessCode.TOKEN_UNKNOWN)
    token = _token(row)
    fault = token.fault(now)
    if fault is not None:
        raise Refusal(fault)
    owner = person_with_id(session, token.owner_id)
    if owner is None or not may_come_in(owner, now=now):
        raise Refusal(AccessCode.TOKEN_OWNER_LEFT)
    return Bearer(token=token, owner=person_of(owner))


def tokens(session: ReadSession, *, owner_id: int | None = None) -> list[Token]:
    """Return the tokens of an owner, or all, the newest first."""
    return [_token(row) for row in rows.tokens(session, owner_id=owner_id)]


def revoke(session: WriteSession, token_id: int, *, owner_id: int | None = None, origin: Origin) -> Token | None:
    """Revoke a token, of this owner only where one is given; None where there is none that could be revoked."""
    row = rows.token_with_id(as_reader(session), token_id)
    if row is None or row.revoked_at is not None or (owner_id is not None and row.owner_id != owner_id):
        return None
    rows.revoke_token(session, row, at=origin.at)
    note(session, Event.TOKEN_REVOKED, origin, person_id=row.owner_id)
    return _token(row)


def is_in(text: str) -> bool:
    """Whether something that looks like a token stands in a text that is no place for one, such as an address."""
    return _LOOKS_LIKE_ONE.search(text) is not None


def _token(row: ApiTokenRow) -> Token:
    return Token(
        id=row.id,
        owner_id=row.owner_id,
        name=row.name,
        scopes=frozenset(map(Scope, row.scopes.split())),
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_on=row.last_used_on,
    )
