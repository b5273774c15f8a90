"""How a table is read that no bank of ours is known to write: which column means what, as a person said.

A file goes into the books together with what was said of it (`said_of`), so that whoever reads it again reads the same.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

TABLE_FORMAT = "table"
"""What such files are called among the formats."""
MAGIC = b"donations-table/1 "
"""What a file begins with of which its columns were said."""
COLUMNS_MAX, NAME_MAX = 60, 200
SEPARATORS = (";", ",", "\t", "|")


class ColumnMeaning(StrEnum):
    """What a column says."""

    DAY = "day"
    AMOUNT = "amount"
    MONEY_IN = "money_in"
    MONEY_OUT = "money_out"
    DIRECTION = "direction"
    CURRENCY = "currency"
    OWN_ACCOUNT = "own_account"
    NAME = "name"
    ACCOUNT = "account"
    CODE = "code"
    TEXT = "text"
    REFERENCE = "reference"
    BANK_ID = "bank_id"
    BALANCE = "balance"


MONEY = (ColumnMeaning.AMOUNT, ColumnMeaning.MONEY_IN, ColumnMeaning.MONEY_OUT, ColumnMeaning.BALANCE)
"""Columns of amounts."""
MARKS = (",", ".")
"""What stands before decimals."""


class DayOrder(StrEnum):
    """In which order a date stands in figures."""

    YEAR_FIRST = "year_first"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class LayoutFault(StrEnum):
    """Why a table cannot be read so."""

    NO_DAY = "no_day"
    NO_AMOUNT = "no_amount"
    TWO_AMOUNTS = "two_amounts"
    TWICE = "twice"
    NO_ORDER = "no_order"
    NO_MARK = "no_mark"
    NO_DIRECTION = "no_direction"
    NO_SIGN = "no_sign"
    NO_CURRENCY = "no_currency"
    NO_ACCOUNT = "no_account"


class BadLayoutError(ValueError):
    """A text is no layout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """What every table with these headings means; it names nobody."""

    heading: tuple[str, ...]
    """The names of the columns in their normal form; each empty where the table has no heading."""
    separator: str
    meanings: tuple[ColumnMeaning | None, ...]
    days: DayOrder
    mark: str
    """Before decimals: a comma or a point."""
    money_in: str = ""
    """What the column of the direction says where money came in."""
    money_out: str = ""
    currency: str = ""
    """Where no column says it."""

    @property
    def fingerprint(self) -> str:
        """Return by what the next table of this kind is known: its heading, or the number of its columns."""
        return fingerprint(self.heading, self.separator)

    def places(self, meaning: ColumnMeaning) -> list[int]:
        """Return where columns of this meaning stand."""
        return [at for at, each in enumerate(self.meanings) if each is meaning]

    def place(self, meaning: ColumnMeaning) -> int | None:
        """Return where the column of this meaning stands."""
        return next(iter(self.places(meaning)), None)

    def faults(self) -> tuple[LayoutFault, ...]:
        """Return why nothing can be read so."""
        count = Counter(self.meanings)
        halves = count[ColumnMeaning.MONEY_IN] + count[ColumnMeaning.MONEY_OUT]
        twice = any(n > 1 for each, n in count.items() if each not in {None, ColumnMeaning.TEXT})
        says_direction = bool(self.money_in and self.money_out and self.money_in != self.money_out)
        found = {
            LayoutFault.NO_DAY: not count[ColumnMeaning.DAY],
            LayoutFault.NO_AMOUNT: not count[ColumnMeaning.AMOUNT] and not halves,
            LayoutFault.TWO_AMOUNTS: bool(halves and (count[ColumnMeaning.AMOUNT] or count[ColumnMeaning.DIRECTION])),
            LayoutFault.TWICE: twice,
            LayoutFault.NO_DIRECTION: bool(count[ColumnMeaning.DIRECTION]) and not says_direction,
            LayoutFault.NO_CURRENCY: not count[ColumnMeaning.CURRENCY] and not self.currency,
        }
        return tuple(each for each, is_so in found.items() if is_so)

    def text(self) -> str:
        """Return it as one line of JSON, the same for the same layout."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def of_text(cls, text: str) -> TableLayout:
        """Return the layout that a text holds; raises `BadLayoutError` for anything else."""
        try:
            found = cls._of(json.loads(text))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise BadLayoutError from error
        if found.faults():
            raise BadLayoutError
        return found

    @classmethod
    def _of(cls, said: Mapping[str, Any]) -> TableLayout:
        heading, meanings = tuple(map(_short, said["heading"])), tuple(said["meanings"])
        if not 2 <= len(heading) == len(meanings) <= COLUMNS_MAX:
            raise BadLayoutError
        if said["separator"] not in {*SEPARATORS, ""} or said["mark"] not in {",", "."}:
            raise BadLayoutError
        words = {name: _short(said.get(name, "")) for name in ("money_in", "money_out", "currency")}
        return cls(
            heading=heading,
            separator=said["separator"],
            meanings=tuple(None if each is None else ColumnMeaning(each) for each in meanings),
            days=DayOrder(said["days"]),
            mark=said["mark"],
            **words,
        )


def _short(text: object) -> str:
    if not isinstance(text, str) or len(text) > NAME_MAX:
        raise BadLayoutError
    return text


def fingerprint(heading: tuple[str, ...], separator: str) -> str:
    """Return sixteen figures by which tables of one heading are known."""
    return hashlib.sha256(json.dumps([heading, separator]).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLook:
    """What one column of a table shows before anybody says what it means."""

    name: str
    """As it is written; empty where the table has no heading."""
    samples: tuple[str, ...]
    orders: tuple[DayOrder, ...]
    """In which all of its cells are dates."""
    marks: tuple[str, ...]
    """With which all of its cells are amounts."""
    is_open: bool
    """Whether these marks make other amounts of it."""
    is_signed: bool
    """Whether a minus stands in it."""
    words: tuple[str, ...]
    """Its different cells, where they are two or three."""
    proposed: ColumnMeaning | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLook:
    """A table as it stands: how it is cut into columns, and what they show."""

    separator: str
    heading: tuple[str, ...]
    """In their normal form."""
    columns: tuple[ColumnLook, ...]
    rows: int

    @property
    def fingerprint(self) -> str:
        """Return by what a layout for it is kept."""
        return fingerprint(self.heading, self.separator)

    def orders(self, meanings: Sequence[ColumnMeaning | None]) -> tuple[DayOrder, ...]:
        """Return in which orders the dates can stand, where the columns mean this."""
        return next((each.orders for each in self._meaning(meanings, ColumnMeaning.DAY)), ())

    def marks(self, meanings: Sequence[ColumnMeaning | None]) -> tuple[str, ...]:
        """Return which marks can stand before decimals; one of them where it makes no difference."""
        money = [each for each in self._meaning(meanings, *MONEY) if each.samples]
        found = tuple(mark for mark in MARKS if money and all(mark in each.marks for each in money))
        return found if any(each.is_open for each in money) else found[:1]

    def says_direction(self, meanings: Sequence[ColumnMeaning | None]) -> bool:
        """Whether the table tells money out from money in: one without any minus may have said it in words."""
        amounts = self._meaning(meanings, ColumnMeaning.AMOUNT)
        return ColumnMeaning.DIRECTION in meanings or all(each.is_signed for each in amounts)

    def words(self, meanings: Sequence[ColumnMeaning | None]) -> tuple[str, ...]:
        """Return the words of the direction."""
        return next((each.words for each in self._meaning(meanings, ColumnMeaning.DIRECTION)), ())

    def _meaning(self, meanings: Sequence[ColumnMeaning | None], *wanted: ColumnMeaning) -> list[ColumnLook]:
        return [each for each, meaning in zip(self.columns, meanings, strict=True) if meaning in wanted]

    def text(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of_text(cls, text: str) -> TableLook:
        """Return the look that a text holds; raises `BadLayoutError`."""
        try:
            said = json.loads(text)
            columns = tuple(
                ColumnLook(
                    name=_short(each["name"]),
                    samples=tuple(map(_short, each["samples"])),
                    orders=tuple(map(DayOrder, each["orders"])),
                    marks=tuple(map(_short, each["marks"])),
                    is_open=bool(each["is_open"]),
                    is_signed=bool(each["is_signed"]),
                    words=tuple(map(_short, each["words"])),
                    proposed=None if each["proposed"] is None else ColumnMeaning(each["proposed"]),
                )
                for each in said["columns"]
            )
            heading = tuple(map(_short, said["heading"]))
            return cls(separator=_short(said["separator"]), heading=heading, columns=columns, rows=int(said["rows"]))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise BadLayoutError from error


def said_of(content: bytes, layout: TableLayout, *, account: str) -> bytes:
    """Return a file with what was said of it: its layout, and whose account it is of where no column says that."""
    said = json.dumps({"account": account, "layout": layout.text()}, ensure_ascii=False, sort_keys=True)
    return MAGIC + said.encode() + b"\n" + content


def what_was_said(content: bytes) -> tuple[TableLayout, str, bytes]:
    """Return layout, own account, and the file itself; raises `BadLayoutError`."""
    head, _, rest = content.removeprefix(MAGIC).partition(b"\n")
    try:
        said = json.loads(head)
        return TableLayout.of_text(said["layout"]), _short(said["account"]), rest
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadLayoutError from error
