"""The wall around typst: a template and data in, a tagged PDF (PDF/UA-1) out, the same bytes each time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import typst
from anyascii import anyascii

from donations.assets import directory

_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Papers say their date in words; a moment of making would make each file another one."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")
_RARE = re.compile(r"[^\x00-\u04ff\u2000-\u2040€]+")
"""What the fonts may lack; the letters of Europe, signs between words and the euro they have."""


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF of a template in templates/documents.

    Data is handed over as one JSON text that the template reads with `json`: whatever donors write stays text. Only
    the fonts that typst brings along are used, so that papers look the same everywhere; nothing is fetched. A paper
    that could be read aloud only in part is none, so letters that no font has are written in Latin ones instead.
    """
    shown = _mapped(data, lambda text: _UNSEEN.sub(" ", text))
    try:
        return _compiled(template, shown)
    except typst.TypstError:
        return _compiled(template, _mapped(shown, lambda text: _RARE.sub(lambda rare: anyascii(rare[0]), text)))


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            return {key: _mapped(each, change) for key, each in value.items()}
        case list() | tuple():
            return [_mapped(each, change) for each in value]
        case _:
            return value


def _compiled(template: str, data: Any) -> bytes:
    documents = directory("templates") / "documents"
    made = typst.compile(
        documents / template,
        root=documents,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=_NO_TIME,
    )
    if not isinstance(made, bytes):
        raise TypeError
    return made
