"""A keyword's cases, word by word beside those that a dictionary knows, and nothing that makes another word of it.

`word_forms.tsv` was made with Vabamorf (EstNLTK 1.7.5) and pymorphy3 2.0: all cases of both numbers, and the abessives.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from donations.core.keyword import Forms, Keyword, forms_of, parse_keyword

with Path(__file__).with_name("word_forms.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = [(row["word"], row["forms"].split(), row["denying"].split()) for row in csv.DictReader(file, delimiter="\t")]


@pytest.mark.parametrize(("word", "forms", "denying"), ROWS, ids=[row[0] for row in ROWS])
def test_every_case_is_made(word: str, forms: list[str], denying: list[str]) -> None:
    made = forms_of(parse_keyword(word))
    assert set(forms) - set(made.accepted) == set()
    assert set(denying) - set(made.denying) == set()
    assert not set(made.accepted) & set(made.denying)
    assert len(set(made.accepted)) == len(made.accepted)


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("annetus", "annetuskarp annetusloterii annetusleping annetuslik annetaja annetusmets annetuseta annetusteta"),
        ("raha", "rahandus rahakott rahata"),
        ("abi", "abielu abikaasa abita"),
        ("fond", "fondivalitseja fondijuht"),
        ("donation", "donationware donationbox"),
        ("пожертвование", "пожертвователь пожертвовать"),
        ("помощь", "помощник"),
    ],
)
def test_no_other_word_is_made(word: str, others: str) -> None:
    assert set(forms_of(parse_keyword(word)).accepted).isdisjoint(others.split())


def test_english_has_its_plural_and_no_estonian_cases() -> None:
    assert forms_of(parse_keyword("donation")) == Forms(Keyword("donation"), ("donation", "donations"))


@pytest.mark.parametrize(
    ("keyword", "form"),
    [
        ("talvine abi", "talvine abile"),
        ("e-annetus", "e-annetuse"),
        ("podcast 26", "podcast 26"),
        ("charity", "charities"),
        ("konkurss", "konkursi"),
        ("laager", "laagrile"),
    ],
)
def test_of_several_words_the_last_one_changes(keyword: str, form: str) -> None:
    assert form in forms_of(parse_keyword(keyword)).accepted


def test_what_people_add_is_a_form_and_denies_no_more() -> None:
    forms = forms_of(parse_keyword("laps")).with_more(["lastele", "lapseta"])
    assert {"lastele", "lapseta"} <= set(forms.accepted)
    assert "lapseta" not in forms.denying
