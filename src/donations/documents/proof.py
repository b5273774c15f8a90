"""The proof of the books as a paper: how things stand in sentences, then each part as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from donations.documents.printed import Imprint, cells_of, typeset
from donations.reports.table import Table
from donations.views.phrases import Phrase


def proof_paper(title: str, facts: Sequence[Phrase], parts: Iterable[Table], imprint: Imprint) -> bytes:
    """Return the PDF; `title` is told already."""
    teller = imprint.teller
    told = [each.translated(teller) for each in parts if each.rows]
    return typeset(
        "proof.typ",
        {
            **imprint.data(title),
            "facts": [teller.tell(each) for each in facts],
            "parts": [{"heading": table.title, **cells_of(table, teller)} for table in told],
        },
    )
