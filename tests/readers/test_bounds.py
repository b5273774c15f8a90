"""Every free field of every format is bounded, with its line and its name; what is just short enough is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.readers import ofx_sample
from tests.readers.camt_sample import HEAD, OWN, details, document, entry, party

from donations.core.problem import ProblemCode, Refused
from donations.readers.registry import read

LHV = (
    '"Kliendi konto","Kuupäev","Saaja/maksja konto","Saaja/maksja nimi","Deebet/Kreedit (D/C)","Summa","Viitenumber",'
    '"Arhiveerimistunnus","Selgitus","Valuuta","Isikukood või registrikood","Makse algataja nimi","Dokumendi number",'
    '"Konto teenusepakkuja viide"\n'
)
CELLS = {
    "own": OWN,
    "day": "2026-01-05",
    "account": "",
    "name": "",
    "way": "C",
    "amount": "10.00",
    "reference": "",
    "archive": "",
    "text": "",
    "currency": "EUR",
    "code": "",
    "behind": "",
    "document": "",
    "servicer": "",
}


def camt(inside: str) -> bytes:
    return document(HEAD + entry(inside))


def one(inside: str) -> bytes:
    return camt(details(inside))


def batch(inside: str) -> bytes:
    return camt(details(f'<Amt Ccy="EUR">4.00</Amt>{inside}', '<Amt Ccy="EUR">6.00</Amt>'))


def kept_whole(inside: str) -> bytes:
    return camt(details(f'<Amt Ccy="EUR">4.00</Amt>{inside}'))


def csv(**cells: str) -> bytes:
    return (LHV + ",".join(f'"{cell}"' for cell in (CELLS | cells).values())).encode()


def number(text: str) -> str:
    return f"<RltdPties><DbtrAcct><Id><Othr><Id>{text}</Id></Othr></Id></DbtrAcct></RltdPties>"


def code(text: str) -> str:
    return f"<RltdPties><Dbtr><Id><PrvtId><Othr><Id>{text}</Id></Othr></PrvtId></Id></Dbtr></RltdPties>"


def named(text: str) -> str:
    return f"<RltdPties>{party('Dbtr', text)}</RltdPties>"


def own(text: str) -> bytes:
    return document(HEAD.replace(f"<IBAN>{OWN}</IBAN>", f"<Othr><Id>{text}</Id></Othr>") + entry())


FIELDS: dict[str, tuple[str, int, Callable[[str], bytes]]] = {
    "name": ("name", 140, lambda text: one(named(text))),
    "name of a part": ("name", 140, lambda text: batch(named(text))),
    "name of a detail": ("name", 140, lambda text: kept_whole(named(text))),
    "ultimate debtor": (
        "name",
        140,
        lambda text: one(f"<RltdPties>{party('Dbtr', 'M')}{party('UltmtDbtr', text)}</RltdPties>"),
    ),
    "account": ("account number", 70, lambda text: one(number(text))),
    "account of a part": ("account number", 70, lambda text: batch(number(text))),
    "account of a detail": ("account number", 70, lambda text: kept_whole(number(text))),
    "code": ("personal or registry code", 256, lambda text: one(code(text))),
    "code of a detail": ("personal or registry code", 256, lambda text: kept_whole(code(text))),
    "text": ("text", 1000, lambda text: one(f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>")),
    "text of a detail": ("text", 1000, lambda text: kept_whole(f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>")),
    "words of the bank": (
        "text",
        1000,
        lambda text: camt(f"{details('<RmtInf><Ustrd>a</Ustrd></RmtInf>')}<AddtlNtryInf>{text}</AddtlNtryInf>"),
    ),
    "servicer's id": ("bank reference", 255, lambda text: camt(f"<AcctSvcrRef>{text}</AcctSvcrRef>")),
    "payer's id": ("bank reference", 255, lambda text: one(f"<Refs><EndToEndId>{text}</EndToEndId></Refs>")),
    "transaction's id": ("bank reference", 255, lambda text: one(f"<Refs><TxId>{text}</TxId></Refs>")),
    "reason": ("reason of the return", 140, lambda text: one(f"<RtrInf><Rsn><Prtry>{text}</Prtry></Rsn></RtrInf>")),
    "own account": ("own account number", 70, own),
    "owner": (
        "owner of the account",
        140,
        lambda text: document(HEAD.replace("</Acct>", f"<Ownr><Nm>{text}</Nm></Ownr></Acct>") + entry()),
    ),
    "OFX name": ("name", 140, lambda text: ofx_sample.gift(NAME=text)),
    "OFX memo": ("text", 1000, lambda text: ofx_sample.gift(MEMO=text)),
    "OFX account": ("account number", 70, lambda text: ofx_sample.gift(BANKACCTTO=f"<ACCTID>{text}</ACCTID>")),
    "OFX id": ("bank reference", 255, lambda text: ofx_sample.gift(FITID=text)),
    "OFX cheque": ("bank reference", 255, lambda text: ofx_sample.gift(CHECKNUM=text)),
    "OFX own account": (
        "own account number",
        70,
        lambda text: ofx_sample.ofx(
            ofx_sample.statement(ofx_sample.line(), account=f"<BANKACCTFROM><ACCTID>{text}</ACCTID></BANKACCTFROM>")
        ),
    ),
    "CSV name": ("name", 140, lambda text: csv(name=text)),
    "CSV initiator": ("name", 140, lambda text: csv(behind=text)),
    "CSV text": ("text", 1000, lambda text: csv(text=text)),
    "CSV reference that is none": ("text", 1000, lambda text: csv(reference=text)),
    "CSV account": ("account number", 70, lambda text: csv(account=text)),
    "CSV code": ("personal or registry code", 256, lambda text: csv(code=text)),
    "CSV archive id": ("bank reference", 255, lambda text: csv(archive=text)),
    "CSV document": ("bank reference", 255, lambda text: csv(document=text)),
    "CSV own account": ("own account number", 70, lambda text: csv(own=text)),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_read_up_to_its_length_and_then_named_with_its_line(field: str) -> None:
    said, longest, content = FIELDS[field]
    read(content("X" * longest), today=date(2026, 6, 1))
    with pytest.raises(Refused) as refused:
        read(content("X" * (longest + 1)), today=date(2026, 6, 1))
    problems = [problem for problem in refused.value.problems if problem.refuses]
    assert {(problem.code, dict(problem.values)["field"]) for problem in problems} == {
        (ProblemCode.TEXT_TOO_LONG, said)
    }
    assert all(problem.line for problem in problems)


@pytest.mark.parametrize(
    ("letter", "is_too_long"), [("õ", False), ("Ж", False), ("陈", False), ("\ufdfa", True), ("\U0001f468", False)]
)
def test_a_name_that_is_compared_as_whole_words_for_letters_is_too_long(letter: str, is_too_long: bool) -> None:
    try:
        read(ofx_sample.gift(NAME=letter * 140), today=date(2026, 6, 1))
        refused = False
    except Refused:
        refused = True
    assert refused is is_too_long
