"""Who may come in: people, their ways to sign in, sessions and history; and programs with their tokens.

Secrets that a browser or a link holds are kept as digests only. Rows can be deleted: addresses are personal data.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel


class PersonRow(SQLModel, table=True):
    """Somebody of the organisation who may sign in."""

    __tablename__: ClassVar[str] = "person"
    id: int = Field(primary_key=True)
    name: str
    """As decisions are signed."""
    name_key: str = Field(unique=True)
    """The name as it is compared at sign-in."""
    email: str = ""
    email_key: str | None = Field(default=None, unique=True)
    roles: str
    """Names of `donations.access.person.Role`, separated by blanks."""
    sees_names: bool
    """Whether a viewer sees names too."""
    password_hash: str | None = None
    """None until the link of the invitation was used."""
    totp_secret: str | None = None
    """Sealed (donations.access.secret)."""
    totp_confirmed: bool = False
    """False while the authenticator app has not shown its first code yet."""
    totp_last_step: int | None = Field(default=None, sa_type=BigInteger)
    """The 30 seconds whose code was used last: no code is taken twice."""
    made_at: datetime
    disabled_at: datetime | None = None
    until: date | None = None
    """The last day on which the person may come in, in Estonia; None: no end is set."""


class SessionRow(SQLModel, table=True):
    """One browser in which a person signed in, or (not complete) has given the password and owes the second factor."""

    __tablename__: ClassVar[str] = "person_session"
    digest: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    is_complete: bool
    made_at: datetime
    seen_at: datetime
    proved_at: datetime
    """When the person last gave all that lets them in."""
    address: str
    browser: str


class EntryRuleRow(SQLModel, table=True):
    """What the association asks of those who come in; the newest counts, the others are the history."""

    __tablename__: ClassVar[str] = "entry_rule"
    id: int = Field(primary_key=True)
    needs_second_step: bool
    """Of everybody who can change something or take something along."""
    set_by: str
    set_at: datetime


class WaitingChangeRow(SQLModel, table=True):
    """A change that one person wished and another has to agree to; of several people, or a day after all were told."""

    __tablename__: ClassVar[str] = "waiting_change"
    id: int = Field(primary_key=True)
    kind: str
    wanted: str = Field(sa_type=Text)
    """What it comes to, as canonical JSON."""
    rests_on: str = Field(sa_type=Text)
    """What stood when it was wished: where that is something else by now, nobody can agree any more."""
    wished_by: str
    wished_by_id: int | None = Field(default=None, foreign_key="person.id")
    """None where the terminal was used by a name that has no account."""
    wished_at: datetime
    is_agreed: bool = False
    ended_by: str = ""
    ended_at: datetime | None = None
    """When it was agreed to or withdrawn; None while it waits."""


class PasskeyRow(SQLModel, table=True):
    """A passkey of a person (WebAuthn credential)."""

    __tablename__: ClassVar[str] = "passkey"
    id: int = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    credential_id: str = Field(unique=True)
    """Base64url, as browsers name it."""
    public_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sign_count: int = Field(sa_type=BigInteger)
    name: str
    made_at: datetime
    used_at: datetime | None = None


class ChallengeRow(SQLModel, table=True):
    """What a passkey is asked to sign: one at a time for a browser, gone with the first answer."""

    __tablename__: ClassVar[str] = "passkey_challenge"
    browser: str = Field(primary_key=True)
    """Digest of the browser's cookie; for a new passkey with the person who proved the password for it."""
    challenge: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_at: datetime


class RecoveryCodeRow(SQLModel, table=True):
    """A code that stands in for a lost second factor, once; deleted when it is used."""

    __tablename__: ClassVar[str] = "recovery_code"
    digest: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)


class OneTimeLinkRow(SQLModel, table=True):
    """A link that lets one person set a password; deleted when it is used."""

    __tablename__: ClassVar[str] = "one_time_link"
    digest: str = Field(primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    """None in the set-up link, which makes the first person."""
    expires_at: datetime


class SignInEventRow(SQLModel, table=True):
    """Something that happened to an account; failed attempts are what waiting times are counted from."""

    __tablename__: ClassVar[str] = "sign_in_event"
    id: int = Field(primary_key=True)
    at: datetime
    kind: str
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    name_bucket: int | None = None
    """For names that nobody has: 16 bits of a digest, for people also type passwords into the wrong field."""
    address: str
    browser: str
    by: str = ""
    """Who did it where it was another person."""
    __table_args__ = (Index(None, "address", "at"), Index(None, "name_bucket"))


class StrangerAskedRow(SQLModel, table=True):
    """How often was asked whether a gift arrived: on a day from an address and in all, in a month about an account."""

    __tablename__: ClassVar[str] = "stranger_asked"
    subject: str = Field(primary_key=True)
    """A keyed hash of the address or of the account, known or not; empty: everybody."""
    begins: date = Field(primary_key=True, index=True)
    """The day, or the first one of the month."""
    is_month: bool
    times: int


class ApiTokenRow(SQLModel, table=True):
    """A token of a program that acts for a person; its secret is not kept."""

    __tablename__: ClassVar[str] = "api_token"
    id: int = Field(primary_key=True)
    owner_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    name: str
    """What the owner calls it: the program that has it."""
    secret_sha256: str
    scopes: str
    """Separated by spaces."""
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_on: date | None = None
    """A day and no time: writing more often would make every reader wait for the writer's lock."""


class IdempotencyKeyRow(SQLModel, table=True):
    """A request that may be repeated: what it asked, and what it was answered."""

    __tablename__: ClassVar[str] = "idempotency_key"
    owner_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    request_sha256: str
    """A keyed hash (`Keyed.REQUEST`): in what was sent names may stand."""
    begun_at: datetime
    status: int | None = None
    """The answer's; None while the request is being worked on."""
    answer: str = Field(default="", sa_type=Text)
    """JSON, sealed by the key of the host (`store/short_lived.py`): a payment that is shown has its payer."""
