"""Certificates set as PDF: one, or one after the other, each in its donor's language whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from donations.certificates import Issued
from donations.documents.certificate import certificate_paper, file_name
from donations.web.formats import TELLER
from donations.web.language import speaking


def papers(issued: Iterable[Issued]) -> Iterator[tuple[str, bytes]]:
    """Yield each paper with its file's name."""
    for each in issued:
        yield file_name(each), paper(each)


def paper(issued: Issued) -> bytes:
    """Return the PDF. Raises `Refusal`: `name_erased`."""
    with speaking(issued.certificate.language):
        return certificate_paper(issued, TELLER)
