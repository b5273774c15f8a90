"""Donors who asked to be forgotten: what was done and why, and what is kept of them until the law lets it go."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel


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
    name: str
    """For the tax board's list and for the donor's own letter only; empty once it was destroyed."""
    noticed_id: int
    """The last allocation when somebody looked: a gift with a higher number was given since."""
    purged_at: datetime | None = None
    """When what names the donor in lines and claims was destroyed too."""
    by_link: bool = False
    """Nobody asked it of this one: the bank says that it is one with another who asked."""
