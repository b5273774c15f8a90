"""One entry (`Ntry`) of camt.053 as a statement line: of one payer, a batch in parts, or a whole that nothing explains.

`camt_amounts` has the rule. Knows nothing of statements and balances.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from donations.core.language import N_
from donations.core.money import Balance, Minor
from donations.core.problem import Problem, ProblemCode, refuse
from donations.core.statement import StatementLine, StatementStart
from donations.readers.camt_fields import amount_in, day_at, explains, has_amount, minor_of, number_in, sign_of
from donations.readers.camt_line import BookedEntry, detail_of, line_of, whole_of
from donations.readers.camt_xml import Node

_PENDING = frozenset({"PDNG", "INFO", "FUTR"})


def is_pending(entry: Node) -> bool:
    """Whether the money has not moved yet; without a status it has, for a statement is of booked entries.

    The status is text up to version 07 and a choice from 08. Refuses `missing_field` for any other word.
    """
    status = entry.value("Sts") or entry.value("Sts/Cd") or entry.value("Sts/Prtry")
    if status in _PENDING:
        return True
    if status in {"BOOK", ""}:
        return False
    raise refuse(ProblemCode.MISSING_FIELD, line=entry.row, field=N_("The booking status (BOOK or PDNG)"))


def is_undated(entry: Node) -> bool:
    """Whether the bank wrote no date into the entry at all."""
    return not any(entry.value(f"{which}/{kind}") for which in ("BookgDt", "ValDt") for kind in ("Dt", "DtTm"))


def entry_facts(entry: Node, start: StatementStart, *, only_day: date | None) -> Iterator[StatementLine | Problem]:
    """Yield the line of a booked entry and notices about it; raises `Refused` where it cannot be read.

    An entry without a date is of the statement's `only_day`, and cannot be read where it has more days than one.
    """
    booked = _booked(entry, start, only_day)
    if booked.minor == 0:
        yield Problem.of(ProblemCode.ZERO_AMOUNT, line=entry.row)
        return
    details = entry.group("NtryDtls/TxDtls")
    announced = sum(number_in(count) or 0 for count in entry.values("NtryDtls/Btch/NbOfTxs"))
    if len(details) > 1:
        yield from _batch(booked, details)
    elif announced > 1:
        if booked.minor > 0:
            yield _kept_whole(booked, N_("not all of them are shown"))
        yield _whole(booked, details)
    elif not details or explains(details[0], entry, (abs(booked.minor), booked.currency), is_in=booked.minor > 0):
        yield line_of(booked, details[0] if details else None)
    else:
        yield from _batch(booked, details)


def _booked(entry: Node, start: StatementStart, only_day: date | None) -> BookedEntry:
    """Return what moved on the account: always the entry's own amount, for details may be in other currencies.

    The direction is already the real one: a reversal (`RvslInd`) turns nothing round. The value date is the day
    only where the bank gives no booking date, as a person would read it.
    """
    minor, currency = amount_in(entry, otherwise=start.currency)
    sign = sign_of(entry)
    if sign is None:
        raise refuse(ProblemCode.MISSING_FIELD, line=entry.row, field=N_("The direction (CRDT or DBIT)"))
    if minor < 0:
        raise refuse(ProblemCode.SIGN_CONFLICT, line=entry.row)
    day = day_at(entry, "BookgDt") or day_at(entry, "ValDt") or only_day
    if day is None:
        raise refuse(ProblemCode.BAD_DATE, line=entry.row)
    return BookedEntry(entry=entry, start=start, currency=currency, minor=sign * minor, day=day)


def _batch(booked: BookedEntry, details: list[Node]) -> Iterator[StatementLine | Problem]:
    """Yield one line with a part for each payment if these add up to it, else the line whole and a notice."""
    stated = [(detail, _part_minor(booked, detail)) for detail in details]
    moved = [(detail, minor) for detail, minor in stated if minor is not None]
    is_told = all(minor is not None or not has_amount(detail) for detail, minor in stated)
    total = sum(minor for _, minor in moved)
    if is_told and total == booked.minor:
        # A part of zero moves no money, so it is no payment.
        parts = [line_of(replace(booked, minor=minor), detail, is_part=True) for detail, minor in moved if minor]
        payments = [detail for detail, minor in moved if minor]
        yield line_of(booked, payments[0]) if len(parts) == 1 else replace(line_of(booked, None), parts=tuple(parts))
        return
    is_complete = len(moved) == len(details)
    told = str(Balance(total, booked.currency)) if is_complete else N_("not all of them have an amount")
    yield _kept_whole(booked, told)
    yield _whole(booked, details)


def _part_minor(booked: BookedEntry, detail: Node) -> Minor | None:
    """Return what one payment of a batch moved, signed; None where it has no amount in the entry's currency."""
    minor = minor_of(detail, booked.currency)
    return None if minor is None else minor * (sign_of(detail) or (1 if booked.minor > 0 else -1))


def _kept_whole(booked: BookedEntry, parts: str) -> Problem:
    total = Balance(booked.minor, booked.currency)
    return Problem.of(ProblemCode.BATCH_KEPT_WHOLE, line=booked.entry.row, parts=parts, total=total)


def _whole(booked: BookedEntry, details: list[Node]) -> StatementLine:
    """Return the entry as one payment of nobody: who of its payments paid what, a person decides."""
    return replace(whole_of(booked, details), details=tuple(detail_of(booked, detail) for detail in details))
