"""What is worth saying of a statement: that nothing proves it, that ids and rows repeat, that two lines cancel out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from donations.core.problem import Problem, ProblemCode
from donations.core.statement import BANK_SCHEMES, BankId, StatementLine
from donations.readers.draft import Draft

_UNESCAPED = frozenset({"ofx"})
"""Formats whose markup a payer's text is only kept from by the bank: XML is parsed, and so are the quotes of CSV."""


def repeated_ids(draft: Draft) -> Iterator[Problem]:
    """Say which ids different lines carry, and which rows stand there twice, all fields and ids alike."""
    first: dict[BankId, StatementLine] = {}
    repeated: dict[BankId, list[StatementLine]] = {}
    for line in draft.lines:
        for bank_id in line.ids:
            if first.setdefault(bank_id, line) is not line and bank_id.scheme in BANK_SCHEMES:
                repeated.setdefault(bank_id, []).append(line)
    told: set[int] = set()
    for bank_id, again in repeated.items():
        rows = _rows([first[bank_id], *again])
        if len(rows) > 1:
            yield Problem.of(ProblemCode.REFERENCE_REUSED, line=first[bank_id].row, count=len(again) + 1)
        for alike in rows.values():
            if len(alike) > 1 and alike[1] not in told:
                told.add(alike[1])
                yield Problem.of(ProblemCode.ROW_REPEATED, line=alike[1], count=len(alike), first=alike[0])


def _rows(lines: Iterable[StatementLine]) -> dict[StatementLine, list[int]]:
    """Return the rows of each line that differs from the others in more than where it stands."""
    rows: dict[StatementLine, list[int]] = {}
    for line in lines:
        rows.setdefault(replace(line, row=0), []).append(line.row)
    return rows


def doubts(draft: Draft, *, format_name: str) -> Iterator[Problem]:
    """Say that nothing proves the statement whole, and which two neighbours take each other back.

    A payer who writes markup into a text that a bank does not escape can add lines, but not change the balance: so two
    that cancel each other out are told, unless the bank itself says that one is a return. Where the format leaves
    escaping to the bank, any two; else those that have more in common than their amount.
    """
    if draft.imbalance is None:
        yield Problem.of(ProblemCode.CANNOT_PROVE_WHOLE, line=draft.start.row)
    for at, (minor, next_minor) in enumerate(pairwise(draft.signed)):
        if minor == -next_minor:
            one, other = draft.lines[at], draft.lines[at + 1]
            if _cancel_out(one, other) and (format_name in _UNESCAPED or _are_alike(one, other)):
                yield Problem.of(ProblemCode.CANCELLED_OUT, line=one.row, amount=one.money.amount, next=other.row)


def _cancel_out(one: StatementLine, other: StatementLine) -> bool:
    return one.booked_on == other.booked_on and not (one.is_reversal or other.is_reversal)


def _are_alike(one: StatementLine, other: StatementLine) -> bool:
    mine, theirs = one.counterparty, other.counterparty
    if not (mine.name or theirs.name):
        return True
    same = ((mine.name, theirs.name), (mine.account, theirs.account), (one.text, other.text))
    return any(each == that for each, that in same if each)
