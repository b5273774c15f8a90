"""What the association said of itself, and what it has not said yet; no donor is in reach.

It is read here and nowhere else for pages, papers and programs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from donations.core.calendar import day_of
from donations.core.donor import AppealId
from donations.core.language import N_, Language
from donations.core.name import is_placeholder
from donations.store.appeal_pages import AppealState, ShownAppeal, shown_appeals
from donations.store.association import (
    NamesInLanguages,
    Presence,
    called_in,
    names_in_languages,
    owners_in_statements,
)
from donations.store.organisation import (
    Beliefs,
    BeliefsGround,
    Contact,
    FinancialYear,
    IncentiveList,
    Letterhead,
    may_ask_by_account,
    own_codes,
    own_registry_code,
    paper_settings,
    said,
    said_at,
)
from donations.store.session import ReadSession
from donations.views.association import AssociationView, BeliefsView, ContactView, IncentiveDaysView


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

OWN_FILES = "/own/"
"""What paths to the logo and to the style of the colour begin with."""
APPEALS = "/appeal/"
"""What paths to the public pages of appeals begin with; their number follows."""
CONTACT_STANDS = timedelta(days=365)
"""A contact that nobody confirms for longer may lead nowhere (RFC 9116 § 2.5.5: less than a year)."""


def appeal_path(appeal: AppealId) -> str:
    """Return where the public page of an appeal is."""
    return f"{APPEALS}{appeal}"


def style_of(colour: str) -> str:
    """Return where the style of a colour is; empty without one."""
    return f"{OWN_FILES}{colour[1:]}/colour.css" if colour else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """What was said; None where nobody did."""

    name: str = ""
    """Empty where nobody said it."""
    letterhead: Letterhead = field(default_factory=Letterhead)
    """With its registry code, though nobody said it for papers."""
    presence: Presence = field(default_factory=Presence)
    appeals: tuple[ShownAppeal, ...] = ()
    """Those with a public page of their own."""
    names: NamesInLanguages = field(default_factory=dict)
    """How appeals, categories and the goal are called in other languages."""
    contact: Contact = field(default_factory=Contact)
    contact_said: datetime | None = None
    first_month: int | None = None
    """In which financial years begin."""
    incentives: IncentiveList | None = None
    beliefs: Beliefs | None = None
    answers_by_account: bool = False
    """Whether strangers may ask by account number whether a gift arrived."""

    @property
    def registry_code(self) -> str:
        """The code that papers name; empty where none is known."""
        return self.letterhead.registry_code

    @property
    def address(self) -> str:
        """Where it is; empty where nobody said it."""
        return self.letterhead.address

    @property
    def logo_path(self) -> str:
        """Where the logo is; empty without one. Another logo has another path."""
        return f"{OWN_FILES}{self.presence.logo}/logo" if self.presence.logo else ""

    @property
    def colour_path(self) -> str:
        """Where the style of the colour is; empty without one."""
        return style_of(self.presence.colour)

    def appeal_states(self, day: date) -> tuple[tuple[str, AppealState], ...]:
        """Return the addresses of the pages of appeals, and where each stands on a day."""
        return tuple((appeal_path(each.id), each.state(day)) for each in self.appeals)

    def called(self, name: str, language: Language) -> str:
        """Return what an appeal, a category or a goal is called for who reads this language."""
        return called_in(self.names, name, language)

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
        letterhead=letterhead.model_copy(
            update={"registry_code": letterhead.registry_code or own_registry_code(session)}
        ),
        presence=paper_settings(session, Presence),
        appeals=shown_appeals(session),
        names=names_in_languages(session),
        contact=paper_settings(session, Contact),
        contact_said=said_at(session, Contact),
        first_month=None if year is None else year.first_month,
        incentives=said(session, IncentiveList),
        beliefs=said(session, Beliefs),
        answers_by_account=may_ask_by_account(session),
    )


def association_view(session: ReadSession, own: Association) -> AssociationView:
    """Return it as programs read it."""
    head, shown, days, beliefs = own.letterhead, own.presence, own.incentives, own.beliefs
    return AssociationView(
        name=own.name,
        owners=owners_in_statements(session),
        registry_code=own.registry_code,
        own_codes=sorted(own_codes(session)),
        address=own.address,
        signer=head.signer,
        role=head.role,
        contact=ContactView(email=own.contact.email, phone=shown.phone, web=shown.web, security=own.contact.security),
        **shown.model_dump(include={"statutes", "board", "colour", "logo", "about", "deeds", "thanks"}),
        financial_year_begins=own.first_month,
        incentive_list=None if days is None else IncentiveDaysView(since=days.since, until=days.until),
        beliefs=None if beliefs is None else BeliefsView(gifts_tell=beliefs.gifts_tell, ground=beliefs.ground),
        unsaid=list(own.unsaid),
    )
