"""Whether each donor is one true person, each payer one donor, and each person's sum what they truly gave."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.truth.judge.payments import Matched
from tests.truth.judge.verdict import Verdict, Wrong
from tests.truth.told import Booked, Part
from tests.truth.values import Clarity, Movement, Person, Purpose

ANONYMOUS = 1
Claim = tuple[str, ...]


def judge_donors(
    matched: Matched,
    ledger: Sequence[Booked],
    erased: set[int],
    verdict: Verdict,
    *,
    proposed: Callable[[], set[frozenset[int]]],
) -> None:
    """Judge who the donors of gifts and refunds are; `erased` people are shown without a name.

    `proposed` gives the pairs of donors of whom the product asks whether they are one.
    """
    people: defaultdict[int, set[int]] = defaultdict(set)
    for payment, one, part in _given(matched, ledger):
        who = matched.known.world.person(one.meaning.giver or 0)
        if part.donor is None or part.donor == ANONYMOUS:
            if not part.by_person and part.purpose == "gift":
                verdict.blame(Wrong.DONOR, f"movement {one.key}", "a gift is booked by rule without its giver")
            continue
        people[part.donor].add(who.key)
        if who.key not in erased and not is_name_of(part.donor_name, who):
            told = f"the gift of {who.names[-1]!r} on {payment.day} is booked for {part.donor_name!r}"
            verdict.blame(Wrong.DONOR, f"movement {one.key}", told)
    for donor, found in sorted(people.items()):
        if len(found) > 1:
            names = ", ".join(f"{matched.known.world.person(key).names[0]} ({key})" for key in sorted(found))
            verdict.blame(Wrong.TWO_IN_ONE, f"people {sorted(found)}", f"donor {donor} is {names}")
    _judge_payers(matched, ledger, erased, verdict, proposed)


def _given(matched: Matched, ledger: Iterable[Booked]) -> Iterable[tuple[Booked, Movement, Part]]:
    for payment in ledger:
        one = matched.movement(payment.id)
        if one is not None and one.meaning.giver is not None:
            for part in payment.parts:
                if part.purpose == one.meaning.purpose.value:
                    yield payment, one, part


def donors_of(matched: Matched, ledger: Iterable[Booked], person: int) -> list[int]:
    """Return the donors who have gifts of a person, the oldest first."""
    found = {
        part.donor
        for _, one, part in _given(matched, ledger)
        if one.meaning.giver == person and part.purpose == "gift" and part.donor not in {None, ANONYMOUS}
    }
    return sorted(each for each in found if each is not None)


def is_name_of(shown: str, who: Person) -> bool:
    """Whether a shown name is one of a person's, in any case, cut or with a word of the treasurer's behind it."""
    mine = shown.casefold().strip()
    names = [name.casefold() for name in who.names]
    return bool(mine) and any(mine.startswith(name) or (name.startswith(mine) and len(mine) > 25) for name in names)


def claims_on(matched: Matched, movement: int) -> set[Claim]:
    """Return what the bank's own fields say of who paid: account with name, and code."""
    found: set[Claim] = set()
    for sight in matched.known.sights_of(("movement", movement)):
        line = sight.line
        if line.iban and line.name:
            found.add(("payer", line.iban, line.name.casefold()))
        if line.code:
            found.add(("code", line.code))
    return found


def linked(matched: Matched, movements: Iterable[int]) -> list[set[int]]:
    """Return the movements in groups that the bank's own fields hold together.

    An account and name that came with two codes holds nothing together.
    """
    claims = {key: claims_on(matched, key) for key in movements}
    codes: defaultdict[Claim, set[str]] = defaultdict(set)
    for found in claims.values():
        for claim in found:
            codes[claim] |= {other[1] for other in found if other[0] == "code"}
    groups: list[tuple[set[int], set[Claim]]] = []
    for key, found in claims.items():
        telling = {claim for claim in found if claim[0] == "code" or len(codes[claim]) < 2}
        together = [group for group in groups if group[1] & telling]
        groups = [group for group in groups if not group[1] & telling]
        members = {key}.union(*(group[0] for group in together))
        groups.append((members, telling.union(*(group[1] for group in together))))
    return [members for members, _ in groups]


def _judge_payers(
    matched: Matched,
    ledger: Sequence[Booked],
    erased: set[int],
    verdict: Verdict,
    proposed: Callable[[], set[frozenset[int]]],
) -> None:
    donors: defaultdict[int, set[int]] = defaultdict(set)
    for _, one, part in _given(matched, ledger):
        is_plain = one.meaning.clarity is Clarity.PLAIN and one.meaning.giver not in erased
        if is_plain and part.purpose == "gift" and part.donor not in {None, ANONYMOUS}:
            donors[one.key].add(part.donor or 0)
    for group in linked(matched, donors):
        found = set().union(*(donors[key] for key in group))
        if len(found) > 1 and not _is_asked(found, proposed()):
            who = {matched.known.by_key[key].meaning.giver for key in group}
            named = ", ".join(matched.known.world.person(key or 0).names[0] for key in who)
            verdict.blame(Wrong.ONE_IN_TWO, f"people {sorted(who, key=str)}", f"{named} is donors {sorted(found)}")


def _is_asked(donors: set[int], proposed: set[frozenset[int]]) -> bool:
    """Whether it is asked if all of these donors are one."""
    found = {min(donors)}
    while more := {each for pair in proposed if pair & found for each in pair & donors} - found:
        found |= more
    return found == donors


def judge_sums(
    matched: Matched, ledger: Sequence[Booked], report: Sequence[Mapping[str, Any]], verdict: Verdict
) -> None:
    """What is left of each person's gifts is what they gave less what truly went back to them."""
    net = {(row["donor_id"], row["currency"]): row["net"] for row in report}
    truth: Counter[tuple[int, str]] = Counter()
    skipped: set[int] = set()
    for payment in ledger:
        one = matched.movement(payment.id)
        giver = None if one is None else one.meaning.giver
        if one is None or giver is None:
            continue
        # What two files show otherwise may be two payments, and said, until one comes that tells them to be one.
        bounds = matched.known.amounts((payment.account, payment.currency, payment.day, payment.minor))
        is_sure = bounds.least == bounds.truth == bounds.most
        if payment.left or not is_sure or not _is_plain(payment, one):
            skipped.add(giver)
        truth[giver, payment.currency] += payment.minor
    for (giver, currency), minor in sorted(truth.items()):
        donors = donors_of(matched, ledger, giver)
        shared = any(len(_people(matched, ledger, donor)) > 1 for donor in donors)
        if giver in skipped or shared or not donors:
            continue
        found = sum(net.get((donor, currency), 0) for donor in donors)
        if found != minor:
            name = matched.known.world.person(giver).names[0]
            verdict.blame(Wrong.NET, f"person {giver} {currency}", f"{name} truly gave {minor}, the books say {found}")


def _is_plain(payment: Booked, one: Movement) -> bool:
    """Whether it is booked for what it was, by whatever giver; a refund that came back may be written in many ways."""
    if one.meaning.purpose is Purpose.INCOME:
        return True
    is_anonymous = any(part.donor == ANONYMOUS for part in payment.parts)
    return not is_anonymous and all(part.purpose == one.meaning.purpose.value for part in payment.parts)


def _people(matched: Matched, ledger: Iterable[Booked], donor: int) -> set[int | None]:
    return {one.meaning.giver for _, one, part in _given(matched, ledger) if part.donor == donor}
