"""The same payments as banks would export them: camt.053.001.02, OFX 1.02 (SGML without end tags) and LHV's CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from benchmarks.payments import FIRST_DAY, LAST_DAY, OPENING, Payment, closing, own_iban
from donations.core.money import EUR, decimal_text


def camt053(written: list[Payment]) -> bytes:
    """Return one statement with a `TxDtls` for each entry."""
    entries = "".join(map(_entry, written))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>BENCH</MsgId><CreDtTm>{LAST_DAY}T23:59:59</CreDtTm></GrpHdr>
<Stmt><Id>BENCH-1</Id><CreDtTm>{LAST_DAY}T23:59:59</CreDtTm>
<FrToDt><FrDtTm>{FIRST_DAY}T00:00:00</FrDtTm><ToDtTm>{LAST_DAY}T23:59:59</ToDtTm></FrToDt>
<Acct><Id><IBAN>{own_iban()}</IBAN></Id><Ccy>EUR</Ccy></Acct>
{_balance("OPBD", OPENING, str(FIRST_DAY))}{_balance("CLBD", closing(written), str(LAST_DAY))}{entries}</Stmt>
</BkToCstmrStmt></Document>
""".encode()


def _balance(kind: str, minor: int, day: str) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{_unsigned(minor)}</Amt>'
        f"<CdtDbtInd>{'CRDT' if minor >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def _entry(payment: Payment) -> str:
    is_in, party = payment.minor > 0, payment.party
    side, account = ("Dbtr", "DbtrAcct") if is_in else ("Cdtr", "CdtrAcct")
    return f"""<Ntry><Amt Ccy="EUR">{_unsigned(payment.minor)}</Amt>\
<CdtDbtInd>{"CRDT" if is_in else "DBIT"}</CdtDbtInd><Sts>BOOK</Sts>\
<BookgDt><Dt>{payment.day}</Dt></BookgDt><ValDt><Dt>{payment.day}</Dt></ValDt>
  <AcctSvcrRef>{payment.servicer_id}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>\
<Cd>{"RCDT" if is_in else "ICDT"}</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
  <NtryDtls><TxDtls><Refs><AcctSvcrRef>{payment.servicer_id}</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
    <RltdPties><{side}><Nm>{party.name}</Nm><Id><PrvtId><Othr><Id>{party.code}</Id><SchmeNm><Cd>NIDN</Cd></SchmeNm>\
</Othr></PrvtId></Id></{side}><{account}><Id><IBAN>{party.iban}</IBAN></Id></{account}></RltdPties>
    <RmtInf><Ustrd>{payment.text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
"""


def ofx(written: list[Payment]) -> bytes:
    """Return one statement in the bank's 8-bit text; OFX has a closing balance only."""
    lines = "".join(map(_transaction, written))
    return f"""OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1257
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX>
<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>{LAST_DAY:%Y%m%d}<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>0<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>77<ACCTID>{own_iban()}<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>{FIRST_DAY:%Y%m%d}<DTEND>{LAST_DAY:%Y%m%d}
{lines}</BANKTRANLIST>
<LEDGERBAL><BALAMT>{decimal_text(closing(written), EUR)}<DTASOF>{LAST_DAY:%Y%m%d}</LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1>
</OFX>
""".encode("cp1257")


def _transaction(payment: Payment) -> str:
    return f"""<STMTTRN>
<TRNTYPE>{"CREDIT" if payment.minor > 0 else "DEBIT"}<DTPOSTED>{payment.day:%Y%m%d}\
<TRNAMT>{decimal_text(payment.minor, EUR)}<FITID>{payment.archive_id}<NAME>{payment.party.name}
<BANKACCTTO><BANKID>{payment.party.iban[4:6]}<ACCTID>{payment.party.iban}<ACCTTYPE>CHECKING</BANKACCTTO>
<MEMO>{payment.text}
</STMTTRN>
"""


_LHV_HEADER = (
    '"Kliendi konto","Dokumendi number","Kuupäev","Saaja/maksja konto","Saaja/maksja nimi","Deebet/Kreedit (D/C)",'
    '"Summa","Viitenumber","Arhiveerimistunnus","Selgitus","Valuuta","Isikukood või registrikood",'
    '"Konto teenusepakkuja viide"\n'
)


def lhv_csv(written: list[Payment]) -> bytes:
    """Return the rows of LHV's export, which states no balances."""
    own = own_iban()
    return "".join([_LHV_HEADER, *(_row(payment, own=own) for payment in written)]).encode()


def _row(payment: Payment, *, own: str) -> str:
    party, direction = payment.party, "C" if payment.minor > 0 else "D"
    return (
        f'"{own}","","{payment.day}","{party.iban}","{party.name}","{direction}","{_unsigned(payment.minor)}",'
        f'"","{payment.archive_id}","{payment.text}","EUR","{party.code}","{payment.servicer_id}"\n'
    )


def _unsigned(minor: int) -> str:
    return decimal_text(abs(minor), EUR)


FORMATS: Mapping[str, Callable[[list[Payment]], bytes]] = MappingProxyType(
    {"camt.053": camt053, "ofx": ofx, "lhv-csv": lhv_csv}
)
"""Writers by the name of the reader that must claim what they write."""
