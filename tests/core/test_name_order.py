"""Names stand in lists as people look for them there."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.name_order import family_first, name_order

IN_ORDER = [
    "Anu Aas",
    "OÜ Aiand",
    "Mari-Liis Kask",
    "MARI-LIIS KASK",
    "Ülle Kask",
    "Kivimägi Aiand OÜ",
    "Näidis, Mari",
    "Mari Sepp",
    "Mari Šmidt",
    "Karl Zimmermann",
    "Karl Žukov",
    "Anu Tamm",
    "Jaan Tamm",
    "Jaan Tamm-Berg",
    "Toetajate Selts MTÜ",
    "Anna Weiß",
    "Õnne Õun",
    "Ants Ärm",
    "Ene Öö",
    "Uku Übius",
    "Anna Xu",
    "Иван Иванов",
]


def test_people_stand_by_family_name_and_organisations_by_their_own_as_estonians_spell() -> None:
    mixed = list(IN_ORDER)
    Random(1).shuffle(mixed)
    found = sorted(mixed, key=lambda name: (name_order(name), name.isupper()))
    assert found == IN_ORDER


def test_accents_of_others_do_not_count_and_spelling_does_not() -> None:
    assert name_order("Erki Bērziņš") == name_order("ERKI BERZIŅŠ")
    assert name_order("O\u0303nne Õun") == name_order("Õnne Õun")
    assert name_order("") == ("", "")


@given(st.text())
def test_any_name_has_a_place(name: str) -> None:
    assert name_order(name) == name_order(name)
    assert name_order(name.strip()) == name_order(name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Külli Nõmm", "Nõmm Külli"),
        ("Anna Maria von Saar", "Saar Anna Maria von"),
        ("Erki Sund-Bērziņš", "Sund-Bērziņš Erki"),
        ("Kivimägi Aiand OÜ", "Kivimägi Aiand OÜ"),
        ("Nõmm, Külli", "Nõmm, Külli"),
        ("Madonna", "Madonna"),
        ("", ""),
    ],
)
def test_files_are_named_by_family_name(name: str, shown: str) -> None:
    assert family_first(name) == shown
