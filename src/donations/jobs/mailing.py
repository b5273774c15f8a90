"""What is mailed to donors, shown first: certificates, thanks and requests for codes; the test and the server too."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from secrets import token_hex

from donations.acts.certificate import Issued, YearOfCertificates
from donations.acts.promise import refuse_outdated
from donations.acts.thanking import ToThank, thank, to_thank
from donations.core.donor import DonorId
from donations.core.language import N_, Language
from donations.core.mail import MailKind, MailText, email_address
from donations.core.name_order import name_order
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode, MailCode
from donations.documents.certificate_archive import to_set
from donations.documents.mail_words import certificate_letter, code_request_mail, test_letter, thanks_mail
from donations.jobs.sending import begin_sending
from donations.reports.association import association
from donations.reports.code_letter import CodeLetter, code_letter
from donations.reports.inf4 import Inf4, Unlisted
from donations.reports.missing_codes import wanting_a_code
from donations.store.donors.reaching import Reach, addresses_of, newest_ibans
from donations.store.mail import MailSecurity, MailServer, NewMail, mail_server, occasions_known, put_into_outbox
from donations.store.papers import languages_asked_for
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.views.language import current_language, speaking


class NotMailedReason(StrEnum):
    """Why somebody gets no message."""

    NO_ADDRESS = "no_address"
    WANTS_NONE = "wants_none"
    NO_WORD = "no_word"
    """There is no account number to lock the paper with."""


WHY_NOT_MAILED = {
    NotMailedReason.NO_ADDRESS: N_("no e-mail address is known"),
    NotMailedReason.WANTS_NONE: N_("does not want to be written to"),
    NotMailedReason.NO_WORD: N_("no account number is known that could lock the PDF"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMailed:
    """Somebody who gets none."""

    donor: DonorId
    name: str
    why: NotMailedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ForDonor:
    """What a donor is to be told, before it is asked where the donor is reached."""

    occasion: str
    kind: MailKind
    donor: DonorId
    name: str
    language: Language
    write: Callable[[str], MailText]
    """Given the word that opens the paper; the language is spoken then."""
    paper: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingPlan:
    """What pressing the button comes to."""

    mails: Sequence[NewMail]
    not_mailed: Sequence[NotMailed]
    known: int
    """How many have a message already, whatever became of it."""

    @property
    def promises(self) -> list[tuple[str, str, str]]:
        """What is kept when it is done as shown: who is told what, and where."""
        return [(each.occasion, each.address, each.text.body) for each in self.mails]


def certificates_to_mail(session: ReadSession, known: YearOfCertificates) -> MailingPlan:
    """Return the messages with the certificates of a year that stand, each locked by the giver's account number."""
    standing = to_set(session, known.issued, has_codes=True)
    return _planned(session, [_with_certificate(each.issued) for each in standing])


def thanks_to_mail(session: ReadSession, *, since: date, organisation: str) -> MailingPlan:
    """Return the thanks for gifts since a day for which nobody thanked yet."""
    return _planned(session, [_thanking(each, organisation) for each in to_thank(session, since=since)])


def code_requests_to_mail(session: ReadSession, found: Inf4, *, organisation: str, today: date) -> MailingPlan:
    """Return what asks those for their code whom the tax board's list of a year wants; by name."""
    sender, languages = association(session, called=organisation), languages_asked_for(session)
    wanting = sorted(wanting_a_code(found).values(), key=lambda each: name_order(each.name))
    letters = {
        each.donor: code_letter(
            each,
            languages.get(each.donor, Language.ESTONIAN),
            year=found.year,
            sender=sender,
            today=today,
            is_mail=True,
        )
        for each in wanting
    }
    return _planned(session, [_asking(each, letters[each.donor], found.year) for each in wanting])


def send_planned(session: WriteSession, plan: MailingPlan, *, promised: str | None, by: str, now: datetime) -> int:
    """Put the messages into the outbox and have them sent; return how many.

    Raises `Refusal`: `no_mail_server`, `nothing_to_send`, `preview_outdated` where something else was shown.
    """
    _refuse_without_server(as_reader(session))
    refuse_outdated(promised, plan)
    if not plan.mails:
        raise Refusal(MailCode.NOTHING_TO_SEND)
    number = put_into_outbox(session, plan.mails, by=by, now=now)
    begin_sending(session, now=now)
    return number


def mail_thanks(
    session: WriteSession, *, since: date, organisation: str, promised: str | None, by: str, now: datetime
) -> int:
    """Thank by mail, and keep that these donors were thanked. Raises as `send_planned`."""
    plan = thanks_to_mail(as_reader(session), since=since, organisation=organisation)
    number = send_planned(session, plan, promised=promised, by=by, now=now)
    thank(session, {each.donor for each in plan.mails if each.donor is not None}, since=since, by=by, now=now)
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


def _planned(session: ReadSession, wanted: Sequence[ForDonor]) -> MailingPlan:
    known = occasions_known(session, (each.occasion for each in wanted))
    new = [each for each in wanted if each.occasion not in known]
    addresses = addresses_of(session, [each.donor for each in new])
    words = newest_ibans(session, [each.donor for each in new if each.paper])
    mails, not_mailed = list[NewMail](), list[NotMailed]()
    for each in new:
        reach, word = addresses[each.donor], words.get(each.donor, "")
        why = _why_not(reach, is_word_missing=bool(each.paper) and not word)
        if why is not None:
            not_mailed.append(NotMailed(donor=each.donor, name=each.name, why=why))
            continue
        with speaking(each.language):
            text = each.write(word)
        mails.append(
            NewMail(
                occasion=each.occasion,
                kind=each.kind,
                language=each.language,
                address=reach.email,
                text=text,
                donor=each.donor,
                paper=each.paper,
                word=word,
            )
        )
    return MailingPlan(mails=mails, not_mailed=not_mailed, known=len(known))


def _why_not(reach: Reach, *, is_word_missing: bool) -> NotMailedReason | None:
    if reach.wants_none:
        return NotMailedReason.WANTS_NONE
    if not reach.email:
        return NotMailedReason.NO_ADDRESS
    return NotMailedReason.NO_WORD if is_word_missing else None


def _with_certificate(issued: Issued) -> ForDonor:
    found = issued.certificate
    return ForDonor(
        occasion=f"{MailKind.CERTIFICATE}:{found.number}",
        kind=MailKind.CERTIFICATE,
        donor=found.kept.donor,
        name=found.kept.name or "",
        language=found.language,
        write=lambda word: certificate_letter(issued, word=word),
        paper=found.number,
    )


def _thanking(wanted: ToThank, organisation: str) -> ForDonor:
    newest = max(each.payment for each in wanted.gifts)
    return ForDonor(
        occasion=f"{MailKind.THANKS}:{wanted.donor}:{newest}",
        kind=MailKind.THANKS,
        donor=wanted.donor,
        name=wanted.name,
        language=wanted.language,
        write=lambda _: thanks_mail(wanted, organisation=organisation),
    )


def _asking(wanting: Unlisted, letter: CodeLetter, year: int) -> ForDonor:
    return ForDonor(
        occasion=f"{MailKind.CODE_REQUEST}:{year}:{wanting.donor}",
        kind=MailKind.CODE_REQUEST,
        donor=wanting.donor,
        name=wanting.name,
        language=letter.language,
        write=lambda _: code_request_mail(letter),
    )


def _refuse_without_server(session: ReadSession) -> None:
    if mail_server(session) is None:
        raise Refusal(MailCode.NO_MAIL_SERVER)
