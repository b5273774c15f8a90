"""MT940 and MT942, SWIFT's statements and interim reports, to facts.

Every field is read here: the library mt-940 passes over what it cannot read, and writes what it meets into its log
(docs/adr/0044). An interim report has no balances and is of parts of days.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone

from donations.core.calendar import TALLINN
from donations.core.iban import AccountNumber, parse_account, parse_iban
from donations.core.lines import Fact, Lines, StatedLine
from donations.core.money import (
    BadCurrencyError,
    Balance,
    Currency,
    parse_currency,
)
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.statement import (
    BalancePoint,
    Flow,
    Provenance,
    StatedBalance,
    StatedTotal,
    StatementLine,
    StatementStart,
)
from donations.readers import mt940_text
from donations.readers.checks import check_totals
from donations.readers.draft import CollectedStatement, inside
from donations.readers.encoding import decode
from donations.readers.mt940_line import day_of, has_no_entry_date, line_of, minor_of
from donations.readers.mt940_text import SwiftField, SwiftMessage
from donations.readers.protocol import Reader

_FRAME = re.compile(rb"(?:(?<=[\n\r])|\A)[\x01\x1a]|(?<=[-}])\x03")
"""What lines that carry messages put around them: start of heading, end of text, and between two files joined."""
_DAY = timedelta(days=1)
_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})([0-9]{1,15}[.,][0-9]*)")
_MOMENT = re.compile(r"([0-9]{10})([+-][0-9]{4})?")
_TOTAL = re.compile(r"([0-9]{1,9})([A-Z]{3})([0-9]{1,15}(?:[.,][0-9]*)?)")
_NUMBER = re.compile(r"([0-9]{1,9})(?:/([0-9]{1,9}))?")
_ACCOUNT_AND_CURRENCY = re.compile(r"(.*[0-9])\s*([A-Z]{3})", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mt940:
    name: str = "mt940"
    suffixes: tuple[str, ...] = (".sta", ".mt940", ".940", ".mt942", ".942", ".mta", ".swi", ".fin", ".txt")

    def claims(self, content: bytes) -> bool:
        return mt940_text.claims(content)

    def facts(self, content: bytes) -> Iterator[Fact]:
        """Yield each message as a statement, pages of one as one; raises `Refused` with `incomplete_file`."""
        text, _ = decode(_FRAME.sub(b"", content))
        pages: list[SwiftMessage] = []
        for message in mt940_text.messages(text):
            if pages and not _is_next_page(message, pages[-1]):
                yield from _statement(pages)
                pages = []
            pages.append(message)
        if pages:
            yield from _statement(pages)


MT940: Reader = _Mt940()
"""The reader of MT940 and MT942 files."""


def _is_next_page(message: SwiftMessage, previous: SwiftMessage) -> bool:
    """Whether a message goes on where the one before it broke off: the same account and balance."""
    ended, begins = previous.last("62F", "62M"), message.first("60F", "60M")
    if ended is None or begins is None or (ended.tag, begins.tag) != ("62M", "60M"):
        return False
    return _account_text(message) == _account_text(previous) and ended.text.strip() == begins.text.strip()


def _account_text(message: SwiftMessage) -> str:
    written = message.first("25", "25P")
    return "" if written is None else written.text.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edge:
    """An opening or closing balance as it is written."""

    row: int
    on: date
    balance: Balance


def _statement(pages: Sequence[SwiftMessage]) -> Iterator[Fact]:
    first, last = pages[0], pages[-1]
    opened, closed = first.first("60F", "60M"), last.last("62F", "62M")
    is_interim = closed is None and (first.is_interim or first.first("34F", "90C", "90D") is not None)
    if closed is None and not is_interim:
        raise refuse(ProblemCode.INCOMPLETE_FILE, line=first.row)
    edges = [_edge(each) for each in (opened, closed)]
    currency = next((each.balance.currency for each in edges if each is not None), None) or _stated_currency(first)
    lines = list(_lines([each for page in pages for each in page.fields], currency))
    made = _moment(last.first("13D", "13"))
    number = None if (written := first.first("28C", "28")) is None else _NUMBER.fullmatch(written.text.strip())
    start = StatementStart(
        row=first.row,
        account=_account(_account_text(first), currency),
        currency=currency,
        provenance=Provenance(made_at=made, legal_number=int(number[1]) or None if number else None),
    )
    if is_interim:
        yield from _of_parts(start, lines, _totals(last, currency))
        return
    days = {each.booked_on for each in lines if isinstance(each, StatementLine)}
    start, balances = _between(start, *edges, days=days)
    start = _of_a_page(start, opened, closed, days)
    yield start
    if start.first_day is not None and start.first_day == start.last_day:
        undated = {each.row for page in pages for each in page.fields if each.tag == "61" and has_no_entry_date(each)}
        lines, count = _dated(lines, undated, day=start.first_day)
        yield from (
            [Problem.of(ProblemCode.UNDATED_LINES, line=start.row, count=count, day=start.first_day)] if count else ()
        )
    for field, edge in zip((opened, closed), edges, strict=True):
        if field is not None and edge is None:
            yield Problem.of(ProblemCode.BALANCE_UNREADABLE, line=field.row)
    yield from balances
    yield from _missing_pages(opened, closed, number)
    yield from map(_stated, lines)


def _dated(
    lines: Sequence[StatementLine | Problem], undated: Collection[int], *, day: date
) -> tuple[list[StatementLine | Problem], int]:
    """Return the lines of a statement of one day, and how many of them have no entry date and another value date.

    Interest and fees are valued days or months away from the day on which the balances count them.
    """
    found = [
        replace(each, booked_on=day)
        if isinstance(each, StatementLine) and each.row in undated and each.booked_on != day
        else each
        for each in lines
    ]
    return found, sum(one is not other for one, other in zip(lines, found, strict=True))


def _stated(found: StatementLine | Problem) -> Fact:
    return found if isinstance(found, Problem) else StatedLine.of(found)


def _of_a_page(
    start: StatementStart, opened: SwiftField | None, closed: SwiftField | None, days: Collection[date]
) -> StatementStart:
    """Return the start of a page without the others: its edges may lie inside a day, whenever it was made."""
    provenance = start.provenance
    if closed is not None and closed.tag == "62M":
        provenance = replace(provenance, made_at=None)
    if opened is not None and opened.tag == "60M" and start.first_day in days:
        provenance = replace(provenance, begins_at=inside(min(days)))
    return replace(start, provenance=provenance)


def _missing_pages(
    opened: SwiftField | None, closed: SwiftField | None, number: re.Match[str] | None
) -> Iterator[Problem]:
    if closed is not None and (closed.tag == "62M" or (opened is not None and opened.tag == "60M")):
        page = (number[2] if number else None) or "?"
        yield Problem.of(ProblemCode.PAGE_MISSING, line=closed.row, page=page)


def _between(
    start: StatementStart, opening: _Edge | None, closing: _Edge | None, *, days: Collection[date]
) -> tuple[StatementStart, list[StatedBalance]]:
    """Return the start with its period, and the balances.

    SWIFT dates an opening balance by the closing balance before it, so that it held at the end of its day; a bank that
    writes the first day of the period there is known by lines of that day alone. Where it has none that day stays one
    without a statement: a month from its second day has the same balances and may hide the first.
    """
    last = None if closing is None else closing.on
    first = None if opening is None else opening.on
    if opening is not None and first is not None and last is not None and first < last:
        first = first if first in days else first + _DAY
    found = [
        StatedBalance(row=edge.row, point=point, on=on, balance=edge.balance)
        for edge, point, on in ((opening, BalancePoint.OPENING, first), (closing, BalancePoint.CLOSING, last))
        if edge is not None
    ]
    if first is None or last is None or last < first:
        return start, found
    return replace(start, first_day=first, last_day=last), found


def _of_parts(
    start: StatementStart, found: Sequence[StatementLine | Problem], totals: Iterator[StatedTotal]
) -> Iterator[Fact]:
    """Yield an interim report as a statement for each day of its lines, which never shows a whole day.

    It says when it was made, but not from when on it counts, so that it begins inside each day. Its sums are
    checked where nothing in it is only expected, for banks disagree on whether those count.
    """
    lines, problems = (
        [each for each in found if isinstance(each, StatementLine)],
        [each for each in found if isinstance(each, Problem)],
    )
    made = start.provenance.made_at
    days: dict[date, list[StatementLine]] = {made.date(): []} if made and not lines else {}
    for each in lines:
        days.setdefault(each.booked_on, []).append(each)
    for day, of_day in days.items():
        ends = made if made is not None and made.date() == day else None
        provenance = replace(start.provenance, begins_at=inside(day), ends_at=ends)
        yield replace(start, first_day=day, last_day=day, provenance=provenance)
        yield from map(StatedLine.of, of_day)
    if not days:
        yield start
    yield from problems
    if not any(each.refuses or each.code is ProblemCode.PENDING_SKIPPED for each in problems):
        whole = CollectedStatement(start=start, lines=Lines.of(map(StatedLine.of, lines)), totals=list(totals))
        whole.zero_lines = sum(each.code is ProblemCode.ZERO_AMOUNT for each in problems)
        yield from check_totals(whole)


def _edge(field: SwiftField | None) -> _Edge | None:
    """Return a balance, None where it cannot be read."""
    found = None if field is None else _BALANCE.fullmatch(field.text.split("\n")[0].strip())
    if field is None or found is None:
        return None
    on = day_of(found[2])
    try:
        currency = parse_currency(found[3])
        minor = minor_of(found[4], currency, row=field.row)
    except (BadCurrencyError, Refused):
        return None
    if on is None:
        return None
    return _Edge(row=field.row, on=on, balance=Balance(-minor if found[1] == "D" else minor, currency))


def _stated_currency(message: SwiftMessage) -> Currency | None:
    """Return the currency that an interim report names: of its floor limit or its sums."""
    for field in message.fields:
        written = field.text[:3] if field.tag == "34F" else ""
        if field.tag in {"90C", "90D"} and (total := _TOTAL.match(field.text)):
            written = total[2]
        if written:
            try:
                return parse_currency(written)
            except BadCurrencyError:
                continue
    return None


def _account(written: str, currency: Currency | None) -> AccountNumber | None:
    """Return the own account: an IBAN with or without what stands around it, else as it is written (`bank/number`)."""
    found = _ACCOUNT_AND_CURRENCY.fullmatch(written)
    if found is not None and found[2] == currency:
        written = found[1].strip()
    return parse_iban(written) or parse_iban(written.rpartition("/")[2]) or parse_account(written)


def _moment(field: SwiftField | None) -> datetime | None:
    """Return when a report was made (:13D:, or :13: without a zone, in Estonian time); None where it is no moment."""
    found = None if field is None else _MOMENT.fullmatch(field.text.strip())
    on = None if found is None else day_of(found[1][:6])
    if found is None or on is None:
        return None
    zone = TALLINN
    try:
        if found[2]:
            offset = timedelta(hours=int(found[2][1:3]), minutes=int(found[2][3:]))
            return datetime.combine(
                on, time(int(found[1][6:8]), int(found[1][8:])), timezone(-offset if found[2][0] == "-" else offset)
            )
        return datetime.combine(on, time(int(found[1][6:8]), int(found[1][8:])), zone)
    except ValueError:
        return None


def _totals(message: SwiftMessage, currency: Currency | None) -> Iterator[StatedTotal]:
    for tag, flow in (("90C", Flow.IN), ("90D", Flow.OUT)):
        field = message.last(tag)
        found = None if field is None else _TOTAL.fullmatch(field.text.split("\n")[0].strip())
        if field is not None and found is not None and currency is not None and found[2] == currency:
            minor = minor_of(found[3], currency, row=field.row)
            yield StatedTotal(row=field.row, flow=flow, count=int(found[1]), minor=minor)


def _lines(fields: Sequence[SwiftField], currency: Currency | None) -> Iterator[StatementLine | Problem]:
    """Yield the lines, each with the :86: behind it; what stands behind a balance is the statement's."""
    if currency is None:
        return  # finalise says so; no amount can be read
    pending, row = 0, 0
    texts: list[str] = []
    line: SwiftField | None = None
    for field in (*fields, SwiftField("", 0, "")):
        if line is not None and field.tag in {"86", "NS"}:
            texts.append(field.text)
            continue
        if line is not None:
            try:
                found = line_of(line, "\n".join(texts), currency)
            except Refused as refused:
                yield from refused.problems
            else:
                pending, row = (pending + 1, row or line.row) if found is None else (pending, row)
                yield from () if found is None else (found,)
        line, texts = (field if field.tag == "61" else None), []
    if pending:
        yield Problem.of(ProblemCode.PENDING_SKIPPED, line=row, count=pending)
