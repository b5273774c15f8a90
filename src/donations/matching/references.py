"""Which appeal a payment's reference number names: the bank's own field, or a reference typed into the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from donations.core.donor import Appeal, AppealId
from donations.core.payment import Payment
from donations.core.reference import Reference, parse_reference
from donations.matching.written import Span, Written

# In free text a bare number is believed only where the text calls it a reference, or where it stands in the form
# that banks agreed on (/RFB/…): 2008 is a year and a valid viitenumber. Groups of up to four digits are for reading
# and line breaks are the bank's; five digits together are no such group, so that the number ends with them.
_LABEL = r"(?:(?<![^\W\d_])(?:viit|viide|ссылк)[^\W\d_]*|(?<![^\W\d_])ref(?:erence|erents|nr|no)?(?![^\W\d_])|/rfb/)"
_LABEL_END = r"(?:\s*(?:nr|no|number|номер))?[\s.:#№]*"
_WHOLE = r"[0-9](?:(?:\r?\n|\r)?[0-9]){4,19}"
_GROUPED = r"[0-9]{1,4}(?:\s{1,2}[0-9]{1,4}){0,9}"
_CREDITOR_REFERENCE = r"(?<![^\W_])(?P<rf>rf(?:\s{0,2}[0-9]){2}(?:\s{0,2}[a-z0-9]){1,21})"
_IN_TEXT = re.compile(f"{_LABEL}{_LABEL_END}(?P<number>{_WHOLE}|{_GROUPED})|{_CREDITOR_REFERENCE}")


class Field(StrEnum):
    """Where a payment states a keyword or a reference."""

    REFERENCE = "reference"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ReferenceHit:
    """An appeal's reference number, and where the payment states it."""

    appeal: AppealId
    field: Field
    at: Span | None = None
    """Its place in the text as written; None for the bank's own field."""


def find(payment: Payment, written: Written, appeals: tuple[Appeal, ...]) -> tuple[ReferenceHit, ...]:
    """Return the appeals whose reference the payment states, once each; the bank's own field outranks the text."""
    if not any(appeal.references for appeal in appeals):
        return ()
    if payment.reference is not None:
        return tuple(ReferenceHit(owner, Field.REFERENCE) for owner in _owners(payment.reference, appeals))
    hits: dict[AppealId, ReferenceHit] = {}
    for reference, at in _in_text(written):
        for owner in _owners(reference, appeals):
            hits.setdefault(owner, ReferenceHit(owner, Field.TEXT, at))
    return tuple(hits.values())


def _owners(reference: Reference, appeals: tuple[Appeal, ...]) -> Iterator[AppealId]:
    return (appeal.id for appeal in appeals if reference in appeal.references)


def _in_text(written: Written) -> Iterator[tuple[Reference, Span]]:
    """Yield the references in the text, each as long as its check digit allows: an amount may stand behind it."""
    for match in _IN_TEXT.finditer(written.folded):
        group = "number" if match["number"] else "rf"
        start, text = match.start(group), match[group]
        for end in range(len(text), 1, -1):
            is_torn = written.folded[start + end : start + end + 1].isalnum()
            reference = None if is_torn else parse_reference(text[:end])
            if reference is not None:
                yield reference, written.span(start, start + end)
                break
