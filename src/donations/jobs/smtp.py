"""Hands messages to a mail server by SMTP (RFC 5321), and makes them (RFC 5322): the only place that knows either.

What a server answers falls into three kinds: taken, not now (4yz) and never (5yz). A connection that breaks before the
text was given is a “not now”; one that breaks afterwards leaves open whether the message arrived.
"""

from __future__ import annotations

import base64
import hashlib
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import partial

from donations.core.refusal import Refusal
from donations.core.refusals import MailCode
from donations.store.mail import MailSecurity, MailServer, OutgoingMail

WIRE = SMTP.clone(cte_type="7bit")
"""Not every server takes eight bits (RFC 6152)."""
_SECONDS = 30
_REPLY_MAX = 200
_TEMPORARY = range(400, 500)
_CLOSING, _LET_IN = 421, 235
_BLANKS = re.compile(r"\s+")


class PutOffError(Exception):
    """The server does not take it now."""


class LostError(PutOffError):
    """The server closed the connection before it was given the text: another one may be opened."""


class NeverTakenError(Exception):
    """The server does not take it, now or later."""


class DoubtfulError(Exception):
    """The connection broke after the text was given: it may have arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A PDF that goes with a message."""

    name: str
    content: bytes


def message(mail: OutgoingMail, *, sender: str, called: str, now: datetime, paper: Attachment | None) -> bytes:
    """Return a message as it goes over the wire. Its id is that of its occasion, however often it is made.

    Raises `NeverTakenError` where it cannot be written.
    """
    try:
        return _written(mail, sender=sender, called=called, now=now, paper=paper)
    except (MessageError, ValueError) as error:
        raise NeverTakenError(type(error).__name__) from error


def _written(mail: OutgoingMail, *, sender: str, called: str, now: datetime, paper: Attachment | None) -> bytes:
    domain = sender.rpartition("@")[2]
    made = EmailMessage(policy=WIRE)
    made["From"] = Address(display_name=_BLANKS.sub(" ", called), addr_spec=sender)
    made["To"] = Address(addr_spec=mail.address)
    made["Subject"] = _BLANKS.sub(" ", mail.text.subject)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{hashlib.sha256(mail.occasion.encode()).hexdigest()[:32]}@{domain}>"
    made["Content-Language"] = mail.language.value
    made.set_content(mail.text.body)
    if paper is not None:
        made.add_attachment(paper.content, maintype="application", subtype="pdf", filename=paper.name)
    return made.as_bytes()


class Post:
    """An open connection to a mail server."""

    def __init__(self, connection: smtplib.SMTP, sender: str) -> None:
        """Keep the connection, on which somebody has signed in."""
        self._connection = connection
        self._sender = sender

    def name_recipient(self, address: str) -> None:
        """Say to whom the next message goes. Raises `LostError`, `PutOffError` and `NeverTakenError`."""
        asked = self._connection.rset, partial(self._connection.mail, self._sender)
        try:
            for ask in (*asked, partial(self._connection.rcpt, address)):
                code, reply = ask()
                if code == _CLOSING:
                    raise LostError(_said(code, reply))
                _judge(code, reply)
        except (smtplib.SMTPException, OSError) as error:
            raise LostError(type(error).__name__) from error

    def hand_over(self, content: bytes) -> str:
        """Give the text and return what the server answered.

        Raises `PutOffError`, `NeverTakenError` and `DoubtfulError`.
        """
        try:
            answer: tuple[int, bytes | str] = self._connection.data(content)
        except smtplib.SMTPDataError as error:  # the server did not want to hear the text
            answer = error.smtp_code, error.smtp_error
        except (smtplib.SMTPException, OSError) as error:
            raise DoubtfulError(type(error).__name__) from error
        _judge(*answer)
        return _said(*answer)


@contextmanager
def opened(server: MailServer) -> Iterator[Post]:
    """Open a connection and sign in. Raises `Refusal`: `mail_server_silent`, `mail_server_refused`."""
    try:
        connection = _connected(server)
    except (OSError, UnicodeError) as error:  # a name that no server has is a UnicodeError
        raise Refusal(MailCode.MAIL_SERVER_SILENT, reply=_kind_of(error)) from error
    try:
        _signed_in(connection, server)
        yield Post(connection, server.sender)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.security is MailSecurity.TLS:
        trusted = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=trusted)
    return smtplib.SMTP(server.host, server.port, timeout=_SECONDS)


def _signed_in(connection: smtplib.SMTP, server: MailServer) -> None:
    try:
        if server.security is MailSecurity.STARTTLS:
            connection.starttls(context=ssl.create_default_context())
        if server.username:
            _log_in(connection, server)
        _judge(*connection.mail(server.sender))
    except (PutOffError, NeverTakenError) as error:
        raise Refusal(MailCode.MAIL_SERVER_REFUSED, reply=str(error)) from error
    except smtplib.SMTPResponseException as error:
        raise Refusal(MailCode.MAIL_SERVER_REFUSED, reply=_said(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Refusal(MailCode.MAIL_SERVER_SILENT, reply=_kind_of(error)) from error


def _log_in(connection: smtplib.SMTP, server: MailServer) -> None:
    if f"{server.username}{server.password}".isascii():
        connection.login(server.username, server.password)
        return
    # smtplib knows ASCII only; PLAIN takes any letters (RFC 4616).
    said = base64.b64encode(f"\0{server.username}\0{server.password}".encode()).decode()
    connection.ehlo_or_helo_if_needed()
    code, reply = connection.docmd("AUTH", f"PLAIN {said}")
    if code != _LET_IN:
        raise smtplib.SMTPAuthenticationError(code, reply)


def _judge(code: int, reply: bytes | str) -> None:
    if code in _TEMPORARY:
        raise PutOffError(_said(code, reply))
    if not 200 <= code < 300:
        raise NeverTakenError(_said(code, reply))


def _said(code: int, reply: bytes | str) -> str:
    said = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    plain = "".join(each if each.isprintable() else " " for each in said)
    return f"{code} {_BLANKS.sub(' ', plain)}"[:_REPLY_MAX]


def _kind_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return (getattr(error, "strerror", None) or type(error).__name__)[:_REPLY_MAX]
