"""A house with one door: people, passwords and time for tests of coming in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from tests.web.conftest import PASSWORD, QUICK

from donations.access.account import Account, account
from donations.access.event import Event, Origin
from donations.access.link import add_person
from donations.access.person import Role
from donations.access.session import Entered, Lifetime, SignedIn, live_session
from donations.access.signing_in import Entrance, with_code, with_password
from donations.access.tokens import Scope as TokenScope
from donations.access.tokens import make_token, recognise
from donations.core.refusal import Refusal
from donations.store.session import reading, writing
from donations.store.users import events_of

LIFETIME = Lifetime(idle=timedelta(hours=1), absolute=timedelta(hours=12))
MARI, JAAN = "Mari Mets", "Jaan Kask"


@dataclass(slots=True)
class House:
    """One database with people in it, and the time."""

    engine: Engine
    now: datetime = field(default_factory=lambda: datetime(2026, 7, 1, 12, tzinfo=UTC))

    @property
    def entrance(self) -> Entrance:
        """The door."""
        return Entrance(engine=self.engine, passwords=QUICK, lifetime=LIFETIME)

    def origin(self, *, address: str = "192.0.2.7", by: str = "") -> Origin:
        """Return where somebody comes from now."""
        return Origin(address=address, browser="Firefox · Windows", at=self.now, by=by)

    def add(self, name: str, *roles: Role, email: str = "", password: str | None = PASSWORD) -> int:
        """Add a person with a password, or (None) one who was only invited; return the id."""
        with writing(self.engine) as session:
            chosen = frozenset(roles or (Role.TREASURER,))
            row = add_person(session, name=name, email=email, roles=chosen, origin=self.origin())
            row.password_hash = None if password is None else QUICK.hashed(password)
            session.add(row)
            return row.id

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def password(self, name: str, password: str = PASSWORD, *, address: str = "192.0.2.7") -> Entered:
        """Sign in with a password."""
        origin = self.origin(address=address)
        return with_password(self.entrance, name=name, password=password, origin=origin)

    def code(self, half: Entered, code: str) -> Entered:
        """Take the second step."""
        found = self.standing(half)
        assert found is not None
        return with_code(self.entrance, digest=found.digest, person_id=found.person.id, code=code, origin=self.origin())

    def token(self, owner: int) -> str:
        """Make a token for a program of this person."""
        with writing(self.engine) as session:
            scopes = {TokenScope.DONOR_READ}
            return make_token(session, owner_id=owner, name="x", scopes=scopes, days=90, origin=self.origin())[1]

    def token_opens(self, text: str) -> bool:
        """Whether a token opens anything now."""
        with reading(self.engine) as session:
            try:
                return bool(recognise(session, text, now=self.now).permissions)
            except Refusal:
                return False

    def standing(self, entered: Entered) -> SignedIn | None:
        """Return the session that a browser's secret stands for now."""
        with reading(self.engine) as session:
            return live_session(session, entered.secret, now=self.now, lifetime=LIFETIME)

    def account(self, person_id: int) -> Account:
        """Return all that is known of an account."""
        with reading(self.engine) as session:
            return account(session, person_id, now=self.now, lifetime=LIFETIME)

    def happened(self, person_id: int) -> list[Event]:
        """Return what happened to an account, the oldest first."""
        with reading(self.engine) as session:
            return [Event(row.kind) for row in reversed(events_of(session, person_id, limit=1_000))]
