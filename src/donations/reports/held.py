"""The letter to a donor with everything that is held on the donor, and what a treasurer may leave out of it.

GDPR Art. 15: what is held and why, from where, who gets it, how long it is kept, and what the donor may ask for. It
has nothing of anybody else: who else pays from a joint account is not told. Texts may name anybody, so that a treasurer
looks through them, leaves out what is another person's, and the letter says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from donations.core.donor import DonorId
from donations.core.language import N_
from donations.core.name import name_key
from donations.ledger.retention import kept_until
from donations.matching.explain import BECAUSE
from donations.reports.held_tables import LEFT_OUT, tables
from donations.reports.said import Said
from donations.reports.table import Table
from donations.store.donors.held import Held
from donations.views.telling import PLAIN, Phrase, Teller

TITLE = N_("Everything that {organisation} holds about you")
_INTRO = (
    N_("You asked what we hold about you. This is all of it, as it is in our books today."),
    N_("We hold it to account for your gifts, to declare them to the tax board (form INF 4), and to answer you."),
    N_("It comes from our bank statements, and from what you told us."),
    N_(
        "The tax board gets your name, code and yearly sum if we know your code. Our accountant and auditor may see it."
    ),
)
_KEPT = N_("The law asks us to keep it until {day}: seven years from the end of the year of your last payment.")
_RIGHTS = N_(
    "You may ask us to correct it, to use it no more, or to erase what the law does not ask us to keep. If you think "
    "that we handle it wrongly, write to us, or to the Data Protection Inspectorate (aki.ee)."
)
_OMITTED = N_("Where it says “{left_out}”, a text names another person too, whose data we may not give to you.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text that may name somebody else; the treasurer decides whether it goes into the letter."""

    key: str
    """`note-3`: names it in a form."""
    said: str
    is_doubtful: bool
    """Whether it seems to name somebody else, or the payment is another donor's too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter in no language yet."""

    donor: DonorId
    title: Said
    paragraphs: tuple[Said, ...]
    parts: tuple[Table, ...]

    def told(self, teller: Teller) -> Letter:
        """Return the letter in a language."""
        return Letter(
            donor=self.donor,
            title=Said(teller.tell(self.title.phrase)),
            paragraphs=tuple(Said(teller.tell(each.phrase)) for each in self.paragraphs),
            parts=tuple(part.told(teller) for part in self.parts),
        )

    def document(self) -> dict[str, Any]:
        """Return it as plain values for JSON, in English and with stable keys."""
        return {
            "donor": self.donor,
            "title": PLAIN.tell(self.title.phrase),
            "paragraphs": list(self.paragraphs),
            "parts": [part.document() for part in self.parts],
        }


def letter(held: Held, *, organisation: str, without: Collection[str] | None = None, has_codes: bool) -> Letter:
    """Return the letter to a donor, without these texts and all that say the same; None: the doubtful ones.

    Without codes, only their last four digits stand in it.
    """
    known = tuple(texts_in(held))
    without = {each.key for each in known if each.is_doubtful} if without is None else without
    unsaid = {each.said for each in known if each.key in without}
    left_out = {each.key for each in known if each.said in unsaid}
    return Letter(
        donor=held.donor,
        title=Said(TITLE, ("organisation", organisation)),
        paragraphs=tuple(_paragraphs(held, is_whole=not left_out)),
        parts=tuple(part for part in tables(held, without=left_out, has_codes=has_codes) if part.rows),
    )


def texts(held: Held) -> tuple[Text, ...]:
    """Return the texts on a donor that a treasurer should look through, each once, the doubtful ones first."""
    found: dict[str, Text] = {}
    for each in texts_in(held):
        known = found.setdefault(each.said, each)
        if each.is_doubtful:
            found[each.said] = replace(known, is_doubtful=True)
    return tuple(sorted(found.values(), key=lambda each: not each.is_doubtful))


def texts_in(held: Held) -> Iterator[Text]:
    """Yield what people and banks wrote freely; what has a word of another payer's name in it is doubtful."""
    for key, said, is_beside in _written(held):
        words = name_key(said).split()
        names_others = any(word.startswith(tuple(held.others)) for word in words)  # Tamm, Tammega
        if said:
            yield Text(key=key, said=said, is_doubtful=is_beside or names_others)


def _written(held: Held) -> Iterator[tuple[str, str, bool]]:
    """Yield the key of each text, the text, and whether it stands beside somebody else's payment."""
    for note in held.notes:
        yield f"note-{note.id}", note.text, False
    for row in held.payment_notes:
        yield f"payment-{row.id}", row.text, False
    for merge in held.merges:
        yield f"merge-{merge.id}", merge.reason, False
    for wish in (*held.wishes.latest.values(), *held.wishes.earlier):
        yield f"wish-{wish.id}", f"{wish.value} ({wish.source})", False
    for gift in held.gifts:
        decision = gift.allocation.decision
        if decision.person is not None and decision.reason not in BECAUSE:
            yield f"reason-{gift.allocation.id}", decision.reason, False
    for line in held.lines:
        yield f"line-{line.line}", line.text, line.is_shared


def _paragraphs(held: Held, *, is_whole: bool) -> Iterator[Said]:
    yield from map(Said, _INTRO)
    days = [*(each.day for each in held.gifts), *(each.day for each in held.lines)]
    if days:
        yield Said(_KEPT, ("day", kept_until(max(days))))
    yield Said(_RIGHTS)
    if not is_whole:
        yield Said(_OMITTED, ("left_out", Phrase(LEFT_OUT)))
