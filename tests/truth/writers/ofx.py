"""OFX 1 (SGML, end tags left out) and OFX 2 (XML)."""

from __future__ import annotations

from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from tests.truth.values import Download, Form, Kind, Line, Statement, Times
from tests.truth.writers.amounts import TALLINN, decimal

_HEADER_1 = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\nCHARSET:NONE\nCOMPRESSION:NONE\n"
    "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
)
_HEADER_2 = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
)
_TYPES = {Kind.FEE: "FEE", Kind.INTEREST: "INT"}


def write_ofx(download: Download, statements: tuple[Statement, ...]) -> bytes:
    is_xml = download.form is Form.OFX_2

    def leaf(name: str, value: str) -> str:
        text = escape(value)
        return f"<{name}>{text}</{name}>" if is_xml else f"<{name}>{text}"

    def group(name: str, *inner: str) -> str:
        return f"<{name}>{''.join(inner)}</{name}>\n"

    status = group("STATUS", leaf("CODE", "0"), leaf("SEVERITY", "INFO"))
    server = _server(download, statements[0])
    signed_on = group("SIGNONMSGSRSV1", group("SONRS", status, leaf("DTSERVER", server), leaf("LANGUAGE", "EST")))

    def other_side(line: Line) -> str:
        if not line.iban:
            return ""
        return group(
            "BANKACCTTO", leaf("BANKID", line.iban[4:8]), leaf("ACCTID", line.iban), leaf("ACCTTYPE", "CHECKING")
        )

    def transaction(line: Line) -> str:
        return group(
            "STMTTRN",
            leaf("TRNTYPE", _TYPES.get(line.kind, "CREDIT" if line.minor > 0 else "DEBIT")),
            leaf("DTPOSTED", f"{line.day:%Y%m%d}"),
            leaf("TRNAMT", decimal(line.minor)),
            leaf("FITID", dict(line.ids)["ofx"]),
            leaf("NAME", line.name) if line.name else "",
            other_side(line),
            leaf("MEMO", line.text) if line.text else "",
        )

    def statement(one: Statement, at: int) -> str:
        own = group(
            "BANKACCTFROM", leaf("BANKID", one.account[4:8]), leaf("ACCTID", one.account), leaf("ACCTTYPE", "CHECKING")
        )
        period = leaf("DTSTART", f"{one.first_day:%Y%m%d}"), leaf("DTEND", f"{one.last_day:%Y%m%d}")
        listed = group("BANKTRANLIST", *period, *map(transaction, one.lines))
        balance = ""
        if one.closing is not None and one.closing_on is not None:
            balance = group(
                "LEDGERBAL", leaf("BALAMT", decimal(one.closing)), leaf("DTASOF", f"{one.closing_on:%Y%m%d}")
            )
        return group(
            "STMTTRNRS",
            leaf("TRNUID", str(at)),
            status,
            group("STMTRS", leaf("CURDEF", one.currency), own, listed, balance),
        )

    body = group("BANKMSGSRSV1", *(statement(each, at) for at, each in enumerate(statements, 1)))
    return ((_HEADER_2 if is_xml else _HEADER_1) + group("OFX", signed_on, body)).encode()


def _server(download: Download, statement: Statement) -> str:
    made = statement.printed_made or statement.made_at
    if download.times is Times.DATES:
        return f"{made:%Y%m%d}"
    return f"{made:%Y%m%d%H%M%S}[{_offset(made):+d}:EET]"


def _offset(moment: datetime) -> int:
    offset = moment.replace(tzinfo=TALLINN).utcoffset() or timedelta()
    return int(offset.total_seconds()) // 3600
