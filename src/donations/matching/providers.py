"""Which payment provider sends money, by the name that banks write: a name is a provider's only without a person's."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from donations.core.name import NameKey
from donations.core.provider import Provider
from donations.matching.payer import TRADE_WORDS

_BRANDS = MappingProxyType(
    {
        "makecommerce": Provider.MAKECOMMERCE,
        "maksekeskus": Provider.MAKECOMMERCE,
        "montonio": Provider.MONTONIO,
        "paypal": Provider.PAYPAL,
        "stripe": Provider.STRIPE,
    }
)
"""What is left of the name without legal forms, countries and words of the trade."""


@lru_cache(maxsize=10_000)
def provider_named(name: NameKey) -> Provider | None:
    """Return the provider that is called so: `PayPal (Europe) S.à r.l. et Cie, S.C.A.`, `Maksekeskus AS`."""
    # Legal forms written with dots come as single letters.
    left = [word for word in name.split() if word not in TRADE_WORDS and not word.isdigit() and len(word) > 1]
    return _BRANDS.get(left[0]) if len(left) == 1 else None
