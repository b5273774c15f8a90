"""A word that donors here keep writing where no keyword is, found in texts of what people called gifts."""

from __future__ import annotations

from collections import Counter, defaultdict
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
    tänuga soov soovi soovid soovin soovime jätkake tublid good great best luck keep thank thanks wishes love удачи успехов добра всего хорошего
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
    given_for: defaultdict[Keyword, list[AppealId]] = defaultdict(list)
    texts = [(frozenset(_words(payment, appeals)), appeal) for payment, appeal in answered]
    for word in sorted(set().union(*(words for words, _ in texts))):
        keyword = parse_keyword(word)
        forms = set(forms_of(keyword).accepted)
        given_for[keyword] = [appeal for words, appeal in texts if forms & words]
    word, gifts = max(given_for.items(), key=lambda each: (len(each[1]), -len(each[0])), default=(None, []))
    if word is None or len(gifts) < ANSWERS_MIN:
        return None
    ((appeal, _),) = Counter(gifts).most_common(1)
    return SuggestedKeyword(word=word, answers=len(gifts), appeal=appeal)


def _words(payment: Payment, appeals: tuple[Appeal, ...]) -> Iterator[str]:
    """Yield the words of a text without keyword that may be one; a payer's own name is none."""
    written, party = read(payment.text), payment.counterparty
    if not isinstance(find(written, appeals), NoKeyword):
        return
    names = {*name_key(party.name).split(), *name_key(party.on_behalf_of).split()}
    for word in WORD.findall(written.folded):
        is_kind = sense_of(word) in {None, WordSense.THANKS} and word not in _WISHES
        if is_kind and len(word) >= _LETTERS_MIN and word.isalpha() and word not in names:
            if not is_ordinary(parse_keyword(word)):
                yield word
