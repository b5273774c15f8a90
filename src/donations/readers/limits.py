"""How much a file may hold before it is refused unread, and how long each of its free fields may be."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes past which a file is refused; settings fill them, uploads get smaller ones."""

    file_bytes: int = 64 * 1024 * 1024
    lines: int = 1_000_000

    @property
    def file_size(self) -> str:
        """The limit on bytes as people read it."""
        mebibytes, rest = divmod(self.file_bytes, 1024 * 1024)
        return f"{self.file_bytes} bytes" if rest else f"{mebibytes} MiB"
