# ruff: noqa: INP001
"""Reads the statements of a made-up bank: a heading that names the account, then a payment on each line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from donations.core.iban import parse_account
from donations.core.lines import Fact, StatedLine
from donations.core.money import EUR, BadAmountError, money_of, parse_minor
from donations.core.problem import Problem, ProblemCode
from donations.core.statement import Counterparty, IdScheme, StatementLine, StatementStart, bank_ids

HEADING = "EXAMPLE BANK 1|"


class _Example:
    name = "example"
    suffixes = (".example",)

    def claims(self, content: bytes) -> bool:
        return content.startswith(HEADING.encode())

    def facts(self, content: bytes) -> Iterator[Fact]:
        """State `day|amount|account|name|text|number` of each line; what cannot be read is a problem, never a guess."""
        heading, *rows = content.decode().splitlines()
        yield StatementStart(row=1, account=parse_account(heading.removeprefix(HEADING)), currency=EUR)
        for row, written in enumerate(rows, start=2):
            yield _line(row, written.split("|"))


def _line(row: int, cells: list[str]) -> Fact:
    if len(cells) != 6:
        return Problem.of(ProblemCode.UNREADABLE_FILE, line=row, format="example")
    day, amount, account, name, text, number = cells
    try:
        booked_on, minor = date.fromisoformat(day), parse_minor(amount, currency=EUR, mark=".")
    except BadAmountError:
        return Problem.of(ProblemCode.BAD_AMOUNT, line=row)
    except ValueError:
        return Problem.of(ProblemCode.BAD_DATE, line=row)
    return StatedLine.of(
        StatementLine(
            row=row,
            booked_on=booked_on,
            money=money_of(minor, EUR),
            counterparty=Counterparty(name=name, account=parse_account(account)),
            text=text,
            ids=bank_ids((IdScheme.BANK, number)),
        )
    )


EXAMPLE = _Example()
