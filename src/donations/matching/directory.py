"""What is known when a payment is judged: own accounts, appeals, and who was seen paying from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from donations.core.donor import Appeal, Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import AccountNumber, ValidIban, ibans_in
from donations.core.money import Currency, Minor
from donations.core.name import NameKey
from donations.core.person_code import CheckedCode
from donations.matching.past import GivenGift, OwnSide, Paid, PaidOut
from donations.matching.payer import Payer
from donations.matching.standing import StandingRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Frozen look-ups; a function of the payments and people's decisions, not of the order they came in."""

    own_accounts: frozenset[AccountNumber]
    own_codes: frozenset[CheckedCode] = frozenset()
    """The organisation's registry code: donors copy it from the page into their text, and it names no donor."""
    appeals: tuple[Appeal, ...]
    standing: tuple[StandingRule, ...] = ()
    """The rules that people made and that are switched on."""
    payers: Mapping[ValidIban, frozenset[NameKey]] = field(default_factory=dict)
    """The names under which money came from an account (the empty name not counted)."""
    codes: Mapping[PayerClaim, frozenset[CheckedCode]] = field(default_factory=dict)
    """The checked codes that came with an account and name in the bank's own field."""
    together: Mapping[Claim, frozenset[Claim]] = field(default_factory=dict)
    """Claims that are one donor's, those of claims that are alone left out (`identity.donors`)."""
    not_their_own: frozenset[PayerClaim] = frozenset()
    """Accounts with names whose code is somebody else's, for a person said that the two are two."""
    doubtful: frozenset[tuple[PayerClaim, CheckedCode]] = frozenset()
    """Codes typed with an account and name that neither the bank nor a person calls theirs, and others typed too."""
    donors: Mapping[Claim, DonorId] = field(default_factory=dict)
    """Donors that exist, by each claim on them."""
    by_word: Mapping[PayerClaim, frozenset[CheckedCode]] = field(default_factory=dict)
    """Accounts with names of which a person said for whom they pay, whatever code the bank adds; and that one's codes.
    """
    donors_by_name: Mapping[NameKey, frozenset[DonorId]] = field(default_factory=dict)
    givers: Mapping[ValidIban, frozenset[DonorId]] = field(default_factory=dict)
    """Donors with gifts from that account."""
    last_appeal: Mapping[DonorId, Appeal] = field(default_factory=dict)
    given: Mapping[DonorId, tuple[GivenGift, ...]] = field(default_factory=dict)
    """The gifts of donors who may be the payees of money out, to see one returned."""
    paid_out: Mapping[Paid, tuple[PaidOut, ...]] = field(default_factory=dict)
    """Money out by whom it went to and its amount, to see it come back."""
    own_names: frozenset[NameKey] = frozenset()
    """The organisation's own name, as the bank writes it beside its own accounts."""
    own_sides: Mapping[tuple[Currency, Minor], tuple[OwnSide, ...]] = field(default_factory=dict)
    """Money that may be one side of an own transfer, by signed amount: what the other side is found in."""

    def claim_on(self, *, iban: ValidIban, name: NameKey, code: CheckedCode | None) -> Claim | None:
        """Return who gives: by a person's word, by code, else by account and name; None where several could be meant.

        Several claims on one donor leave no doubt.
        """
        payer = PayerClaim(iban, name)
        if payer in self.by_word or payer in self.not_their_own:
            return payer
        if code is not None:
            return CodeClaim(code)
        claims = self.claims_on(iban=iban, name=name)
        return claims[0] if len({self._one(claim) for claim in claims}) == 1 else None

    def claim_of(self, payer: Payer) -> Claim | None:
        """Return who gives, of a payment with a valid account; None where several could be meant."""
        if payer.iban is None:
            return None
        return self.claim_on(iban=payer.iban, name=payer.name, code=self.code_of(payer))

    def code_of(self, payer: Payer) -> CheckedCode | None:
        """Return the payer's code: the bank's own, else the only one in the text unless it may be somebody else's."""
        if payer.stated_code is not None or payer.iban is None:
            return payer.stated_code
        is_doubtful = (PayerClaim(payer.iban, payer.name), payer.code) in self.doubtful
        return None if is_doubtful else payer.code

    def codes_with(self, claim: Claim) -> frozenset[CheckedCode]:
        """Return the codes of whoever has a claim."""
        together = self.together.get(claim, frozenset({claim}))
        return frozenset(each.code for each in together if isinstance(each, CodeClaim))

    def _one(self, claim: Claim) -> object:
        """Return the same for the claims of one donor."""
        return self.donors.get(claim) or self.together.get(claim, claim)

    def claims_on(self, *, iban: ValidIban, name: NameKey) -> tuple[Claim, ...]:
        """Return everyone that an account and a name could mean, in a stable order; never empty.

        Without a name it is each name seen on the account. The codes seen with an account and name stand for it.
        """
        names = (name,) if name else sorted(self.payers.get(iban, ())) or (name,)
        claims: dict[Claim, None] = {}
        for payer in (PayerClaim(iban, each) for each in names):
            is_own = payer in self.by_word or payer in self.not_their_own
            codes = [] if is_own else sorted(self.codes.get(payer, ()))
            claims |= dict.fromkeys(map(CodeClaim, codes)) if codes else {payer: None}
        return tuple(claims)

    def names_own_account(self, text: str) -> bool:
        """Whether a text has the number of an own account."""
        return not self.own_accounts.isdisjoint(ibans_in(text))

    @property
    def only_appeal(self) -> Appeal | None:
        """The appeal that a gift without keyword must be for, where there is just one."""
        return self.appeals[0] if len(self.appeals) == 1 else None
