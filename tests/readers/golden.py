"""A reading as text that a person can compare with the file, line by line."""

from __future__ import annotations

from donations.core.iban import UnverifiedAccount
from donations.core.money import MoneyIn, decimal_text
from donations.core.person_code import UnverifiedCode
from donations.core.problem import Problem
from donations.core.statement import Detail, LineKind, Provenance, Reading, Statement, StatementLine


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
        f"{balance.point.value} {balance.at or balance.on} {balance.balance}"
        for balance in statement.balances
        if balance.point.value == "interim" or balance.at is not None
    ]
    head += _provenance(statement.provenance)
    return "\n".join([*head, *(text for line in statement.lines for text in _line(line, ""))])


def _provenance(told: Provenance) -> list[str]:
    """Return what the bank says of the statement itself, where it says anything."""
    moments = {"begins": told.begins_at, "ends": told.ends_at, "made": told.made_at}
    numbers = {"electronic": told.electronic_number, "legal": told.legal_number}
    said = [f"{name} {moment.isoformat()}" for name, moment in moments.items() if moment is not None]
    said += [f"{name} number {number}" for name, number in numbers.items() if number is not None]
    said += ["a copy"] if told.is_copy else []
    said += [f"owner {told.owner}"] if told.owner else []
    return [", ".join(said)] if said else []


def _text(minor: int, statement: Statement) -> str:
    return decimal_text(minor, statement.currency)


def _line(line: StatementLine, indent: str) -> list[str]:
    party, sign = line.counterparty, "+" if isinstance(line.money, MoneyIn) else "-"
    fields = [
        party.name,
        "" if party.account is None else _account(party.account),
        "" if party.code is None else f"code {_code(party.code)}",
        party.bic,
        f"for {party.on_behalf_of}" if party.on_behalf_of else "",
        f"ref {line.reference}" if line.reference else "",
        repr(line.text) if line.text else "",
        f"bank says {line.bank_text!r}" if line.bank_text else "",
        f"value date {line.value_date}" if line.value_date not in {None, line.booked_on} else "",
        f"sent {line.original}" if line.original else "",
        f"charges {line.charges}" if line.charges else "",
        "" if line.kind is LineKind.TRANSFER else line.kind.value,
        "reversal" if line.is_reversal else "",
        f"because {line.return_reason}" if line.return_reason else "",
        " ".join(f"{bank_id.scheme.value}:{bank_id.value}" for bank_id in line.ids),
    ]
    amount = f"{sign}{decimal_text(line.money.amount.minor, line.money.amount.currency)}"
    shown = f"{indent}{line.row:>4}  {line.booked_on}  {amount:>10}  {' | '.join(filter(None, fields))}"
    parts = [text for part in line.parts for text in _line(part, f"{indent}    ")]
    return [shown, *parts, *(f"{indent}          detail {_detail(detail)}" for detail in line.details)]


def _detail(detail: Detail) -> str:
    party = detail.counterparty
    fields = [
        str(detail.amount or "without an amount"),
        party.name,
        "" if party.account is None else _account(party.account),
        "" if party.code is None else f"code {_code(party.code)}",
        repr(detail.text) if detail.text else "",
    ]
    return " | ".join(filter(None, fields))


def _account(account: object) -> str:
    return f"{account.text} (unverified)" if isinstance(account, UnverifiedAccount) else str(account)


def _code(code: object) -> str:
    return f"{code.text} (unverified)" if isinstance(code, UnverifiedCode) else str(code)
