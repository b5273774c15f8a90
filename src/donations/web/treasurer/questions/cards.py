"""Questions as cards of a page: the text in pieces, payments that one answer is for, and what donors gave before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from donations.acts.alike import QuestionGroup
from donations.acts.asking import Review
from donations.acts.offering import offers
from donations.acts.teaching import lesson
from donations.core.donor import DonorId
from donations.core.payment import Payment
from donations.matching.near import Spelling, compare
from donations.store.giving.donor_giving import LastGift, last_gifts
from donations.store.session import ReadSession
from donations.views.formats import TELLER
from donations.views.question import QuestionView, review_views
from donations.views.value import Money, money
from donations.web.treasurer.questions.question_page import AnswerKind


class Piece(NamedTuple):
    """A run of characters as the bank wrote them."""

    text: str
    mark: str
    """`keyword`, `near` (nearly a keyword), `denied` (takes the keyword back), or empty."""


def marked(text: str, evidence: Iterable[tuple[str, str]]) -> tuple[Piece, ...]:
    """Cut the text at the places that the evidence names; a place outside the text or inside another is passed over."""
    pieces: list[Piece] = []
    at = 0
    for start, end, mark in sorted(_places(tuple(evidence))):
        if at <= start < end <= len(text):
            pieces += [Piece(text[at:start], ""), Piece(text[start:end], mark)]
            at = end
    pieces.append(Piece(text[at:], ""))
    return tuple(piece for piece in pieces if piece.text)


def _places(evidence: tuple[tuple[str, str], ...]) -> Iterator[tuple[int, int, str]]:
    keyword = "near" if any(name == "difference" for name, _ in evidence) else "keyword"
    in_text, starts = True, dict[str, int]()
    for name, value in evidence:
        if name == "field":
            in_text = value == "text"
        elif name in {"start", "denied_start"}:
            starts[name] = int(value)
        elif name == "end" and in_text:
            yield starts["start"], int(value), keyword
        elif name == "denied_end":
            yield starts["denied_start"], int(value), "denied"


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question with what only a page needs: its text in pieces, those alike, and what donors gave before."""

    shown: QuestionView
    together: tuple[Payment, ...] = ()
    """All payments that one answer is for, the oldest first; empty where it is for this one alone."""
    taught: frozenset[int] = frozenset()
    """The numbers of the proposals that can be taken for always."""
    gave: tuple[tuple[str, tuple[LastGift, ...]], ...] = ()
    """The names of donors who are proposed, with what they gave last."""

    @property
    def also(self) -> tuple[int, ...]:
        """The payments that are answered with this one."""
        return tuple(each.id for each in self.together if each.id != self.shown.payment.id)

    @property
    def total(self) -> Money:
        """What all payments that one answer is for come to."""
        return money(sum(each.money.signed_minor for each in self.together), self.shown.payment.money.currency)

    @property
    def amounts(self) -> int:
        """How many different amounts they have."""
        return len({each.money.signed_minor for each in self.together})

    @property
    def text(self) -> tuple[Piece, ...]:
        """The bank's text, cut where the rule saw something."""
        return marked(self.shown.payment.text, self._evidence)

    @property
    def spelling(self) -> Spelling | None:
        """The word that is nearly the keyword beside it, where letters differ."""
        seen = dict(self._evidence)
        if "difference" not in seen:
            return None
        found = compare(self.shown.payment.text[int(seen["start"]) : int(seen["end"])], seen["keyword"])
        return found if found.missing or found.added else None

    @property
    def seen(self) -> str:
        """The numbers of what stands, for a form: an answer is booked only if they are still the same."""
        return " ".join(str(part.id) for part in self.shown.payment.parts)

    @property
    def likely_kind(self) -> AnswerKind:
        """What is proposed first, for the form of another answer."""
        if self.shown.proposals:
            return AnswerKind.of(self.shown.proposals[0].purpose)
        return AnswerKind.GIFT if self.shown.payment.money.minor > 0 else AnswerKind.REFUND

    @property
    def _evidence(self) -> tuple[tuple[str, str], ...]:
        return tuple((each.name, each.value) for each in self.shown.evidence)


LAST_GIFTS = 4
"""So many of what a proposed donor gave last stand beside a question."""


def question_cards(
    session: ReadSession, found: Review, groups: Sequence[QuestionGroup] | None = None
) -> list[QuestionCard]:
    """Return the questions of a review as pages show them, those that say the same as one card where they are given."""
    given = [QuestionGroup(question=each) for each in found.questions] if groups is None else groups
    views = review_views(session, replace(found, questions=tuple(each.question for each in given)), TELLER)
    last = last_gifts(session, found.donors, size=LAST_GIFTS)
    return [
        QuestionCard(
            shown=shown,
            together=tuple(each.payment for each in group.all) if group.others else (),
            taught=frozenset(
                offer.number
                for offer in offers(group.question, found)
                if lesson(group.question, offer.given) is not None
            ),
            gave=_gave(shown, last),
        )
        for shown, group in zip(views, given, strict=True)
    ]


def _gave(shown: QuestionView, last: Mapping[DonorId, list[LastGift]]) -> tuple[tuple[str, tuple[LastGift, ...]], ...]:
    named = {each.donor.id: each.donor.name for each in shown.proposals if each.donor is not None}
    return tuple((name, tuple(last[DonorId(donor)])) for donor, name in named.items() if donor in last)
