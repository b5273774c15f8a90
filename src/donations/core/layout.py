"""What people call a layout of CSV: by the bank or payment provider that writes it."""

from __future__ import annotations

from donations.core.provider import provider_of

_MARK = "-csv"
_ABBREVIATION_MAX = 4
"""`lhv` and `seb` are abbreviations, `swedbank` is a word."""


def bank_of_layout(name: str) -> str:
    """Return `LHV` for `lhv-csv`; empty for what is no bank's own layout."""
    if not name.endswith(_MARK):
        return ""
    bank = name.removesuffix(_MARK)
    provider = provider_of(bank.upper())
    if provider is not None:
        return provider.brand
    return bank.upper() if len(bank) <= _ABBREVIATION_MAX else bank.capitalize()
