"""Payment providers whose account an association may have: each is one own account, by a number that we give it.

A provider's report names no account of its own, so the account is called by the provider's name.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from donations.core.iban import AccountNumber, UnverifiedAccount


class Provider(StrEnum):
    """Who collects gifts and pays them out; the value is the number of the own account."""

    MAKECOMMERCE = "MAKECOMMERCE"
    MONTONIO = "MONTONIO"
    PAYPAL = "PAYPAL"
    STRIPE = "STRIPE"

    @property
    def brand(self) -> str:
        """Return the name as the provider writes it."""
        return _BRANDS[self]

    @property
    def account(self) -> UnverifiedAccount:
        """Return the own account at this provider."""
        return UnverifiedAccount(self.value)


_BRANDS = MappingProxyType(
    {
        Provider.MAKECOMMERCE: "MakeCommerce",
        Provider.MONTONIO: "Montonio",
        Provider.PAYPAL: "PayPal",
        Provider.STRIPE: "Stripe",
    }
)
_BY_NUMBER = MappingProxyType({each.value: each for each in Provider})


def provider_of(number: AccountNumber | str) -> Provider | None:
    """Return the provider whose account this is."""
    return _BY_NUMBER.get(number.text if isinstance(number, UnverifiedAccount) else number)
