"""Who was seen paying from which account: what a directory knows of payers, and whether one more adds to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from donations.core.donor import Claim, CodeClaim, PayerClaim
from donations.core.iban import ValidIban
from donations.core.money import MoneyIn
from donations.core.name import NameKey
from donations.core.payment import Payment
from donations.core.person_code import CheckedCode
from donations.matching.payer import payer_of


class SeenPayer(NamedTuple):
    """Who was seen with an account."""

    iban: ValidIban
    name: NameKey
    code: CheckedCode | None
    text_codes: tuple[CheckedCode, ...]


def seen_paying(payments: Iterable[Payment], *, own_codes: AbstractSet[CheckedCode]) -> Iterator[SeenPayer]:
    """Yield the payers of money that came in from valid accounts."""
    for payment in payments:
        if isinstance(payment.money, MoneyIn) and isinstance(payment.counterparty.account, str):
            payer = payer_of(payment, own_codes=own_codes)
            yield SeenPayer(payment.counterparty.account, payer.name, payer.code, payer.text_codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payers:
    """All who were seen paying from some accounts."""

    names: Mapping[ValidIban, frozenset[NameKey]]
    """The names under which money came from an account (the empty name not counted)."""
    codes: Mapping[PayerClaim, frozenset[CheckedCode]]
    """The checked codes that came with an account and name."""
    text_codes: frozenset[CheckedCode]
    """The codes in all texts: whom a question may offer beside the payer."""

    @classmethod
    def of(cls, seen: Iterable[SeenPayer]) -> Payers:
        """Gather what was seen, in whatever order."""
        names: defaultdict[ValidIban, set[NameKey]] = defaultdict(set)
        codes: defaultdict[PayerClaim, set[CheckedCode]] = defaultdict(set)
        text_codes: set[CheckedCode] = set()
        for each in seen:
            text_codes.update(each.text_codes)
            if each.name:
                names[each.iban].add(each.name)
            if each.code is not None:
                codes[PayerClaim(each.iban, each.name)].add(each.code)
        return cls(
            names={iban: frozenset(known) for iban, known in names.items()},
            codes={payer: frozenset(known) for payer, known in codes.items()},
            text_codes=frozenset(text_codes),
        )

    def show(self, seen: SeenPayer) -> bool:
        """Whether one more payment of this payer tells nothing: a couple's two names come with a code each."""
        has_name = not seen.name or seen.name in self.names.get(seen.iban, ())
        return has_name and (seen.code is None or seen.code in self.codes.get(PayerClaim(seen.iban, seen.name), ()))

    @property
    def claims(self) -> set[Claim]:
        """Every claim that a gift from these accounts may be booked by, or that a question may offer."""
        named = {PayerClaim(iban, name) for iban, known in self.names.items() for name in (*known, NameKey(""))}
        return {*named, *self.codes, *map(CodeClaim, self.text_codes.union(*self.codes.values()))}
