"""Reports compared with the ledger that was judged: sums are made here anew, from its payments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any

from tests.truth.judge.donors import is_name_of
from tests.truth.judge.known import Known
from tests.truth.judge.payments import Matched
from tests.truth.judge.verdict import Verdict, Wrong
from tests.truth.product import Product
from tests.truth.told import Booked, Part

_GIVING = frozenset({"gift", "refund"})


def signed(payment: Booked, part: Part) -> int:
    """Return a part with its direction: a refund that came back is money in."""
    return part.minor if payment.minor > 0 else -part.minor


def given(ledger: Iterable[Booked], *, year: int | None = None) -> Counter[tuple[int | None, str]]:
    """Return gifts less refunds by donor and currency."""
    found: Counter[tuple[int | None, str]] = Counter()
    for payment in ledger:
        for part in payment.parts:
            if part.purpose in _GIVING and year in {None, payment.day.year}:
                found[part.donor, payment.currency] += signed(payment, part)
    return found


def judge_reports(
    product: Product, known: Known, ledger: Sequence[Booked], donors: Iterable[dict[str, Any]], verdict: Verdict
) -> None:
    """The reports of gifts, donors, months and the reconciliation say what the ledger says."""
    rows = Counter(
        (row["payment"], row["day"], row["donor_id"], row["minor"], row["currency"]) for row in product.report("gifts")
    )
    mine = Counter(
        (payment.id, payment.day.isoformat(), part.donor, part.minor, payment.currency)
        for payment in ledger
        for part in payment.parts
        if part.purpose == "gift"
    )
    _same("gifts", mine, rows, verdict)
    sums = {(row["donor_id"], row["currency"]): row["net"] for row in donors}
    _same("donors", dict(given(ledger)), sums, verdict)
    _judge_months(product.report("months"), ledger, verdict)
    _judge_balances(product.report("reconciliation"), known, verdict)


def _same(name: str, mine: Any, theirs: Any, verdict: Verdict) -> None:
    if mine != theirs:
        only = [
            f"{key}: {mine.get(key)} / {theirs.get(key)}"
            for key in {*mine, *theirs}
            if mine.get(key) != theirs.get(key)
        ]
        verdict.blame(Wrong.FIGURES, name, f"ledger / report: {'; '.join(sorted(only)[:3])}")


def _judge_months(rows: Iterable[dict[str, Any]], ledger: Sequence[Booked], verdict: Verdict) -> None:
    mine: Counter[tuple[str, str, str, str]] = Counter()
    for payment in ledger:
        place = (payment.account, payment.currency, f"{payment.day:%Y-%m}")
        mine[*place, "in" if payment.minor > 0 else "out"] += payment.minor
        for part in payment.parts:
            if part.purpose in _GIVING:
                mine[*place, f"{part.purpose}s"] += signed(payment, part)
    theirs = {
        (row["account"], row["currency"], row["month"][:7], what): row[what]
        for row in rows
        for what in ("in", "out", "gifts", "refunds")
        if row[what]
    }
    _same("months", {key: minor for key, minor in mine.items() if minor}, theirs, verdict)


def _judge_balances(rows: Iterable[dict[str, Any]], known: Known, verdict: Verdict) -> None:
    """Every balance of the bank in the reconciliation is one that a file states for that day."""
    stated: set[tuple[str, str, int]] = set()
    for _, each in known.statements:
        if each.opening is not None:
            stated.add((each.account, each.currency, each.opening))
        if each.closing is not None:
            stated.add((each.account, each.currency, each.closing))
        if each.begins_somewhere and each.shown_balances:  # a table: behind each row
            held, by_day = each.shown_balances[0], {}
            for line in sorted(each.lines, key=lambda line: line.day):
                held += line.minor
                by_day[line.day] = held
            stated |= {(each.account, each.currency, held) for held in by_day.values()}
    for row in rows:
        if (row["account"], row["currency"], row["bank"]) not in stated:
            verdict.blame(Wrong.FIGURES, "reconciliation", f"no file states {row['bank']} on {row['day']}")


def judge_tax_list(product: Product, matched: Matched, ledger: Sequence[Booked], year: int, verdict: Verdict) -> None:
    """Each line of the list is one true person, with that person's own code, a name of theirs and their sum."""
    found = product.inf4(year)
    mine = given(ledger, year=year)
    has_refunds = any(part.purpose == "refund" for payment in ledger for part in payment.parts)
    people: dict[int, set[int]] = {}
    for payment in ledger:
        one = matched.movement(payment.id)
        for part in payment.parts:
            if one is not None and one.meaning.giver is not None and part.purpose == "gift" and part.donor:
                people.setdefault(part.donor, set()).add(one.meaning.giver)
    for line in found["listed"]:
        who = [matched.known.world.person(key) for key in people.get(line["donor"], ())]
        where = f"{year} donor {line['donor']}"
        is_own = not who or any(line["code"] == each.code for each in who)
        if not is_own and not _is_undecidable(matched.known, line["code"], {each.key for each in who}):
            verdict.blame(Wrong.TAX_LIST, where, f"{who[0].names[0]!r} is listed with another one's code")
        if len(who) == 1 and not line["name"].startswith("№") and not is_name_of(line["name"], who[0]):
            verdict.blame(Wrong.TAX_LIST, where, f"{who[0].names[0]!r} is listed as {line['name']!r}")
        if not has_refunds and line["minor"] != mine[line["donor"], "EUR"]:
            verdict.blame(Wrong.TAX_LIST, where, f"listed {line['minor']}, given {mine[line['donor'], 'EUR']}")
    total = sum(minor for (_, currency), minor in mine.items() if currency == "EUR")
    if found["booked"] != total:
        verdict.blame(Wrong.TAX_LIST, f"{year} total", f"the list comes to {found['booked']}, gifts to {total}")


def public_sum(ledger: Iterable[Booked], first: date, last: date) -> int:
    """Return what the public is to be told was given from one day to another."""
    return sum(
        signed(payment, part)
        for payment in ledger
        if payment.currency == "EUR" and first <= payment.day <= last
        for part in payment.parts
        if part.purpose in _GIVING
    )


def _is_undecidable(known: Known, code: str, people: set[int]) -> bool:
    """Whether these people typed a code themselves, and no file shows it with anybody else yet."""
    typed, others = False, False
    for item, sight in chain.from_iterable(known.sights.values()):
        is_theirs = item[0] == "movement" and known.by_key[item[1]].meaning.giver in people
        typed |= is_theirs and code in sight.line.text
        others |= not is_theirs and (sight.line.code == code or code in sight.line.text)
    return typed and not others
