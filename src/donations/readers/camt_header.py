"""What a camt.053 statement says of itself: account, period, when it was made, balances and announced totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from donations.core.money import BadCurrencyError, Balance, Currency, parse_currency
from donations.core.problem import Problem, ProblemCode, Refused
from donations.core.statement import BalancePoint, Flow, Provenance, StatedBalance, StatedTotal, StatementStart
from donations.readers.camt_fields import account_in, amount_in, day_at, day_in, minor_in, number_in, sign_of
from donations.readers.camt_node import Node
from donations.readers.moments import iso_moment, made_at

_POINTS = {
    "OPBD": BalancePoint.OPENING,
    "PRCD": BalancePoint.OPENING,
    "CLBD": BalancePoint.CLOSING,
    "ITBD": BalancePoint.INTERIM,
}
_CODE = "Tp/CdOrPrtry/Cd"
_FLOWS = {"TtlNtries": Flow.ALL, "TtlCdtNtries": Flow.IN, "TtlDbtNtries": Flow.OUT}
_COPIES = frozenset({"COPY", "CODU", "DUPL"})
_MIDNIGHT = re.compile(r"T00:00(?::00(?:\.0+)?)?(?:[Z+-].*)?")


def start_of(stmt: Node, *, first_entry: Node | None, message: Node | None) -> tuple[StatementStart, list[Problem]]:
    """Return the start of a statement and what is wrong with it; `message` is the header of the file (`GrpHdr`).

    Its currency is the account's, else that of its balances, else of its first entry.
    """
    account = stmt.first("Acct")
    stated = [account.value("Ccy"), *(balance.value("Amt@Ccy") for balance in stmt.group("Bal"))]
    if first_entry is not None:
        stated.append(first_entry.value("Amt@Ccy"))
    written = next(filter(None, stated), "")
    period = stmt.first("FrToDt")
    begins = period.value("FrDtTm") or period.value("FrDt")
    ends = period.value("ToDtTm") or period.value("ToDt")
    first, last = day_in(begins), day_in(ends)
    ends_at = iso_moment(ends)
    if first and last and _MIDNIGHT.fullmatch(ends[10:]):
        midnight, last = last, _last_day_before_midnight(stmt, first=first, midnight=last)
        ends_at = ends_at if last < midnight else None
    start = StatementStart(
        row=stmt.row,
        account=account_in(account),
        currency=_currency(written),
        first_day=first,
        last_day=last,
        provenance=_provenance(stmt, message, begins=begins, ends_at=ends_at, last_day=last),
    )
    problems = []
    if written and start.currency is None:
        problems.append(Problem.of(ProblemCode.BAD_CURRENCY, line=stmt.row))
    if (begins and first is None) or (ends and last is None):
        problems.append(Problem.of(ProblemCode.BAD_DATE, line=stmt.row))
    return start, problems


def _provenance(
    stmt: Node, message: Node | None, *, begins: str, ends_at: datetime | None, last_day: date | None
) -> Provenance:
    begins_at, account = iso_moment(begins), stmt.first("Acct")
    written = (stmt.first("CreDtTm").value(""), "" if message is None else message.value("CreDtTm"))
    return Provenance(
        begins_at=begins_at if begins_at is not None and begins_at.time() > time.min else None,
        ends_at=ends_at,
        made_at=made_at(map(iso_moment, written), last_day=last_day),
        electronic_number=number_in(stmt.first("ElctrncSeqNb").value("")),
        legal_number=number_in(stmt.first("LglSeqNb").value("")),
        is_copy=stmt.first("CpyDplctInd").value("") in _COPIES,
        owner=account.value("Ownr/Nm") or account.value("Ownr/Pty/Nm"),
    )


def only_day_of(stmt: Node, start: StatementStart) -> date | None:
    """Return the day of a statement of one day: its period is that day or, without one, it opens and closes on it."""
    if start.first_day or start.last_day:
        return start.first_day if start.first_day == start.last_day else None
    days = {code: day_in(bal.value("Dt/Dt")) for bal in stmt.group("Bal") if (code := bal.value(_CODE)) in _POINTS}
    return days.get("OPBD") if days.get("OPBD") == days.get("CLBD") else None


def _currency(written: str) -> Currency | None:
    try:
        return parse_currency(written)
    except BadCurrencyError:
        return None


def _last_day_before_midnight(stmt: Node, *, first: date, midnight: date) -> date:
    """Return the last day of a period that ends at 00:00, the very beginning of a day.

    Seen are periods of whole years from midnight to midnight, whose last day is the day before; and midnight as a
    bank's way to write a date without a time, which the date of its closing balance tells.
    """
    closing = [bal for bal in stmt.group("Bal") if bal.value(_CODE) == "CLBD"]
    is_date_alone = first == midnight or any(day_in(bal.value("Dt/Dt")) == midnight for bal in closing)
    return midnight if is_date_alone else midnight - timedelta(days=1)


def balance_facts(
    balances: list[Node], *, currency: Currency | None, has_page_before: bool, has_page_after: bool
) -> Iterator[StatedBalance | Problem]:
    """Yield the booked balances; a previous closing one only where no opening one says the same; no available ones.

    A page begins and ends with interim balances where other pages come before and after it.
    """
    codes = [balance.value(_CODE) for balance in balances]
    interim = [at for at, code in enumerate(codes) if code == "ITBD"]
    if has_page_before and interim and not {"OPBD", "PRCD"} & set(codes):
        codes[interim.pop(0)] = "OPBD"
    if has_page_after and interim and "CLBD" not in codes:
        codes[interim.pop()] = "CLBD"
    coded = list(zip(codes, balances, strict=True))
    stated = [
        _balance(balance, _POINTS[code], currency) for code, balance in coded if code in _POINTS and code != "PRCD"
    ]
    yield from stated
    openings = {
        each.balance for each in stated if isinstance(each, StatedBalance) and each.point is BalancePoint.OPENING
    }
    for previous in (_balance(balance, BalancePoint.OPENING, currency) for code, balance in coded if code == "PRCD"):
        if not isinstance(previous, StatedBalance):
            if "OPBD" not in codes:
                yield previous
        elif previous.balance not in openings:
            # It is dated the day before the one that it opens.
            yield replace(previous, on=previous.on and previous.on + timedelta(days=1))


def _balance(balance: Node, point: BalancePoint, currency: Currency | None) -> StatedBalance | Problem:
    """Return a balance; one without a direction has the sign it is written with, which adds up where it was seen."""
    direction = balance.value("CdtDbtInd")
    sign = sign_of(balance) if direction else 1
    unreadable = Problem.of(ProblemCode.BALANCE_UNREADABLE, line=balance.row)
    try:
        minor, stated = amount_in(balance, otherwise=currency)
        on = day_at(balance, "Dt")
    except Refused:
        return unreadable
    if sign is None or (direction and minor < 0):
        return unreadable
    return StatedBalance(row=balance.row, point=point, on=on, balance=Balance(sign * minor, stated))


def total_facts(stmt: Node, *, currency: Currency | None) -> Iterator[StatedTotal | Problem]:
    """Yield the announced counts and sums; of all entries only the count, for banks disagree on what to add."""
    for total in stmt.group("TxsSummry"):
        for name, flow in _FLOWS.items():
            count, written = total.value(f"{name}/NbOfNtries"), total.value(f"{name}/Sum")
            minor = None
            try:
                if flow is not Flow.ALL and written and currency is not None:
                    minor = minor_in(written, currency=currency, row=total.row)
            except Refused as refused:
                yield from refused.problems
            if minor is not None and minor < 0 and flow is Flow.OUT:
                minor = -minor  # some banks announce what went out with a minus
            if count or minor is not None:
                yield StatedTotal(row=total.row, flow=flow, count=number_in(count), minor=minor)
