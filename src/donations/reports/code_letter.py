"""The letter that asks a donor for the personal or registry code that the tax board's list wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from donations.core.donor import LEGAL_FORMS, DonorKind
from donations.core.language import N_, Language
from donations.core.money import EUR, Balance
from donations.core.name import name_key
from donations.reports.association import Association
from donations.reports.inf4 import Unlisted
from donations.reports.words import OwnText

TITLE = N_("Your gifts of {year}: may we tell the tax board?")
_DEAR = N_("Dear {name},")
_THANKS = N_("Thank you! In {year} you gave {organisation} {sum}.")
_PERSON = N_(
    "The gift can be deducted from your income: it stands in your prefilled tax return if we tell the Tax and Customs "
    "Board of it with your personal code. We do not know the code."
)
_ORGANISATION = N_("We tell the Tax and Customs Board of gifts with the giver’s registry code. We do not know yours.")
_ASKED: Mapping[DonorKind, str] = {
    DonorKind.PERSON: N_("If you want that, send us your personal code (11 digits):"),
    DonorKind.ORGANISATION: N_("Please send us your registry code (8 digits):"),
}
_BY_ANSWER = N_("It is enough to answer this message.")
_RATHER_NOT = N_("If you would rather not write it in an e-mail, tell it to us here: {reached}.")
_BEFORE = N_("Best before {day}, for the declaration is due on 1 February.")
_ANSWERED_UNTIL = (1, 25)
"""Month and day of the year after: some days are left to enter what came."""
_VOLUNTARY: Mapping[DonorKind, str] = {
    DonorKind.PERSON: N_(
        "You need not do it. Without the code nothing is told of you, and you can add the gift to your tax return "
        "yourself."
    ),
    DonorKind.ORGANISATION: N_("You need not do it. Without the code nothing is told of you."),
}
_LISTED = N_(
    "We are on the tax board’s list of associations with income tax incentives (Income Tax Act § 11), which declare "
    "the gifts that they get (form INF 4)."
)
_WHAT_FOR = N_(
    "We use the code for that declaration alone, never publish it, and keep it as long as the law asks us to keep what "
    "gifts are accounted by: seven years from the end of the financial year (Accounting Act § 12)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLetter:
    """A letter in the language of the donor."""

    language: Language
    title: OwnText
    paragraphs: tuple[OwnText | str, ...]


def code_letter(
    wanting: Unlisted, language: Language, *, year: int, sender: Association, today: date, is_mail: bool = False
) -> CodeLetter:
    """Return the letter to one donor. What the sender never said of itself, the letter does not say either."""
    answer = _how_to_answer_mail(sender) if is_mail else _how_to_answer(sender)
    return CodeLetter(
        language=language,
        title=OwnText(TITLE, ("year", str(year))),
        paragraphs=tuple(_paragraphs(wanting, year, sender, today, answer)),
    )


def _how_to_answer(sender: Association) -> list[OwnText | str]:
    reached = ", ".join(filter(None, (sender.contact.email, sender.address)))
    return [reached] if reached else []


def _how_to_answer_mail(sender: Association) -> list[OwnText | str]:
    reached = ", ".join(filter(None, (sender.presence.phone, sender.address)))
    otherwise: list[OwnText | str] = [OwnText(_RATHER_NOT, ("reached", reached))] if reached else []
    return [OwnText(_BY_ANSWER), *otherwise]


def _paragraphs(
    wanting: Unlisted, year: int, sender: Association, today: date, answer: list[OwnText | str]
) -> Iterator[OwnText | str]:
    is_organisation = not set(name_key(wanting.name).split()).isdisjoint(LEGAL_FORMS)
    kind = DonorKind.ORGANISATION if is_organisation else DonorKind.PERSON
    given = ("sum", Balance(wanting.minor, EUR))
    yield OwnText(_DEAR, ("name", wanting.name))
    yield OwnText(_THANKS, ("year", str(year)), ("organisation", sender.name), given)
    yield OwnText(_ORGANISATION if is_organisation else _PERSON)
    yield OwnText(_ASKED[kind])
    yield from answer
    until = date(year + 1, *_ANSWERED_UNTIL)
    if today <= until:
        yield OwnText(_BEFORE, ("day", until))
    yield OwnText(_VOLUNTARY[kind])
    if sender.declares:
        yield OwnText(_LISTED)
    yield OwnText(_WHAT_FOR)
