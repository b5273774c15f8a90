"""What own accounts are called on the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from donations.store.donors import people
from donations.store.session import ReadSession
from donations.views.formats import account


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
