"""What statements disagree on: what it is, which payments it is about, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import Field

from donations.core.language import N_
from donations.core.payment import PaymentId
from donations.store.session import ReadSession
from donations.store.statements.findings import Disagreed, Disagreement, parted_payments
from donations.store.statements.imports import sources
from donations.store.statements.pairs import left_out_lines
from donations.views.payment import PaymentView, payment_views
from donations.views.telling import Phrase, Teller
from donations.views.value import Named, View

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
