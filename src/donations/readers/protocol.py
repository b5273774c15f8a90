"""What every reader answers (whether a file is its own, and what it states), and the limits that it keeps to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from donations.core.lines import Fact

NAME_CHARACTERS_MAX = 140
"""ISO 20022 `Max140Text`, the length of a party's name."""

TEXT_CHARACTERS_MAX = 1_000
"""SEPA carries 140 characters of remittance; banks that add their own text were seen to stay far below this."""

ACCOUNT_CHARACTERS_MAX = 70
"""An IBAN has at most 34, another number of ISO 20022 too (`Max34Text`), OFX's bank and account together 31."""

CODE_CHARACTERS_MAX = 256
"""ISO 20022 `Max256Text`, the length of an organisation's id from version 12 on; `Max35Text` before."""

ID_CHARACTERS_MAX = 255
"""OFX allows a FITID as many; ISO 20022 has 35."""

_MIB = 1024 * 1024

ZIP_BEGINS = (b"PK\x03\x04", b"PK\x05\x06")
MEMBERS_MAX = 400
"""Files in one archive: a year of daily statements."""
UNPACKED_BYTES_MAX = 64 * _MIB
"""All files of one archive together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes past which a file is refused; settings fill them, uploads get smaller ones."""

    file_bytes: int = 64 * _MIB
    lines: int = 1_000_000
    seconds: int = 20
    """Of the processor, besides what a file's size allows."""

    @property
    def memory(self) -> int:
        """Bytes of address space that reading a file of the largest size may take."""
        return 448 * _MIB + 16 * self.file_bytes

    def seconds_for(self, file_bytes: int) -> int:
        """Return how long a processor may read a file: six to twelve times what a busy computer was seen to need."""
        return self.seconds + 4 * (file_bytes // _MIB)

    @property
    def file_size(self) -> str:
        """The limit on bytes as people read it."""
        mebibytes, rest = divmod(self.file_bytes, _MIB)
        return f"{self.file_bytes} bytes" if rest else f"{mebibytes} MiB"


class Reader(Protocol):
    """One statement format."""

    @property
    def name(self) -> str:
        """Stable name, shown to people and kept with the file: `camt.053`, `ofx`, `lhv-csv`."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File endings people expect for it; only used to say that a name and its content differ."""

    def claims(self, content: bytes) -> bool:
        """Whether the content is this format, judged from its first bytes alone; never raises."""

    def facts(self, content: bytes) -> Iterator[Fact]:
        """Yield what the file states, in its order, holding no more than a few lines in memory.

        A `Problem` is yielded where reading can go on (so that all of them can be told at once), and `Refused`
        is raised where it cannot. Never repairs a number.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReader:
    """What is said of a reader to people."""

    name: str
    suffixes: tuple[str, ...] = ()
    package: str = ""
    """The package that brings it, with its version; empty for our own."""
    is_usable: bool = True
    """False where the package cannot be run behind the walls, or is no reader, or has the name of another one."""
