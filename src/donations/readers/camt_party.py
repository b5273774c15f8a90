"""The other side of a camt.053 payment: which of its two parties it is, its name, account and code."""

from __future__ import annotations

from donations.core.iban import AccountNumber
from donations.core.person_code import Code, UnverifiedCode, parse_code
from donations.core.statement import Counterparty
from donations.readers.camt_fields import account_of
from donations.readers.camt_xml import Node

_NATIONAL_SCHEMES = frozenset({"", "NIDN", "COID"})


def counterparty(detail: Node, *, own: AccountNumber | None, money_in: bool, is_reversal: bool) -> Counterparty:
    """Return who is on the other side of a payment (`TxDtls`).

    Of money in that is the debtor, of money out the creditor. A payment that came back keeps its parties in their
    first roles at some banks, so there the party with an account that is not our own is the other side.
    """
    parties = detail.find("RltdPties")
    if parties is None:
        return Counterparty()
    expected, opposite = ("Dbtr", "Cdtr") if money_in else ("Cdtr", "Dbtr")
    account, opposite_account = (account_of(parties.find(f"{side}Acct")) for side in (expected, opposite))
    is_own = account is not None and account == own
    is_foreign_opposite = opposite_account is not None and opposite_account != own
    if is_own or (is_reversal and account is None and is_foreign_opposite):
        return _party(parties, opposite, opposite_account)
    return _party(parties, expected, account)


def _party(parties: Node, side: str, account: AccountNumber | None) -> Counterparty:
    ultimate = _name(parties.find(f"Ultmt{side}"))
    name = (
        _name(parties.find(side))
        or parties.value(f"{side}Acct", "Nm")
        or ultimate
        or (_name(parties.find("InitgPty")) if side == "Dbtr" else "")
    )
    return Counterparty(
        name=name,
        account=account,
        code=_code(parties.find(side)),
        on_behalf_of="" if ultimate == name else ultimate,
    )


def _name(party: Node | None) -> str:
    """Return a party's name; from version 08 it is a choice of a party and a bank."""
    if party is None:
        return ""
    return party.value("Nm") or party.value("Pty", "Nm") or party.value("Agt", "FinInstnId", "Nm")


def _code(party: Node | None) -> Code | None:
    """Return the one code whose check digits are right, else the first unverified one of a national scheme.

    Numbers of other schemes (a tax number, a bank's customer number) say nothing unless their check digits do.
    """
    if party is None:
        return None
    found: dict[Code, None] = {}
    for holder in (party, *party.all("Pty")):
        for number in (*holder.all("Id", "PrvtId", "Othr"), *holder.all("Id", "OrgId", "Othr")):
            code = parse_code(number.value("Id"))
            scheme = number.value("SchmeNm", "Cd") or number.value("SchmeNm", "Prtry")
            if code is not None and (scheme in _NATIONAL_SCHEMES or not isinstance(code, UnverifiedCode)):
                found[code] = None
    checked = [code for code in found if not isinstance(code, UnverifiedCode)]
    if len(checked) == 1:
        return checked[0]
    first = next(iter(found), None)
    return first if first is None or isinstance(first, UnverifiedCode) else UnverifiedCode(first)
