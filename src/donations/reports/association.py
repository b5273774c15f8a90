"""What the association said of itself before the law, and what it has not said yet; no donor is in reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from donations.core.calendar import day_of
from donations.core.language import N_
from donations.core.name import is_placeholder
from donations.store.organisation import (
    Beliefs,
    BeliefsGround,
    Contact,
    FinancialYear,
    IncentiveList,
    Letterhead,
    may_ask_by_account,
    own_registry_code,
    paper_settings,
    said,
    said_at,
)
from donations.store.session import ReadSession


class Unsaid(StrEnum):
    """What the law's pages need and nobody said."""

    NAME = "name"
    CONTACT = "contact"
    FINANCIAL_YEAR = "financial_year"
    INCENTIVE_LIST = "incentive_list"
    BELIEFS = "beliefs"
    BELIEFS_GROUND = "beliefs_ground"


UNSAID = {
    Unsaid.NAME: N_("what your organisation is called"),
    Unsaid.CONTACT: N_("an e-mail address at which people reach you"),
    Unsaid.FINANCIAL_YEAR: N_("the first month of your financial year"),
    Unsaid.INCENTIVE_LIST: N_("whether you are on the tax board’s list of associations with income tax incentives"),
    Unsaid.BELIEFS: N_("whether gifts to you tell what somebody believes or belongs to"),
    Unsaid.BELIEFS_GROUND: N_("by which rule you may keep data that tells what somebody believes"),
}

CONTACT_STANDS = timedelta(days=365)
"""A contact that nobody confirms for longer may lead nowhere (RFC 9116 § 2.5.5: less than a year)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """What was said; None where nobody did."""

    name: str
    """Empty where nobody said it."""
    registry_code: str
    address: str
    contact: Contact
    contact_said: datetime | None
    first_month: int | None
    """In which financial years begin."""
    incentives: IncentiveList | None
    beliefs: Beliefs | None
    answers_by_account: bool
    """Whether strangers may ask by account number whether a gift arrived."""

    @property
    def security_contact(self) -> str:
        """Where weak points are told; empty where nobody said it."""
        return self.contact.security or self.contact.email

    @property
    def security_until(self) -> date | None:
        """Until when that may be believed, for who looks after it says it anew once a year."""
        if self.contact_said is None or not self.security_contact:
            return None
        return day_of(self.contact_said) + CONTACT_STANDS

    @property
    def declares(self) -> bool:
        """Whether gifts are told to the tax board, or were once."""
        return self.incentives is not None and self.incentives.since is not None

    @property
    def gifts_tell_beliefs(self) -> bool:
        """Whether it said so."""
        return self.beliefs is not None and self.beliefs.gifts_tell

    @property
    def beliefs_ground(self) -> BeliefsGround | None:
        """By which rule it keeps what gifts tell."""
        return None if self.beliefs is None else self.beliefs.ground

    @property
    def unsaid(self) -> tuple[Unsaid, ...]:
        """What is missing, in the order in which it is asked for."""
        missing = {
            Unsaid.NAME: not self.name,
            Unsaid.CONTACT: not self.contact.email,
            Unsaid.FINANCIAL_YEAR: self.first_month is None,
            Unsaid.INCENTIVE_LIST: self.incentives is None,
            Unsaid.BELIEFS: self.beliefs is None,
            Unsaid.BELIEFS_GROUND: self.gifts_tell_beliefs and self.beliefs_ground is None,
        }
        return tuple(each for each in Unsaid if missing[each])


def association(session: ReadSession, *, called: str) -> Association:
    """Return what was said; `called` is what pages call it."""
    letterhead, year = paper_settings(session, Letterhead), said(session, FinancialYear)
    return Association(
        name="" if is_placeholder(called) else called,
        registry_code=letterhead.registry_code or own_registry_code(session),
        address=letterhead.address,
        contact=paper_settings(session, Contact),
        contact_said=said_at(session, Contact),
        first_month=None if year is None else year.first_month,
        incentives=said(session, IncentiveList),
        beliefs=said(session, Beliefs),
        answers_by_account=may_ask_by_account(session),
    )
