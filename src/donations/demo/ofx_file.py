"""Writes OFX 1.02 (SGML without end tags), as converters do: names and accounts, no codes, one closing balance."""

from __future__ import annotations

from xml.sax.saxutils import escape

from donations.core.money import EUR, decimal_text
from donations.core.statement import LineKind
from donations.demo.excerpt import Excerpt, archive_id
from donations.demo.movement import Movement

_TYPES = {LineKind.FEE: "SRVCHG", LineKind.INTEREST: "INT", LineKind.CARD: "POS"}


def ofx(shown: Excerpt) -> bytes:
    """Return the file."""
    first, last, account = shown.first_day, shown.last_day, shown.account
    return f"""OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:UTF-8
CHARSET:NONE
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX>
<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>{last:%Y%m%d}<LANGUAGE>EST</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>0<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>{account.bank}<ACCTID>{account.iban}<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>{first:%Y%m%d}<DTEND>{last:%Y%m%d}
{"".join(map(_transaction, shown.movements))}</BANKTRANLIST>
<LEDGERBAL><BALAMT>{decimal_text(shown.closing, EUR)}<DTASOF>{last:%Y%m%d}</LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1>
</OFX>
""".encode()


def _transaction(movement: Movement) -> str:
    party = movement.party
    kind = _TYPES.get(movement.kind, "CREDIT" if movement.minor > 0 else "DEBIT")
    reference = f"<REFNUM>{movement.reference}" if movement.reference else ""
    name = f"<NAME>{escape(party.name)}\n" if party.name else ""
    account = (
        f"<BANKACCTTO><BANKID>{party.iban[4:6]}<ACCTID>{party.iban}<ACCTTYPE>CHECKING</BANKACCTTO>\n"
        if party.iban
        else ""
    )
    memo = f"<MEMO>{escape(movement.text)}\n" if movement.text else ""
    return f"""<STMTTRN>
<TRNTYPE>{kind}<DTPOSTED>{movement.day:%Y%m%d}<TRNAMT>{decimal_text(movement.minor, EUR)}\
<FITID>{archive_id(movement)}{reference}
{name}{account}{memo}</STMTTRN>
"""
