"""What messages to donors and to people of the association say: plain text, in the language that is spoken now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from donations.acts.certificate import Issued, Sums
from donations.acts.thanking import ToThank
from donations.core.calendar import Month
from donations.core.language import N_
from donations.core.mail import MailText
from donations.core.money import EUR, Balance
from donations.documents.certificate import spelt
from donations.ledger.figures import Figures
from donations.reports.code_letter import CodeLetter
from donations.reports.thanks import words_of_thanks
from donations.reports.words import text_in_language
from donations.views.formats import TELLER
from donations.views.phrases import Phrase, Value

_GREETING = N_("Dear {name}")
_CERTIFICATE = N_("Certificate of your gifts in {year}")
_THANKS = N_("Thank you for what you gave to {organisation} in {year}: {sum}.")
_ATTACHED = N_("The certificate, No. {number}, is attached as a PDF.")
_WORD = N_(
    "It is locked so that only you can open it. The password is the number of the account from which you gave, without"
    " spaces; it ends in {last}."
)
_ANSWER = N_("If anything in it is wrong, please answer this message.")
_THANK_YOU = N_("Thank you for your gift")
_TEST = N_("Mail from {organisation} works")
_TEST_SAYS = N_("This is the test message that {name} sent. Whoever reads it knows that mail leaves and arrives.")
_INVITED = N_("Invitation to the books of {organisation}")
_INVITED_SAYS = N_("{name} invites you to the books of {organisation}. Open this link and choose your password:")
_ONCE = N_("It works once, until {day}. Give it to nobody else. If you do not know what this is about, do nothing.")
_DUE = N_("{month} can be closed")
_DUE_SAYS = N_(
    "{month} is over and is not closed yet. Download the statements from the bank, upload them, answer what is asked"
    " and close the month."
)
_CLOSED = N_("{month} is closed")
_PUBLISHED = N_("{months} published")
_FIGURES: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    (N_("Given: {value}"), lambda found: _sums(found.given)),
    (N_("Gifts: {value}"), lambda found: str(found.gifts)),
    (N_("Donors: {value}"), lambda found: str(found.donors)),
    (N_("Money in: {value}"), lambda found: _sums(found.money_in)),
    (N_("Money out: {value}"), lambda found: _sums(found.money_out)),
    (N_("Payments without a purpose: {value}"), lambda found: str(found.questions)),
)
_FROZEN = N_("These are the figures as the month was closed; what comes later corrects them.")
_LAST_CHARACTERS = 4


def certificate_letter(issued: Issued, *, word: str) -> MailText:
    """Return what goes with a certificate; `word` is the account number that opens it."""
    found = issued.certificate
    sums = spelt(found.sums, TELLER)
    year, organisation = str(found.kept.year), found.issuer.organisation
    parts = [
        f"{_say(_GREETING, name=found.kept.name or '')},",
        _say(_THANKS, organisation=organisation, year=year, sum=sums),
        _say(_ATTACHED, number=found.number),
        _say(_WORD, last=word[-_LAST_CHARACTERS:]) if word else "",
        _say(_ANSWER),
        "\n".join(each for each in (found.issuer.signer, found.issuer.role, organisation) if each),
    ]
    return MailText(_say(_CERTIFICATE, year=year), _paragraphs(parts))


def thanks_mail(wanted: ToThank, *, organisation: str) -> MailText:
    """Return what thanks a donor for gifts."""
    return MailText(_say(_THANK_YOU), _plain(words_of_thanks(wanted, organisation=organisation)) + "\n")


def code_request_mail(letter: CodeLetter) -> MailText:
    """Return what asks a donor for the code."""
    said = [_plain(text_in_language(each, TELLER)) for each in letter.paragraphs]
    return MailText(_plain(text_in_language(letter.title, TELLER)), _paragraphs(said))


def test_letter(*, organisation: str, name: str) -> MailText:
    """Return what the test message says."""
    return MailText(_say(_TEST, organisation=organisation), _paragraphs([_say(_TEST_SAYS, name=name), organisation]))


def invitation_mail(link: str, *, name: str, by: str, organisation: str, last_day: date) -> MailText:
    """Return what invites a person to an account; the link opens it."""
    parts = [
        f"{_say(_GREETING, name=name)},",
        _say(_INVITED_SAYS, name=by, organisation=organisation),
        link,
        _say(_ONCE, day=last_day),
        organisation,
    ]
    return MailText(_say(_INVITED, organisation=organisation), _paragraphs(parts))


def month_due_mail(month: Month, *, name: str, organisation: str) -> MailText:
    """Return what reminds a treasurer of a month that is not closed."""
    parts = [f"{_say(_GREETING, name=name)},", _say(_DUE_SAYS, month=month), organisation]
    return MailText(_say(_DUE, month=month), _paragraphs(parts))


def month_closed_mail(month: Month, figures: Figures, *, organisation: str) -> MailText:
    """Return what tells of a closed month."""
    return MailText(_say(_CLOSED, month=month), _paragraphs([_figures(month, figures), _say(_FROZEN), organisation]))


def months_published_mail(figures: Mapping[Month, Figures], *, organisation: str) -> MailText:
    """Return what tells of months that were published together."""
    told = [_figures(month, each) for month, each in figures.items()]
    return MailText(_say(_PUBLISHED, months=tuple(figures)), _paragraphs([*told, _say(_FROZEN), organisation]))


def _figures(month: Month, figures: Figures) -> str:
    lines = [_say(said, value=value(figures)) for said, value in _FIGURES]
    return "\n".join([_say("{month}", month=month), *lines])


def _sums(sums: Sums) -> str:
    return spelt(sums, TELLER) or TELLER.amount(Balance(0, EUR))


def _paragraphs(parts: list[str]) -> str:
    return "\n\n".join(each for each in parts if each) + "\n"


def _say(said: str, **values: Value) -> str:
    plain = _plain(TELLER.tell(Phrase(said, tuple(values.items()))))
    return plain[:1].upper() + plain[1:]


def _plain(told: str) -> str:
    """Return it as mail has it: no marks of direction around names, and blanks that may break."""
    return told.translate({0x2068: None, 0x2069: None, 0xA0: " "})
