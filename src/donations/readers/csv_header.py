"""The header row of a CSV statement: its encoding, its separator, and its column names in comparable form."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from donations.readers.sniffer import HEAD_BYTES

LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""The lines of a text with their ends. `str.splitlines` would also split at form feeds and other characters."""

# A header that reads as a known one in an encoding is strong evidence for that encoding. cp775 (old DOS exports) is
# the one code page that has Estonian letters at places of its own; the Baltic and Western ones agree on õ ä ö ü.
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1257", "cp775")
_SEPARATORS = ";,\t"

# Swedbank's Russian header has Latin letters among the Cyrillic ones (Счëт клиентa), so such letters are one letter.
_LOOK_ALIKES = str.maketrans("аеёорсухкмтнвë", "aeeopcyxkmthbe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """One way to read the first row; `names` leaves out the empty cell behind a trailing separator."""

    line: int
    encoding: str
    separator: str
    names: tuple[str, ...]


@lru_cache(maxsize=10_000)
def column_name(text: str) -> str:
    """Return a column's name without what differs between exports: case, quotes, blanks, look-alike letters."""
    plain = unicodedata.normalize("NFKC", text).replace("\ufeff", "").casefold().translate(_LOOK_ALIKES)
    return " ".join(plain.strip("\"' ").split())


def column_names(cells: list[str]) -> tuple[str, ...]:
    """Return the names of a header row, without the empty cell behind a trailing separator."""
    names = tuple(column_name(cell) for cell in cells)
    return names[:-1] if names and not names[-1] else names


def possible_headers(content: bytes) -> Iterator[Header]:
    """Yield every way to read the first row; a `sep=;` line (a hint to Excel) and blank lines may stand before it."""
    for encoding in _ENCODINGS:
        head = content[:HEAD_BYTES].decode(encoding, errors="ignore").lstrip("\ufeff")
        for number, match in enumerate(LINES.finditer(head), start=1):
            line = match[0].strip("\r\n")
            if line.strip() and not line.lower().startswith("sep="):
                for separator in _SEPARATORS:
                    cells = next(csv.reader([line], delimiter=separator))
                    yield Header(line=number, encoding=encoding, separator=separator, names=column_names(cells))
                break
