"""What a person says a payment was for, what became of it meanwhile, and proposals as they are offered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from donations.acts.asking import Question, Review, review
from donations.acts.promise import promise_of, refuse_outdated
from donations.core.donor import ANONYMOUS, AppealId, Claim, CodeClaim, Donor, DonorId, PayerClaim
from donations.core.language import N_
from donations.core.money import Minor
from donations.core.name import in_title_case, name_key
from donations.core.payment import UNSAID, Allocation, Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, BooksCode, DonorCode
from donations.core.statement import Counterparty
from donations.core.typed import DONOR_NAME_MAX, bounded
from donations.ledger.booking import live, unallocated
from donations.matching.directory import account_text
from donations.matching.explain import ABOUT, BECAUSE, OTHER_SIDE
from donations.matching.outcome import Ask, Because, Proposal
from donations.matching.payer import Payer, payer_of
from donations.store.donors import people
from donations.store.donors.grouping import add_donor
from donations.store.payments.allocations import allocations_of
from donations.store.payments.directory import directory_around
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
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


def appeal_of_answer(session: ReadSession, given: Answer) -> AppealId | None:
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


def donor_of_answer(
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

    Of an entry whose transactions do not explain it, whoever of them is called so is the payer; of two none is.

    Made with the claim that the rules go by, so that the payer's next gift finds the same donor.
    """
    reader, key, shown = as_reader(session), name_key(name), (payment, *payment.transactions)
    directory = directory_around(reader, shown)
    payers = (payer_of(each, own_codes=directory.own_codes) for each in shown)
    claims = {directory.claim_of(payer) for payer in payers if key and payer.name == key and _is_clear(payer)}
    claim = claims.pop() if len(claims) == 1 else None
    if claim is None or (claim not in directory.donors and people.donors_named(reader, [key])):
        return None
    return _claimed(session, claim, payment)


def _is_clear(payer: Payer) -> bool:
    """Whether a payer has an account, pays for nobody else, and not two codes say who it is."""
    is_one = payer.stated_code is not None or len(payer.text_codes) < 2
    return payer.iban is not None and not payer.on_behalf_of and is_one


def name_claimed(claim: Claim, payment: Payment) -> str:
    """Return the name of the donor that a claim makes: the payer's, or of whom the bank names as really paying."""
    party = next(
        (each.counterparty for each in payment.details if _is_on(claim, each.counterparty)), payment.counterparty
    )
    is_payer = not isinstance(claim, PayerClaim) or claim.name == name_key(party.name)
    return party.name if is_payer else party.on_behalf_of


def _is_on(claim: Claim, party: Counterparty) -> bool:
    if isinstance(claim, CodeClaim):
        return party.code == claim.code
    return party.account == claim.iban and claim.name in {name_key(party.name), name_key(party.on_behalf_of)}


def _claimed(session: WriteSession, claim: Claim, payment: Payment) -> DonorId:
    seen = (payment, *payment.transactions)
    together = directory_around(as_reader(session), seen).together.get(claim, frozenset({claim}))
    known = people.donors_claimed(as_reader(session), together)
    if known:
        return known.get(claim) or min(known.values())
    return add_donor(session, together, name=name_claimed(claim, payment))


def refuse_unseen(session: ReadSession, payment_id: PaymentId, seen: Collection[int]) -> None:
    """Refuse an answer to a payment on which other allocations stand than were seen.

    Raises `Refusal` with `proposal_outdated`.
    """
    if {row.id for row in _in_force(session, payment_id)} != set(seen):
        raise Refusal(AnswerCode.PROPOSAL_OUTDATED)


def refuse_answered_by_another(session: ReadSession, payment: Payment, *, by: str) -> None:
    """Refuse to turn round what another person said of a whole payment. Raises `Refusal`: `answered_by_another`."""
    others = any(row.decision.person not in {None, by} for row in _in_force(session, payment.id))
    if others and not is_left(session, payment):
        raise Refusal(AnswerCode.ANSWERED_BY_ANOTHER, payment=payment.id)


def is_left(session: ReadSession, payment: Payment) -> bool:
    """Whether some of a payment has no purpose yet."""
    return unallocated(payment, _in_force(session, payment.id)) > 0


def is_already_answered(session: ReadSession, payment: Payment, parts: Sequence[Answer], *, by: str) -> bool:
    """Whether these very answers of this person are what stands on a whole payment: then they were sent twice.

    A proposal that was taken counts by what it booked, for its reason may be another one since its donor is known.
    """
    rows = _in_force(session, payment.id)
    if unallocated(payment, rows) or len(rows) != len(parts) or any(row.decision.person != by for row in rows):
        return False
    whole = payment.money.amount.minor
    wanted = [
        (part.purpose, part.minor or whole, appeal_of_answer(session, part), _reason(part.reason)) for part in parts
    ]
    found = [(row.purpose, row.amount.minor, row.appeal, _reason(row.decision.reason)) for row in rows]
    pairs = zip(parts, rows, strict=True)
    return wanted == found and all(_is_donor(session, part, row.donor) for part, row in pairs)


def _in_force(session: ReadSession, payment_id: PaymentId) -> list[Allocation]:
    return live(allocations_of(session, [payment_id]).get(payment_id, []))


def _reason(reason: str) -> str:
    return "" if reason in BECAUSE or reason == UNSAID else reason


def _is_donor(session: ReadSession, part: Answer, donor: DonorId | None) -> bool:
    if part.donor is None or part.purpose not in {Purpose.GIFT, Purpose.REFUND}:
        return donor is None
    if donor is None:
        return False
    if isinstance(part.donor, NewDonor | str):
        name = part.donor.name if isinstance(part.donor, NewDonor) else part.donor
        return name_key(people.donors(session, [donor])[donor].name) == name_key(name)
    if isinstance(part.donor, Claim):
        return people.donors_claimed(session, [part.donor]).get(part.donor) == donor
    return part.donor == donor


_GIFT = N_("Gift of %(donor)s")
_REFUND = N_("Refund to %(donor)s")
_NEW = N_("a new donor")
_NOBODY = N_("an anonymous donor")
_BECAUSE = N_("because %(because)s")
_PURPOSES = {
    Purpose.GIFT: N_("Gift"),
    Purpose.REFUND: N_("Refund"),
    Purpose.TRANSFER: N_("Own transfer"),
    Purpose.INCOME: N_("Other income"),
    Purpose.COST: N_("Cost"),
}

Translate = Callable[[str], str]
Told = tuple[str, str]
"""A payment's day and signed amount, as they are written somewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One proposal, which may be taken by its number."""

    number: int
    """Counted from 1, the best first."""
    question: Question
    given: Answer
    """What it answers."""
    because: Because
    donor: Donor | None = None
    """Where one is known."""
    donor_name: str = ""
    """Of the known donor, or of the one that is made; empty for the anonymous one."""
    is_new: bool = False
    """Whether taking it makes a donor."""
    appeal_name: str = ""
    about: Payment | None = None
    """The payment that it undoes (the gift that goes back, ours that came back), or the other side of a transfer."""
    about_account: str = ""
    """What the own account of that payment is called."""

    @property
    def promises(self) -> object:
        """What taking it books and what that rests on; of a claim only its kind, for codes could be guessed."""
        asked, given = self.question, self.given
        who = type(given.donor).__name__ if isinstance(given.donor, Claim) else given.donor
        return (
            (asked.payment.id, asked.unallocated, asked.standing, self.because),
            (given.purpose, who, self.donor_name, given.appeal, self.appeal_name, given.minor),
            None if self.about is None else self.about.id,
        )

    @property
    def promised(self) -> str:
        """What taking it must still mean when it arrives: says nothing by itself."""
        return promise_of(self)

    def what(self, translate: Translate = str, *, named: Callable[[str], str] = str) -> str:
        """Return what is booked; `named` marks what is somebody's name."""
        purpose = self.given.purpose
        who = named(self.donor_name) if self.donor_name else translate(_NOBODY)
        if self.is_new:
            who += f" ({translate(_NEW)})"
        elif self.because is Because.SAME_NAME and self.donor is not None:  # there may be several of one name
            who += f" (№ {self.donor.id})"
        said = translate(_PURPOSES[purpose])
        if purpose is Purpose.GIFT or (purpose is Purpose.REFUND and self.donor_name):
            said = translate(_GIFT if purpose is Purpose.GIFT else _REFUND) % {"donor": who}
        return said + f" · {self.appeal_name}" if self.appeal_name else said

    def why(self, translate: Translate = str, *, told: Callable[[Payment], Told]) -> str:
        """Return why it is offered, and which other payment it is about; `told` writes that one's day and amount."""
        because = translate(BECAUSE[self.because])
        day, amount = ("", "") if self.about is None else told(self.about)
        if self.about is not None and self.because is Because.OTHER_SIDE:
            because = translate(OTHER_SIDE).format(
                account=self.about_account, day=day, amount=amount, number=self.about.id
            )
        elif self.about is not None:
            because += " (" + translate(ABOUT).format(number=self.about.id, day=day, amount=amount) + ")"
        return translate(_BECAUSE) % {"because": because}


def offers(question: Question, found: Review) -> tuple[Offer, ...]:
    """Return what can be taken of a question that was asked with others."""
    outcome = question.outcome
    proposals = outcome.proposals if isinstance(outcome, Ask) else ()
    appeals = {each.id: each.name for each in found.appeals}
    made = []
    for number, each in enumerate(proposals, 1):
        donor = None if each.donor is None else found.donors[each.donor]
        given = offered(each, question.payment)
        name = donor.name if donor is not None else _new_name(given, question.payment)
        is_gift = each.purpose is Purpose.GIFT
        about = None if each.about is None else found.about.get(each.about)
        made.append(
            Offer(
                number=number,
                question=question,
                given=given,
                because=each.because,
                donor=donor,
                donor_name=name,
                is_new=donor is None and bool(name),
                appeal_name=appeals[each.appeal] if is_gift and each.appeal is not None else "",
                about=about,
                about_account="" if about is None else found.own_names[account_text(about.account)],
            )
        )
    return tuple(made)


def taken(session: ReadSession, payment_id: PaymentId, number: int, *, promised: str | None = None) -> Answer:
    """Return what taking an offer answers, if the payment still waits and the offer is what was promised.

    Raises `Refusal`: `proposal_outdated`, `no_such_proposal`.
    """
    found = review(session, only=[payment_id])
    if not any(each.unallocated for each in found.questions):
        raise Refusal(AnswerCode.PROPOSAL_OUTDATED)
    offer = _numbered(found, number)
    if offer is None:
        raise Refusal(AnswerCode.NO_SUCH_PROPOSAL)
    refuse_outdated(promised, offer, AnswerCode.PROPOSAL_OUTDATED)
    return offer.given


def current_proposal(session: ReadSession, payment_id: PaymentId, number: int) -> Answer | None:
    """Return what an offer of that number would answer, though the payment may wait for none any more."""
    offer = _numbered(review(session, only=[payment_id]), number)
    return None if offer is None else offer.given


def _numbered(found: Review, number: int) -> Offer | None:
    return next(
        (each for question in found.questions for each in offers(question, found) if each.number == number), None
    )


def offered(chosen: Proposal, payment: Payment) -> Answer:
    """Return the answer that a proposal stands for; who is new is called as the bank does, but not in capitals."""
    donor: DonorId | Claim | NewDonor | None = chosen.donor or chosen.claim
    if chosen.purpose is Purpose.GIFT and donor is None:
        party = (payment if chosen.part is None else payment.transactions[chosen.part]).counterparty
        name = (party.on_behalf_of if chosen.because is Because.ON_BEHALF_OF else party.name).strip()
        donor = ANONYMOUS if chosen.because is Because.ANONYMOUS or not name else NewDonor(in_title_case(name))
    return Answer(
        purpose=chosen.purpose,
        reason=chosen.because.value,
        donor=donor,
        appeal=chosen.appeal,
        returns=None if chosen.purpose is Purpose.TRANSFER else chosen.about,
        minor=None if chosen.part is None else payment.transactions[chosen.part].money.amount.minor,
    )


def _new_name(given: Answer, payment: Payment) -> str:
    """Return the name of the donor that an answer makes, empty where it makes none."""
    if given.purpose is not Purpose.GIFT or given.donor is None or isinstance(given.donor, int):
        return ""
    match given.donor:
        case NewDonor(name) | str(name):
            return name
        case claim:
            return name_claimed(claim, payment)
