"""Questions as they are shown, with the proposals that can be taken by number; and what statements disagree on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import Field

from donations.acts.asking import Review, review
from donations.acts.offering import Offer, offers
from donations.core.language import N_
from donations.core.money import Balance
from donations.core.payment import Payment, PaymentId, Purpose
from donations.matching.explain import explain
from donations.store.session import ReadSession
from donations.store.statements.findings import Disagreed, Disagreement, parted_payments, questions_between
from donations.store.statements.imports import sources
from donations.store.statements.pairs import left_out_lines
from donations.views.decision import Evidence, evidence_views
from donations.views.payment import PaymentView, payment_views
from donations.views.phrases import Phrase, Teller
from donations.views.value import ListOf, Money, Named, View, money

_SAID = {
    Disagreement.CONFLICT: N_(
        "The bank gave one reference to two payments of another day or amount. They are kept apart, and both count."
    ),
    Disagreement.ORPHAN: N_("A statement that covers the whole day does not show this payment."),
    Disagreement.REPEATED: N_("A statement shows this row twice with one reference of the bank. Both count."),
    Disagreement.CORRECTED: N_(
        "The bank corrected this payment: statements show it with another payer or reference. The newest counts."
    ),
    Disagreement.SPLIT: N_("Two statements split the batch entry of this payment differently. Only one split counts."),
}
_TO_DO = {
    Disagreement.CONFLICT: N_("If both happened, say that they are two. If one of them is none, leave it out."),
    Disagreement.ORPHAN: N_(
        "Download its days again. If the bank does not show it any more, leave it out; if the statement is wrong, take"
        " its import back."
    ),
    Disagreement.REPEATED: N_("If it happened twice, say that they are two. Else leave one of them out."),
    Disagreement.CORRECTED: N_("Nothing is to be done."),
    Disagreement.SPLIT: N_("Nothing is to be done."),
}
_REDATED = N_("Payment {other} may be the same with another date: the statement shows that one.")


class DisagreementView(View):
    """One thing that statements disagree on."""

    kind: Disagreement
    payment: PaymentView
    other: PaymentView | None = Field(description="The payment that it may be the same as.")
    not_shown_by: Named | None = Field(description="The import whose statement does not show the payment.")
    words: str = Field(description="What it is, in the language asked for.")
    to_do: str = Field(description="What to do about it, in the language asked for.")

    @property
    def may_be_two(self) -> bool:
        """Whether a person can say that both happened."""
        return self.other is not None and self.kind in {Disagreement.CONFLICT, Disagreement.REPEATED}

    @property
    def may_be_redated(self) -> bool:
        """Whether it may be one payment that the bank gave another date."""
        other = self.other
        if other is None or other.booked_on == self.payment.booked_on:
            return False
        return other.money == self.payment.money and self.kind in {Disagreement.CONFLICT, Disagreement.ORPHAN}


class LeftOutView(View):
    """A line of the bank of which a person said that it is no payment."""

    id: int
    payment_id: int = Field(description="The payment that it attested.")
    reason: str
    by: str


def disagreement_views(session: ReadSession, found: Sequence[Disagreed], teller: Teller) -> list[DisagreementView]:
    """Return what statements disagree on with its payments as they may be shown."""
    payments = _shown(session, (each for one in found for each in (one.payment, one.other)))
    files = sources(session) if any(each.statement is not None for each in found) else {}
    made = []
    for each in found:
        source = None if each.statement is None else files.get(each.statement)
        made.append(
            DisagreementView(
                kind=each.kind,
                payment=payments[each.payment],
                other=None if each.other is None else payments[each.other],
                not_shown_by=None if source is None else Named(id=source.file_id, name=source.name),
                words=" ".join(map(teller.tell, _said(each))),
                to_do=teller.tell(Phrase(_TO_DO[each.kind])),
            )
        )
    return made


def parted_views(session: ReadSession) -> list[tuple[PaymentView, PaymentView]]:
    """Return the pairs of payments of which a person said that they are two."""
    pairs = sorted(sorted(pair) for pair in parted_payments(session))
    payments = _shown(session, (each for pair in pairs for each in pair))
    return [(payments[one], payments[other]) for one, other in pairs]


def left_out_views(session: ReadSession) -> list[LeftOutView]:
    """Return what a person left out, in the order it was decided."""
    return [LeftOutView.made_of(row, by=row.decided_by) for row in left_out_lines(session)]


def _said(found: Disagreed) -> tuple[Phrase, ...]:
    redated = found.kind is Disagreement.ORPHAN and found.other is not None
    more = (Phrase(_REDATED, (("other", str(found.other)),)),) if redated else ()
    return (Phrase(_SAID[found.kind]), *more)


def _shown(session: ReadSession, ids: Iterable[PaymentId | None]) -> dict[int, PaymentView]:
    return {each.id: each for each in payment_views(session, sorted({each for each in ids if each is not None}))}


class ProposalView(View):
    """An answer that can be taken by its number."""

    number: int = Field(description="Counted from 1, the best first.")
    promised: str = Field(description="Send it back with the number: it says what you saw.")
    purpose: Purpose
    donor: Named | None = Field(description="The known donor; null for a new one or the anonymous one.")
    new_donor: bool = Field(description="Whether taking it makes a new donor.")
    part: Money | None = Field(description="The part of the payment that it books; null for all that is left.")
    appeal: Named | None
    about: int | None = Field(description="The payment that it undoes, or the other side of an own transfer.")
    because: str = Field(description="Why it is offered: a stable code.")
    what: str = Field(description="What taking it books, in the language asked for.")
    why: str = Field(description="Why it is offered, in the language asked for.")
    words: str = Field(description="Both.")


class QuestionView(View):
    """A payment with money that has no purpose yet, and what the rules make of it now."""

    payment: PaymentView
    rule: str = Field(description="The rule that asks, with its version.")
    reason: str = Field(description="Why it asks: a stable code.")
    words: str = Field(description="The same in words, in the language asked for.")
    evidence: list[Evidence] = Field(description="What the rule saw: places are counted in the text from 0.")
    proposals: list[ProposalView]


class QuestionsView(ListOf[QuestionView]):
    """Questions, and what statements disagree on."""

    findings: list[DisagreementView] = Field(description="What statements disagree on: all of it, on the first page.")


def question_views(session: ReadSession, ids: Sequence[PaymentId], teller: Teller) -> list[QuestionView]:
    """Return the questions about these payments, in the order of their ids."""
    found = review_views(session, review(session, only=ids), teller)
    return sorted(found, key=lambda each: each.payment.id)


def review_views(session: ReadSession, found: Review, teller: Teller) -> list[QuestionView]:
    """Return the questions of a review, in its order."""
    payments = {each.id: each for each in payment_views(session, [each.payment.id for each in found.questions])}
    return [
        QuestionView(
            payment=payments[each.payment.id],
            rule=each.outcome.reason.rule,
            reason=each.outcome.reason.code,
            words=explain(each.outcome.reason.code, each.outcome.reason.evidence, translate=teller.translate),
            evidence=evidence_views(each.outcome.reason.evidence),
            proposals=[_proposal(offer, teller) for offer in offers(each, found)],
        )
        for each in found.questions
    ]


def finding_views(session: ReadSession, teller: Teller) -> list[DisagreementView]:
    """Return what statements disagree on and a person is to decide."""
    return disagreement_views(session, questions_between(session), teller)


def _proposal(offer: Offer, teller: Teller) -> ProposalView:
    given = offer.given
    what = offer.what(teller.translate, named=teller.named)
    part = None if given.minor is None else Balance(given.minor, offer.question.payment.money.amount.currency)
    if part is not None:
        what = f"{what} · {teller.amount(part)}"
    why = offer.why(teller.translate, told=lambda payment: _told(payment, teller))
    return ProposalView.made_of(
        offer,
        purpose=given.purpose,
        donor=None if offer.donor is None else Named(id=offer.donor.id, name=offer.donor.name),
        new_donor=offer.is_new,
        part=None if part is None else money(part.minor, part.currency),
        appeal=None if given.appeal is None else Named(id=given.appeal, name=offer.appeal_name),
        about=None if offer.about is None else offer.about.id,
        what=what,
        why=why,
        words=f"{what}, {why}",
    )


def _told(payment: Payment, teller: Teller) -> tuple[str, str]:
    moved = Balance(payment.money.signed_minor, payment.money.amount.currency)
    return teller.day(payment.booked_on), teller.amount(moved)
