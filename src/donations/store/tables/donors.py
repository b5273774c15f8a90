"""What people know of donors: merges, notes, consents, erasures.

Merges are append-only and hold ids; what could name somebody stands in rows that can be erased.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from donations.store.tables.books import NAME, TEXT, UNFINDABLE


class DonorMergeRow(SQLModel, table=True):
    """A person said that two donors are one; stands until taken apart."""

    __tablename__: ClassVar[str] = "donor_merge"
    id: int = Field(primary_key=True)
    donor_id: int = Field(foreign_key="donor.id", index=True)
    into_id: int = Field(foreign_key="donor.id", index=True)
    reason: str = Field(sa_type=TEXT)
    merged_by: str
    merged_at: datetime
    __table_args__ = (CheckConstraint("donor_id <> into_id", "two_donors"),)


class DonorUnmergeRow(SQLModel, table=True):
    """A merge was taken apart."""

    __tablename__: ClassVar[str] = "donor_apart"
    merge_id: int = Field(primary_key=True, foreign_key="donor_merge.id")
    parted_by: str
    parted_at: datetime


class DonorLinkRow(SQLModel, table=True):
    """The bank's own fields say that two donors are one; gone when no line says so any more (docs/adr/0020)."""

    __tablename__: ClassVar[str] = "donor_link"
    id: int = Field(primary_key=True)
    one_id: int = Field(foreign_key="donor.id")
    other_id: int = Field(foreign_key="donor.id", index=True)
    is_kept: bool = False
    """It stays: a person said of the two together who they are."""
    since: datetime
    __table_args__ = (UniqueConstraint("one_id", "other_id"), CheckConstraint("one_id < other_id", "in_order"))


class DistinctDonorsRow(SQLModel, table=True):
    """A person said that two donors who look alike are two."""

    __tablename__: ClassVar[str] = "donors_differ"
    id: int = Field(primary_key=True)
    one_id: int = Field(foreign_key="donor.id")
    other_id: int = Field(foreign_key="donor.id")
    said_by: str
    said_at: datetime
    __table_args__ = (UniqueConstraint("one_id", "other_id"), CheckConstraint("one_id < other_id", "in_order"))


class DonorNameRow(SQLModel, table=True):
    """A name that a donor had until a person corrected it; erasable."""

    __tablename__: ClassVar[str] = "donor_name"
    id: int = Field(primary_key=True)
    donor_id: int = Field(foreign_key="donor.id", index=True)
    name: str = Field(sa_type=NAME)
    corrected_by: str
    corrected_at: datetime


class ClaimAssignmentRow(SQLModel, table=True):
    """A person's word that an account with a name pays for a donor; erasable, and deleted when taken back."""

    __tablename__: ClassVar[str] = "claim_word"
    claim_id: int = Field(primary_key=True, foreign_key="donor_claim.id")
    donor_before_id: int | None = Field(default=None, foreign_key="donor.id")
    """Whose claim it was before; None where nobody had it."""
    said_by: str
    said_at: datetime


class ThanksRow(SQLModel, table=True):
    """Somebody thanked a donor, for the gifts that `thanked_gift` names."""

    __tablename__: ClassVar[str] = "thanks"
    id: int = Field(primary_key=True)
    donor_id: int = Field(foreign_key="donor.id", index=True)
    thanked_by: str
    thanked_at: datetime


class ThankedGiftRow(SQLModel, table=True):
    """A payment with a gift that the donor was thanked for."""

    __tablename__: ClassVar[str] = "thanked_gift"
    payment_id: int = Field(primary_key=True, foreign_key="payment.id")
    thanks_id: int = Field(primary_key=True, foreign_key="thanks.id", index=True)


class DonorNoteRow(SQLModel, table=True):
    """A note on a donor; erasable."""

    __tablename__: ClassVar[str] = "donor_note"
    id: int = Field(primary_key=True)
    donor_id: int = Field(foreign_key="donor.id", index=True)
    text: str = Field(sa_type=TEXT)
    written_by: str
    written_at: datetime


class DonorConsentRow(SQLModel, table=True):
    """What a donor agreed to or asked for on a day; the latest of a kind counts. Erasable."""

    __tablename__: ClassVar[str] = "donor_consent"
    id: int = Field(primary_key=True)
    donor_id: int = Field(foreign_key="donor.id", index=True)
    kind: str
    value: str = Field(sa_type=UNFINDABLE)
    given_on: date
    source: str = Field(sa_type=UNFINDABLE)
    """How we know: a letter, an e-mail, a call."""
    recorded_by: str
    recorded_at: datetime


class DonorFieldRow(SQLModel, table=True):
    """What stands in a field of a donor (`core/donor_field.py`); another value takes its place. Erasable."""

    __tablename__: ClassVar[str] = "donor_field"
    id: int = Field(primary_key=True)
    donor_id: int = Field(foreign_key="donor.id", index=True)
    field: str
    """Its key. No CHECK lists them: another field needs no migration."""
    value: str = Field(sa_type=UNFINDABLE)
    recorded_by: str
    recorded_at: datetime
    __table_args__ = (UniqueConstraint("donor_id", "field"),)


class OwnCodeRow(SQLModel, table=True):
    """A registry code of the organisation itself: in a payment's text it names no donor."""

    __tablename__: ClassVar[str] = "own_code"
    code: str = Field(primary_key=True)


class DonorErasureRow(SQLModel, table=True):
    """A step on the way of a donor's data out of the books, or a hold on it; names nobody."""

    __tablename__: ClassVar[str] = "donor_erasure"
    id: int = Field(primary_key=True)
    donor_id: int = Field(foreign_key="donor.id", index=True)
    """The donor that stood then; those behind it went along."""
    step: str
    """As `ledger.retention.Step`."""
    why: str
    """As `ledger.retention.Why`: one of a few reasons, so that nobody is named by it."""
    done_by: str
    done_at: datetime


class RestrictedDonorRow(SQLModel, table=True):
    """A donor whose name was taken out of `donor`; merged ones have a row of their own."""

    __tablename__: ClassVar[str] = "restricted_donor"
    donor_id: int = Field(primary_key=True, foreign_key="donor.id")
    name: str = Field(sa_type=NAME)
    """For the tax board's list and for the donor's own letter only; empty once it was destroyed."""
    noticed_id: int
    """The last allocation when somebody looked: a gift with a higher number was given since."""
    purged_at: datetime | None = None
    """When what names the donor in lines and claims was destroyed too."""
    by_link: bool = False
    """Nobody asked it of this one: the bank says that it is one with another who asked."""
