"""What the association said of itself, as programs read it."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from donations.store.association import InLanguages
from donations.store.organisation import BeliefsGround
from donations.views.value import View


class ContactView(View):
    """How it is reached."""

    email: str
    phone: str
    web: str
    security: str = Field(description="Where weak points are told; empty: the e-mail address.")


class IncentiveDaysView(View):
    """On which days it is on the tax board's list; null and null: never."""

    since: date | None
    until: date | None


class BeliefsView(View):
    """Whether gifts tell what givers believe."""

    gifts_tell: bool
    ground: BeliefsGround | None


class AssociationView(View):
    """What was said; empty or null where nobody did."""

    name: str
    owners: list[str] = Field(description="Who owns the accounts, as statements write it.")
    registry_code: str = Field(description="The one on papers.")
    own_codes: list[str] = Field(description="All that name nobody in donors' texts.")
    address: str
    signer: str
    role: str
    contact: ContactView
    statutes: str
    board: str
    colour: str = Field(description="#rrggbb")
    logo: str = Field(description="SHA-256.")
    about: InLanguages
    deeds: InLanguages = Field(description="What the money does.")
    thanks: InLanguages
    financial_year_begins: int | None = Field(description="The month.")
    incentive_list: IncentiveDaysView | None
    beliefs: BeliefsView | None
    unsaid: list[str] = Field(description="What pages and papers lack.")
