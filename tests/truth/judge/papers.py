"""Closings, certificates and published figures, compared with what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from tests.truth.bank import Bank
from tests.truth.judge.donors import is_name_of
from tests.truth.judge.payments import Matched
from tests.truth.judge.proof import Days
from tests.truth.judge.reports import given, public_sum
from tests.truth.judge.verdict import Verdict, Wrong
from tests.truth.told import Booked
from tests.truth.values import Purpose

_DAY = timedelta(days=1)


def _span(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def _denied(bank: Bank, matched: Matched, ledger: Iterable[Booked], span: Iterable[date]) -> Iterator[str]:
    """Yield the days of open own accounts of which the ledger does not hold what happened."""
    known = matched.known
    booked: dict[tuple[str, str, date], Counter[int]] = {}
    for each in ledger:
        booked.setdefault((each.account, each.currency, each.day), Counter())[each.minor] += 1
    wanted = list(span)
    for account in known.world.accounts:
        for currency in account.currencies:
            days = Days(bank, known, account.iban, currency)
            begin = _begin(matched, ledger, days)
            for day in wanted:
                if begin is None or day < begin:
                    continue
                found = booked.get((account.iban, currency, day), Counter())
                if found not in list(days.truths(day)) and days.is_honest:
                    yield f"…{account.iban[-4:]} {currency} {day}"


def _begin(matched: Matched, ledger: Iterable[Booked], days: Days) -> date | None:
    """An account is open from its first statement, or from the first payment between own accounts that names it.

    A file that shows no account names none.
    """
    found = [each.first_day for each in days.statements]
    if days.currency == "EUR":
        found += [
            one.day
            for payment in ledger
            if (one := matched.movement(payment.id)) is not None
            and one.meaning.purpose is Purpose.TRANSFER
            and any(sight.line.iban == days.account for sight in matched.known.sights_of(("movement", one.key)))
            and any(part.purpose == "transfer" for part in payment.parts)
        ]
    return min(found, default=None)


def judge_closable(
    bank: Bank, matched: Matched, ledger: Sequence[Booked], month: str, obstacles: Sequence[str], verdict: Verdict
) -> None:
    """A month with nothing in the way of closing is covered wholly, and what happened is in the ledger."""
    if obstacles:
        verdict.counts["months with obstacles"] += 1
        return
    verdict.counts["months free to close"] += 1
    first = date.fromisoformat(f"{month}-01")
    last = (first + 31 * _DAY).replace(day=1) - _DAY
    for where in _denied(bank, matched, ledger, _span(first, last)):
        verdict.blame(
            Wrong.CLOSABLE, f"{month} {where}", "nothing is in the way, and the ledger does not have that day"
        )
    for account in matched.known.world.accounts:
        days = Days(bank, matched.known, account.iban, account.currencies[0])
        begin = _begin(matched, ledger, days)
        uncovered = [day for day in _span(first, last) if begin is not None and day >= begin and not days.covering(day)]
        if uncovered:
            told = f"nothing is in the way, and no file covers {len(uncovered)} days from {uncovered[0]}"
            verdict.blame(Wrong.CLOSABLE, f"{month} …{account.iban[-4:]}", told)


def judge_issued(
    certificates: Sequence[dict[str, Any]], matched: Matched, ledger: Sequence[Booked], year: int, verdict: Verdict
) -> None:
    """A certificate that stands says what its donor gave, under a name of theirs."""
    sums = given(ledger, year=year)
    people: dict[int, set[int]] = {}
    for payment in ledger:
        one = matched.movement(payment.id)
        for part in payment.parts:
            if one is not None and one.meaning.giver is not None and part.purpose == "gift" and part.donor:
                people.setdefault(part.donor, set()).add(one.meaning.giver)
    for each in certificates:
        if each["state"] != "stands":
            continue
        mine = {currency: minor for (donor, currency), minor in sums.items() if donor == each["donor"]}
        if mine != each["sums"]:
            verdict.blame(Wrong.CERTIFICATE, each["number"], f"it says {each['sums']}, the gifts are {mine}")
        who = [matched.known.world.person(key) for key in people.get(each["donor"], ())]
        if len(who) == 1 and not is_name_of(each["name"], who[0]):
            verdict.blame(Wrong.CERTIFICATE, each["number"], f"{who[0].names[0]!r} is called {each['name']!r}")


def judge_block_sums(
    bank: Bank,
    matched: Matched,
    ledger: Sequence[Booked],
    document: dict[str, Any],
    before: Sequence[dict[str, Any]],
    verdict: Verdict,
) -> None:
    """All blocks together are what was given in their months; old ones never change; the day it agrees until holds."""
    blocks = document["blocks"]
    if blocks[: len(before)] != list(before):
        verdict.blame(Wrong.PUBLISHED, "old blocks", "one of them changed")
    if blocks:
        verdict.counts["blocks published"] += len(blocks) - len(before)
        first, last = (date.fromisoformat(text) for text in (blocks[0]["first_day"], blocks[-1]["last_day"]))
        told, true = sum(each["total_cents"] for each in blocks), public_sum(ledger, first, last)
        if told != true:
            verdict.blame(Wrong.PUBLISHED, f"until {last}", f"blocks say {told}, the ledger {true}")
    until = document["agrees_with_the_bank_until"]
    if until is not None:
        world = matched.known.world
        for where in _denied(bank, matched, ledger, _span(world.first_day, date.fromisoformat(until))):
            verdict.blame(Wrong.PUBLISHED, f"agrees until {until}", f"the ledger does not have {where}")
