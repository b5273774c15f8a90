"""What the single fields of an OFX line mean for a ledger."""

from __future__ import annotations

import pytest
from tests.readers.ofx_sample import OWN, PAYER, gift, lines

from donations.core.statement import LineKind

OTHER = "DE89370400440532013000"


@pytest.mark.parametrize(
    ("memo", "account"),
    [
        (f"Annetus IBAN: {PAYER}", PAYER),
        (f"Annetus IBAN: {PAYER[:4]} {PAYER[4:8]} {PAYER[8:12]} {PAYER[12:16]} {PAYER[16:]}", PAYER),
        (f"{OWN} {PAYER}", PAYER),
        (f"{OTHER} {PAYER}", None),
        (f"Annetus {PAYER[:-1]}9", None),
        ("Annetus", None),
    ],
)
def test_the_one_iban_of_a_memo_is_the_payers(memo: str, account: str | None) -> None:
    assert [entry.counterparty.account for entry in lines(gift(MEMO=memo))] == [account]


def test_the_field_for_the_account_goes_before_the_memo() -> None:
    (entry,) = lines(gift(BANKACCTTO=f"<ACCTID>{PAYER}</ACCTID>", MEMO=f"IBAN {OTHER}"))
    assert entry.counterparty.account == PAYER


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
