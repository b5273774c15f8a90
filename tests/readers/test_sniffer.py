"""What no reader claims is named for what it is: a table of another bank, or no statement."""

from __future__ import annotations

import pytest

from donations.core.problem import ProblemCode, Refused
from donations.readers import READERS
from donations.readers.sniffer import choose

TABLE, OTHER = ProblemCode.UNKNOWN_CSV_LAYOUT, ProblemCode.NOT_A_STATEMENT
ROWS = "Buchung;Valuta;Text;Betrag\n2026-01-05;2026-01-05;Spende;20.00\n"
MT940 = ":20:S1\n:25:EE382200221020145685\n:61:2601050105C10,00NTRFNONREF\n:86:Näidis, Mari, annetus, aitäh\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ROWS, TABLE),
        (ROWS.replace(";", "\t"), TABLE),
        (f"Kontoauszug von:;2026-01-01\nSaldo:;100.00\n\n{ROWS}", TABLE),
        (f"Kontoauszug\n{ROWS.replace(';', ',')}", TABLE),
        (MT940, OTHER),
        ("Kallis annetaja!\n\nAitäh, Mari, Jüri, Peeter ja Kati.\n", OTHER),
        (f"<table>{ROWS}".replace("<table>", "<p>\n"), OTHER),
        (f"\x00{ROWS}", OTHER),
    ],
    ids=["table", "tabs", "below a balance", "below a title", "MT940", "letter", "markup", "NUL"],
)
def test_a_table_of_an_unknown_bank_is_told_from_what_is_none(text: str, code: ProblemCode) -> None:
    with pytest.raises(Refused) as refusal:
        choose(text.encode(), READERS)
    assert [problem.code for problem in refusal.value.problems] == [code]
