"""The shape of a usual entry of camt.053: what its tags are is worked out once, and its line made from its texts.

Entries of one bank have few shapes, and payers and texts come again. Of an entry whose shape is known and whose words
(all but amount, days, ids and parties) were read before, only these are new. Any other is read as `camt_entry` says,
which is the definition; what comes of it is remembered. An entry is written out by the parser that read it, so that it
has one form whatever the file's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from xml.sax.saxutils import unescape

from donations.core.iban import AccountNumber
from donations.core.lines import Saying, StatedLine
from donations.core.money import BadAmountError, Currency, Minor, parse_minor
from donations.core.statement import Counterparty, stated_ids
from donations.readers.camt_entry import ENTRY_REFERENCES, PAYMENT, REFERENCES, counterparty, entry_ids, payment_ids
from donations.readers.camt_fields import day_in
from donations.readers.camt_xml import BLANK, Item, Node, name_of_tag

_WRITTEN_MAX = 10_000
"""Characters of an entry; no usual one has as many."""
_TEXT_MAX = 100
"""Characters of an amount, a day or an id; no usual one has as many, and longer ones are not kept in memory."""
_SHAPES_MAX = 200
_KNOWN_MAX = 30_000
_DAYS = ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
_PARTY = ("RltdPties/", "RltdAgts/")
"""Of a payment: all that `counterparty` looks at."""
_UNREAD = "Refs/"
"""Of a payment: numbers that nobody reads stand there too."""
_ONCE = ("Amt", "TxDtls")
_NEVER = frozenset({"AmtDtls", "Btch", "Chrgs", "Rcrd", "RtrInf"})
"""Elements of entries whose amount is explained, or not, by others, and of returns; such an entry is never usual."""


Texts = Sequence[str]
Pick = Callable[[Texts], tuple[str, ...]]


@dataclass(slots=True)
class _Shape:
    """What the tags of an entry are, and where among its texts the ones that count stand."""

    number: int
    currency: list[str]
    nodes: list[tuple[str, int, str]] = field(default_factory=lambda: [("Ntry", 0, "")])
    """The entry and each group in it: its name, which of these it is in, and its path there."""
    leaves: list[tuple[int, str, int]] = field(default_factory=list)
    """Each text: which of the nodes has it, its path there, and where it stands; -1 for an empty one."""
    own: Pick = itemgetter(0, 0)
    """What no other entry shares: amount, days, ids of the payment, ids of the entry."""
    party: Pick = itemgetter(0, 0)
    """Who is on the other side."""
    words: Pick = itemgetter(0, 0)
    """All else."""

    def node(self, row: int, texts: Texts) -> Node:
        """Return what `node_of` makes of such an entry, but for the rows of what is inside it."""
        nodes = [Node(name, row, {}, {}) for name, _, _ in self.nodes]
        for node, (_, around, path) in zip(nodes[1:], self.nodes[1:], strict=True):
            nodes[around].groups.setdefault(path, []).append(node)
        for holder, path, at in self.leaves:
            nodes[holder].texts.setdefault(path, []).append(clean(texts[at]))
        nodes[0].texts["Amt@Ccy"] = self.currency
        return nodes[0]


class EntryWords(NamedTuple):
    """An entry of a usual shape."""

    shape: _Shape
    texts: Texts

    def node(self, row: int) -> Node:
        """Return it as a node; nobody asks for the rows of what is inside a usual entry."""
        return self.shape.node(row, self.texts)


_UNSEEN = _Shape(-1, [])


class Shapes:
    """The shapes of the entries of one file."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[tuple[str, ...], _Shape | None] = {}

    def cut(self, item: Item) -> EntryWords | None:
        """Return an entry of a usual shape in its pieces."""
        written = item.written()
        if len(written) > _WRITTEN_MAX:
            return None
        parts = written.replace(">", "<").split("<")
        tags, texts = tuple(parts[1::2]), parts[2::2]
        shape = self._known.get(tags, _UNSEEN)
        if shape is _UNSEEN:
            if len(self._known) >= _SHAPES_MAX:
                return None
            shape = self._known[tags] = _usual(tags, texts, item, number=len(self._known))
        return None if shape is None else EntryWords(shape, texts)


def _usual(tags: tuple[str, ...], texts: Texts, item: Item, *, number: int) -> _Shape | None:
    """Return the shape of an entry; None for one that is not usual, or that is not what `node_of` makes of it."""
    names = Counter(name_of_tag(tag) for tag in tags if not tag.startswith("/"))
    if not _NEVER.isdisjoint(names) or any(names[each] > 1 for each in _ONCE):
        return None
    entry = item.node()
    shape = _Shape(number, entry.values("Amt@Ccy"))
    _walk(shape, tags, item.groups)
    payment = next((at for at, each in enumerate(shape.nodes) if each[1:] == (0, PAYMENT)), -1)
    own = [(0, path) for path in ("Amt", *_DAYS)]
    own += [(payment, path) for path in REFERENCES] + [(0, path) for path in ENTRY_REFERENCES]
    found = [(holder, path) for holder, path, _ in shape.leaves if (holder, path) in own]
    if len(set(found)) < len(found) or _without_rows(shape.node(item.row, texts)) != _without_rows(entry):
        return None
    places = {(holder, path): at for holder, path, at in shape.leaves}
    shape.own = itemgetter(*(places.get(each, -1) for each in own))
    around = {at: f"{path}/" for at, (_, holder, path) in enumerate(shape.nodes) if holder == payment}
    words: list[int] = []
    party: list[int] = []
    for holder, path, at in shape.leaves:
        of_payment = path if holder == payment else around.get(holder, "")
        if of_payment.startswith(_PARTY):
            party.append(at)
        elif (holder, path) not in own and not of_payment.startswith(_UNREAD):
            words.append(at)
    shape.party, shape.words = itemgetter(*party, -1, -1), itemgetter(*words, -1, -1)
    return shape


def _walk(shape: _Shape, tags: tuple[str, ...], groups: frozenset[str]) -> None:
    """Note the nodes and leaves of an entry."""
    around = [(0, "")]
    for at, tag in enumerate(tags[1:-1], 1):
        if tag.startswith("/"):
            around.pop()
            continue
        holder, prefix = around[-1]
        name, is_empty = name_of_tag(tag), tag.endswith("/")
        path = prefix + name
        inside = (holder, path + "/")
        if name in groups:
            inside = (len(shape.nodes), "")
            shape.nodes.append((name, holder, path))
        elif is_empty or tags[at + 1].startswith("/"):
            shape.leaves.append((holder, path, -1 if is_empty else at))
        if not is_empty:
            around.append(inside)


def _without_rows(node: Node) -> tuple[Any, ...]:
    return node.name, node.texts, {path: list(map(_without_rows, each)) for path, each in node.groups.items()}


def clean(text: str) -> str:
    """Return a text as `node_of` has it."""
    return (unescape(text, {"&#13;": "\r"}) if "&" in text else text).strip(BLANK)


class UsualEntries:
    """The lines of the usual entries of one statement."""

    def __init__(self, own: AccountNumber | None) -> None:
        """Have read none yet; `own` is the account of the statement."""
        self._own = own
        self._said: dict[tuple[int, tuple[str, ...]], tuple[Saying, int]] = {}
        self._parties: dict[tuple[int, int, bool, tuple[str, ...]], Counterparty] = {}

    def line(self, row: int, written: EntryWords) -> StatedLine | None:
        """Return the line of an entry whose words were read before; None where the definition has to read it."""
        shape, texts = written
        known = self._said.get((shape.number, shape.words(texts)))
        if known is None:
            return None
        said, sign = known
        own = shape.own(texts)
        if max(map(len, own)) > _TEXT_MAX:
            return None
        amount, booked_dt, booked_dttm, value_dt, value_dttm, *references = own
        minor, booked_on = _minor(amount, said.currency), _day(booked_dt, booked_dttm)
        if minor is None or booked_on is None:
            return None
        numbers = [each and clean(each) for each in references]
        ids = payment_ids(*numbers[:-2], is_reversal=said.is_reversal)
        ids_and_values = stated_ids(*ids, *entry_ids(*numbers[-2:]))
        saying = said._replace(counterparty=self._party(written, sign, is_reversal=said.is_reversal))
        return StatedLine(row, booked_on, sign * minor, saying, *ids_and_values, _day(value_dt, value_dttm))

    def _party(self, written: EntryWords, sign: int, *, is_reversal: bool) -> Counterparty:
        key = written.shape.number, sign, is_reversal, written.shape.party(written.texts)
        known = self._parties.get(key)
        if known is None:
            if len(self._parties) >= _KNOWN_MAX:
                self._parties.clear()
            payment = written.node(0).first(PAYMENT)
            known = counterparty(payment, own=self._own, money_in=sign > 0, is_reversal=is_reversal)
            self._parties[key] = known
        return known

    def learn(self, written: EntryWords, line: StatedLine) -> None:
        """Remember what the definition has read."""
        if len(self._said) >= _KNOWN_MAX:
            self._said.clear()
        key = written.shape.number, written.shape.words(written.texts)
        self._said[key] = line.saying, 1 if line.minor > 0 else -1


@lru_cache(maxsize=10_000)
def _minor(written: str, currency: Currency) -> Minor | None:
    """Return what moved; None where nothing did, or where it cannot be read."""
    try:
        minor = parse_minor(clean(written), currency=currency, mark=".")
    except BadAmountError:
        return None
    return minor if minor > 0 else None


@lru_cache(maxsize=10_000)
def _day(day: str, moment: str) -> date | None:
    return day_in(clean(day) or clean(moment))
