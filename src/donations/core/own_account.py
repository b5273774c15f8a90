"""Own accounts that no bank numbers, at payment providers and the cash box: how people name them."""

from __future__ import annotations

from donations.core.cash_count import CASH_BOX
from donations.core.iban import AccountNumber, UnverifiedAccount, name_of_account, parse_account
from donations.core.language import N_
from donations.core.provider import provider_of

CASH_BOX_NAME = N_("Cash box")


def parse_own_account(text: str) -> AccountNumber | None:
    """Return the own account that a person names: by a valid IBAN, by the provider's name, or the box by `cash`."""
    number = parse_account(text)
    is_bank = isinstance(number, UnverifiedAccount) and provider_of(number) is None and number != CASH_BOX
    return None if is_bank else number


def name_of_own_account(number: AccountNumber) -> str:
    """Return what an own account is called that nobody gave a name."""
    provider = provider_of(number)
    if provider is not None:
        return provider.brand
    return CASH_BOX_NAME if number == CASH_BOX else name_of_account(number)
