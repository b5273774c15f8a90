"""Names of one owner, as banks and people write them."""

from __future__ import annotations

import pytest

from donations.core.name import is_owner


@pytest.mark.parametrize(
    ("owner", "payee"),
    [
        ("MTÜ Vikerkaar", "MTÜ Vikerkaar"),
        ("VIKERKAAR MTU", "MTÜ Vikerkaar"),
        ("Mittetulundusühing Vikerkaar", "MTÜ Vikerkaar"),
        ("SA Niidufond", "Sihtasutus Niidufond"),
        ("", "MTÜ Vikerkaar"),
        ("MTÜ Vikerkaar", ""),
        ("Eesti Looduse ja Keskkonna", "Eesti Looduse ja Keskkonna Hariduse Selts MTÜ"),
    ],
)
def test_one_owner(owner: str, payee: str) -> None:
    assert is_owner(owner, payee)
    assert is_owner(payee, owner)


@pytest.mark.parametrize(
    ("owner", "payee"),
    [
        ("Mari Maasikas", "MTÜ Vikerkaar"),
        ("MTÜ Vikerkaare", "MTÜ Vikerkaar"),
        ("MTÜ Vikerkaar", "SA Vikerkaar"),
        ("Vikerkaar", "MTÜ Vikerkaar"),
        ("Eesti Looduse Ühing Tartu", "Eesti Looduse ja Keskkonna Hariduse Selts MTÜ"),
    ],
)
def test_another_owner(owner: str, payee: str) -> None:
    assert not is_owner(owner, payee)
