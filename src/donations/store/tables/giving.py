"""Regular gifts: a projection of what donors gave, made again for a donor whenever that changes."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel


class RegularGiftRow(SQLModel, table=True):
    """One time that a regular gift of a donor came or was due (docs/adr/0008)."""

    __tablename__: ClassVar[str] = "regular_gift"
    donor_id: int = Field(primary_key=True, foreign_key="donor.id")
    stream: int = Field(primary_key=True)
    """Counts the regular gifts of a donor who has several, such as two standing orders."""
    beat: int = Field(primary_key=True)
    """Counts the times."""
    is_last: bool
    """Whether it is the one that is due next."""
    every: int
    """Months between two gifts."""
    due: date
    day: date
    """When it came; where nothing came, the last day on which it might have."""
    turn: str
    currency: str = Field(max_length=3)
    expected_minor: int | None = Field(default=None, sa_type=BigInteger)
    """The usual amount; empty before the donor was regular."""
    minor: int | None = Field(default=None, sa_type=BigInteger)
    """What came."""
    payment_id: int | None = Field(default=None, foreign_key="payment.id")
    account_id: int = Field(foreign_key="account.id")
    """The own account that it came to, or that the one before came to."""
    appeal_id: int = Field(foreign_key="appeal.id")
    __table_args__ = (
        CheckConstraint("(minor IS NULL) = (payment_id IS NULL)", "came_with_a_payment"),
        CheckConstraint("(turn = 'not_come') = (payment_id IS NULL)", "turn_says_whether_it_came"),
        Index(None, "day", "turn"),
        Index(None, "due"),
    )
