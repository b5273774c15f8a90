"""The other side of a camt.053 payment: which of its two parties it is, its name, account and code."""

from __future__ import annotations

from dataclasses import dataclass

from donations.core.iban import AccountNumber, parse_bic
from donations.core.person_code import Code, UnverifiedCode, parse_code
from donations.core.statement import Counterparty
from donations.readers.camt_fields import account_in
from donations.readers.camt_node import Node

_NATIONAL_SCHEMES = frozenset({"", "NIDN", "COID"})


@dataclass(frozen=True, slots=True)
class _Side:
    """Where a party is written; from version 08 it is a choice of a party and a bank."""

    account: str
    account_name: str
    names: tuple[str, ...]
    ultimate_names: tuple[str, ...]
    codes: tuple[str, ...]
    bics: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> _Side:
        party, ultimate, bank = f"RltdPties/{name}", f"RltdPties/Ultmt{name}", f"RltdAgts/{name}Agt/FinInstnId"
        return cls(
            account=f"{party}Acct/",
            account_name=f"{party}Acct/Nm",
            names=_names(party),
            ultimate_names=_names(ultimate),
            codes=tuple(f"{party}{pty}/Id/{kind}Id/Othr" for pty in ("", "/Pty") for kind in ("Prvt", "Org")),
            bics=(f"{bank}/BICFI", f"{bank}/BIC"),
        )


def _names(party: str) -> tuple[str, ...]:
    return (f"{party}/Nm", f"{party}/Pty/Nm", f"{party}/Agt/FinInstnId/Nm")


_DEBTOR, _CREDITOR = _Side.of("Dbtr"), _Side.of("Cdtr")
_INITIATOR_NAMES = _names("RltdPties/InitgPty")


def counterparty(detail: Node, *, own: AccountNumber | None, money_in: bool, is_reversal: bool) -> Counterparty:
    """Return who is on the other side of a payment (`TxDtls`).

    Of money in that is the debtor, of money out the creditor. A payment that came back keeps its parties in their
    first roles at some banks, so there the party with an account that is not our own is the other side.
    """
    expected, opposite = (_DEBTOR, _CREDITOR) if money_in else (_CREDITOR, _DEBTOR)
    account = account_in(detail, expected.account)
    if (is_reversal and account is None) or (account is not None and account == own):
        opposite_account = account_in(detail, opposite.account)
        if account is not None or opposite_account not in {None, own}:
            return _party(detail, opposite, opposite_account)
    return _party(detail, expected, account)


def _party(detail: Node, side: _Side, account: AccountNumber | None) -> Counterparty:
    ultimate = _first(detail, side.ultimate_names)
    name = (
        _first(detail, side.names)
        or detail.value(side.account_name)
        or ultimate
        or (_first(detail, _INITIATOR_NAMES) if side is _DEBTOR else "")
    )
    return Counterparty(
        name=name,
        account=account,
        code=_code(detail, side.codes),
        on_behalf_of="" if ultimate == name else ultimate,
        bic=parse_bic(_first(detail, side.bics)),
    )


def _first(detail: Node, paths: tuple[str, ...]) -> str:
    texts = detail.texts
    for path in paths:
        if path in texts and (text := texts[path][0]):
            return text
    return ""


def _code(detail: Node, paths: tuple[str, ...]) -> Code | None:
    """Return the one code whose check digits are right, else the first unverified one of a national scheme.

    Numbers of other schemes (a tax number, a bank's customer number) say nothing unless their check digits do.
    """
    found: dict[Code, None] = {}
    for path in paths:
        for number in detail.group(path):
            code = parse_code(number.value("Id"))
            scheme = number.value("SchmeNm/Cd") or number.value("SchmeNm/Prtry")
            if code is not None and (scheme in _NATIONAL_SCHEMES or not isinstance(code, UnverifiedCode)):
                found[code] = None
    checked = [code for code in found if not isinstance(code, UnverifiedCode)]
    if len(checked) == 1:
        return checked[0]
    first = next(iter(found), None)
    return first if first is None or isinstance(first, UnverifiedCode) else UnverifiedCode(first)
