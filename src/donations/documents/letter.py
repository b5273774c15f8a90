"""A donor's letter as a paper, in the donor's language."""

from __future__ import annotations

from donations.documents.printed import Imprint, cells_of
from donations.documents.typesetting import typeset
from donations.reports.held import Letter


def letter_paper(letter: Letter, imprint: Imprint) -> bytes:
    """Return the letter as PDF; the imprint speaks its language."""
    told = letter.told(imprint.teller)
    return typeset(
        "letter.typ",
        {
            **imprint.data(told.title),
            "paragraphs": list(told.paragraphs),
            "parts": [{"title": part.title, **cells_of(part, imprint.teller)} for part in told.parts],
        },
    )
