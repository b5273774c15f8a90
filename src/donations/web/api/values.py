"""The values that requests to the API are made of; answers are made of `donations.views`."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

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


class SentByProgram(BaseModel):
    """What a program sends: nothing is guessed, and a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
