"""What the values of this room are made of: frozen, strict, each its own document; and a report as one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Generic, Literal, Self, TypeVar
from unicodedata import digit

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from donations.core.iban import AccountNumber, UnverifiedAccount
from donations.core.money import Currency, Minor, decimal_text
from donations.core.person_code import UnverifiedCode, parse_code

Item = TypeVar("Item")
_NO_BREAK = "\N{NO-BREAK SPACE}"
_PERHAPS_CODE = re.compile(r"(?<!\d)\d(?:\s?\d){10}(?!\d)")
"""Eleven digits, perhaps broken where the bank's column ends, and perhaps other digits than 0 to 9."""


class View(BaseModel):
    """A thing as it is shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def made_of(cls, thing: object, **more: Any) -> Self:
        """Return a thing as it is shown: what is not given is what it has under the same name."""
        return cls(**{name: getattr(thing, name) for name in cls.model_fields if name not in more}, **more)

    def document(self) -> dict[str, Any]:
        """Return it as plain values for JSON: money in minor units, days as ISO 8601, times in UTC."""
        return self.model_dump(mode="json")


class Money(View):
    """An amount. Money in is positive, money out negative, where the field says that it has a direction."""

    minor: int = Field(description="Whole minor units: cents for EUR. Never a decimal number.")
    currency: str = Field(description="ISO 4217 letter code.", pattern="^[A-Z]{3}$")


class ListOf(View, Generic[Item]):
    """Things in their order; long lists come a page at a time."""

    items: list[Item]
    next: str | None = Field(default=None, description="The cursor of the next page; null on the last one.")


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


def written_amount(minor: Minor, currency: Currency) -> str:
    """Return minor units as people read them, `12 345,60 €`; the spaces do not break and a minus is a minus sign."""
    whole, mark, fraction = decimal_text(abs(minor), currency).partition(".")
    groups = f"{int(whole):,}".replace(",", _NO_BREAK)
    sign = "\N{MINUS SIGN}" if minor < 0 else ""
    return f"{sign}{groups}{mark and ','}{fraction}{_NO_BREAK}{'€' if currency == 'EUR' else currency}"


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


CellValue = Money | int | str | None


class ColumnView(View):
    """A column of a report."""

    key: str
    heading: str
    kind: Literal["text", "day", "minor", "count", "currency"]


class NoteView(View):
    """Something a reader must know to read the figures right."""

    code: str
    text: str


class ReportView(View):
    """A report; rows have one value for each column, by its key."""

    title: str
    columns: list[ColumnView]
    rows: list[dict[str, CellValue]]
    totals: list[dict[str, CellValue]] = Field(description="One for each currency.")
    notes: list[NoteView]
    next: str | None = Field(default=None, description="The cursor of the next page; null where there is none.")
