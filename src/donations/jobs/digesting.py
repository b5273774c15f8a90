"""Tells treasurer and board by mail of a month that was closed or published: its frozen figures, and no names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine

from donations.core.language import Language
from donations.core.mail import MailKind, MailText
from donations.documents.mail_words import month_closed_mail, months_published_mail
from donations.store.digest import digest_addresses
from donations.store.mail import NewMail, mail_server, occasions_known, put_into_outbox
from donations.store.months import closings_in_force
from donations.store.organisation import OwnName, paper_settings
from donations.store.publishing import blocks
from donations.store.session import ReadSession, reading, writing
from donations.views.language import speaking

_LANGUAGE = Language.ESTONIAN
"""As that of reminders: nobody says which one a person of the association reads."""


def tell_of_months(engine: Engine, now: datetime) -> None:
    """Put into the outbox what is new; for each month each address gets one message when closed, one when published."""
    with reading(engine) as session:
        wanted = _new(session)
    if wanted:
        with writing(engine) as session:
            put_into_outbox(session, wanted, by="", now=now)


def _new(session: ReadSession) -> list[NewMail]:
    told = digest_addresses(session)
    if not told or mail_server(session) is None:
        return []
    mails = [
        NewMail(
            occasion=f"{MailKind.DIGEST}:{event}:{each.number}",
            kind=MailKind.DIGEST,
            language=_LANGUAGE,
            address=each.address,
            text=text,
        )
        for event, at, text in _events(session, since=min(each.since for each in told))
        for each in told
        if each.since <= at
    ]
    known = occasions_known(session, (each.occasion for each in mails))
    return [each for each in mails if each.occasion not in known]


def _events(session: ReadSession, *, since: datetime) -> Iterator[tuple[str, datetime, MailText]]:
    organisation, closed = paper_settings(session, OwnName).called, closings_in_force(session)
    with speaking(_LANGUAGE):
        for month, closing in closed.items():
            if closing.seal.at >= since:
                text = month_closed_mail(month, closing.figures, organisation=organisation)
                yield f"closed:{month}", closing.seal.at, text
        for kept in blocks(session):
            if kept.at >= since:
                figures = {month: each.figures for month, each in closed.items() if month in kept.block.months}
                text = months_published_mail(figures, organisation=organisation)
                yield f"published:{kept.block.number}", kept.at, text
