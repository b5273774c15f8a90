"""What no reader claims is named for what it is: a table of another bank, or no statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from donations.core.lines import Fact
from donations.core.problem import ProblemCode, Refused
from donations.readers.mt940 import MT940 as MT940_READER
from donations.readers.registry import READERS, read
from donations.readers.sniffer import choose

TABLE, OTHER, SWIFT = ProblemCode.UNKNOWN_CSV_LAYOUT, ProblemCode.NOT_A_STATEMENT, ProblemCode.UNSUPPORTED_FORMAT
VALUES = ProblemCode.MISSING_HEADING
ROWS = "Buchung;Valuta;Text;Betrag\n2026-01-05;2026-01-05;Spende;20.00\n"
ORDER = ":20:ORDER1\n:23B:CRED\n:32A:260315EUR10,00\n:50K:Mari, annetus, aitäh\n"
MT940 = ":20:S1\n:25:EE382200221020145685\n:61:2601050105C10,00NTRFNONREF\n:86:Näidis, Mari, annetus, aitäh\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ROWS, TABLE),
        (ROWS.replace(";", "\t"), TABLE),
        (f"Kontoauszug von:;2026-01-01\nSaldo:;100.00\n\n{ROWS}", TABLE),
        (f"Kontoauszug\n{ROWS.replace(';', ',')}", TABLE),
        (ORDER, SWIFT),
        ("2026-01-05;Spende;20.00\n2026-01-06;Spende;5.00\n", VALUES),
        ('"EE382200221020145685";"20";"05.01.2026";"Mari";"10,00";"EUR"\n', VALUES),
        ('"EE382200221020145685","20","05.01.2026","Mari","10.00","EUR"\n', VALUES),
        ("Buchung;2026\n2026-01-05;20.00;a;b\n2026-01-06;20.00;a;b\n", TABLE),
        ("Kallis annetaja!\n\nAitäh, Mari, Jüri, Peeter ja Kati.\n", OTHER),
        (f"<table>{ROWS}".replace("<table>", "<p>\n"), OTHER),
        (f"\x00{ROWS}", OTHER),
    ],
    ids=[
        "table",
        "tabs",
        "below a balance",
        "below a title",
        "a payment order",
        "no heading",
        "no heading, all quoted",
        "no heading, commas",
        "a year in the heading",
        "letter",
        "markup",
        "NUL",
    ],
)
def test_a_table_of_an_unknown_bank_is_told_from_what_is_none(text: str, code: ProblemCode) -> None:
    with pytest.raises(Refused) as refusal:
        choose(text.encode(), READERS)
    assert [problem.code for problem in refusal.value.problems] == [code]


INTERIM = ":20:S1\n:25:EE382200221020145685\n:34F:EUR0,\n:13D:2601051230+0200\n:61:2601050105C10,00NTRFNONREF\n"
ENVELOPE = "{{1:F01EEUHEE2XAXXX0000000000}}{{2:O{}0600260201EEUHEE2XAXXX00000000002602010600N}}{{4:"


@pytest.mark.parametrize(
    "text",
    [
        MT940,
        f"\ufeff{MT940}",
        MT940.replace("\n", "\r\n"),
        MT940.replace("\n", "@@"),
        f"{ENVELOPE.format(940)}\n{MT940}-}}",
        f"{ENVELOPE.format(940)}{MT940}-}}",
        f"\x01{ENVELOPE.format(940)}\n{MT940}-}}\x03",
        f"0000 01INGBNL2AXXXX00001\n940 00\n{MT940}",
        f":940:\n{MT940}",
        INTERIM,
        f"@@{INTERIM}".replace("\n", "@@"),
        f"{ENVELOPE.format(942)}\n{MT940}-}}",
    ],
)
def test_swifts_statements_are_claimed_in_whatever_wrapping(text: str) -> None:
    assert choose(text.encode(), READERS) is MT940_READER


@pytest.mark.parametrize(
    "text", ["{:20: JSON}", '{"20": ":20:", "25": ":25:"}', "[1, 2]", f'"Kuupäev";"Selgitus"\n"1";"\n{MT940}"\n', ORDER]
)
def test_what_only_looks_like_it_is_not_claimed(text: str) -> None:
    assert not MT940_READER.claims(text.encode())


def test_a_reader_is_asked_before_one_byte_decides() -> None:
    class Claims:
        name, suffixes = "odd", (".odd",)

        def claims(self, content: bytes) -> bool:
            return content.startswith(b"{")

        def facts(self, content: bytes) -> Iterator[Fact]:
            assert content
            return iter(())

    odd = Claims()
    assert choose(b"{odd}", [odd]) is odd


@pytest.mark.parametrize("comments", [0, 1, 60, 10_000])
def test_comments_before_a_page_or_a_document_change_nothing(comments: int) -> None:
    before = "<!---->" * comments
    with pytest.raises(Refused) as page:
        choose(f"{before}<html>".encode(), READERS)
    assert page.value.problems[0].code is OTHER
    document = f'{before}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>'.encode()
    with pytest.raises(Refused) as empty:
        read(document, today=date(2026, 11, 22))
    assert empty.value.problems[0].code in {ProblemCode.NO_STATEMENT, OTHER}
