"""What the association says of itself before the law: its year, the tax board's list, its contact, what gifts tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_day
from donations.store.organisation import (
    AskingByAccount,
    Beliefs,
    Contact,
    FinancialYear,
    IncentiveList,
    PaperSettings,
    paper_settings,
    said,
    set_papers,
)
from donations.store.session import WriteSession, as_reader


def listed(*, since: str, until: str) -> IncentiveList:
    """Return since when and, if it ends, until when it is on the list, as typed. Raises `Refusal`."""
    try:
        return IncentiveList(since=typed_day(since), until=typed_day(until) if until.strip() else None)
    except (Refusal, ValidationError) as error:
        raise Refusal(BooksCode.BAD_LISTED_DAYS) from error


def contact(*, email: str, security: str) -> Contact:
    """Return how to reach it. Raises `Refusal`."""
    try:
        return Contact(email=email, security=security)
    except ValidationError as error:
        raise Refusal(BooksCode.BAD_CONTACT) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What is said now; None leaves a matter as it is."""

    year: FinancialYear | None = None
    incentives: IncentiveList | None = None
    contact: Contact | None = None
    beliefs: Beliefs | None = None
    asking: AskingByAccount | None = None


def describe(session: WriteSession, wanted: Described, *, by: str, at: datetime) -> None:
    """Keep what is said. A contact that is said again holds anew; of the rest only what changed is written.

    Raises `Refusal`: `beliefs_asked`.
    """
    reader = as_reader(session)
    beliefs = wanted.beliefs or paper_settings(reader, Beliefs)
    asking = wanted.asking or paper_settings(reader, AskingByAccount)
    if beliefs.gifts_tell and asking.is_on:
        raise Refusal(BooksCode.BELIEFS_ASKED)
    every: tuple[PaperSettings | None, ...] = (
        *(wanted.year, wanted.incentives, wanted.contact),
        *(wanted.beliefs, wanted.asking),
    )
    for each in every:
        if each is not None and (isinstance(each, Contact) or each != said(reader, type(each))):
            set_papers(session, each, by=by, at=at)
