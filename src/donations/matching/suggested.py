"""A word that donors here keep writing where no keyword is, found in texts of what people called gifts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from donations.core.donor import Appeal, AppealId
from donations.core.keyword import Keyword, forms_of, parse_keyword
from donations.core.name import name_key
from donations.core.payment import Payment
from donations.matching.keywords import NoKeyword, find
from donations.matching.wordlist import WORD, WordSense, is_ordinary, sense_of
from donations.matching.written import read

ANSWERS_MIN = 3
"""So many answers had the word before it is offered."""
_LETTERS_MIN = 4
_WISHES = frozenset(
    """
    hea head häid suur suure suured palju parimat kõike edu jõudu jaksu õnne rahu rõõmu jõule jõulud pühi tänu tänud
    tänuga soov soovi soovid soovin soovime jätkake tublid good great best luck keep thank thanks wishes love
    удачи успехов добра всего хорошего
    """.split()  # noqa: SIM905 - a list of words reads as text
)
"""Words of good wishes, which say nothing of what a payment is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedKeyword:
    """A word that might be a keyword."""

    word: Keyword
    answers: int
    """In how many texts it stands, in some case."""
    appeal: AppealId
    """For which most of them were given."""


def suggested(answered: Iterable[tuple[Payment, AppealId]], appeals: tuple[Appeal, ...]) -> SuggestedKeyword | None:
    """Return the word that most of these gifts have in a case of it, None where no word has enough of them."""
    texts = [(frozenset(_words(payment, appeals)), appeal) for payment, appeal in answered]
    found: list[SuggestedKeyword] = []
    for word in sorted(set[str]().union(*(words for words, _ in texts))):
        keyword = parse_keyword(word)
        forms = frozenset(forms_of(keyword).accepted)
        gifts = [appeal for words, appeal in texts if forms & words]
        if len(gifts) >= ANSWERS_MIN:
            ((appeal, _),) = Counter(gifts).most_common(1)
            found.append(SuggestedKeyword(word=keyword, answers=len(gifts), appeal=appeal))
    return max(found, key=lambda each: (each.answers, -len(each.word)), default=None)


def _words(payment: Payment, appeals: tuple[Appeal, ...]) -> Iterator[str]:
    """Yield the words of a text without keyword that may be one; a payer's own name is none."""
    written, party = read(payment.text), payment.counterparty
    if not isinstance(find(written, appeals), NoKeyword):
        return
    names = {*name_key(party.name).split(), *name_key(party.on_behalf_of).split()}
    for word in WORD.findall(written.folded):
        if len(word) < _LETTERS_MIN or not word.isalpha() or word in names or word in _WISHES:
            continue
        if sense_of(word) in {None, WordSense.THANKS} and not is_ordinary(parse_keyword(word)):
            yield word
