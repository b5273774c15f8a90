"""The other side of a camt.053 payment: which of its two parties it is, its name, account and code."""

from __future__ import annotations

from donations.core.iban import AccountNumber
from donations.core.person_code import Code, UnverifiedCode, parse_code
from donations.core.statement import Counterparty
from donations.readers.camt_fields import account_in
from donations.readers.camt_node import Node

_CODE_PATHS = ("/Id/PrvtId/Othr", "/Id/OrgId/Othr", "/Pty/Id/PrvtId/Othr", "/Pty/Id/OrgId/Othr")
_NATIONAL_SCHEMES = frozenset({"", "NIDN", "COID"})


def counterparty(detail: Node, *, own: AccountNumber | None, money_in: bool, is_reversal: bool) -> Counterparty:
    """Return who is on the other side of a payment (`TxDtls`).

    Of money in that is the debtor, of money out the creditor. A payment that came back keeps its parties in their
    first roles at some banks, so there the party with an account that is not our own is the other side.
    """
    expected, opposite = ("Dbtr", "Cdtr") if money_in else ("Cdtr", "Dbtr")
    account = account_in(detail, f"RltdPties/{expected}Acct/")
    if (is_reversal and account is None) or (account is not None and account == own):
        opposite_account = account_in(detail, f"RltdPties/{opposite}Acct/")
        if account is not None or opposite_account not in {None, own}:
            return _party(detail, opposite, opposite_account)
    return _party(detail, expected, account)


def _party(detail: Node, side: str, account: AccountNumber | None) -> Counterparty:
    ultimate = _name(detail, f"RltdPties/Ultmt{side}")
    name = (
        _name(detail, f"RltdPties/{side}")
        or detail.value(f"RltdPties/{side}Acct/Nm")
        or ultimate
        or (_name(detail, "RltdPties/InitgPty") if side == "Dbtr" else "")
    )
    return Counterparty(
        name=name,
        account=account,
        code=_code(detail, f"RltdPties/{side}"),
        on_behalf_of="" if ultimate == name else ultimate,
    )


def _name(detail: Node, party: str) -> str:
    """Return a party's name; from version 08 it is a choice of a party and a bank."""
    return detail.value(f"{party}/Nm") or detail.value(f"{party}/Pty/Nm") or detail.value(f"{party}/Agt/FinInstnId/Nm")


def _code(detail: Node, party: str) -> Code | None:
    """Return the one code whose check digits are right, else the first unverified one of a national scheme.

    Numbers of other schemes (a tax number, a bank's customer number) say nothing unless their check digits do.
    """
    found: dict[Code, None] = {}
    for path in _CODE_PATHS:
        for number in detail.group(party + path):
            code = parse_code(number.value("Id"))
            scheme = number.value("SchmeNm/Cd") or number.value("SchmeNm/Prtry")
            if code is not None and (scheme in _NATIONAL_SCHEMES or not isinstance(code, UnverifiedCode)):
                found[code] = None
    checked = [code for code in found if not isinstance(code, UnverifiedCode)]
    if len(checked) == 1:
        return checked[0]
    first = next(iter(found), None)
    return first if first is None or isinstance(first, UnverifiedCode) else UnverifiedCode(first)
