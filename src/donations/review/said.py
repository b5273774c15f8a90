"""What a person says a payment was for, and whom and what the books know by that."""

from __future__ import annotations

from dataclasses import dataclass

from donations.core.allocation import Purpose
from donations.core.donor import AppealId, Claim, CodeClaim, DonorId, PayerClaim
from donations.core.money import Minor
from donations.core.name import name_key
from donations.core.payment import Payment, PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, BooksCode, DonorCode
from donations.core.texts import DONOR_NAME_MAX, bounded
from donations.matching.payer import payer_of
from donations.store.donors import people
from donations.store.donors.own_codes import own_codes
from donations.store.donors.uniting import add_donor
from donations.store.ids import next_ids
from donations.store.payments.directory import directory_around
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import DonorRow


@dataclass(frozen=True, slots=True)
class NewDonor:
    """Somebody who is to be made, whoever else is called so; one donor for all payments of one answer."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person says a payment, or a part of it, was for."""

    purpose: Purpose
    reason: str
    donor: DonorId | Claim | NewDonor | str | None = None
    """A known donor, how one is recognised from now on, or the name of one, made where there is none; or a new one."""
    appeal: AppealId | None = None
    returns: PaymentId | None = None
    """Of a refund, the gift's payment; of money in, the payment of ours that came back."""
    minor: Minor | None = None
    """A part of the payment in minor units; None for all that is left, or for the whole where it was booked before."""


def appeal_said(session: ReadSession, given: Answer) -> AppealId | None:
    """Return the appeal of a gift, the only one where none is named; raises `Refusal`."""
    if given.purpose is not Purpose.GIFT:
        return None
    appeals = people.appeals(session)
    if given.appeal is not None:
        if given.appeal not in {appeal.id for appeal in appeals}:
            raise Refusal(BooksCode.UNKNOWN_APPEAL)
        return given.appeal
    if len(appeals) != 1:
        raise Refusal(AnswerCode.APPEAL_NEEDED)
    return appeals[0].id


def donor_said(
    session: WriteSession, given: DonorId | Claim | NewDonor | str | None, payment: Payment
) -> DonorId | None:
    """Return the donor that an answer means, made where there is none; raises `Refusal`."""
    if isinstance(given, NewDonor):
        return new_donor(session, given.name)
    if isinstance(given, CodeClaim | PayerClaim):
        return _claimed(session, given, payment)
    if isinstance(given, str):
        return _payer_named(session, given, payment) or donor_named(session, given)
    if given is not None and given not in people.donors(as_reader(session), [given]):
        raise Refusal(DonorCode.UNKNOWN_DONOR)
    return given


def donor_named(session: WriteSession, name: str) -> DonorId:
    """Return the one donor of that name, made where there is none; raises `Refusal`."""
    key = name_key(bounded(name, "donor", DONOR_NAME_MAX))
    known = people.donors_named(as_reader(session), [key]).get(key, frozenset())
    if len(known) > 1:
        numbers = ", ".join(str(each) for each in sorted(known))
        raise Refusal(AnswerCode.SEVERAL_DONORS, donors=numbers)
    if known:
        return next(iter(known))
    return new_donor(session, name)


def new_donor(session: WriteSession, name: str) -> DonorId:
    """Make a donor of that name, whoever else has it; raises `Refusal`."""
    name = bounded(name, "donor", DONOR_NAME_MAX)
    if not name_key(name):
        raise Refusal(AnswerCode.DONOR_NEEDED)
    donor = DonorId(next(next_ids(session, DonorRow)))
    people.add_donors(session, {donor: name}, by_word=True)
    return donor


def _payer_named(session: WriteSession, name: str, payment: Payment) -> DonorId | None:
    """Return the payer's own donor where the name is the payer's and no other donor has it, made where there is none.

    Made with the claim that the rules go by, so that the payer's next gift finds the same donor.
    """
    reader = as_reader(session)
    payer = payer_of(payment, own_codes=own_codes(reader))
    is_clear = payer.stated_code is not None or len(payer.text_codes) < 2
    if payer.iban is None or not payer.name or payer.name != name_key(name) or payer.on_behalf_of or not is_clear:
        return None
    directory = directory_around(reader, [payment])
    claim = directory.claim_of(payer)
    if claim is None or (claim not in directory.donors and people.donors_named(reader, [payer.name])):
        return None
    return _claimed(session, claim, payment)


def name_claimed(claim: Claim, payment: Payment) -> str:
    """Return the name of the donor that a claim makes: the payer's, or of whom the bank names as really paying."""
    party = payment.counterparty
    is_payer = not isinstance(claim, PayerClaim) or claim.name == name_key(party.name)
    return party.name if is_payer else party.on_behalf_of


def _claimed(session: WriteSession, claim: Claim, payment: Payment) -> DonorId:
    together = directory_around(as_reader(session), [payment]).together.get(claim, frozenset({claim}))
    known = people.donors_claimed(as_reader(session), together)
    if known:
        return known.get(claim) or min(known.values())
    return add_donor(session, together, name=name_claimed(claim, payment))
