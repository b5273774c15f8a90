"""How large gifts are: the middle one, the quarters, and how many lie between round amounts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from donations.core.money import EUR, Currency, Minor, minor_digits
from donations.reports.dashboard.folding import LEAST, shown
from donations.reports.spread import Band, Spread, bands, spread
from donations.store.given import Scope
from donations.store.giving.gift_sums import amount_sums, givers, givers_by_band
from donations.store.session import ReadSession

EDGES = (0, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Where the bands begin, in whole units of the currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The gifts in one currency."""

    currency: Currency
    spread: Spread | None
    """None where so few gave that an amount might tell who it was."""
    bands: tuple[tuple[Band, bool], ...]
    """Each with whether it may be shown."""


def amounts(session: ReadSession, scope: Scope, *, with_small: bool) -> tuple[Amounts, ...]:
    """Return the amounts by currency, euros first; without `with_small`, those of few donors are not to be shown."""
    counted: defaultdict[Currency, list[tuple[Minor, int]]] = defaultdict(list)
    for each in amount_sums(session, scope):
        counted[each.currency].append((each.minor, each.gifts))
    donors = {each.currency: each.donors for each in givers(session, scope)}

    def of(currency: Currency) -> Amounts:
        edges = [edge * 10 ** minor_digits(currency) for edge in EDGES]
        found = bands(counted[currency], edges)
        may_show = (True,) * len(found)
        if not with_small:
            by_band = givers_by_band(session, scope, currency, edges)
            may_show = shown([by_band.get(band.least, 0) for band in found], together=max)
        many = with_small or donors.get(currency, 0) >= LEAST
        return Amounts(
            currency=currency,
            spread=spread(counted[currency]) if many else None,
            bands=tuple(zip(found, may_show, strict=True)),
        )

    return tuple(of(each) for each in sorted(counted, key=lambda currency: (currency != EUR, currency)))
