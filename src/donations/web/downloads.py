"""Files that pages hand out: with their names, and certificates set as PDF one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from starlette.responses import Response

from donations.acts.certificate import Issued
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


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, *, media_type: str, name: str) -> Response:
    """Return a file to be kept under this name, which is ours and plain ASCII; browsers do not open it as a page."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
