"""Statement files as Estonian banks write them (camt.053, CSV of LHV and Swedbank, OFX), made from a story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from xml.sax.saxutils import escape

from donations.core.money import EUR, Minor, decimal_text
from donations.core.statement import LineKind
from donations.demo.movement import Bank, Movement, OwnAccount, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """One account's movements of some days."""

    owner: Party
    account: OwnAccount
    first_day: date
    last_day: date
    opening: Minor
    movements: Sequence[Movement]

    @property
    def closing(self) -> Minor:
        """Return what the account holds at the end."""
        return self.opening + sum(each.minor for each in self.movements)

    @property
    def money_in(self) -> list[Movement]:
        """Return what came."""
        return [each for each in self.movements if each.minor > 0]

    @property
    def money_out(self) -> list[Movement]:
        """Return what went."""
        return [each for each in self.movements if each.minor < 0]


def excerpt(
    movements: Sequence[Movement], account: OwnAccount, *, owner: Party, first_day: date, last_day: date
) -> Excerpt:
    """Cut some days of one account out of all movements, which are in the order of their days."""
    own = [each for each in movements if each.bank is account.bank and each.day <= last_day]
    return Excerpt(
        owner=owner,
        account=account,
        first_day=first_day,
        last_day=last_day,
        opening=account.opening + sum(each.minor for each in own if each.day < first_day),
        movements=tuple(each for each in own if each.day >= first_day),
    )


def total(movements: Sequence[Movement]) -> Minor:
    """Return what movements of one direction add up to, unsigned."""
    return abs(sum(each.minor for each in movements))


def unsigned(minor: Minor) -> str:
    """Return an amount without its sign, with a point."""
    return decimal_text(abs(minor), EUR)


def servicer_id(movement: Movement) -> str:
    """Return the account servicer's reference, in the shape that each bank gives it."""
    match movement.bank:
        case Bank.LHV:
            return sha256(str(movement.number).encode()).hexdigest()[:32].upper()
        case Bank.SWEDBANK:
            return f"{archive_id(movement)}-1"
        case Bank.SEB:
            return f"RO{movement.number:010d}L01"


def archive_id(movement: Movement) -> str:
    """Return the archive's number of CSV and OFX."""
    return f"{movement.day:%Y%m%d}{movement.number:08d}"


_BICS = {Bank.LHV: "LHVBEE22", Bank.SWEDBANK: "HABAEE2X", Bank.SEB: "EEUHEE2X"}
_OF_THE_BANK = {LineKind.FEE: "FEES", LineKind.INTEREST: "INTR", LineKind.TAX: "TAXE"}


def camt053(shown: Excerpt) -> bytes:
    """Return the file."""
    first, last, account = shown.first_day, shown.last_day, shown.account
    name = f"{account.bank.name}-{first}-{last}"
    return "".join(
        (
            f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{last}T23:59:59</CreDtTm></GrpHdr>
<Stmt><Id>{name}</Id><CreDtTm>{last}T23:59:59</CreDtTm>
<FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>
<Acct><Id><IBAN>{account.iban}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>{escape(shown.owner.name)}</Nm>\
<Id><OrgId><Othr><Id>{shown.owner.code}</Id><SchmeNm><Cd>COID</Cd></SchmeNm></Othr></OrgId></Id></Ownr>\
<Svcr><FinInstnId><BIC>{_BICS[account.bank]}</BIC></FinInstnId></Svcr></Acct>
""",
            _balance("OPBD", shown.opening, first),
            _balance("CLBD", shown.closing, last),
            "<TxsSummry>",
            _total("TtlNtries", shown.movements, total(shown.money_in) + total(shown.money_out)),
            _total("TtlCdtNtries", shown.money_in, total(shown.money_in)),
            _total("TtlDbtNtries", shown.money_out, total(shown.money_out)),
            "</TxsSummry>\n",
            *map(_entry, shown.movements),
            "</Stmt>\n</BkToCstmrStmt></Document>\n",
        )
    ).encode()


def _balance(kind: str, minor: Minor, day: date) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{unsigned(minor)}</Amt>'
        f"<CdtDbtInd>{_direction(minor)}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def _total(tag: str, movements: Sequence[Movement], minor: Minor) -> str:
    return f"<{tag}><NbOfNtries>{len(movements)}</NbOfNtries><Sum>{unsigned(minor)}</Sum></{tag}>"


def _direction(minor: Minor) -> str:
    return "CRDT" if minor >= 0 else "DBIT"


def _entry(movement: Movement) -> str:
    bank_id, day = servicer_id(movement), movement.day
    number = f"<NtryRef>{bank_id}</NtryRef>" if movement.bank is Bank.SWEDBANK else ""
    returned = "<RvslInd>true</RvslInd>" if movement.is_return else ""
    return f"""<Ntry>{number}<Amt Ccy="EUR">{unsigned(movement.minor)}</Amt>\
<CdtDbtInd>{_direction(movement.minor)}</CdtDbtInd>{returned}<Sts>BOOK</Sts>\
<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>
  <AcctSvcrRef>{bank_id}</AcctSvcrRef><BkTxCd><Domn>{_code(movement)}</Domn></BkTxCd>
  {_details(movement, bank_id)}</Ntry>
"""


def _code(movement: Movement) -> str:
    of_bank = _OF_THE_BANK.get(movement.kind)
    if of_bank is not None:
        domain, family, sub = "ACMT", "MCOP" if movement.minor > 0 else "MDOP", of_bank
    elif movement.kind is LineKind.CARD:
        domain, family, sub = "PMNT", "CCRD", "POSD"
    else:
        # A return keeps the family of the payment that comes back.
        domain, family = "PMNT", "RCDT" if (movement.minor > 0) is not movement.is_return else "ICDT"
        sub = "RRTN" if movement.is_return else "ESCT"
    return f"<Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly>"


def _details(movement: Movement, bank_id: str) -> str:
    if movement.kind in _OF_THE_BANK:
        return f"<AddtlNtryInf>{escape(movement.text)}</AddtlNtryInf>"
    returned = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" if movement.is_return else ""
    return (
        f"<NtryDtls><TxDtls><Refs><AcctSvcrRef>{bank_id}</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>\n"
        f"    {_parties(movement)}{_remittance(movement)}{returned}</TxDtls></NtryDtls>"
    )


def _parties(movement: Movement) -> str:
    """Return the other side; in a return both keep the roles that they had in the payment."""
    side = "Dbtr" if (movement.minor > 0) is not movement.is_return else "Cdtr"
    party = movement.party
    name = f"<{side}>{_name(party)}{_party_code(party)}</{side}>" if party.name or party.code else ""
    account = f"<{side}Acct><Id><IBAN>{party.iban}</IBAN></Id></{side}Acct>" if party.iban else ""
    behind = f"<Ultmt{side}><Nm>{escape(movement.on_behalf_of)}</Nm></Ultmt{side}>" if movement.on_behalf_of else ""
    return f"<RltdPties>{name}{account}{behind}</RltdPties>" if name or account or behind else ""


def _name(party: Party) -> str:
    return f"<Nm>{escape(party.name)}</Nm>" if party.name else ""


def _party_code(party: Party) -> str:
    # An account abroad comes with no Estonian code.
    if not party.code or not party.iban.startswith("EE"):
        return ""
    kind, scheme = ("OrgId", "COID") if len(party.code) == 8 else ("PrvtId", "NIDN")
    return f"<Id><{kind}><Othr><Id>{party.code}</Id><SchmeNm><Cd>{scheme}</Cd></SchmeNm></Othr></{kind}></Id>"


def _remittance(movement: Movement) -> str:
    text = f"<Ustrd>{escape(movement.text)}</Ustrd>" if movement.text else ""
    reference = (
        f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{movement.reference}</Ref></CdtrRefInf></Strd>"
        if movement.reference
        else ""
    )
    return f"<RmtInf>{text}{reference}</RmtInf>" if text or reference else ""


_LHV_COLUMNS = (
    "Kliendi konto",
    "Dokumendi number",
    "Kuupäev",
    "Saaja/maksja konto",
    "Saaja/maksja nimi",
    "Deebet/Kreedit (D/C)",
    "Summa",
    "Viitenumber",
    "Arhiveerimistunnus",
    "Selgitus",
    "Valuuta",
    "Isikukood või registrikood",
    "Saaja/maksja panga BIC",
    "Makse algataja nimi",
    "Kande viide",
    "Konto teenusepakkuja viide",
)
_SWEDBANK_COLUMNS = (
    "Kliendi konto",
    "Reatüüp",
    "Kuupäev",
    "Saaja/Maksja",
    "Selgitus",
    "Summa",
    "Valuuta",
    "Deebet/Kreedit",
    "Arhiveerimistunnus",
    "Tehingu tüüp",
    "Viitenumber",
    "Dokumendi number",
)
_SWEDBANK_KINDS = {LineKind.FEE: "KOM", LineKind.CARD: "K", LineKind.INTEREST: "AI"}


def lhv_csv(shown: Excerpt) -> bytes:
    """Return the file; its amounts are signed."""
    rows = [_LHV_COLUMNS, *(_lhv_row(movement, own=shown.account.iban) for movement in shown.movements)]
    return "".join(",".join(map(_quoted, row)) + "\n" for row in rows).encode()


def _lhv_row(movement: Movement, *, own: str) -> tuple[str, ...]:
    party = movement.party
    return (
        own,
        "",
        str(movement.day),
        party.iban,
        party.name,
        "C" if movement.minor > 0 else "D",
        ("" if movement.minor > 0 else "-") + unsigned(movement.minor),
        movement.reference,
        archive_id(movement),
        movement.text,
        "EUR",
        party.code if party.iban.startswith("EE") else "",
        "",
        movement.on_behalf_of,
        "",
        servicer_id(movement),
    )


def swedbank_csv(shown: Excerpt) -> bytes:
    """Return the file, with the rows of balances and turnovers."""
    return "".join(";".join(map(_quoted, row)) + ";\n" for row in _swedbank_rows(shown)).encode()


def _swedbank_rows(shown: Excerpt) -> Iterator[tuple[str, ...]]:
    own = shown.account.iban

    def row(kind: str, day: date, text: str, minor: Minor, code: str, *more: str) -> tuple[str, ...]:
        name, archive, reference = more or ("", "", "")
        flow = "K" if minor >= 0 else "D"
        amount = unsigned(minor).replace(".", ",")
        return (own, kind, f"{day:%d.%m.%Y}", name, text, amount, "EUR", flow, archive, code, reference, "")

    yield _SWEDBANK_COLUMNS
    yield row("10", shown.first_day, "Algsaldo", shown.opening, "AS")
    for each in shown.movements:
        code = _SWEDBANK_KINDS.get(each.kind, "MK")
        yield row("20", each.day, each.text, each.minor, code, each.party.name, archive_id(each), each.reference)
    yield row("82", shown.last_day, "Käive", total(shown.money_in), "K2")
    if shown.money_out:
        yield row("82", shown.last_day, "Käive", -total(shown.money_out), "K2")
    yield row("86", shown.last_day, "Lõppsaldo", shown.closing, "LS")


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


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
