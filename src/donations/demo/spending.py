"""The treasurer says what costs were for, payee by payee, and lets the public see it."""

from __future__ import annotations

from datetime import datetime, timedelta

from donations.core.payment import PaymentId
from donations.core.spending import BANKS_OWN, CategoryId, the_bank
from donations.store.session import WriteSession, as_reader
from donations.store.spending.categories import add_category, keep_payee_categories
from donations.store.spending.categorising import categorise_payees, categorise_payment
from donations.store.spending.costs import costs

_WAGES, _ROOMS, _PRINT, _OFFICE, _BANK = (
    "Töötasud koos maksudega",
    "Ruumid",
    "Trükk ja post",
    "Arvutid ja tarvikud",
    "Pangatasud",
)
_TEXTS = {"Palk": _WAGES, "Maksud": _WAGES, "Ruumi üür": _ROOMS, "Ajakirja trükk": _PRINT, "Arve": _OFFICE}
"""How the texts of costs begin."""
_STAMPS, _STAMPS_LEFT = "Margid", timedelta(days=60)
"""Somebody looks at these one by one, and the newest are left to the visitor."""


def make_categories(session: WriteSession, *, by: str, now: datetime) -> dict[str, CategoryId]:
    """Make the categories, and give the bank its own."""
    names = (_WAGES, _ROOMS, _PRINT, _OFFICE, _BANK)
    made = {name: add_category(session, name, pays_people=name == _WAGES, by=by, at=now) for name in names}
    keep_payee_categories(session, dict.fromkeys(map(the_bank, BANKS_OWN), made[_BANK]), by=by, at=now)
    return made


def categorise(session: WriteSession, made: dict[str, CategoryId], *, by: str, now: datetime) -> None:
    """Give every payee that the texts tell a category, as one does who sits down to it."""
    wanted: dict[PaymentId, CategoryId | None] = {}
    for each in costs(as_reader(session)):
        text = "" if each.content is None else each.content.text
        name = next((name for begin, name in _TEXTS.items() if text.startswith(begin)), None)
        if each.category is None and name is not None:
            wanted[each.payment] = made[name]
        elif each.category is None and text == _STAMPS and each.booked_on < now.date() - _STAMPS_LEFT:
            categorise_payment(session, each.payment, made[_PRINT], by=by, at=now)
    categorise_payees(session, wanted, by=by, at=now)
