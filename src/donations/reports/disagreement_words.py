"""What statements disagree on, in words: what it is, and what to do about it."""

from __future__ import annotations

from donations.core.language import N_
from donations.store.statements.findings import Disagreed, Disagreement
from donations.views.telling import Phrase

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


def said(found: Disagreed) -> tuple[Phrase, ...]:
    """Return what statements disagree on, in sentences."""
    redated = found.kind is Disagreement.ORPHAN and found.other is not None
    more = (Phrase(_REDATED, (("other", str(found.other)),)),) if redated else ()
    return (Phrase(_SAID[found.kind]), *more)


def to_do(found: Disagreed) -> Phrase:
    """Return what to do about it."""
    return Phrase(_TO_DO[found.kind])
