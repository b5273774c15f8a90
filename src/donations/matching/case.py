"""One payment as the rules see it, and what proposals for it are made of: read by pure functions, each part alone."""

from __future__ import annotations

from typing import Literal, NamedTuple

from donations.core.cash_count import CASH_BOX
from donations.core.donor import Appeal, AppealId, Claim, CodeClaim, PayerClaim
from donations.core.iban import UnverifiedAccount, bank_name, national_check_fails
from donations.core.money import Minor, MoneyIn
from donations.core.name import NameKey
from donations.core.payment import Payment
from donations.core.person_code import CheckedCode
from donations.core.reference import Reference
from donations.core.statement import Counterparty, LineKind
from donations.matching import keywords
from donations.matching.against import What, against
from donations.matching.directory import Directory, went_out_before
from donations.matching.features import AccountKind, Denied, Features, PayerFeatures, TextFeatures, WentOut
from donations.matching.keywords import DeniedKeyword, Found, Hit, OneAppeal, ReferenceHit
from donations.matching.payer import NoDonor, Payer, no_donor, payer_from, text_codes
from donations.matching.providers import provider_named
from donations.matching.written import FoldedText, read


class Paying(NamedTuple):
    """Who pays, of whom that is a claim (None where several could be meant), and what kind of payer it is."""

    payer: Payer
    claim: Claim | None
    features: PayerFeatures


class Case(NamedTuple):
    """A payment that a person is asked about: what is proposed may look at all that is known."""

    payment: Payment
    directory: Directory
    payer: Payer
    claim: Claim | None
    """Whose gift it would be; None without a valid account, and where several could be meant."""
    written: FoldedText
    features: Features

    @property
    def text(self) -> TextFeatures:
        """What text and reference say."""
        return self.features.text

    @property
    def appeal(self) -> AppealId | None:
        """The appeal named beyond doubt."""
        return self.features.text.appeal

    @property
    def institution(self) -> NoDonor | None:
        """What kind of institution the other side is by name and code."""
        return self.features.payer.institution

    @property
    def is_money_in(self) -> bool:
        """Whether the money came to an own account."""
        return self.features.is_money_in


def open_case(payment: Payment, directory: Directory) -> Case:
    """Read a payment once for all rules."""
    written = read(payment.text)
    paying = paying_of(payment.counterparty, text_codes(payment.text, directory.own_codes), directory)
    text = text_features(
        written,
        payment.reference,
        directory.named_on(payment.booked_on),
        minor=payment.money.amount.minor,
        names=names_of(paying.payer),
    )
    features = features_of(payment, directory, text, paying)
    return Case(payment, directory, paying.payer, paying.claim, written, features)


def names_of(payer: Payer) -> tuple[NameKey, NameKey]:
    """Return the names that a text is read with."""
    return payer.name, payer.on_behalf_of


def text_features(
    written: FoldedText,
    reference: Reference | None,
    appeals: tuple[Appeal, ...],
    *,
    minor: Minor | None = None,
    names: tuple[NameKey, ...] = (),
) -> TextFeatures:
    """Return what a text and a reference say; `minor` and `names` matter only where `keywords.is_ambiguous` says so."""
    found = keywords.find(written, appeals, minor=minor, names=names)
    hits = keywords.find_reference(reference, written, appeals)
    denied = Denied(what=found.what, at=found.by) if isinstance(found, DeniedKeyword) else None
    if denied is None and hits:
        said = against(written.folded, minor=minor, names=names)
        denied = said and Denied(what=said.what, at=written.span(*said.at))
    return TextFeatures(found, hits, denied, _named(found, hits), _speaks_against(written, denied))


def _named(found: Found, hits: tuple[ReferenceHit, ...]) -> Hit | ReferenceHit | None:
    if hits:
        return hits[0] if len(hits) == 1 else None
    return found.hit if isinstance(found, OneAppeal) else None


def _speaks_against(written: FoldedText, denied: Denied | None) -> What | None:
    if denied is not None:
        return denied.what
    found = against(written.folded)
    return None if found is None else found.what


def paying_of(party: Counterparty, codes: tuple[CheckedCode, ...], directory: Directory) -> Paying:
    """Return who pays by the other side of a payment and the codes in its text."""
    payer, iban = payer_from(party, codes), None if isinstance(party.account, UnverifiedAccount) else party.account
    claim, provider = directory.claim_of(payer), provider_named(payer.name)
    features = PayerFeatures(
        account=_account_kind(party),
        is_own_account=party.account in directory.own_accounts,
        is_own_name=payer.name in directory.own_names,
        is_provider=provider is not None,
        is_own_provider=provider is not None and provider.account in directory.own_accounts,
        institution=no_donor(payer),
        is_for_another=bool(payer.on_behalf_of),
        differs=_differs(payer, directory),
        is_one_donor=claim is not None,
        gave_before=bool(iban and directory.givers.get(iban)),
        is_national_check_wrong=iban is not None and national_check_fails(iban),
        is_bank_unknown=iban is not None and iban.startswith("EE") and not bank_name(iban),
    )
    return Paying(payer, claim, features)


def _account_kind(party: Counterparty) -> AccountKind:
    if party.account is None:
        return AccountKind.NONE
    if not isinstance(party.account, UnverifiedAccount):
        return AccountKind.VALID
    return AccountKind.FAILED if party.account.is_failed_iban else AccountKind.OTHER


def codes_meant(payer: Payer, directory: Directory) -> tuple[CheckedCode, ...]:
    """Return the codes that a payment gives of its payer: one in the text alone stands beside those of the account."""
    codes = dict.fromkeys(code for code in (payer.stated_code, *payer.text_codes) if code is not None)
    if len(codes) == 1 and payer.stated_code is None and payer.iban is not None:
        known = directory.codes.get(PayerClaim(payer.iban, payer.name), frozenset())
        codes |= dict.fromkeys(sorted(known))
    return tuple(codes)


def _differs(payer: Payer, directory: Directory) -> Literal["code", "name"] | None:
    if payer.iban is None:
        return None
    codes = codes_meant(payer, directory)
    is_one = any(directory.codes_with(CodeClaim(code)).issuperset(codes) for code in codes)
    differs = (len(codes) > 1 and not is_one) or directory.code_of(payer) != payer.code
    if (not differs and not payer.on_behalf_of) or _is_said_who(payer, directory):
        return None
    return "code" if differs else "name"


def _is_said_who(payer: Payer, directory: Directory) -> bool:
    """Whether a person said for whom this account and name pay, and the text names nobody else."""
    if payer.iban is None or payer.on_behalf_of:
        return False
    codes = directory.by_word.get(PayerClaim(payer.iban, payer.name))
    return codes is not None and codes.issuperset(code for code in payer.text_codes if code != payer.stated_code)


def features_of(payment: Payment, directory: Directory, text: TextFeatures, paying: Paying) -> Features:
    """Return all that rules may know of a payment."""
    is_money_in = isinstance(payment.money, MoneyIn)
    went_out, names_own_account, is_to_giver, is_gift_amount = None, False, False, False
    if is_money_in:
        out = went_out_before(payment, directory.paid_out)
        if out is not None:
            went_out = WentOut.PAYMENT if out.refund_of is None else WentOut.REFUND
    else:
        has_account = paying.features.account is not AccountKind.NONE
        names_own_account = not has_account and directory.names_own_account(payment.text)
        payees = directory.payees(paying.payer)
        given = (gift for donor in payees for gift in directory.given[donor])
        is_to_giver = bool(payees)
        is_gift_amount = any(gift.is_just(payment.money.amount, payment.booked_on) for gift in given)
    return Features(
        text=text,
        payer=paying.features,
        kind=payment.kind,
        is_money_in=is_money_in,
        is_reversal=payment.is_reversal,
        is_taken_back=payment.is_taken_back,
        has_details=bool(payment.details),
        is_deposit=is_money_in and payment.kind is LineKind.CASH and CASH_BOX in directory.own_accounts,
        went_out=went_out,
        names_own_account=names_own_account,
        is_to_giver=is_to_giver,
        is_gift_amount=is_gift_amount,
    )
