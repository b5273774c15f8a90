"""What is worth saying of a statement: that nothing proves it, that ids and rows repeat, that two lines cancel out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from donations.core.problem import Problem, ProblemCode
from donations.core.statement import BANK_SCHEMES, BankId, StatementLine
from donations.readers.draft import Draft


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


def doubts(draft: Draft) -> Iterator[Problem]:
    """Say that nothing proves the statement whole, and which two neighbours take each other back.

    A payer who writes markup into a text that a bank does not escape can add lines, but not change the balance: so two
    that cancel each other out are told, unless the bank itself says that one is a return.
    """
    if draft.imbalance is None:
        yield Problem.of(ProblemCode.CANNOT_PROVE_WHOLE, line=draft.start.row)
    for at, (minor, next_minor) in enumerate(pairwise(draft.signed)):
        if minor == -next_minor:
            one, other = draft.lines[at], draft.lines[at + 1]
            if one.booked_on == other.booked_on and not (one.is_reversal or other.is_reversal):
                amount = one.money.amount
                yield Problem.of(ProblemCode.CANCELLED_OUT, line=one.row, amount=amount, next=other.row)
