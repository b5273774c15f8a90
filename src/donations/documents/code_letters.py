"""Letters that ask for a code, as one PDF in which each begins on a page of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from donations.documents.printed import Imprint, typeset
from donations.reports.code_letter import CodeLetter
from donations.reports.words import text_in_language
from donations.views.formats import TELLER
from donations.views.language import speaking


def code_letters(letters: Iterable[CodeLetter], *, organisation: str, made_on: date) -> bytes:
    """Return the letters, of which there is one at least, each in its donor's language. Raises `Refusal`."""
    told = [_told(each, organisation, made_on) for each in letters]
    return typeset("code_letters.typ", {**told[0], "letters": told})


def _told(letter: CodeLetter, organisation: str, made_on: date) -> dict[str, object]:
    with speaking(letter.language):
        imprint = Imprint(organisation=organisation, language=letter.language, teller=TELLER, made_on=made_on)
        return {
            **imprint.data(text_in_language(letter.title, TELLER)),
            "day": TELLER.day(made_on),
            "paragraphs": [text_in_language(each, TELLER) for each in letter.paragraphs],
        }
