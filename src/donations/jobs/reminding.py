"""Tells treasurers by mail that a month is due: once a month, and only where the association wants it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from donations.access.person import Role, person_of
from donations.core.calendar import Month, day_of
from donations.core.language import Language
from donations.core.mail import MailKind, email_address
from donations.documents.mail_words import month_due_mail
from donations.store import users
from donations.store.mail import NewMail, mail_server, occasions_known, put_into_outbox
from donations.store.months import closed_months
from donations.store.organisation import OwnName, Reminders, paper_settings
from donations.store.session import ReadSession, reading, writing
from donations.views.language import speaking

DUE_ON = 7
"""The day of the next month from which a month that is not closed is due: by then banks have the statement."""

_LANGUAGE = Language.ESTONIAN
"""Nobody says which one a person of the association reads; it is the pages' own unless a browser wishes otherwise."""


def remind(engine: Engine, now: datetime) -> None:
    """Put the reminders that are due into the outbox; each treasurer gets one for each month."""
    with reading(engine) as session:
        wanted = _wanted(session, now)
    if wanted:
        with writing(engine) as session:
            put_into_outbox(session, wanted, by="", now=now)


def _wanted(session: ReadSession, now: datetime) -> list[NewMail]:
    today = day_of(now)
    if not paper_settings(session, Reminders).month_due or today.day < DUE_ON or mail_server(session) is None:
        return []
    month = Month.of(today).before
    mails = {each.occasion: each for each in _to_treasurers(session, month)}
    known = occasions_known(session, mails)
    new = [mail for occasion, mail in mails.items() if occasion not in known]
    return [] if month in closed_months(session) else new


def _to_treasurers(session: ReadSession, month: Month) -> list[NewMail]:
    organisation, found = paper_settings(session, OwnName).called, list[NewMail]()
    for row in users.all_people(session):
        person, address = person_of(row), email_address(row.email)
        if row.disabled_at is None and address and Role.TREASURER in person.roles:
            with speaking(_LANGUAGE):
                said = month_due_mail(month, name=person.name, organisation=organisation)
            found.append(
                NewMail(
                    occasion=f"{MailKind.MONTH_DUE}:{month}:{row.id}",
                    kind=MailKind.MONTH_DUE,
                    language=_LANGUAGE,
                    address=address,
                    text=said,
                )
            )
    return found
