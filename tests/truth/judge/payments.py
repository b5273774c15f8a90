"""Which payment of the ledger is which true movement, and whether each is there once and booked for what it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from itertools import permutations

from tests.truth.judge.known import Bucket, Item, Known
from tests.truth.judge.verdict import Verdict, Wrong
from tests.truth.told import Booked
from tests.truth.values import Clarity, Kind, Line, Meaning, Movement, Purpose

_ALLOWED = {
    Purpose.GIFT: {"gift"},
    Purpose.REFUND: {"refund"},
    Purpose.TRANSFER: {"transfer"},
    Purpose.INCOME: {"income", "transfer"},  # a provider's payout may be either
    Purpose.COST: {"cost"},
}


_WRONGS = {
    (False, False): Wrong.LOST,
    (False, True): Wrong.LOST_TOLD,
    (True, False): Wrong.DOUBLED,
    (True, True): Wrong.DOUBLED_TOLD,
}
"""By whether there are too many, and whether it is said."""
Place = tuple[str, str, date]
"""Account, currency, day."""


@dataclass(slots=True)
class Matched:
    """The ledger's payments with what they truly are."""

    known: Known
    items: dict[int, Item] = field(default_factory=dict)
    """By the number of the payment."""
    is_right: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Whether all payments of an account and currency that files show are there, once each."""

    def movement(self, payment: int) -> Movement | None:
        """Return what a payment truly is; None for totals and for what is none."""
        item = self.items.get(payment)
        return self.known.by_key[item[1]] if item is not None and item[0] == "movement" else None


def match(known: Known, ledger: Sequence[Booked]) -> Matched:
    """Find for each payment what it shows."""
    found = Matched(known)
    for bucket, payments in by_bucket(ledger).items():
        items = sorted({item for item, _ in known.sights.get(bucket, [])})
        found.items |= _assigned(known, payments, items)
    return found


def by_bucket(ledger: Sequence[Booked]) -> dict[Bucket, list[Booked]]:
    """Return the payments by account, currency, day and amount."""
    found: defaultdict[Bucket, list[Booked]] = defaultdict(list)
    for each in ledger:
        found[each.account, each.currency, each.day, each.minor].append(each)
    return found


def _assigned(known: Known, payments: list[Booked], items: list[Item]) -> dict[int, Item]:
    if len(payments) == len(items) == 1:
        return {payments[0].id: items[0]}
    scores = {
        (payment.id, item): max((_score(payment, sight.line) for sight in known.sights_of(item)), default=0)
        for payment in payments
        for item in items
    }
    if max(len(payments), len(items)) <= 5:
        wide: list[Item | None] = [*items, *[None] * max(0, len(payments) - len(items))]
        best = max(
            permutations(wide, len(payments)),
            key=lambda order: sum(
                scores[payment.id, item] for payment, item in zip(payments, order, strict=True) if item is not None
            ),
        )
        return {payment.id: item for payment, item in zip(payments, best, strict=True) if item is not None}
    found: dict[int, Item] = {}
    for payment, item in sorted(scores, key=lambda pair: -scores[pair]):
        if payment not in found and item not in found.values():
            found[payment] = item
    return found


def _score(payment: Booked, line: Line) -> int:
    iban, name, text = line.iban, line.name, line.text
    mine, theirs = payment.name.casefold(), name.casefold()
    score = 4 * bool(iban and iban == payment.iban) - 4 * bool(iban and payment.iban and iban != payment.iban)
    score += 3 * (mine == theirs) + bool(mine and theirs and (mine.startswith(theirs) or theirs.startswith(mine)))
    return score + (2 if payment.text == text else int(bool(text) and payment.text.startswith(text)))


def judge_payments(
    matched: Matched, ledger: Sequence[Booked], states: Mapping[Place, str], said: AbstractSet[int], verdict: Verdict
) -> None:
    """Each payment that a file shows is there once; where nobody can tell, the day is not called proven.

    `said` are the payments that the product names as ones on which files disagree.
    """
    known, there = matched.known, by_bucket(ledger)
    for account in {(bucket[0], bucket[1]) for bucket in (*known.sights, *there)}:
        matched.is_right[account] = True
    _judge_splits(matched, ledger, states, verdict)
    for bucket in sorted({*known.sights, *there}):
        if known.is_disputed(bucket):
            matched.is_right[bucket[:2]] = False
            continue
        bounds, count = known.amounts(bucket), len(there.get(bucket, ()))
        if count == bounds.truth:
            verdict.counts["payments right"] += 1
            continue
        matched.is_right[bucket[:2]] = False
        is_told = states.get(bucket[:3]) == "conflict" or any(each.id in said for each in there.get(bucket, ()))
        if bucket in known.buckets_of_moved and count < bounds.truth and is_told:
            verdict.counts["payments taken for moved, and said"] += 1
        elif not bounds.least <= count <= bounds.most:
            verdict.blame(
                _WRONGS[count > bounds.truth, is_told],
                _named(bucket),
                f"{bounds.truth} are true, {count} are in the ledger",
            )
        elif states.get(bucket[:3]) == "proven":
            verdict.blame(Wrong.GUESSED, _named(bucket), f"{bounds.truth} are true, the ledger says {count}")
        else:
            verdict.counts["undecidable and said"] += 1


def _judge_splits(matched: Matched, ledger: Sequence[Booked], states: Mapping[Place, str], verdict: Verdict) -> None:
    """Where two files split one batch differently, the day comes to what truly moved on it: one split counts."""
    known = matched.known
    for batch in sorted(known.disputed_batches):
        one = next(each for each in known.world.movements if each.batch == batch)
        place = (one.account, one.currency, one.day)
        shown = {item for bucket, sights in known.sights.items() if bucket[:3] == place for item, _ in sights}
        keys = {key for kind, key in shown if kind == "movement"}
        true = sum(each.minor for each in known.world.movements if each.key in keys or each.batch in _totals(shown))
        booked = sum(each.minor for each in ledger if (each.account, each.currency, each.day) == place)
        if booked != true:
            wrong = _WRONGS[booked > true, states.get(place) == "conflict"]
            verdict.blame(
                wrong, f"…{place[0][-4:]} {place[2]} batch {batch}", f"{true} is true, {booked} is in the ledger"
            )


def _totals(shown: set[Item]) -> set[int]:
    return {key for kind, key in shown if kind == "batch"}


def _named(bucket: Bucket) -> str:
    account, currency, day, minor = bucket
    return f"…{account[-4:]} {day} {minor / 100:+.2f} {currency}"


def judge_purposes(matched: Matched, ledger: Sequence[Booked], verdict: Verdict) -> None:
    """What is booked is booked for what it was; what is not booked is asked."""
    for payment in ledger:
        item = matched.items.get(payment.id)
        if item is None:
            continue
        if item[0] == "batch":
            _judge_total(payment, verdict)
            continue
        one = matched.known.by_key[item[1]]
        _count(matched.known, payment, one, verdict)
        for part in payment.parts:
            if not _may_be(part.purpose, one.meaning):
                told = f"{one.text!r} of {one.party.name!r} is {one.meaning.purpose.value}, booked as {part.purpose}"
                verdict.blame(Wrong.PURPOSE, f"movement {one.key}", told)


def _may_be(purpose: str, meaning: Meaning) -> bool:
    is_bounce = meaning.purpose is Purpose.INCOME and meaning.giver is not None
    if is_bounce:  # how it is written is the product's; what the donor gave in the end is judged elsewhere
        return purpose != "gift" or meaning.giver is not None
    return purpose in _ALLOWED[meaning.purpose]


def _judge_total(payment: Booked, verdict: Verdict) -> None:
    if any(part.purpose == "gift" and not part.by_person for part in payment.parts):
        told = "a batch of several givers is booked as one gift"
        verdict.blame(Wrong.DONOR, f"payment of {payment.day} {payment.minor}", told)


def _count(known: Known, payment: Booked, one: Movement, verdict: Verdict) -> None:
    is_gift = one.meaning.purpose is Purpose.GIFT
    if not payment.left:
        by = "by a person" if any(part.by_person for part in payment.parts) else "by rule"
        verdict.counts[f"{'gifts' if is_gift else 'others'} booked {by}"] += 1
    elif is_gift and is_beyond_doubt(known, one):
        verdict.counts["gifts asked needlessly"] += 1
    else:
        verdict.counts[f"{'gifts' if is_gift else 'others'} asked"] += 1


def is_beyond_doubt(known: Known, one: Movement) -> bool:
    """Whether the files tell all that is needed to book a gift without a person."""
    if one.meaning.clarity is not Clarity.PLAIN or one.kind is not Kind.TRANSFER:
        return False
    sights = known.sights_of(("movement", one.key))
    has_text = any(sight.line.text == one.text for sight in sights)
    return has_text and any(sight.line.iban and sight.line.name for sight in sights)
