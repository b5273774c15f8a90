"""The checks that refuse a statement, each named by what it asks; bounds of its fields; what is worth saying."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain, pairwise

from donations.core.iban import AccountNumber, UnverifiedAccount
from donations.core.language import N_
from donations.core.lines import Lines, Saying, StatedLine
from donations.core.money import Balance, Currency, Minor
from donations.core.name import name_key
from donations.core.person_code import UnverifiedCode
from donations.core.problem import Problem, ProblemCode
from donations.core.statement import (
    BANK_SCHEMES,
    UNESCAPED,
    BalancePoint,
    BankId,
    Counterparty,
    Flow,
    IdScheme,
    StatedBalance,
    StatementLine,
    StatementStart,
)
from donations.readers.draft import FIRST_BELIEVABLE_DAY, CollectedStatement, is_believable
from donations.readers.protocol import (
    ACCOUNT_CHARACTERS_MAX,
    CODE_CHARACTERS_MAX,
    ID_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    TEXT_CHARACTERS_MAX,
)

_SPELLED_OUT = "\u0600"
"""From here on letters and signs may become whole words where names are compared: a face its description."""
_COMPARED_MAX = 1_000
"""Characters of a name as it is compared, which databases look up by index."""


def long_fields_of_start(start: StatementStart) -> Iterator[Problem]:
    """Report what is too long in what a statement says of itself."""
    if _is_long_account(start.account):
        yield _problem(start.row, N_("own account number"))
    if _is_long_name(start.provenance.owner):
        yield _problem(start.row, N_("owner of the account"))


def long_fields_of_line(line: StatementLine) -> Iterator[Problem]:
    """Report what is too long in a line, its parts and its details."""
    for each in (line, *line.parts):
        for field in _of_counterparty(each.counterparty):
            yield _problem(each.row, field)
        if len(each.text) > TEXT_CHARACTERS_MAX or len(each.bank_text) > TEXT_CHARACTERS_MAX:
            yield _problem(each.row, N_("text"))
        for bank_id in each.ids:
            if len(bank_id.value) > ID_CHARACTERS_MAX:
                yield _problem(each.row, N_("bank reference"))
        if len(each.return_reason) > NAME_CHARACTERS_MAX:
            yield _problem(each.row, N_("reason of the return"))
    for detail in line.details:
        for field in _of_counterparty(detail.counterparty):
            yield _problem(line.row, field)
        if len(detail.text) > TEXT_CHARACTERS_MAX:
            yield _problem(line.row, N_("text"))


def _of_counterparty(party: Counterparty) -> list[str]:
    found = []
    if _is_long_name(party.name) or (party.on_behalf_of and _is_long_name(party.on_behalf_of)):
        found.append(N_("name"))
    if _is_long_account(party.account):
        found.append(N_("account number"))
    if isinstance(party.code, UnverifiedCode) and len(party.code.text) > CODE_CHARACTERS_MAX:
        found.append(N_("personal or registry code"))
    return found


def _is_long_name(name: str) -> bool:
    if len(name) > NAME_CHARACTERS_MAX:
        return True
    return not name.isascii() and max(name) >= _SPELLED_OUT and len(name_key(name)) > _COMPARED_MAX


def _is_long_account(account: AccountNumber | None) -> bool:
    return isinstance(account, UnverifiedAccount) and len(account.text) > ACCOUNT_CHARACTERS_MAX


def _problem(row: int, field: str) -> Problem:
    return Problem.of(ProblemCode.TEXT_TOO_LONG, line=row, field=field)


def repeated_ids(draft: CollectedStatement) -> Iterator[Problem]:
    """Say which ids different lines carry, and which rows stand there twice, all fields and ids alike."""
    if not _has_repeated_ids(draft.lines):
        return
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


def _has_repeated_ids(lines: Lines) -> bool:
    """Whether any number of the bank stands there twice; lines with ids of the same schemes are looked at together."""
    numbers: dict[tuple[IdScheme, ...], list[tuple[str, ...]]] = {}
    for schemes, each in zip(lines.schemes, lines.numbers, strict=True):
        numbers.setdefault(schemes, []).append(each)
    taken: dict[IdScheme, list[str]] = {}
    for schemes, together in numbers.items():
        for scheme, column in zip(schemes, zip(*together, strict=True), strict=True):
            if scheme in BANK_SCHEMES:
                taken.setdefault(scheme, []).extend(column)
    return any(len(set(each)) < len(each) for each in taken.values())


def _rows(lines: Iterable[StatementLine]) -> dict[StatementLine, list[int]]:
    """Return the rows of each line that differs from the others in more than where it stands."""
    rows: dict[StatementLine, list[int]] = {}
    for line in lines:
        rows.setdefault(replace(line, row=0), []).append(line.row)
    return rows


def doubts(draft: CollectedStatement, *, format_name: str) -> Iterator[Problem]:
    """Say that nothing proves the statement whole, and which two neighbours take each other back.

    A payer who writes markup into a text that a bank does not escape can add lines, but not change the balance: so two
    that cancel each other out are told, unless the bank itself says that one is a return. Where the format leaves
    escaping to the bank, any two; else those that have more in common than their amount.
    """
    if draft.imbalance is None:
        is_report = format_name == "camt.052"
        yield Problem.of(
            ProblemCode.INTRADAY_REPORT if is_report else ProblemCode.CANNOT_PROVE_WHOLE, line=draft.start.row
        )
    for at, (minor, next_minor) in enumerate(pairwise(draft.lines.minors)):
        if minor == -next_minor:
            one, other = draft.lines[at], draft.lines[at + 1]
            if _cancel_out(one, other) and (format_name in UNESCAPED or _are_alike(one, other)):
                yield Problem.of(ProblemCode.CANCELLED_OUT, line=one.row, amount=one.money.amount, next=other.row)


def _cancel_out(one: StatementLine, other: StatementLine) -> bool:
    return one.booked_on == other.booked_on and not (one.is_reversal or other.is_reversal)


def _are_alike(one: StatementLine, other: StatementLine) -> bool:
    mine, theirs = one.counterparty, other.counterparty
    if not (mine.name or theirs.name):
        return True
    same = ((mine.name, theirs.name), (mine.account, theirs.account), (one.text, other.text))
    return any(each == that for each, that in same if each)


def check_fields(draft: CollectedStatement, *, today: date) -> Iterator[Problem]:
    """Report a statement without an account, lines of impossible days, and fields that are too long."""
    if draft.start.account is None:
        yield Problem.of(ProblemCode.MISSING_FIELD, line=draft.start.row, field=N_("The account number"))
    yield from long_fields_of_start(draft.start)
    impossible = {day for day in set(draft.lines.days) if not is_believable(day, today=today)}
    if impossible or _may_have_long_fields(draft.lines):
        for line in draft.lines:
            if line.booked_on in impossible:
                yield Problem.of(ProblemCode.BAD_DATE, line=line.row)
            yield from long_fields_of_line(line)


def _may_have_long_fields(lines: Lines) -> bool:
    if any(map(ID_CHARACTERS_MAX.__lt__, map(len, chain.from_iterable(lines.numbers)))):
        return True
    return any(any(long_fields_of_line(_bare(said))) for said in lines.distinct())


def _bare(said: Saying) -> StatementLine:
    """Return a line that says this, of no day and no amount in particular."""
    return StatedLine(row=0, booked_on=FIRST_BELIEVABLE_DAY, minor=1, saying=said).whole


def check_currency(draft: CollectedStatement) -> Iterator[Problem]:
    """Report lines and balances that are not in the statement's currency."""
    stated = draft.currency
    if stated is None:
        yield Problem.of(ProblemCode.MISSING_FIELD, line=draft.start.row, field=N_("The currency"))
        return
    found = [(balance.row, balance.balance.currency) for balance in draft.balances]
    if any(said.currency != stated for said in draft.lines.distinct()):
        lines = zip(draft.lines.rows, draft.lines.sayings, strict=True)
        found = [*((row, said.currency) for row, said in lines), *found]
    for row, currency in found:
        if currency != stated:
            yield Problem.of(ProblemCode.CURRENCY_MISMATCH, line=row, line_currency=currency, statement_currency=stated)


def check_totals(draft: CollectedStatement) -> Iterator[Problem]:
    """Report announced counts and sums that the lines do not have."""
    chosen = {
        Flow.ALL: draft.lines.minors,
        Flow.IN: [minor for minor in draft.lines.minors if minor > 0],
        Flow.OUT: [-minor for minor in draft.lines.minors if minor < 0],
    }
    for total in draft.totals:
        lines = chosen[total.flow]
        counts = range(len(lines), len(lines) + draft.zero_lines + 1)
        if total.count is not None and total.count not in counts:
            yield Problem.of(
                ProblemCode.COUNT_MISMATCH,
                line=total.row,
                what=N_("the number of entries"),
                announced=total.count,
                found=len(lines),
            )
        elif total.minor is not None and total.minor != sum(lines):
            currency = draft.currency or Currency("EUR")
            yield Problem.of(
                ProblemCode.COUNT_MISMATCH,
                line=total.row,
                what=N_("the sum of the entries"),
                announced=Balance(total.minor, currency),
                found=Balance(sum(lines), currency),
            )


def check_contradictions(draft: CollectedStatement) -> Iterator[Problem]:
    """Report a second opening or closing balance that cannot be true beside the one that counts.

    Another day's is true if the lines lead to it: banks state the balances of each day or month inside a statement.
    """
    for point, kept_at in ((BalancePoint.OPENING, 0), (BalancePoint.CLOSING, -1)):
        stated = draft.stated(point)
        others = [each for each in stated if each.balance != stated[kept_at].balance]
        for other in others:
            if other.on == stated[kept_at].on or not _is_led_to(draft, other):
                yield Problem.of(
                    ProblemCode.CONTRADICTING_BALANCES,
                    line=other.row,
                    one=stated[kept_at].balance,
                    other=other.balance,
                    balances=N_("opening balances") if point is BalancePoint.OPENING else N_("closing balances"),
                )
                break


def _is_led_to(draft: CollectedStatement, stated: StatedBalance) -> bool:
    """Whether the lines before its day (of an opening balance), or up to its end, lead to a balance."""
    on, opening, closing = stated.on, draft.opening, draft.closing
    if on is None:
        return False
    at_begin, at_end = (_moved_until(draft, on, is_end=is_end) for is_end in (False, True))
    if opening is not None:
        begin, end = opening.minor + at_begin, opening.minor + at_end
    elif closing is not None:
        begin, end = closing.minor - draft.moved + at_begin, closing.minor - draft.moved + at_end
    else:
        return False
    # Some banks date an opening balance by the day before, at whose end it held.
    return stated.balance.minor in ({begin, end} if stated.point is BalancePoint.OPENING else {end})


def _moved_until(draft: CollectedStatement, day: date, *, is_end: bool) -> Minor:
    moved = zip(draft.lines.days, draft.lines.minors, strict=True)
    return sum(minor for booked_on, minor in moved if booked_on < day or (is_end and booked_on == day))


def check_balance(draft: CollectedStatement, *, currency: Currency, accept_imbalance: bool) -> Iterator[Problem]:
    """Report balances that do not add up; where a person accepts that, it is a notice."""
    opening, closing, imbalance = draft.opening, draft.closing, draft.imbalance
    if not imbalance or opening is None or closing is None:
        return
    yield Problem.of(
        ProblemCode.IMBALANCE_ACCEPTED if accept_imbalance else ProblemCode.BALANCE_MISMATCH,
        opening=opening,
        lines=Balance(draft.moved, currency),
        computed=Balance(opening.minor + draft.moved, currency),
        closing=closing,
        difference=Balance(imbalance, currency),
    )
