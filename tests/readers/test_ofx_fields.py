"""What the single fields of an OFX line mean for a ledger."""

from __future__ import annotations

from datetime import date

import pytest
from tests.readers.ofx_sample import OWN, PAYER, gift, lines

from donations.core.statement import LineKind

OTHER = "DE89370400440532013000"


@pytest.mark.parametrize("memo", [f"Annetus IBAN: {PAYER}", f"{OWN} {PAYER}", f"Annetus kontole {OTHER}", "Annetus"])
def test_an_iban_in_a_memo_is_the_payers_words_and_no_account(memo: str) -> None:
    (entry,) = lines(gift(MEMO=memo))
    assert (entry.counterparty.account, entry.text) == (None, memo)


@pytest.mark.parametrize(
    ("bank", "bic"), [("EKRDEE22", "EKRDEE22"), ("EKRDEE22XXX", "EKRDEE22XXX"), ("4204", ""), ("", "")]
)
def test_the_account_and_its_bank_are_those_of_their_own_field(bank: str, bic: str) -> None:
    (entry,) = lines(gift(BANKACCTTO=f"<BANKID>{bank}</BANKID><ACCTID>{PAYER}</ACCTID>", MEMO=f"IBAN {OTHER}"))
    assert (entry.counterparty.account, entry.counterparty.bic) == (PAYER, bic)


@pytest.mark.parametrize(
    ("written", "day"), [("20260115", date(2026, 1, 15)), ("2026011500", date(2026, 1, 15)), ("x", None)]
)
def test_the_day_when_money_is_available_is_the_value_date(written: str, day: date | None) -> None:
    assert [entry.value_date for entry in lines(gift(DTAVAIL=written))] == [day]


@pytest.mark.parametrize(
    ("refnum", "memo", "reference", "text"),
    [
        ("1232", "Annetus", "1232", "Annetus"),
        ("RF11 1232", "Annetus", "1232", "Annetus"),
        ("/RFB/1232", "Annetus", "1232", "Annetus"),
        ("", "/RFB/1232/TXT/Annetus", "1232", "Annetus"),
        ("", "/RFB/1233/TXT/Annetus", None, "/RFB/1233/TXT/Annetus"),
        ("1232", "/RFB/1232/TXT/Annetus", "1232", "/RFB/1232/TXT/Annetus"),
        ("1233", "Annetus", None, "Annetus"),
    ],
)
def test_a_reference_counts_if_its_check_digits_hold(refnum: str, memo: str, reference: str | None, text: str) -> None:
    assert [(entry.reference, entry.text) for entry in lines(gift(REFNUM=refnum, MEMO=memo))] == [(reference, text)]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"NAME": "Mari"}, "Mari"),
        ({"NAME": None, "PAYEE": "<NAME>Mari</NAME><ADDR1>Tartu</ADDR1>"}, "Mari"),
        ({"NAME": None, "PAYEE": "Mari"}, "Mari"),
        ({"NAME": "Mari-Liis Maasikas-Mura", "EXTDNAME": "Mari-Liis Maasikas-Murakas"}, "Mari-Liis Maasikas-Murakas"),
        ({"NAME": None}, ""),
    ],
)
def test_the_name_is_the_fullest_one_given(fields: dict[str, str | None], name: str) -> None:
    assert [entry.counterparty.name for entry in lines(gift(**fields))] == [name]


def test_several_memos_are_all_kept() -> None:
    assert [entry.text for entry in lines(gift(MEMO="Annetus</MEMO><MEMO></MEMO><MEMO>koertele"))] == [
        "Annetus\nkoertele"
    ]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("FEE", LineKind.FEE),
        ("SRVCHG", LineKind.FEE),
        ("INT", LineKind.INTEREST),
        ("POS", LineKind.CARD),
        ("ATM", LineKind.CARD),
        ("CASH", LineKind.CASH),
        ("cash", LineKind.CASH),
        ("XFER", LineKind.TRANSFER),
        ("SOMETHING", LineKind.TRANSFER),
        (None, LineKind.TRANSFER),
    ],
)
def test_the_kind_is_the_banks_word_where_it_says_more_than_transfer(written: str | None, kind: LineKind) -> None:
    assert [entry.kind for entry in lines(gift(TRNTYPE=written))] == [kind]
