"""What people said and what was given out: it keeps its effect, whatever is imported or undone later."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.truth.judge.donors import claims_on
from tests.truth.judge.payments import Matched
from tests.truth.judge.reports import signed
from tests.truth.judge.verdict import Verdict, Wrong
from tests.truth.product import Product
from tests.truth.told import Booked, ProductRefused
from tests.truth.values import Person

Key = int
"""Of a person or a movement."""


@dataclass(slots=True)
class Words:
    """Acts of people that were done, by what they were truly about."""

    erased: dict[Key, set[Key]] = field(default_factory=dict)
    """The movements that were a person's gifts when the person was erased."""
    named_elsewhere: set[Key] = field(default_factory=set)
    """Erased people whose name a payment showed that nothing ties to them: papers of then may have it."""
    held: dict[Key, set[Key]] = field(default_factory=dict)
    merged: dict[int, set[Key]] = field(default_factory=dict)
    """The movements that were made one donor's, by the number of the merge."""
    frozen: dict[str, dict[str, Any]] = field(default_factory=dict)
    certificates: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    blocks: list[dict[str, Any]] = field(default_factory=list)


def judge_words(
    product: Product, words: Words, matched: Matched, ledger: Sequence[Booked], verdict: Verdict, *, search: bool
) -> None:
    """Judge everything that was said so far; with `search` every report is searched for erased names."""
    by_movement = {one.key: each for each in ledger if (one := matched.movement(each.id)) is not None}
    alone = _judge_erased(words, matched, ledger, verdict)
    if search:
        _search(product, alone, matched.known.world.last_day.year, verdict)
    for person, movements in words.held.items():
        for donor in _donors(by_movement, movements):
            if _can_erase(product, donor):
                verdict.blame(Wrong.WORD_LOST, f"hold of person {person}", f"donor {donor} can be erased all the same")
    for number, movements in words.merged.items():
        donors = _donors(by_movement, movements)
        if len(donors) > 1:
            verdict.blame(Wrong.WORD_LOST, f"merge {number}", f"its gifts are donors {sorted(donors)}")
    now = product.frozen()
    for month, figures in words.frozen.items():
        if now.get(month) != figures:
            verdict.blame(Wrong.FROZEN, month, "its frozen figures are others, or it is open")
    _judge_certificates(product, words, ledger, verdict)


def _donors(by_movement: dict[int, Booked], movements: set[Key]) -> set[int]:
    return {
        part.donor
        for key in movements & by_movement.keys()
        for part in by_movement[key].parts
        if part.purpose == "gift" and part.donor is not None
    }


def _can_erase(product: Product, donor: int) -> bool:
    try:
        product.erase(donor, keep=False)
    except ProductRefused:
        return False
    return True


def _judge_erased(words: Words, matched: Matched, ledger: Sequence[Booked], verdict: Verdict) -> list[Person]:
    """Payments that were the person's, and those that the bank's own fields tie to them, show no name.

    Where the bank's own fields tie nothing, payments of one day, amount and text cannot be told apart: as many of them
    show no name as were erased. Returns the people whose name nothing may show any more: nobody else has it, and no
    other payment is theirs.
    """
    alone = []
    for person, movements in words.erased.items():
        who = matched.known.world.person(person)
        claims = {claim for key in movements for claim in claims_on(matched, key)}
        names = {name.casefold() for name in who.names}
        is_alone = not any(
            set(each.names) & set(who.names) for each in matched.known.world.people if each.key != person
        )
        named: defaultdict[object, list[tuple[Key, str]]] = defaultdict(list)
        others: Counter[object] = Counter()
        for payment in ledger:
            one = matched.movement(payment.id)
            if one is None:
                continue
            is_tied = bool(claims_on(matched, one.key) & claims)
            if one.meaning.giver != person:  # rent from somebody of whom the bank says no more than the name
                is_alone &= is_tied or one.party.name.casefold() not in names
                continue
            alike: object = one.key if is_tied else (one.account, one.currency, one.day, one.minor, one.text)
            if one.key not in movements and not is_tied:
                is_alone = False
                others[alike] += 1
            shown = {payment.name.casefold(), *(part.donor_name.casefold() for part in payment.parts)}
            if shown & names:
                named[alike].append((one.key, f"the payment of {payment.day} shows {min(shown & names)!r} again"))
        for twins, found in named.items():
            for movement, told in found[others[twins] :]:
                verdict.blame(Wrong.ERASED_SHOWN, f"movement {movement}", told)
        if not is_alone:
            words.named_elsewhere.add(person)
        alone += [who] if person not in words.named_elsewhere else []
    return alone


def _search(product: Product, people: Sequence[Person], year: int, verdict: Verdict) -> None:
    """Search everything that the product tells for the names of people who were erased."""
    told = product.everything_told(year).casefold() if people else ""
    for who in people:
        found = [name for name in who.names if name.casefold() in told]
        if found:
            verdict.blame(Wrong.ERASED_SHOWN, f"person {who.key}", f"reports or lists show {found[0]!r}")


def _judge_certificates(product: Product, words: Words, ledger: Sequence[Booked], verdict: Verdict) -> None:
    years = {int(number[:4]) for number in words.certificates}
    for year in years:
        found = [(each, words.certificates.get(each["number"])) for each in product.certificates(year)]
        # People of one name with gifts alike cannot be told apart: each one that stands is some donor's.
        left = Counter((*now, name) for now, name in _gifts_by_donor(ledger, year))
        left -= Counter(before for each, before in found if before is not None and each["state"] == "stands")
        for each, before in found:
            if before is not None and each["state"] == "void" and left[before] > 0:
                told = f"it is void, and its donor still has exactly these gifts: {before[:-1]}"
                verdict.blame(Wrong.CERTIFICATE, each["number"], told)


def _gifts_by_donor(ledger: Sequence[Booked], year: int) -> list[tuple[tuple[Any, ...], str]]:
    """Return what each donor gave in a year, with what went back then or later: that lessens it too."""
    found: dict[int, list[Any]] = {}
    names: dict[int, str] = {}
    for payment in ledger:
        for part in payment.parts:
            is_of_year = payment.day.year == year or (part.purpose == "refund" and payment.day.year > year)
            if part.donor is not None and part.purpose in {"gift", "refund"} and is_of_year:
                found.setdefault(part.donor, []).append((payment.day, signed(payment, part), payment.currency))
                names[part.donor] = part.donor_name
    return [(tuple(sorted(parts)), names[donor]) for donor, parts in found.items()]


def remembered(certificate: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a certificate rests on: its gifts and the name."""
    return (*sorted(certificate["parts"]), certificate["name"])
