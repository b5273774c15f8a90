"""Payment references (Estonian 7-3-1, RF of ISO 11649), and the text of a transfer's square code (EPC069-12)."""

from __future__ import annotations

import re
from typing import NewType

from stdnum import iso11649

from donations.core.iban import ValidIban, check_digit

Reference = NewType("Reference", str)
"""A reference in its comparable form: digits without leading zeros, or an RF reference that wraps no number."""

_BOTH_IN_TEXT = re.compile(r"/RFB/([^/]*)(?:/TXT/(.*))?", re.DOTALL)


def viitenumber(base: str) -> str:
    """Return digits with the 7-3-1 check digit behind them (Pangaliit, viitenumber)."""
    return f"{base}{check_digit(base)}"


def is_viitenumber(text: str) -> bool:
    """Whether the text is 2 to 20 digits with a right check digit; blanks for reading must be gone."""
    return re.fullmatch(r"[0-9]{2,20}", text) is not None and viitenumber(text[:-1]) == text


def parse_reference(text: str) -> Reference | None:
    """Return the reference in comparable form, or None for blank and where check digits fail.

    `RF` + check digits + viitenumber and the bare viitenumber are the same value, with or without leading
    zeros and blanks.
    """
    written = "".join(text.split()).upper()
    if not written:
        return None
    if written.startswith("RF"):
        if not iso11649.is_valid(written):
            return None
        inner = written[4:].lstrip("0")
        return Reference(inner if is_viitenumber(inner) else written)
    written = written.lstrip("0")
    return Reference(written) if is_viitenumber(written) else None


def split_remittance(text: str) -> tuple[str, str]:
    """Return (reference text, free text) of a remittance line.

    Estonian banks agreed to send both as `/RFB/<reference>/TXT/<text>`, and the receiving bank is only
    recommended to split them back (Pangaliit); anything else is free text.
    """
    found = _BOTH_IN_TEXT.fullmatch(text.strip())
    if found is None:
        return "", text
    return found[1].strip(), (found[2] or "").strip()


PAYEE_MAX, TEXT_MAX, BYTES_MAX = 70, 140, 331


class CannotEncodeError(ValueError):
    """The payee's name or the text does not fit, or would break a line."""


def transfer_code(*, payee: str, iban: ValidIban, text: str) -> str:
    """Return the payload of a SEPA transfer without an amount: the giver writes one.

    The lines are: service tag, version, 1 for UTF-8, identification, BIC (not needed within the EEA), name, account,
    amount, purpose, reference, text. Raises `CannotEncodeError`.
    """
    fits = 0 < len(payee) <= PAYEE_MAX and len(text) <= TEXT_MAX
    payload = f"BCD\n002\n1\nSCT\n\n{payee}\n{iban}\n\n\n\n{text}".rstrip("\n")
    if not fits or not (payee + text).isprintable() or len(payload.encode()) > BYTES_MAX:
        raise CannotEncodeError
    return payload
