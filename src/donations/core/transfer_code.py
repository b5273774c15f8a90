"""The text of the square code that a bank's application reads as a transfer (EPC069-12, version 002)."""

from __future__ import annotations

from donations.core.iban import ValidIban

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
