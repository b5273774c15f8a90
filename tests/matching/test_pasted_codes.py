"""Codes out of a pasted list: who is meant is believed only where the name is one donor's."""

from __future__ import annotations

import pytest

from donations.core.donor import DonorId
from donations.core.name import name_key
from donations.core.person_code import PersonalCode
from donations.matching.pasted_codes import PastedState, pasted_lines, who_is_meant

MARI, JAAN, FIRM = "49403136526", "38001085718", "80048736"


@pytest.mark.parametrize(
    ("written", "name", "code"),
    [
        (f"Mari Tamm;{MARI}", "Mari Tamm", MARI),
        (f"{MARI};Mari Tamm", "Mari Tamm", MARI),
        (f"Mari\tTamm\t{MARI}\tmari@example.org\t25,00 €", "Mari Tamm", MARI),
        (f"12345678901\tMari Tamm\t{MARI}", "Mari Tamm", MARI),
        (f"Tamm, Mari, {MARI}", "Tamm, Mari", MARI),
        (f"{MARI} Mari Tamm", "Mari Tamm", MARI),
        ('"Tamm, Mari";"494 0313 6526"', "Tamm, Mari", MARI),
        ("Mari Tamm;12345", "Mari Tamm", ""),
        ("Mari Tamm;49403136520", "Mari Tamm", "49403136520"),
        (f"MTÜ Niit;{FIRM}", "MTÜ Niit", FIRM),
    ],
)
def test_a_line_says_a_name_and_a_code_in_either_order(written: str, name: str, code: str) -> None:
    # A line without a code above all others would be a heading.
    _, found = pasted_lines(f"x;{MARI}\n{written}")
    assert (found.name, found.code, found.number) == (name, code, 2)


def test_headings_and_blank_lines_are_no_lines() -> None:
    assert [each.number for each in pasted_lines(f"Nimi;Isikukood\n\nMari Tamm;{MARI}\n")] == [3]
    assert pasted_lines(" \n\n") == []


NAMES = {
    2: ["Mari Tamm", "Mari Kask"],
    3: ["Jaan Tamm"],
    4: ["Jaan Tamm"],
    5: ["Kivimägi Aiand OÜ"],
    6: ["Anna Maria Saar"],
}


def states(text: str, *, taken: tuple[str, ...] = ()) -> list[tuple[PastedState, tuple[int, ...]]]:
    found = who_is_meant(
        pasted_lines(text),
        wanting={DonorId(donor): frozenset(map(name_key, names)) for donor, names in NAMES.items()},
        known=[name_key("Ants Kuusk")],
        taken=map(PersonalCode, taken),
    )
    return [(each.state, each.donors) for each in found]


@pytest.mark.parametrize(
    ("written", "state", "donors"),
    [
        (f"TAMM MARI;{MARI}", PastedState.FITS, (2,)),
        (f"Mari Kask;{MARI}", PastedState.FITS, (2,)),
        (f"Jaan Tamm;{JAAN}", PastedState.UNCLEAR, (3, 4)),
        (f"Kivimägi Ajand OÜ;{FIRM}", PastedState.UNCLEAR, (5,)),
        (f"M. Tamm;{MARI}", PastedState.UNCLEAR, (2,)),
        (f"Anna Saar;{MARI}", PastedState.UNCLEAR, (6,)),
        (f"Kivimägi Aiand;{FIRM}", PastedState.UNCLEAR, (5,)),
        ("Mari Tamm;49403136520", PastedState.WRONG_CODE, (2,)),
        (f"Ants Kuusk;{MARI}", PastedState.KNOWN_ALREADY, ()),
        (f"Uno Org;{MARI}", PastedState.NOBODY, ()),
        (f";{MARI}", PastedState.UNREADABLE, ()),
    ],
)
def test_only_a_name_that_is_one_donors_is_believed(written: str, state: PastedState, donors: tuple[int, ...]) -> None:
    assert states(written) == [(state, donors)]


def test_a_code_that_is_somebodys_already_is_not_believed() -> None:
    assert states(f"Mari Tamm;{MARI}", taken=(MARI,)) == [(PastedState.CODE_TAKEN, (2,))]


def test_lines_that_contradict_each_other_are_not_believed() -> None:
    two_codes = f"Mari Tamm;{MARI}\nMari Kask;{JAAN}"
    one_code = f"Mari Tamm;{FIRM}\nKivimägi Aiand OÜ;{FIRM}"
    assert states(two_codes) == [(PastedState.TWICE, (2,))] * 2
    assert states(one_code) == [(PastedState.TWICE, (2,)), (PastedState.TWICE, (5,))]
    assert states(f"Mari Tamm;{MARI}\nMari Tamm;{MARI}") == [(PastedState.FITS, (2,))]
