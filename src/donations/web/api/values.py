"""The values that requests and answers of the API are made of."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any
from unicodedata import digit

from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from donations.core.iban import UnverifiedAccount
from donations.core.money import Minor
from donations.core.payment import Payment
from donations.core.person_code import UnverifiedCode, parse_code
from donations.store.ids import ID_MAX


def _digits(text: object) -> object:
    """Let a number be written one way; the framework would take `1.0` too."""
    if isinstance(text, str) and re.fullmatch(r"[1-9][0-9]*", text, re.ASCII) is None:
        raise ValueError("a number is written in digits")
    return text


Id = Annotated[int, Field(ge=1, le=ID_MAX)]
InPath = Annotated[int, BeforeValidator(_digits), Path(ge=1, le=ID_MAX)]
IdWanted = Annotated[int | None, BeforeValidator(_digits), Query(ge=1, le=ID_MAX)]


def _iso_day(text: object) -> object:
    """Let a day be written one way; the framework would take seconds since 1970 too."""
    if isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) is None:
        raise ValueError("a day is written as 2026-01-31")
    return text


Day = Annotated[date, BeforeValidator(_iso_day)]

PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""No control characters: PostgreSQL refuses one of them, and people see none."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=PLAIN, max_length=1_000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=PLAIN, max_length=140)]


_PERHAPS_CODE = re.compile(r"(?<!\d)\d(?:\s?\d){10}(?!\d)")
"""Eleven digits, perhaps broken where the bank's column ends, and perhaps other digits than 0 to 9."""


class Sent(BaseModel):
    """What a program sends: nothing is guessed, and a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Shown(BaseModel):
    """What a program gets."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Money(Shown):
    """An amount. Money in is positive, money out negative, where the field says that it has a direction."""

    minor: int = Field(description="Whole minor units: cents for EUR. Never a decimal number.")
    currency: str = Field(description="ISO 4217 letter code.", pattern="^[A-Z]{3}$")


def money(minor: Minor, currency: str) -> Money:
    """Return an amount for an answer."""
    return Money(minor=minor, currency=currency)


class Counterparty(Shown):
    """The other side of a payment, as the bank names it."""

    name: str = Field(description="Empty where the bank gives none.")
    account: str = Field(description="IBAN without blanks, or the number as the bank wrote it; empty without one.")
    account_is_valid: bool = Field(description="Whether the account is an IBAN with right check digits.")
    on_behalf_of: str = Field(description="Who really pays, where the bank says so.")
    has_code: bool = Field(description="Whether the bank gives a personal or registry code. The code is never told.")


def counterparty(payment: Payment) -> Counterparty:
    """Return the other side of a payment."""
    other = payment.counterparty
    is_written = isinstance(other.account, UnverifiedAccount)
    return Counterparty(
        name=other.name,
        account=other.account.text if isinstance(other.account, UnverifiedAccount) else other.account or "",
        account_is_valid=other.account is not None and not is_written,
        on_behalf_of=other.on_behalf_of,
        has_code=other.code is not None,
    )


def without_codes(text: str) -> str:
    """Return a text with the personal codes in it made unreadable: donors are asked to write theirs there."""
    return _PERHAPS_CODE.sub(_unreadable, text)


def _unreadable(found: re.Match[str]) -> str:
    digits = "".join(str(digit(each)) for each in found[0] if not each.isspace())
    is_code = not isinstance(parse_code(digits), UnverifiedCode)
    return re.sub(r"\d", "•", found[0]) if is_code else found[0]


def number_of(account: Any) -> str:
    """Return an own account's number as it is kept."""
    return str(getattr(account, "text", account))
