"""What is known when a payment is judged: own accounts, appeals, who was seen paying from where, what may go back."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from donations.core.donor import Appeal, AppealId, Claim, CodeClaim, DonorId, PayerClaim, offered_on
from donations.core.iban import AccountNumber, UnverifiedAccount, ValidIban, ibans_in
from donations.core.money import Amount, Currency, Minor, MoneyIn
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment, PaymentId
from donations.core.person_code import CheckedCode
from donations.core.statement import Counterparty
from donations.identity.donors import Sighting
from donations.matching.payer import Payer, payer_from, text_codes
from donations.matching.standing_rules import StandingRule

CutNames = Mapping[PaymentId, frozenset[NameKey]]
"""The names that other statements of a payment cut shorter."""


def seen_paying(
    payments: Iterable[Payment], *, own_codes: AbstractSet[CheckedCode], cut: CutNames | None = None
) -> Iterator[Sighting]:
    """Yield the payers of money that came in, as far as they have a valid account, or a name with a code.

    Whoever is seen in the same way again is not read again.
    """
    seen: set[tuple[Counterparty, tuple[CheckedCode, ...], frozenset[NameKey]]] = set()
    for payment in payments:
        if not isinstance(payment.money, MoneyIn):
            continue
        codes, shorter = text_codes(payment.text, own_codes), (cut or {}).get(payment.id, frozenset())
        way = payment.counterparty, codes, shorter
        if way in seen:
            continue
        seen.add(way)
        payer = payer_from(payment.counterparty, codes)
        if payer.iban is not None or (payer.name and payer.code):
            yield Sighting(iban=payer.iban, name=payer.name, stated=payer.stated_code, typed=codes, cut=shorter)


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


BACK_WITHIN = timedelta(days=30)
"""Money that comes back later than this is not taken for the same."""
UNDER_WAY = timedelta(days=10)
"""The two sides of an own transfer are booked so near each other: bank holidays, and a while for another bank."""


class GivenGift(NamedTuple):
    """A gift, and what of it has not gone back yet."""

    payment: PaymentId
    day: date
    minor: Minor
    currency: Currency
    left: Minor
    appeal: AppealId

    def is_just(self, amount: Amount, day: date) -> bool:
        """Whether just this amount was given, on that day or before."""
        return (self.minor, self.currency) == (amount.minor, amount.currency) and self.day <= day


class PaidTo(NamedTuple):
    """How much went to whom: an account, or a name where a bank gives no account."""

    whom: str
    minor: Minor
    currency: Currency


class PaidOut(NamedTuple):
    """Money that went out."""

    payment: PaymentId
    day: date
    refund_of: DonorId | None = None
    """To whom, where it is booked as a refund."""
    appeal: AppealId | None = None
    """Of the gift that it returned."""


class OwnSide(NamedTuple):
    """A payment on an own account that may be one side of an own transfer."""

    payment: PaymentId
    day: date
    account: AccountNumber
    other: AccountNumber | None
    name: NameKey


def paid_keys(payment: Payment) -> tuple[PaidTo, ...]:
    """Return by what a payment is found that went to, or comes from, somebody: the account first, then the name."""
    amount, party = payment.money.amount, payment.counterparty
    account, name = account_text(party.account), name_key(party.name)
    by_name = (PaidTo(f"name {name}", amount.minor, amount.currency),) if name else ()
    return (PaidTo(account, amount.minor, amount.currency), *by_name) if account else by_name


def account_text(account: AccountNumber | None) -> str:
    """Return an account number as text, empty where there is none."""
    return account.text if isinstance(account, UnverifiedAccount) else account or ""


def went_out_before(payment: Payment, paid_out: Mapping[PaidTo, tuple[PaidOut, ...]]) -> PaidOut | None:
    """Return the last money out to the same account, or name where there is none, of just the amount that comes now."""
    if not paid_out:
        return None
    amount, account = payment.money.amount, payment.counterparty.account
    if account is None:
        key = next(iter(paid_keys(payment)), None)
    else:
        key = PaidTo(account_text(account), amount.minor, amount.currency)
    found = None if key is None else paid_out.get(key)
    if found is None:
        return None
    near = (out for out in found if timedelta() <= payment.booked_on - out.day <= BACK_WITHIN)
    return max(near, key=lambda out: (out.day, out.payment), default=None)


def other_side(payment: Payment, sides: Mapping[tuple[Currency, Minor], tuple[OwnSide, ...]]) -> OwnSide | None:
    """Return the nearest payment on another own account that may be the other side of this one."""
    key = payment.money.amount.currency, -payment.money.signed_minor
    own, name = payment.account, name_key(payment.counterparty.name)
    fitting = (
        side
        for side in sides.get(key, ())
        if side.account != own
        and abs(side.day - payment.booked_on) <= UNDER_WAY
        and (side.other == own or (side.other is None and side.name == name))
    )
    return min(fitting, key=lambda side: (abs(side.day - payment.booked_on), side.payment), default=None)


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
    paid_out: Mapping[PaidTo, tuple[PaidOut, ...]] = field(default_factory=dict)
    """Money out by whom it went to and its amount, to see it come back."""
    own_names: frozenset[NameKey] = frozenset()
    """The organisation's own name, as the bank writes it beside its own accounts."""
    own_sides: Mapping[tuple[Currency, Minor], tuple[OwnSide, ...]] = field(default_factory=dict)
    """Money that may be one side of an own transfer, by signed amount: what the other side is found in."""

    _ends: tuple[date, ...] = field(init=False, repr=False, compare=False)
    """The days with which appeals and keywords end, in order."""
    _named: tuple[tuple[Appeal, ...], ...] = field(init=False, repr=False, compare=False)
    """The appeals with what names them until each of these days, and after the last."""

    def __post_init__(self) -> None:
        """Make appeals for each time between two ends once: a search is compiled for each of them."""
        whole = (each.last_day for each in self.appeals if each.last_day is not None)
        ends = sorted({*whole, *(last for each in self.appeals for _, last in each.last_days)})
        later = (tuple(each.named_on(end + timedelta(days=1)) for each in self.appeals) for end in ends)
        object.__setattr__(self, "_ends", tuple(ends))
        object.__setattr__(self, "_named", (self.appeals, *later))

    def named_on(self, day: date) -> tuple[Appeal, ...]:
        """Return the appeals with what names them in payments of a day: the very same for days alike."""
        return self._named[bisect_left(self._ends, day)]

    def standing_on(self, day: date) -> tuple[StandingRule, ...]:
        """Return the rules that speak of payments of a day: gifts to an appeal that ended are made by none."""
        ended = {each.id for each in self.appeals if not each.goes_on(day)} if self._ends else set()
        return tuple(rule for rule in self.standing if rule.then.appeal not in ended) if ended else self.standing

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

    def payees(self, payer: Payer) -> list[DonorId]:
        """Return the donors with gifts whom code, account or name of money out mean, the surest first.

        An account that somebody wrote into the text is no more than a hint, and means nobody here.
        """
        by_code = None if payer.code is None else self.donors.get(CodeClaim(payer.code))
        by_account = frozenset[DonorId]() if payer.iban is None else self.givers.get(payer.iban, frozenset())
        by_name = self.donors_by_name.get(payer.name, frozenset())
        every = (*([] if by_code is None else [by_code]), *sorted(by_account), *sorted(by_name))
        return [donor for donor in dict.fromkeys(every) if donor in self.given]

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

    def only_appeal(self, day: date) -> Appeal | None:
        """Return the appeal that a gift of a day without keyword must be for, where there is just one."""
        offered = offered_on(self.appeals, day)
        return offered[0] if len(offered) == 1 else None
