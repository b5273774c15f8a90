"""Certificates set as PDF: one, or one after the other, each in its donor's language whoever asks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from donations.certificates import Issued, State
from donations.core.day import day_of
from donations.documents.certificate import certificate_paper
from donations.documents.printed import Imprint
from donations.web.formats import TELLER
from donations.web.language import speaking


def to_set(issued: Iterable[Issued]) -> list[Issued]:
    """Return those that can be given to donors: they stand, and say a name."""
    return [each for each in issued if each.state is State.STANDS and each.certificate.kept.name is not None]


def content_of(issued: Sequence[Issued]) -> str:
    """Return what tells these papers from others."""
    return hashlib.sha256(" ".join(each.certificate.kept.digest for each in issued).encode()).hexdigest()


def papers(issued: Iterable[Issued]) -> Iterator[tuple[str, bytes]]:
    """Yield each paper with its file's name."""
    for each in issued:
        yield file_name(each), paper(each)


def file_name(issued: Issued) -> str:
    """Return the name of a paper's file: its number, and nobody's name."""
    return f"{issued.certificate.number}.pdf"


def paper(issued: Issued) -> bytes:
    """Return the PDF. Raises `donations.documents.certificate.NameErasedError`."""
    found = issued.certificate
    with speaking(found.language):
        return certificate_paper(
            issued,
            Imprint(
                organisation=found.issuer.organisation,
                language=found.language,
                teller=TELLER,
                made_on=day_of(found.kept.issued_at),
            ),
        )
