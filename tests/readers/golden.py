"""A reading as text that a person can compare with the file, line by line."""

from __future__ import annotations

from donations.core.iban import UnverifiedAccount
from donations.core.money import MoneyIn, decimal_text
from donations.core.person_code import UnverifiedCode
from donations.core.problem import Problem
from donations.core.statement import LineKind, Reading, Statement, StatementLine


def rendered(reading: Reading) -> str:
    """Return the whole reading: the format, each statement with its lines, and the notices."""
    blocks = [f"format {reading.format}", *(_statement(each) for each in reading.statements)]
    if reading.notices:
        blocks.append(problems_text(reading.notices))
    return "\n\n".join(blocks) + "\n"


def problems_text(problems: tuple[Problem, ...]) -> str:
    """Return problems as code and message, one a line."""
    return "\n".join(f"{problem.code.value}: {problem.message}" for problem in problems)


def _statement(statement: Statement) -> str:
    signed = [line.money.signed_minor for line in statement.lines]
    sums = (sum(minor for minor in signed if minor > 0), -sum(minor for minor in signed if minor < 0))
    leaves = sum(len(line.leaves) for line in statement.lines)
    head = [
        f"statement {_account(statement.account)} {statement.currency} {statement.first_day} to {statement.last_day}",
        f"opening {statement.opening or '-'}, closing {statement.closing or '-'}",
        f"{leaves} lines, in {_text(sums[0], statement)}, out {_text(sums[1], statement)}",
    ]
    head += [
        f"{balance.point.value} {balance.on} {balance.balance}"
        for balance in statement.balances
        if balance.point.value == "interim"
    ]
    return "\n".join([*head, *(text for line in statement.lines for text in _line(line, ""))])


def _text(minor: int, statement: Statement) -> str:
    return decimal_text(minor, statement.currency)


def _line(line: StatementLine, indent: str) -> list[str]:
    party, sign = line.counterparty, "+" if isinstance(line.money, MoneyIn) else "-"
    fields = [
        party.name,
        "" if party.account is None else _account(party.account),
        "" if party.code is None else f"code {_code(party.code)}",
        f"for {party.on_behalf_of}" if party.on_behalf_of else "",
        f"ref {line.reference}" if line.reference else "",
        repr(line.text) if line.text else "",
        "" if line.kind is LineKind.TRANSFER else line.kind.value,
        "reversal" if line.is_reversal else "",
        " ".join(f"{bank_id.scheme.value}:{bank_id.value}" for bank_id in line.ids),
    ]
    amount = f"{sign}{decimal_text(line.money.amount.minor, line.money.amount.currency)}"
    shown = f"{indent}{line.row:>4}  {line.booked_on}  {amount:>10}  {' | '.join(filter(None, fields))}"
    return [shown, *(text for part in line.parts for text in _line(part, f"{indent}    "))]


def _account(account: object) -> str:
    return f"{account.text} (unverified)" if isinstance(account, UnverifiedAccount) else str(account)


def _code(code: object) -> str:
    return f"{code.text} (unverified)" if isinstance(code, UnverifiedCode) else str(code)
