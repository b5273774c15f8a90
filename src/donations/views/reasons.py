"""Why something was decided or moved, in words: of a rule, a person, an import."""

from __future__ import annotations

from collections.abc import Callable

from donations.core.language import N_
from donations.core.payment import Act, Cause, Decision
from donations.ledger.booking import FACTS_CHANGED, WITHDRAWN
from donations.matching.explain import BECAUSE, REASONS, explain

Translate = Callable[[str], str]
"""From English into the reader's language."""

_ACTS = {
    Act.IMPORTED: N_("Import {number} came."),
    Act.UNDONE: N_("Import {number} was taken back."),
    Act.RENEWED: N_("All files were read and judged again by newer rules."),
    Act.DECIDED: N_("A person decided which lines of the bank are one payment, and which are none."),
}
_IN_BOOKS = {
    FACTS_CHANGED.reason: N_("What is known about the payment has changed, or the rules have."),
    WITHDRAWN.reason: N_("The payment left the books."),
    "": N_("The reason was erased with the donor’s data."),
    "taken_back": N_("Somebody took the answer back."),
}
_TAKEN = N_("A person took the proposal: {because}.")


def english(text: str) -> str:
    """Return a text as it is, for reports and programs."""
    return text


def in_words(why: Cause | Decision, translate: Translate = english) -> str:
    """Return why, in a sentence; what a person wrote stays as it was written."""
    if isinstance(why, Cause):
        return translate(_ACTS[why.act]).format(number=why.file_id)
    if why.reason in _IN_BOOKS:
        return translate(_IN_BOOKS[why.reason])
    if why.person is None:
        return explain(why.reason, why.evidence, translate=translate) if why.reason in REASONS else why.reason
    taken = BECAUSE.get(why.reason)
    return why.reason if taken is None else translate(_TAKEN).format(because=translate(taken))


def by_whom(why: Cause | Decision) -> str:
    """Return the person who did it, or the rule's name."""
    return why.by if isinstance(why, Cause) else why.person or why.rule or ""
