"""Usual transactions of OFX: where their words (all but amount, days and ids) were read before, only these are new.

Any other transaction is read by the library, which is the definition; what comes of it is remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from donations.core.lines import Saying, StatedLine
from donations.core.money import Currency, Minor
from donations.core.problem import Refused
from donations.core.statement import IdScheme, stated_ids
from donations.readers import ofx_fields as fields
from donations.readers.ofx_text import IN_TRANSACTION, MARKUP, Tag, value_of

_WRITTEN_MAX = 10_000
"""Characters of a transaction; no usual one has as many."""
_TEXT_MAX = 100
_SHAPES_MAX = 200
_KNOWN_MAX = 30_000
_OWN = ("TRNAMT", "DTPOSTED", "FITID", "CHECKNUM", "DTAVAIL")
"""Values that a transaction does not share with others."""
_UNREAD = frozenset({"DTUSER", "SRVRTID"})
_NEVER = frozenset({"CORRECTFITID", "CORRECTACTION"})

Pick = Callable[[list[str]], tuple[str, ...]]
Reads = Callable[[str, Currency], Minor]
"""Reads an amount by the convention of the file; raises `Refused`."""


class _Shape(NamedTuple):
    """Where the values of transactions stand that have the same tags, and values in the same places."""

    number: int
    own: Pick
    words: Pick


class TransactionWords(NamedTuple):
    """A transaction that may be usual, in its pieces."""

    tags: tuple[object, ...]
    names: list[str]
    """The name of each tag, in capitals; with a slash before it at its end."""
    texts: list[str]


def cut(content: str) -> TransactionWords | None:
    """Return a transaction in its pieces, where it has only tags that stand in transactions."""
    if len(content) > _WRITTEN_MAX:
        return None
    parts = MARKUP.split(content)
    if not IN_TRANSACTION.issuperset(parts[2::4]) or parts[0].strip():
        return None
    texts = list(map(str.strip, parts[4::4]))
    tags = (*parts[1::4], *parts[2::4], *parts[3::4], *map(bool, texts))
    return TransactionWords(tags, parts, [*texts, ""])


class UsualTransactions:
    """The lines of the usual transactions of one statement."""

    def __init__(self, read: Reads) -> None:
        """Have read none yet."""
        self._read = lru_cache(maxsize=10_000)(read)
        self._shapes: dict[tuple[object, ...], _Shape | None] = {}
        self._said: dict[tuple[int, tuple[str, ...]], tuple[Saying, bool]] = {}

    def line(self, row: int, written: TransactionWords) -> StatedLine | None:
        """Return the line of a transaction whose words were read before; None where the definition has to read it."""
        shape = self._shapes.get(written.tags)
        known = shape and self._said.get((shape.number, shape.words(written.texts)))
        if shape is None or known is None:
            return None
        saying, is_in = known
        own = shape.own(written.texts)
        if max(map(len, own)) > _TEXT_MAX:
            return None
        amount, posted, number, check_number, available = map(value_of, own)
        booked_on = _day(posted)
        try:
            minor = self._read(amount, saying.currency)
        except Refused:
            return None
        if booked_on is None or not number or minor == 0 or (minor > 0) != is_in:
            return None
        ids = stated_ids((IdScheme.FITID, number.strip()), (IdScheme.INSTRUCTION, check_number.strip()))
        return StatedLine(row, booked_on, minor, saying, *ids, _day(available))

    def learn(self, written: TransactionWords, tag: Tag, line: StatedLine) -> None:
        """Remember what the definition has read."""
        if written.tags not in self._shapes and len(self._shapes) < _SHAPES_MAX:
            self._shapes[written.tags] = _shape_of(written, tag, number=len(self._shapes))
        shape = self._shapes.get(written.tags)
        if shape is not None:
            if len(self._said) >= _KNOWN_MAX:
                self._said.clear()
            self._said[shape.number, shape.words(written.texts)] = line.saying, line.minor > 0


def _shape_of(written: TransactionWords, tag: Tag, *, number: int) -> _Shape | None:
    """Return where the values stand; None where one of a transaction's own is not the only one, or inside another."""
    names = [name.upper() for slash, name in zip(written.names[1::4], written.names[2::4], strict=True) if not slash]
    begins = [at for at, slash in enumerate(written.names[1::4]) if not slash]
    places = dict(zip(names, begins, strict=True))
    values = tag.values()
    stated = {name: [value_of(written.texts[places[name]])] for name in _OWN if name in places}
    if not _NEVER.isdisjoint(names) or any(names.count(name) > 1 for name in stated):
        return None
    if any(values[name] != each for name, each in stated.items()):
        return None
    words = [at for name, at in zip(names, begins, strict=True) if name not in _OWN and name not in _UNREAD]
    return _Shape(number, itemgetter(*(places.get(name, -1) for name in _OWN)), itemgetter(*words, -1, -1))


@lru_cache(maxsize=10_000)
def _day(text: str) -> date | None:
    return fields.day(text)
