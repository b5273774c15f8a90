"""Who was seen paying from which account: what a directory knows of payers, and whether one more adds to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from donations.core.donor import PayerClaim
from donations.core.iban import ValidIban
from donations.core.money import MoneyIn
from donations.core.name import NameKey
from donations.core.payment import Payment, PaymentId
from donations.core.person_code import CheckedCode
from donations.identity.donors import Sighting
from donations.matching.payer import payer_of

CutNames = Mapping[PaymentId, frozenset[NameKey]]
"""The names that other statements of a payment cut shorter."""


def seen_paying(
    payments: Iterable[Payment], *, own_codes: AbstractSet[CheckedCode], cut: CutNames | None = None
) -> Iterator[Sighting]:
    """Yield the payers of money that came in, as far as they have a valid account, or a name with a code."""
    for payment in payments:
        payer = payer_of(payment, own_codes=own_codes)
        if isinstance(payment.money, MoneyIn) and (payer.iban is not None or (payer.name and payer.code)):
            yield Sighting(
                iban=payer.iban,
                name=payer.name,
                stated=payer.stated_code,
                typed=payer.text_codes,
                cut=(cut or {}).get(payment.id, frozenset()),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Payers:
    """All who were seen paying from some accounts."""

    ways: frozenset[Sighting]
    names: Mapping[ValidIban, frozenset[NameKey]]
    """The names under which money came from an account (the empty name not counted)."""
    codes: Mapping[PayerClaim, frozenset[CheckedCode]]
    """The checked codes that came with an account and name in the bank's own field."""
    typed: Mapping[PayerClaim, frozenset[CheckedCode]]
    """Those that came in the text where the bank gave none."""

    @classmethod
    def of(cls, seen: Iterable[Sighting]) -> Payers:
        """Gather what was seen, in whatever order."""
        ways = frozenset(seen)
        names: defaultdict[ValidIban, set[NameKey]] = defaultdict(set)
        codes: defaultdict[PayerClaim, set[CheckedCode]] = defaultdict(set)
        typed: defaultdict[PayerClaim, set[CheckedCode]] = defaultdict(set)
        for each in ways:
            payer = each.payer
            if payer is None:
                continue
            if payer.name:
                names[payer.iban].add(payer.name)
            if each.stated is not None:
                codes[payer].add(each.stated)
            elif each.hint is not None:
                typed[payer].add(each.hint)
        return cls(
            ways=ways,
            names={iban: frozenset(known) for iban, known in names.items()},
            codes={payer: frozenset(known) for payer, known in codes.items()},
            typed={payer: frozenset(known) for payer, known in typed.items()},
        )

    def show(self, seen: Sighting) -> bool:
        """Whether one more payment of this payer tells nothing: a couple's two names come with a code each."""
        payer = seen.payer
        if seen in self.ways or payer is None:
            return seen in self.ways
        has_name = not payer.name or payer.name in self.names.get(payer.iban, ())
        if seen.cut or seen.typed or not has_name:
            return False
        # Who sometimes leaves a code out of the text is not known by it alone.
        return seen.stated in self.codes.get(payer, ()) or (seen.stated is None and payer not in self.typed)
