"""How long a file's free fields may be: bounded here and nowhere else, so that every database takes what is read."""

from __future__ import annotations

from collections.abc import Iterator

from donations.core.iban import AccountNumber, UnverifiedAccount
from donations.core.language import N_
from donations.core.name import name_key
from donations.core.person_code import UnverifiedCode
from donations.core.problem import Problem, ProblemCode
from donations.core.statement import Counterparty, StatementLine, StatementStart
from donations.readers.limits import (
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
        yield from (_problem(each.row, field) for field in _of_counterparty(each.counterparty))
        if len(each.text) > TEXT_CHARACTERS_MAX or len(each.bank_text) > TEXT_CHARACTERS_MAX:
            yield _problem(each.row, N_("text"))
        for bank_id in each.ids:
            if len(bank_id.value) > ID_CHARACTERS_MAX:
                yield _problem(each.row, N_("bank reference"))
        if len(each.return_reason) > NAME_CHARACTERS_MAX:
            yield _problem(each.row, N_("reason of the return"))
    for detail in line.details:
        yield from (_problem(line.row, field) for field in _of_counterparty(detail.counterparty))
        if len(detail.text) > TEXT_CHARACTERS_MAX:
            yield _problem(line.row, N_("text"))


def _of_counterparty(party: Counterparty) -> Iterator[str]:
    if _is_long_name(party.name) or (party.on_behalf_of and _is_long_name(party.on_behalf_of)):
        yield N_("name")
    if _is_long_account(party.account):
        yield N_("account number")
    if isinstance(party.code, UnverifiedCode) and len(party.code.text) > CODE_CHARACTERS_MAX:
        yield N_("personal or registry code")


def _is_long_name(name: str) -> bool:
    if len(name) > NAME_CHARACTERS_MAX:
        return True
    return not name.isascii() and max(name) >= _SPELLED_OUT and len(name_key(name)) > _COMPARED_MAX


def _is_long_account(account: AccountNumber | None) -> bool:
    return isinstance(account, UnverifiedAccount) and len(account.text) > ACCOUNT_CHARACTERS_MAX


def _problem(row: int, field: str) -> Problem:
    return Problem.of(ProblemCode.TEXT_TOO_LONG, line=row, field=field)
