"""Sends the link of a new person to the person's own address, so that nobody else has it in hand."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from donations.access.link import PASSWORD_LIFE
from donations.access.person import Permission, person_of, sign_in_key
from donations.core.calendar import day_of
from donations.core.mail import MailKind, email_address
from donations.documents.mail_words import invitation_mail
from donations.jobs.sending import begin_sending
from donations.store import users
from donations.store.mail import NewMail, mail_server_set_by, put_into_outbox
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.views.language import current_language


def mail_invitation(
    session: WriteSession, link: str, *, name: str, email: str, organisation: str, by: str, now: datetime
) -> str:
    """Put the link into the outbox; return where it goes, empty where it cannot: no server, or no usable address.

    Whoever said the server may read what goes through it: links do only where they may let people in anyway.
    """
    address = email_address(email)
    if address is None or not _is_server_trusted(as_reader(session)):
        return ""
    last_day = day_of(now + PASSWORD_LIFE)
    mail = NewMail(
        occasion=f"{MailKind.INVITATION}:{token_hex(8)}",
        kind=MailKind.INVITATION,
        language=current_language(),
        address=address,
        text=invitation_mail(link, name=name, by=by, organisation=organisation, last_day=last_day),
    )
    put_into_outbox(session, [mail], by=by, now=now)
    begin_sending(session, now=now)
    return address


def _is_server_trusted(session: ReadSession) -> bool:
    said_by = mail_server_set_by(session)
    row = None if said_by is None else users.person_called(session, sign_in_key(said_by))
    return row is not None and row.disabled_at is None and Permission.MANAGE_PEOPLE in person_of(row).permissions
