"""What an act refuses: a code with its sentences, the kind that each face answers by, and the facts that fill them.

The codes stand in `core/refusals`, by subject. Each face has one place that tells them: `web/refused.py` for pages,
`web/api/problems.py` for programs, `cli/show.py` for the terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from donations.core.calendar import Month
from donations.core.language import N_
from donations.core.money import Balance

UNCHANGED = N_("Nothing was changed.")
NOT_IMPORTED = N_("Nothing was imported.")
NOTHING_TO_DO = N_("There is nothing left to do.")

Fact = str | int | date | Month | Balance
"""What fills a place in the sentences: no person's name, personal code, whole account number or text of a bank."""


class RefusalKind(Enum):
    """Whose turn it is now: faces make a status of HTTP or of the terminal of it."""

    WRONG_INPUT = auto()
    """What was given cannot be meant, whatever the books hold."""
    ABSENT = auto()
    CONFLICT = auto()
    """It does not fit the books as they are now."""
    NOT_ALLOWED = auto()
    BUSY = auto()
    """It may go well in a moment, or once somebody looked after the computer."""
    UNFORESEEN = auto()


class RefusalCode(Enum):
    """A stable code (its name in small letters): kind, what happened, what to do, and what it means for the money."""

    def __init__(self, kind: RefusalKind, what: str, remedy: str, money: str = UNCHANGED) -> None:
        """Keep the kind and the sentences: templates for `format`, marked for translation."""
        self.kind = kind
        self.what = what
        self.remedy = remedy
        self.money = money

    def __str__(self) -> str:
        """Return the code as programs see it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalInWords:
    """A refusal in the words of a language."""

    code: str
    what: str
    money: str
    remedy: str

    def __str__(self) -> str:
        """Return all of it in a row."""
        return f"{self.what} {self.money} {self.remedy} ({self.code})"

    def document(self) -> dict[str, str]:
        """Return what programs are told by the API and on the terminal (RFC 9457)."""
        return {
            "code": self.code,
            "title": self.what,
            "detail": f"{self.what} {self.remedy}",
            "money": self.money,
            "remedy": self.remedy,
        }


class Refusal(Exception):  # noqa: N818 - the word the product uses
    """What was wanted is refused; nothing was changed. `code` says why, and `facts` fill its sentences."""

    def __init__(self, code: RefusalCode, **facts: Fact) -> None:
        """Keep both."""
        self.code = code
        self.facts: Mapping[str, Fact] = facts
        super().__init__(str(code))

    def translated(self, translate: Callable[[str], str] = str, write: Callable[[Fact], str] = str) -> RefusalInWords:
        """Say it in a language, with facts as the face writes days and amounts; without any, in English as ISO 8601."""
        facts = {name: write(fact) for name, fact in self.facts.items()}
        what, money, remedy = (
            translate(each).format(**facts) for each in (self.code.what, self.code.money, self.code.remedy)
        )
        return RefusalInWords(code=str(self.code), what=what, money=money, remedy=remedy)
