"""What is known when a payment is judged: own accounts, appeals, and who was seen paying from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from donations.core.donor import Appeal, Claim, CodeClaim, DonorId, NameKey, PayerClaim
from donations.core.iban import AccountNumber, ValidIban
from donations.core.person_code import CheckedCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Frozen look-ups; a function of the payments and people's decisions, not of the order they came in."""

    own_accounts: frozenset[AccountNumber]
    appeals: tuple[Appeal, ...]
    payers: Mapping[ValidIban, frozenset[NameKey]] = field(default_factory=dict)
    """The names under which money came from an account (the empty name not counted)."""
    codes: Mapping[PayerClaim, frozenset[CheckedCode]] = field(default_factory=dict)
    """The checked codes that came with an account and name."""
    donors: Mapping[Claim, DonorId] = field(default_factory=dict)
    """Donors that exist, by each claim on them."""
    donors_by_name: Mapping[NameKey, frozenset[DonorId]] = field(default_factory=dict)
    givers: Mapping[ValidIban, frozenset[DonorId]] = field(default_factory=dict)
    """Donors with gifts from that account."""
    gift_amounts: Mapping[DonorId, frozenset[int]] = field(default_factory=dict)
    """Minor units of the gifts a donor made, to see a returned one."""
    last_appeal: Mapping[DonorId, Appeal] = field(default_factory=dict)

    def claim_on(self, *, iban: ValidIban, name: NameKey, code: CheckedCode | None) -> Claim | None:
        """Return who gives: by code, else by account and name; None where several could be meant.

        One code seen with the account and name makes that code the donor; a payment without a name belongs to the
        only name seen on its account.
        """
        if code is not None:
            return CodeClaim(code)
        names = self.payers.get(iban, frozenset())
        if not name and len(names) > 1:
            return None
        payer = PayerClaim(iban, name or next(iter(names), name))
        codes = self.codes.get(payer, frozenset())
        if len(codes) > 1:
            return None
        return CodeClaim(next(iter(codes))) if codes else payer
