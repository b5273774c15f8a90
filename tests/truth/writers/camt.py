"""camt.053 in the versions .001.02, which Estonian banks write, and .001.08; camt.052 of days that go on."""

from __future__ import annotations

from datetime import date, datetime, time
from xml.sax.saxutils import escape

from tests.truth.values import Download, Form, Kind, Line, Statement
from tests.truth.writers.amounts import decimal, with_zone

_CODES = {
    Kind.FEE: ("ACMT", "MDOP", "FEES"),
    Kind.INTEREST: ("ACMT", "MCOP", "INTR"),
    Kind.TAX: ("ACMT", "MDOP", "TAXE"),
    Kind.RETURN: ("PMNT", "ICDT", "RRTN"),
}
_BIC = {"77": "LHVBEE22", "22": "HABAEE2X", "10": "EEUHEE2X"}


def tag(name: str, *inner: str, **attributes: str) -> str:
    """Return an element; blank where nothing is in it."""
    content = "".join(inner)
    named = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{named}>{content}</{name}>" if content else ""


def path(names: str, content: str) -> str:
    """Return elements inside each other, `A/B/C`."""
    for name in reversed(names.split("/")):
        content = tag(name, content)
    return content


class Writer:
    """Writes one file."""

    def __init__(self, download: Download) -> None:
        self.download = download
        self.is_new = download.form is Form.CAMT_08
        self.is_report = download.form is Form.CAMT_052

    def file(self, statements: tuple[Statement, ...]) -> bytes:
        """Return the whole document."""
        version = "08" if self.is_new else "02"
        made = statements[0].printed_made or self.download.made_at
        header = tag("GrpHdr", tag("MsgId", f"M{self.download.key}"), tag("CreDtTm", self.moment(made)))
        body = "".join(self.statement(each, at) for at, each in enumerate(statements, 1))
        number, message = ("052", "BkToCstmrAcctRpt") if self.is_report else ("053", "BkToCstmrStmt")
        space = f"urn:iso:std:iso:20022:tech:xsd:camt.{number}.001.{version}"
        root = tag("Document", tag(message, header, body), xmlns=space)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()

    def moment(self, moment: datetime) -> str:
        """Half of the files say the zone."""
        return with_zone(moment) if self.download.key % 2 else moment.isoformat()

    def statement(self, one: Statement, at: int) -> str:
        """Return one account's lines and balances."""
        made = one.printed_made or one.made_at
        period = ""
        if one.printed_end is not None:
            begin = one.begins_at or datetime.combine(one.first_day, time.min)
            period = tag("FrToDt", tag("FrDtTm", self.moment(begin)), tag("ToDtTm", self.moment(one.printed_end)))
        balances: tuple[str, ...] = (
            self._balance("OPBD", one.opening, one.currency, one.first_day),
            self._balance("CLBD", one.closing, one.currency, one.closing_on),
        )
        if one.shown_balances is not None:
            began, now = one.shown_balances
            balances = (
                self._balance("OPBD", began, one.currency, one.first_day),
                self._balance("ITBD", now, one.currency, one.made_at.date()),
            )
        return tag(
            "Rpt" if self.is_report else "Stmt",
            tag("Id", f"S{self.download.key}-{at}"),
            "" if one.number is None else tag("ElctrncSeqNb", str(one.number)),
            "" if one.number is None else tag("LglSeqNb", str(one.number)),
            tag("CreDtTm", self.moment(made)),
            period,
            tag("CpyDplctInd", "DUPL") if self.download.is_copy else "",
            self._account(one),
            *balances,
            self._totals(one),
            *(self.entry(line, one.currency, status="BOOK") for line in one.lines),
            *(self.entry(line, one.currency, status="PDNG") for line in one.pending),
        )

    def _account(self, one: Statement) -> str:
        bank = path("FinInstnId/BICFI" if self.is_new else "FinInstnId/BIC", _BIC.get(one.account[4:6], "LHVBEE22"))
        owner = tag("Ownr", tag("Nm", escape(one.owner))) if one.owner else ""
        return tag("Acct", path("Id/IBAN", one.account), tag("Ccy", one.currency), owner, tag("Svcr", bank))

    def _balance(self, code: str, minor: int | None, currency: str, day: date | None) -> str:
        if minor is None or day is None:
            return ""
        return tag(
            "Bal",
            path("Tp/CdOrPrtry/Cd", code),
            self._amount(minor, currency),
            path("Dt/Dt", day.isoformat()),
        )

    def _amount(self, minor: int, currency: str) -> str:
        sign = "CRDT" if minor >= 0 else "DBIT"
        return tag("Amt", decimal(abs(minor)), Ccy=currency) + tag("CdtDbtInd", sign)

    def _totals(self, one: Statement) -> str:
        def total(name: str, minors: list[int]) -> str:
            return tag(name, tag("NbOfNtries", str(len(minors))), tag("Sum", decimal(abs(sum(minors)))))

        booked = [line.minor for line in one.lines]
        if self.download.key % 3 == 0 or one.pending or not booked:
            return ""
        return tag(
            "TxsSummry",
            total("TtlCdtNtries", [each for each in booked if each > 0]),
            total("TtlDbtNtries", [each for each in booked if each < 0]),
        )

    def entry(self, line: Line, currency: str, *, status: str) -> str:
        """Return one entry with its transactions."""
        value = dict(line.ids).get("camt", "")
        is_swedbank = value.endswith("-1")
        booked = path("BookgDt/DtTm", self.moment(line.at)) if self.download.key % 5 == 0 else ""
        shown = line.parts[: line.details] if line.details is not None else line.parts
        batch = tag("Btch", tag("NbOfTxs", str(len(line.parts)))) if line.parts else ""
        details = [self.transaction(each, currency) for each in shown]
        if not line.parts and (line.name or line.iban or line.text) and not self._is_bank_own(line):
            details = [self.transaction(line, currency)]
        return tag(
            "Ntry",
            tag("NtryRef", value) if is_swedbank else "",
            self._amount(line.minor, currency),
            tag("RvslInd", "true") if line.kind is Kind.RETURN else "",
            tag("Sts", tag("Cd", status)) if self.is_new else tag("Sts", status),
            booked or path("BookgDt/Dt", line.day.isoformat()),
            path("ValDt/Dt", line.day.isoformat()),
            tag("AcctSvcrRef", value),
            self._code(line),
            tag("NtryDtls", batch, *details),
            tag("AddtlNtryInf", escape(line.text)) if self._is_bank_own(line) else "",
        )

    def _is_bank_own(self, line: Line) -> bool:
        return line.kind in {Kind.FEE, Kind.INTEREST, Kind.TAX}

    def _code(self, line: Line) -> str:
        usual = ("PMNT", "RCDT" if line.minor > 0 else "ICDT", "ESCT")
        domain, family, sub = _CODES.get(line.kind, usual)
        return path("BkTxCd/Domn", tag("Cd", domain) + tag("Fmly", tag("Cd", family), tag("SubFmlyCd", sub)))

    def transaction(self, line: Line, currency: str) -> str:
        """Return one transaction of an entry."""
        side = "Dbtr" if line.minor > 0 else "Cdtr"
        ids = dict(line.ids)
        references = tag("AcctSvcrRef", ids.get("camt", "")) + tag("EndToEndId", ids.get("e2e", "NOTPROVIDED"))
        references += tag("TxId", ids.get("tx", ""))
        if self.is_new:
            amount = self._amount(line.minor, currency)
        else:
            amount = path("AmtDtls/TxAmt", tag("Amt", decimal(abs(line.minor)), Ccy=currency))
        structured = path("Strd/CdtrRefInf/Ref", line.reference)
        return tag(
            "TxDtls",
            tag("Refs", references),
            amount,
            tag(
                "RltdPties",
                self._party(side, line),
                path(f"{side}Acct/Id/IBAN", line.iban),
                self._named(f"Ultmt{side}", tag("Nm", escape(line.on_behalf_of))),
            ),
            tag("RmtInf", tag("Ustrd", escape(line.text)), structured),
            path("RtrInf/Rsn/Cd", "AC04") if line.kind is Kind.RETURN else "",
        )

    def _party(self, side: str, line: Line) -> str:
        kind, scheme = ("PrvtId", "NIDN") if len(line.code) == 11 else ("OrgId", "COID")
        own = tag("Othr", tag("Id", line.code), path("SchmeNm/Cd", scheme)) if line.code else ""
        return self._named(side, tag("Nm", escape(line.name)) + tag("Id", tag(kind, own)))

    def _named(self, side: str, inner: str) -> str:
        return tag(side, tag("Pty", inner)) if self.is_new else tag(side, inner)


def write_camt(download: Download, statements: tuple[Statement, ...]) -> bytes:
    return Writer(download).file(statements)
