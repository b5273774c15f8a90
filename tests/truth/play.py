"""A script is played on the product's books, and judged after each step."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Protocol

from tests.truth.acts import Act, ActKind, Script, months_of
from tests.truth.bank import Bank
from tests.truth.files import given_file, is_blank
from tests.truth.judge.donors import donors_of, judge_donors, judge_sums
from tests.truth.judge.known import Known
from tests.truth.judge.papers import judge_block_sums, judge_closable, judge_issued
from tests.truth.judge.payments import Matched, judge_payments, judge_purposes, match
from tests.truth.judge.proof import judge_contradictions, judge_proof
from tests.truth.judge.reports import judge_reports, judge_tax_list
from tests.truth.judge.verdict import Verdict, Wrong
from tests.truth.judge.words import Words, judge_words, remembered
from tests.truth.product import Product
from tests.truth.told import Booked, ProductRefused, Took
from tests.truth.treasurer import Treasurer
from tests.truth.values import GivenFile

_LATE = timedelta(days=420)
_OF_FILES = frozenset({ActKind.IMPORT, ActKind.UNDO})
_LOUD = _OF_FILES | {ActKind.ERASE, ActKind.MERGE, ActKind.APART}
"""Acts after which all is judged, though neither the ledger nor its proof changed."""


class Fresh(Protocol):
    """Opens new books."""

    def __call__(self, organisation: str, now: datetime) -> Product:
        """Return a product with an empty database."""


@dataclass(slots=True)
class Play:
    """One script on its way."""

    script: Script
    fresh: Fresh
    thorough: bool = True
    """Whether reports and invariants are judged after each file too, and not only once they are in."""
    product: Product = field(init=False)
    bank: Bank = field(init=False)
    files: dict[int, GivenFile] = field(init=False)
    active: dict[int, int] = field(default_factory=dict)
    """Number of the import by file, for those that are in, in the order in which they came."""
    verdict: Verdict = field(default_factory=Verdict)
    words: Words = field(default_factory=Words)
    undone: bool = False
    _judged: object = None
    told: list[str] = field(default_factory=list)
    """What happened, step by step."""

    def __post_init__(self) -> None:
        self.bank = Bank(self.script.world)
        self.files = {each.key: given_file(self.bank, each) for each in self.script.downloads}
        self.product = self._new()

    def _new(self) -> Product:
        world = self.script.world
        begin = world.last_day + _LATE if self.script.is_late else world.first_day
        product = self.fresh(world.organisation, datetime.combine(begin, time(12)))
        product.be_called()
        for account in world.accounts:
            product.register_account(account.iban)
        return product

    def run(self) -> Verdict:
        """Play all acts; the first that stops the product ends it."""
        for number, act in enumerate(self.script.acts, 1):
            self.verdict.step = f"{number}. {act}"
            try:
                self._do(act)
                self._judge(act)
            except Exception as error:  # noqa: BLE001 - whatever stops the product is a fault to be told
                self.verdict.blame(Wrong.STOPPED, *_place_of(error))
                break
        return self.verdict

    def _do(self, act: Act) -> None:
        doing: dict[ActKind, Callable[[int], None]] = {
            ActKind.IMPORT: self._import,
            ActKind.PREVIEW: self._preview,
            ActKind.UNDO: self._undo,
            ActKind.COMPARE: self._compare,
            ActKind.AGAIN: self._again,
            ActKind.ANSWER: self._answer,
            ActKind.MERGE: self._merge,
            ActKind.APART: self._apart,
            ActKind.HOLD: self._hold,
            ActKind.ERASE: self._erase,
            ActKind.CLOSE: self._close,
            ActKind.ISSUE: self._issue,
            ActKind.KEEP_LIST: self._keep_list,
            ActKind.PUBLISH: self._publish,
        }
        try:
            doing[act.kind](act.number)
        except ProductRefused as refused:
            self._tell(f"refused, {refused.code}")

    def _tell(self, what: str) -> None:
        self.told.append(f"{self.verdict.step}: {what}")

    # Files ----------------------------------------------------------------------------------------------------------

    def _take(self, product: Product, key: int) -> Took | None:
        file = self.files.get(key)
        if file is None or is_blank(file):
            return None
        if not self.script.is_late:
            product.now = max(product.now, file.download.made_at + timedelta(hours=1))
        took = product.take(file)
        if took.status == "refused":
            self.verdict.blame(Wrong.REFUSED, file.name, ", ".join(took.notices))
        return took

    def _import(self, key: int) -> None:
        took = self._take(self.product, key)
        if took is None or took.file_id is None:
            return
        if took.file_id not in self.active.values():  # else another download of the very same bytes is in
            self.active[key] = took.file_id
        if took.is_in:
            self._tell(f"{self.files[key].name} {took.status} {' '.join(took.notices)}")

    def _preview(self, key: int) -> None:
        file = self.files.get(key)
        if file is not None and not is_blank(file):
            before = self.product.dump()
            self.product.preview([file])
            if self.product.dump() != before:
                self.verdict.blame(Wrong.PREVIEW, file.name, "the ledger is another one afterwards")

    def _undo(self, key: int) -> None:
        if key in self.active:
            self.product.undo(self.active.pop(key))
            self.undone = True

    def _again(self, _number: int) -> None:
        before, states = self.product.dump(), self.product.states()
        for key in self.active:
            self._take(self.product, key)
        if self.product.dump() != before or self.product.states() != states:
            self.verdict.blame(Wrong.AGAIN, "all files", "the ledger or its proof is another one afterwards")

    def _compare(self, _number: int) -> None:
        """Books that took the same files in another order, and never the undone ones, are the same books."""
        keys = list(self.active)
        Random(self.script.world.seed).shuffle(keys)
        mine = self.product.dump(), self.product.states()
        if self._books_of(keys) == mine:
            return
        same_order = self._books_of(list(self.active))
        wrong = Wrong.UNDO if self.undone and same_order != mine else Wrong.ORDER
        other = same_order if wrong is Wrong.UNDO else self._books_of(keys)
        self.verdict.blame(wrong, f"order {keys}", _difference(mine, other))

    def _books_of(self, keys: Sequence[int]) -> tuple[bytes, object]:
        product = self._new()
        for key in keys:
            self._take(product, key)
        product.now = max(product.now, self.product.now)
        return product.dump(), product.states()

    # People ---------------------------------------------------------------------------------------------------------

    def _seen(self) -> tuple[Matched, tuple[Booked, ...]]:
        ledger = self.product.ledger()
        return match(self.known, ledger), ledger

    @property
    def known(self) -> Known:
        """What the active files show."""
        return Known(self.script.world, [self.files[key] for key in self.active])

    def _answer(self, most: int) -> None:
        matched, ledger = self._seen()
        for said in Treasurer(self.product, matched, ledger, set(self.words.erased)).answer(most):
            self._tell(said)

    def _donors(self, person: int) -> tuple[list[int], set[int]]:
        """Return a person's donors, and the movements that are their gifts."""
        matched, ledger = self._seen()
        donors = donors_of(matched, ledger, person) if person < len(self.script.world.people) else []
        movements = {
            one.key
            for payment in ledger
            if (one := matched.movement(payment.id)) is not None and one.meaning.giver == person
            for part in payment.parts
            if part.purpose == "gift" and part.donor in donors
        }
        return donors, movements

    def _merge(self, person: int) -> None:
        donors, movements = self._donors(person)
        if len(donors) > 1 and not self.words.erased.get(person):
            for other in donors[1:]:
                number = self.product.merge(other, donors[0])
                self._tell(f"donor {other} into {donors[0]}")
            self.words.merged[number] = movements

    def _apart(self, _number: int) -> None:
        if self.words.merged:
            number = max(self.words.merged)
            self.product.unmerge(number)
            del self.words.merged[number]

    def _hold(self, person: int) -> None:
        donors, movements = self._donors(person)
        for donor in donors:
            self.product.hold(donor)
        if donors and person not in self.words.erased:
            self.words.held[person] = movements

    def _erase(self, person: int) -> None:
        donors, movements = self._donors(person)
        if person in self.words.held:
            return
        for donor in donors:
            self._tell(f"donor {donor} is {self.product.erase(donor)}")
        if donors:
            self.words.erased[person] = movements

    # Papers ---------------------------------------------------------------------------------------------------------

    def _grow_late(self) -> None:
        late = datetime.combine(self.script.world.last_day + _LATE, time(12))
        self.product.now = max(self.product.now, late)

    def _close(self, month: int) -> None:
        self._grow_late()
        name = f"{month // 100}-{month % 100:02}"
        matched, ledger = self._seen()
        judge_closable(self.bank, matched, ledger, name, self.product.obstacles(name), self.verdict)
        self.words.frozen[name] = self.product.close(name)

    def _years(self) -> list[int]:
        return sorted({number // 100 for number in months_of(self.script.world.first_day, self.script.world.last_day)})

    def _issue(self, _number: int) -> None:
        self._grow_late()
        for year in self._years():
            for number in self.product.issue(year):
                found = next(each for each in self.product.certificates(year) if each["number"] == number)
                self.words.certificates[number] = remembered(found)
            matched, ledger = self._seen()
            judge_issued(self.product.certificates(year), matched, ledger, year, self.verdict)

    def _keep_list(self, _number: int) -> None:
        for year in self._years():
            self.product.keep_inf4(year)

    def _publish(self, _number: int) -> None:
        self.product.now += timedelta(days=11)
        document = self.product.publish()
        self._tell(f"{len(document['blocks'])} blocks, until {document['agrees_with_the_bank_until']}")
        matched, ledger = self._seen()
        judge_block_sums(self.bank, matched, ledger, document, self.words.blocks, self.verdict)
        self.words.blocks = document["blocks"]

    # ----------------------------------------------------------------------------------------------------------------

    def _judge(self, act: Act) -> None:
        product, verdict = self.product, self.verdict
        matched, ledger = self._seen()
        states = product.states()
        if (ledger, states) == self._judged and act.kind not in _LOUD:
            judge_words(product, self.words, matched, ledger, verdict, search=False)
            return
        erased = set(self.words.erased)
        said = {payment for each in product.said() for payment in each.payments}
        judge_payments(matched, ledger, states, said, verdict)
        judge_purposes(matched, ledger, verdict)
        judge_donors(matched, ledger, erased, verdict, proposed=product.duplicates)
        judge_proof(self.bank, matched, ledger, states, verdict)
        if self.script.world.changes:
            days = {each.day for each in ledger if each.id in said}
            judge_contradictions(self.bank, matched, states, days, verdict)
        self._judged = (ledger, states) if self.thorough or act.kind not in _OF_FILES else None
        if self._judged is None:
            return
        donors = product.report("donors")
        judge_sums(matched, ledger, donors, verdict)
        judge_reports(product, matched.known, ledger, donors, verdict)
        for year in self._years():
            judge_tax_list(product, matched, ledger, year, verdict)
        judge_words(product, self.words, matched, ledger, verdict, search=True)
        for name in product.broken():
            verdict.blame(Wrong.CHECK, name, "donations check says so")


def _difference(mine: tuple[bytes, object], other: tuple[bytes, object]) -> str:
    ours, theirs = set(mine[0].splitlines()), set(other[0].splitlines())
    if ours == theirs:
        return "the ledger is the same, the states of days differ"
    only = [f"only here {line.decode()[:160]}" for line in sorted(ours - theirs)[:2]]
    return "; ".join([*only, *(f"only there {line.decode()[:160]}" for line in sorted(theirs - ours)[:2])])


def _place_of(error: Exception) -> tuple[str, str]:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno}", f"{type(error).__name__}: {str(error)[:200]}"
