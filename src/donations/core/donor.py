"""Who gives and what for: donors, the claims that recognise them, and appeals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NewType

from donations.core.iban import ValidIban
from donations.core.keyword import Forms, Keyword
from donations.core.name import NameKey
from donations.core.person_code import CheckedCode
from donations.core.reference import Reference

DonorId = NewType("DonorId", int)
AppealId = NewType("AppealId", int)


@dataclass(frozen=True, slots=True)
class CodeClaim:
    """A donor is whoever has this checked personal or registry code."""

    code: CheckedCode


@dataclass(frozen=True, slots=True)
class PayerClaim:
    """A donor is whoever pays from this account under this name."""

    iban: ValidIban
    name: NameKey


Claim = CodeClaim | PayerClaim


ANONYMOUS = DonorId(1)
"""The one anonymous donor, there from the first migration on."""


class DonorKind(StrEnum):
    """What a donor is: Estonian tax reports tell the two apart."""

    PERSON = "person"
    ORGANISATION = "organisation"


LEGAL_FORMS = (
    "ou",
    "as",
    "mtu",
    "sa",
    "uu",
    "tu",
    "tuh",
    "oy",
    "oyj",
    "ab",
    "sia",
    "uab",
    "gmbh",
    "ag",
    "ltd",
    "llc",
    "inc",
)
"""Words, folded as names are, that say that a name is an organisation's: Estonian legal forms and frequent others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Donor:
    """A person or an organisation that gives; the bank's spelling of the name."""

    id: DonorId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """What is being collected for; owns keywords and reference numbers."""

    id: AppealId
    name: str
    keywords: tuple[Keyword, ...]
    references: tuple[Reference, ...] = ()
    forms: tuple[Forms, ...] = ()
    """The cases of its keywords as they were kept; those of other keywords are made by rule."""
    last_day: date | None = None
    """Of payments after it nothing names the appeal any more; None: it goes on."""
    last_days: tuple[tuple[Keyword, date], ...] = ()
    """Of keywords that ended before their appeal."""

    def goes_on(self, day: date) -> bool:
        """Whether it is still collected for."""
        return self.last_day is None or day <= self.last_day

    def last_day_of(self, keyword: Keyword) -> date | None:
        """Return the last day of a keyword itself."""
        return dict(self.last_days).get(keyword)

    def named_on(self, day: date) -> Appeal:
        """Return the appeal with what names it in payments of a day."""
        ended = {word for word, last in self.last_days if last < day} if self.goes_on(day) else {*self.keywords}
        return replace(
            self,
            keywords=tuple(word for word in self.keywords if word not in ended),
            references=self.references if self.goes_on(day) else (),
            forms=tuple(each for each in self.forms if each.keyword not in ended),
        )


def offered_on(appeals: tuple[Appeal, ...], day: date) -> tuple[Appeal, ...]:
    """Return what a gift of a day may be answered with: appeals that go on, or all where none does."""
    return tuple(each for each in appeals if each.goes_on(day)) or appeals
