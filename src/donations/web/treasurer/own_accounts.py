"""What own accounts are called on the pages, and what is under way between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from donations.core.payment import PaymentId
from donations.ledger.transfers import UnderWay, Waits
from donations.reports.telling import Phrase
from donations.reports.under_way import sides_said, waits_said
from donations.store.donors import people
from donations.store.session import ReadSession
from donations.web.formats import account


def names_of(session: ReadSession) -> dict[str, str]:
    """Return the names by number; the number itself where a person gave no name."""
    return {row.number: row.name for row in people.accounts(session)}


def called(names: Mapping[str, str]) -> Callable[[str], str]:
    """Return what tells an own account's name by its number, with its last digits where two have the same name."""
    often = Counter(names.values())

    def call(number: str) -> str:
        name = names.get(number, number)
        if name == number:
            return account(number)
        return name if often[name] == 1 else f"{name} …{number[-4:]}"

    return call


class UnderWayView(NamedTuple):
    """A transfer of which one side is not in the books."""

    payment: PaymentId
    sides: Phrase
    waits: Phrase
    is_late: bool


def under_way_views(found: Iterable[UnderWay], names: Mapping[str, str]) -> list[UnderWayView]:
    """Return transfers in words."""
    call = called(names)
    return [
        UnderWayView(
            each.side.payment, sides_said(each, call), waits_said(each, call), is_late=each.waits is Waits.LATE
        )
        for each in found
    ]
