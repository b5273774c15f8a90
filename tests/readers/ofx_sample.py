"""Small OFX files for the tests: each says only what the test is about."""

from __future__ import annotations

from collections.abc import Iterable

from tests.readers.stated import Stated, stated

from donations.core.problem import Problem, Refused
from donations.core.statement import StatementLine
from donations.readers.ofx import OFX

OWN = "EE251000030000000038"
PAYER = "EE704200001000004047"

SGML = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\n"
    "ENCODING:{encoding}\nCHARSET:{charset}\nCOMPRESSION:NONE\n"
)
SGML_HEADER = SGML.format(encoding="UTF-8", charset="NONE") + "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
XML_HEADER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
)
FIELDS = {
    "TRNTYPE": "CREDIT",
    "DTPOSTED": "20260114",
    "TRNAMT": "10.00",
    "FITID": "F1",
    "NAME": "Mari Maasikas",
    "MEMO": "Annetus",
}


def line(**fields: str | None) -> str:
    """Return a transaction of a gift with some fields changed, added or (None) left out, all with end tags."""
    values = {name: value for name, value in {**FIELDS, **fields}.items() if value is not None}
    return f"<STMTTRN>{''.join(f'<{name}>{value}</{name}>' for name, value in values.items())}</STMTTRN>\n"


def open_line(**fields: str) -> str:
    """Return the same with no end tags, as SGML allows."""
    return "<STMTTRN>\n" + "".join(f"<{name}>{value}\n" for name, value in {**FIELDS, **fields}.items())


def balance(amount: str = "110.00", on: str = "20260131") -> str:
    """Return a booked balance."""
    return f"<LEDGERBAL><BALAMT>{amount}</BALAMT><DTASOF>{on}</DTASOF></LEDGERBAL>"


def statement(
    *lines: str,
    period: str = "<DTSTART>20260101</DTSTART><DTEND>20260131</DTEND>",
    account: str = f"<BANKACCTFROM><BANKID>EEUHEE2X</BANKID><ACCTID>{OWN}</ACCTID></BANKACCTFROM>",
    currency: str = "EUR",
    balances: str = balance(),
) -> str:
    """Return one bank account's statement."""
    return (
        f"<STMTTRNRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><STMTRS><CURDEF>{currency}</CURDEF>{account}"
        f"<BANKTRANLIST>{period}\n{''.join(lines)}</BANKTRANLIST>{balances}</STMTRS></STMTTRNRS>\n"
    )


def ofx(*statements: str, header: str = SGML_HEADER, encoding: str = "utf-8") -> bytes:
    """Return a file of statements."""
    return f"{header}<OFX><BANKMSGSRSV1>\n{''.join(statements)}</BANKMSGSRSV1></OFX>\n".encode(encoding)


def gift(**fields: str | None) -> bytes:
    """Return a file of one statement with one line, on text line 13."""
    return ofx(statement(line(**fields)))


def facts(content: bytes) -> list[Stated]:
    """Return all that the reader states."""
    return stated(OFX, content)


def lines(content: bytes) -> list[StatementLine]:
    """Return the lines that the reader states."""
    return [fact for fact in facts(content) if isinstance(fact, StatementLine)]


def codes(content: bytes) -> list[str]:
    """Return the codes of all problems, told or raised."""
    return [problem.code.value for problem in problems(content)]


def problems(content: bytes) -> Iterable[Problem]:
    """Return all problems, told or raised."""
    try:
        return [fact for fact in facts(content) if isinstance(fact, Problem)]
    except Refused as refused:
        return refused.problems
