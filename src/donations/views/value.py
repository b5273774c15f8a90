"""What the values of this room are made of: frozen, strict, and each its own document, the same on API and terminal."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Annotated, Any
from unicodedata import digit

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from donations.core.iban import AccountNumber, UnverifiedAccount
from donations.core.money import Minor
from donations.core.person_code import UnverifiedCode, parse_code

_PERHAPS_CODE = re.compile(r"(?<!\d)\d(?:\s?\d){10}(?!\d)")
"""Eleven digits, perhaps broken where the bank's column ends, and perhaps other digits than 0 to 9."""


class View(BaseModel):
    """A thing as it is shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def document(self) -> dict[str, Any]:
        """Return it as plain values for JSON: money in minor units, days as ISO 8601, times in UTC."""
        return self.model_dump(mode="json")


class Money(View):
    """An amount. Money in is positive, money out negative, where the field says that it has a direction."""

    minor: int = Field(description="Whole minor units: cents for EUR. Never a decimal number.")
    currency: str = Field(description="ISO 4217 letter code.", pattern="^[A-Z]{3}$")


class Named(View):
    """A donor or an appeal."""

    id: int
    name: str


def money(minor: Minor, currency: str) -> Money:
    """Return an amount as it is shown."""
    return Money(minor=minor, currency=currency)


def money_by_currency(sums: Iterable[tuple[str, Minor]]) -> list[Money]:
    """Return sums, one for each currency: different ones are never added."""
    return [money(minor, currency) for currency, minor in sums]


def number_of(account: AccountNumber | None) -> str:
    """Return an account's number as it is kept, empty where there is none."""
    return account.text if isinstance(account, UnverifiedAccount) else account or ""


def without_codes(text: str) -> str:
    """Return a text with the personal codes in it made unreadable: donors are asked to write theirs there."""
    return _PERHAPS_CODE.sub(_unreadable, text)


def _unreadable(found: re.Match[str]) -> str:
    digits = "".join(str(digit(each)) for each in found[0] if not each.isspace())
    is_code = not isinstance(parse_code(digits), UnverifiedCode)
    return re.sub(r"\d", "•", found[0]) if is_code else found[0]


Written = Annotated[str, PlainSerializer(without_codes, return_type=str, when_used="json")]
"""What a bank or a person wrote: people read it as it is; in documents the personal codes in it are unreadable."""


def digest_of(result: object) -> str:
    """Return what a preview promises of a result: another result has another digest."""
    return hashlib.sha256(repr(result).encode()).hexdigest()
