"""The other side of a payment is found whichever way the money went and came back, with one sure code or none."""

from __future__ import annotations

import pytest
from tests.readers.camt_sample import HEAD, OTHER, OWN, PAYER, details, entry, line, lines, party

from donations.core.iban import UnverifiedAccount
from donations.core.person_code import Code, UnverifiedCode

PERSON, COMPANY = "38001085718", "12345678"
OTHER_NUMBER = "<DbtrAcct><Id><Othr><Id>BG-123</Id></Othr></Id><Nm>Konto Nimi</Nm></DbtrAcct>"
BOTH = party("Dbtr", "Mari Maasikas", PAYER) + party("Cdtr", "Näidis OÜ", OTHER)


def number(code: str, *, scheme: str = "", kind: str = "PrvtId") -> str:
    named = f"<SchmeNm><Cd>{scheme}</Cd></SchmeNm>" if scheme else ""
    return f"<{kind}><Othr><Id>{code}</Id>{named}</Othr></{kind}>"


@pytest.mark.parametrize(
    ("parties", "way", "name", "account"),
    [
        (BOTH, "CRDT", "Mari Maasikas", PAYER),
        (BOTH, "DBIT", "Näidis OÜ", OTHER),
        (party("Cdtr", "Meie Ühing"), "CRDT", "", None),
        (party("Dbtr", "Mari", account="EE00 1234"), "CRDT", "Mari", UnverifiedAccount("EE001234")),
        (OTHER_NUMBER, "CRDT", "Konto Nimi", UnverifiedAccount("BG-123")),
        ("<Dbtr><Pty><Nm>Uus Nimi</Nm></Pty></Dbtr>", "CRDT", "Uus Nimi", None),
        ("<Cdtr><Agt><FinInstnId><Nm>Pank</Nm></FinInstnId></Agt></Cdtr>", "DBIT", "Pank", None),
        ("<UltmtDbtr><Nm>Tegelik Maksja</Nm></UltmtDbtr>", "CRDT", "Tegelik Maksja", None),
        ("<InitgPty><Nm>Algataja</Nm></InitgPty>", "CRDT", "Algataja", None),
        ("<InitgPty><Nm>Algataja</Nm></InitgPty>", "DBIT", "", None),
    ],
)
def test_the_other_side_is_the_payer_of_money_in_and_the_payee_of_money_out(
    parties: str, way: str, name: str, account: str | UnverifiedAccount | None
) -> None:
    found = line(f"<RltdPties>{parties}</RltdPties>", way=way).counterparty
    assert (found.name, found.account) == (name, account)


@pytest.mark.parametrize(
    ("parties", "way", "name"),
    [
        (party("Dbtr", "Meie", OWN) + party("Cdtr", "Näidis OÜ", OTHER), "CRDT", "Näidis OÜ"),
        (party("Dbtr", "Meie") + party("Cdtr", "Näidis OÜ", OTHER), "CRDT", "Näidis OÜ"),
        (party("Dbtr", "Näidis OÜ", OTHER) + party("Cdtr", "Meie", OWN), "CRDT", "Näidis OÜ"),
        (party("Dbtr", "Mari", PAYER) + party("Cdtr", "Meie", OWN), "DBIT", "Mari"),
        (party("Dbtr", "Näidis OÜ") + party("Cdtr", "Meie", OWN), "CRDT", "Näidis OÜ"),
        (party("Cdtr", "Mari", PAYER), "DBIT", "Mari"),
        (party("Dbtr", "Mari", PAYER), "DBIT", "Mari"),
    ],
)
def test_of_a_payment_that_came_back_the_other_side_is_not_ourselves(parties: str, way: str, name: str) -> None:
    (found,) = lines(HEAD + entry("<RvslInd>true</RvslInd>" + details(f"<RltdPties>{parties}</RltdPties>"), way=way))
    assert found.counterparty.name == name


def test_who_really_pays_is_kept_beside_who_paid() -> None:
    ultimate = "<UltmtDbtr><Nm>Laps Maasikas</Nm></UltmtDbtr>"
    found = line(f"<RltdPties>{party('Dbtr', 'Mari', PAYER)}{ultimate}</RltdPties>").counterparty
    assert (found.name, found.on_behalf_of) == ("Mari", "Laps Maasikas")
    alone = line(f"<RltdPties>{ultimate}</RltdPties>").counterparty
    assert (alone.name, alone.on_behalf_of) == ("Laps Maasikas", "")


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        (number(PERSON, scheme="NIDN"), PERSON),
        (number(COMPANY, scheme="COID", kind="OrgId"), COMPANY),
        (number(COMPANY, kind="OrgId"), COMPANY),
        (number("38001085710", scheme="NIDN"), UnverifiedCode("38001085710")),
        (number("FI-123", scheme="TXID"), None),
        (number(PERSON, scheme="TXID"), PERSON),
        (number("998877", scheme="CUST") + number(PERSON, scheme="NIDN"), PERSON),
        (number("38001085710", scheme="NIDN") + number(PERSON, scheme="NIDN"), PERSON),
        (number(PERSON, scheme="NIDN") + number(COMPANY, scheme="COID", kind="OrgId"), UnverifiedCode(PERSON)),
        (number(" "), None),
    ],
)
@pytest.mark.parametrize("version", ["02", "08"])
def test_a_code_is_sure_or_identifies_nobody(numbers: str, code: Code | None, version: str) -> None:
    inside = f"<Id>{numbers}</Id>" if version == "02" else f"<Pty><Id>{numbers}</Id></Pty>"
    found = line(f"<RltdPties>{party('Dbtr', 'Mari', inside=inside)}</RltdPties>")
    assert found.counterparty.code == code
