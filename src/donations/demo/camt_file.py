"""Writes camt.053.001.02 as Estonian banks do: one statement with balances, totals, and a `TxDtls` for each payment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

from donations.core.money import Minor
from donations.core.statement import LineKind
from donations.demo.excerpt import Excerpt, servicer_id, total, unsigned
from donations.demo.movement import Bank, Movement, Party

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
