"""Names are compared without order, case, accents and punctuation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.name import name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mari Näidis", "NÄIDIS MARI"),
        ("Mari Näidis", "Näidis, Mari"),
        ("Mari-Liis Näidis", "MARI LIIS NAIDIS"),
        ("Õnne Šveits", "Onne Sveits"),
        ("O\u0303nne", "Õnne"),
        ("Ma\u200bri", "Mari"),
        ("Mari\u2028Näidis", "Mari Näidis"),
        ("NÄIDIS OÜ", "OÜ Näidis"),
        ("Иван Пример", "Ivan Primer"),
        ("Weiß", "WEISS"),
    ],
)
def test_spellings_of_one_name_agree(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Mari Näidis", "Maris Näidis"), ("Mari", "Mari Mari"), ("Jaan Tamm", "Jaan")]
)
def test_different_names_differ(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["", " ", "-", "\u200b", "...", "\u0085"])
def test_a_name_may_be_no_name(name: str) -> None:
    assert not name_key(name)


@given(st.text())
def test_order_and_repetition_of_folding_change_nothing(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
    assert name_key(" ".join(reversed(name.split()))) == name_key(name)
