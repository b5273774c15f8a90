"""What is to be mailed: who gets a certificate and who cannot, a test message, and putting both into the outbox."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import token_hex

from donations.acts.certificate import Issued
from donations.acts.promise import refuse_outdated
from donations.core.donor import DonorId
from donations.core.mail import MailKind, email_address
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode, MailCode
from donations.documents.mail_words import certificate_letter, test_letter
from donations.jobs.certificates import certificates_to_set
from donations.jobs.sending import begin_sending
from donations.store.donors.reaching import addresses_of, newest_ibans
from donations.store.mail import MailSecurity, MailServer, NewMail, mail_server, occasions_known, put_into_outbox
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.views.language import current_language, speaking


class NotMailedReason(StrEnum):
    """Why somebody gets no message."""

    NO_ADDRESS = "no_address"
    WANTS_NONE = "wants_none"
    NO_WORD = "no_word"
    """There is no account number to lock the paper with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMailed:
    """A certificate that does not leave by mail."""

    issued: Issued
    why: NotMailedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingPlan:
    """What pressing the button comes to."""

    mails: Sequence[NewMail]
    not_mailed: Sequence[NotMailed]
    known: int
    """How many have a message already, whatever became of it."""

    @property
    def promises(self) -> list[tuple[str, str]]:
        """What is kept when it is done as shown: who is sent what, and where to."""
        return [(each.occasion, each.address) for each in self.mails]


def certificates_to_mail(session: ReadSession, year: int, *, now: datetime) -> MailingPlan:
    """Return the messages with the certificates of a year that stand, each locked by the giver's account number."""
    found = [each.issued for each in certificates_to_set(session, year, now=now)]
    known = occasions_known(session, (_occasion(each) for each in found))
    new = [each for each in found if _occasion(each) not in known]
    donors = [each.certificate.kept.donor for each in new]
    addresses, words = addresses_of(session, donors), newest_ibans(session, donors)
    mails, not_mailed = list[NewMail](), list[NotMailed]()
    for each in new:
        donor = each.certificate.kept.donor
        reach, word = addresses[donor], words.get(donor, "")
        if reach.email and not reach.wants_none and word:
            mails.append(_with_certificate(each, donor=donor, address=reach.email, word=word))
            continue
        has_no = NotMailedReason.NO_WORD if reach.email else NotMailedReason.NO_ADDRESS
        not_mailed.append(NotMailed(issued=each, why=NotMailedReason.WANTS_NONE if reach.wants_none else has_no))
    return MailingPlan(mails=mails, not_mailed=not_mailed, known=len(known))


def mail_certificates(session: WriteSession, year: int, *, promised: str | None, by: str, now: datetime) -> int:
    """Put them into the outbox and have them sent; return how many.

    Raises `Refusal`: `no_mail_server`, `nothing_to_send`, `preview_outdated` where it comes to something else.
    """
    _refuse_without_server(as_reader(session))
    plan = certificates_to_mail(as_reader(session), year, now=now)
    refuse_outdated(promised, plan)
    if not plan.mails:
        raise Refusal(MailCode.NOTHING_TO_SEND)
    number = put_into_outbox(session, plan.mails, by=by, now=now)
    begin_sending(session, now=now)
    return number


def mail_test(session: WriteSession, typed: str, *, organisation: str, by: str, now: datetime) -> None:
    """Send a message that says that mail works. Raises `Refusal`: `no_mail_server`, `bad_email`."""
    _refuse_without_server(as_reader(session))
    address = email_address(typed)
    if address is None:
        raise Refusal(DonorCode.BAD_EMAIL)
    mail = NewMail(
        occasion=f"test:{token_hex(8)}",
        kind=MailKind.TEST,
        language=current_language(),
        address=address,
        text=test_letter(organisation=organisation, name=by),
    )
    put_into_outbox(session, [mail], by=by, now=now)
    begin_sending(session, now=now)


_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?!-)[A-Za-z0-9.:-]{1,253}(?<![-.])")
_PORT_MAX = 65535


def server_given(
    *, host: str, port: str, security: MailSecurity, username: str, password: str, sender: str, known: MailServer | None
) -> MailServer:
    """Return the server that somebody typed; without a password it is that of the known one with the same user.

    Raises `Refusal`: `bad_mail_server`, `mail_in_the_open`.
    """
    address = email_address(sender)
    is_port = port.isascii() and port.isdecimal() and 0 < int(port) <= _PORT_MAX
    if address is None or not is_port or not _HOST.fullmatch(host):
        raise Refusal(MailCode.BAD_MAIL_SERVER)
    if security is MailSecurity.NONE and host.lower() not in _LOCAL:
        raise Refusal(MailCode.MAIL_IN_THE_OPEN)
    is_same = known is not None and (known.host, known.username) == (host, username)
    return MailServer(
        host=host,
        port=int(port),
        security=security,
        username=username,
        password=known.password if known is not None and is_same and not password else password,
        sender=address,
    )


def _with_certificate(issued: Issued, *, donor: DonorId, address: str, word: str) -> NewMail:
    language = issued.certificate.language
    with speaking(language):
        letter = certificate_letter(issued, word=word)
    return NewMail(
        occasion=_occasion(issued),
        kind=MailKind.CERTIFICATE,
        language=language,
        address=address,
        text=letter,
        donor=donor,
        paper=issued.certificate.number,
        word=word,
    )


def _occasion(issued: Issued) -> str:
    return f"{MailKind.CERTIFICATE}:{issued.certificate.number}"


def _refuse_without_server(session: ReadSession) -> None:
    if mail_server(session) is None:
        raise Refusal(MailCode.NO_MAIL_SERVER)
