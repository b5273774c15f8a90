"""Which names are proposed as one donor's, and which never are."""

from __future__ import annotations

import pytest

from donations.core.donor import DonorId
from donations.core.name import name_key
from donations.matching.likeness import Likeness, alike_by_name, alike_on_one_account


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Mari Mets", "METS, Mari", Likeness.SAME_NAME),
        ("Õnne Küünal", "Onne Kuunal", Likeness.SAME_NAME),
        ("Олег Иванов", "Oleg Ivanov", Likeness.SAME_NAME),
        ("Rohutirts OÜ", "OÜ Rohutirts", Likeness.SAME_NAME),
        ("Rohutirts OÜ", "Rohutirts", Likeness.SAME_NAME),
        ("M. Mets", "Mari Mets", Likeness.INITIAL),
        ("Mari-Liis Mets", "Mari Liis Mets", Likeness.SAME_NAME),
        ("Mari-Liis Mets", "Mari Mets", None),
        ("Mari Metsoja", "Mari Metsooja", Likeness.ONE_LETTER),
        ("Mari Metsoja", "Mari Mestoja", Likeness.ONE_LETTER),
        ("Mari Metsoja", "Mari Metsaja", Likeness.ONE_LETTER),
        ("Mari Tamm", "Mart Tamm", None),
        ("Mari Tamm", "Jaan Tamm", None),
        ("Mari Tamm", "Tamm", None),
        ("Mari Tamm", "Mari Liis Tamm Kask", None),
        ("M. Mets", "Jaan Mets", None),
        ("Mari", "Mari", None),
    ],
)
def test_names_alike(one: str, other: str, likeness: Likeness | None) -> None:
    pair = DonorId(2), DonorId(3)
    for names in ((one, other), (other, one)):
        found = alike_by_name(dict(zip(pair, map(name_key, names), strict=True)))
        assert found == ({} if likeness is None else {pair: likeness})


def test_a_name_that_a_crowd_has_is_no_sign() -> None:
    assert alike_by_name({DonorId(number): name_key("Mari Tamm") for number in range(2, 100)}) == {}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Yuliya Ivanova", "Iuliia Ivanova", True),
        ("Mari Mets", "M Mets", True),
        ("Mari Mets", "Mari Mets Kask", True),
        ("Anna Novikova", "Vaino Novikov", False),
        ("Kersti Strand", "Erik Strand", False),
        ("Mari Tamm", "Jaan Tamm", False),
        ("Mari Tamm", "Jaan Saar", False),
        ("Mari Tamm", "", False),
    ],
)
def test_names_alike_on_one_account(one: str, other: str, *, alike: bool) -> None:
    assert alike_on_one_account(name_key(one), name_key(other)) is alike
