"""Reads papers back as other programs see them."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pikepdf
import pypdfium2
from openpyxl.worksheet.worksheet import Worksheet


def text_of(pdf: bytes) -> str:
    """Return the words of a PDF, blanks collapsed."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[at].get_textpage().get_text_range() for at in range(len(document))]
    document.close()
    return " ".join(" ".join(pages).replace("\N{NO-BREAK SPACE}", " ").split())


def accessible(pdf: bytes) -> dict[str, Any]:
    """Return what a PDF says of itself to who cannot see it (ISO 14289-1); raises where it is not tagged."""
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert document.Root.MarkInfo.Marked
        assert document.Root.StructTreeRoot.K is not None
        return {
            "ua": metadata.get("pdfuaid:part"),
            "title": metadata.get("dc:title"),
            "language": str(document.Root.Lang),
            "shows_title": bool(document.Root.ViewerPreferences.DisplayDocTitle),
        }


def sheet_of(xlsx: bytes, at: int = 0) -> Worksheet:
    """Return a sheet of a workbook, in which no cell may be a formula or a link."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.coordinate
                assert cell.hyperlink is None, cell.coordinate
    found = book.worksheets[at]
    assert isinstance(found, Worksheet)
    return found
