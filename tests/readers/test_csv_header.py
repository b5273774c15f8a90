"""The header row is found, and read alike, however a program has written it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.readers.csv_rows import Header, column_name, possible_headers

NAMES = ("kuupäev", "saaja/maksja", "summa")
HEADER = "Kuupäev;Saaja/Maksja;Summa"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kuupäev", "KUUPÄEV"),
        ("Summa", '"Summa"'),
        ("Summa", "\ufeffSumma"),
        ("ID code/Registry code", "ID code/Registry code "),
        ("Kliendi konto", "Kliendi\u00a0  konto"),
        ("Kuupäev", "Kuupa\u0308ev"),
        ("Счёт клиента", "Сч\u00ebт клиентa"),  # Swedbank's own, with Latin ë and a
        ("Счёт клиента", "Счет клиента"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert column_name(one) == column_name(other)


def test_different_names_stay_different() -> None:
    assert column_name("Deebet/Kreedit") != column_name("Deebet/Kreedit (D/C)")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1257", "iso8859-13", "cp1252", "cp775"])
def test_the_header_reads_in_every_encoding(encoding: str) -> None:
    assert NAMES in [header.names for header in possible_headers(f"{HEADER}\r\n1;2;3\r\n".encode(encoding))]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{HEADER}\n", 1),
        (f"sep=;\r\n{HEADER}\r\n", 2),
        (f"\n\n{HEADER};\n", 3),
        (f"\r{HEADER}\r", 2),
    ],
)
def test_a_hint_and_blank_lines_may_stand_before_it(text: str, line: int) -> None:
    assert Header(line=line, encoding="utf-8", separator=";", names=NAMES) in list(possible_headers(text.encode()))


def test_no_other_line_may_stand_before_it() -> None:
    assert NAMES not in [header.names for header in possible_headers(f"Väljavõte\n{HEADER}\n".encode())]


@given(st.binary(max_size=300))
def test_it_never_raises(content: bytes) -> None:
    assert all(isinstance(header, Header) for header in possible_headers(content))
