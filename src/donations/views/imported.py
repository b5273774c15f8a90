"""Imports as they are shown: what was imported and brought, what an import did or would do, and taking one back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pydantic import Field

from donations.acts.importing import FileStatus
from donations.acts.promise import promise_of
from donations.acts.undoing import UndoResult
from donations.core.money import Minor
from donations.core.payment import Purpose
from donations.core.problem import ProblemCode
from donations.core.statement import Proof
from donations.identity.proof import DayState
from donations.store.statements.imports import ImportedFile
from donations.views.phrases import ProblemView
from donations.views.value import Money, View, Written, money, money_by_currency


class StatementView(View):
    """One account's rows and balances for a period, as the file states them."""

    account: str = Field(description="The own account's number.")
    currency: str
    first_day: date
    last_day: date
    opening: Money | None = Field(description="As the bank states it; null where it states none.")
    closing: Money | None = Field(description="As the bank states it; null where it states none.")


class ImportView(View):
    """One act of importing a file."""

    id: int
    name: str = Field(description="The file's, cleaned for showing.")
    sha256: str = Field(description="Of the file's bytes.")
    format: str
    imported_at: datetime
    imported_by: str
    accepted_imbalance: str | None = Field(description="Why balances that do not add up were accepted.")
    withdrawn_at: datetime | None = Field(description="When it was taken back; null while it counts.")
    withdrawn_by: str | None
    statements: tuple[StatementView, ...]


class ProvenDays(View):
    """Days in a row of which the same is known."""

    first_day: date
    last_day: date
    state: DayState
    cause: str | None = Field(description="Why they are not proven: a stable code.")
    words: str = Field(description="The reason as a sentence; empty where there is none.")
    near: str = Field(description="The one payment that is just what the check misses; empty without a right to names.")
    to_do: str = Field(description="As a sentence; empty where nothing is to do.")


class StatementContentView(StatementView):
    """A statement, what moved by its lines, and how far it is proven."""

    name: str = Field(description="What people call the account.")
    bank: str | None
    owner: str = Field(description="Of the account, as the bank writes the name; empty where the file does not say.")
    lines: int
    money_in: Money
    money_out: Money = Field(description="Positive.")
    imbalance: Money | None = Field(
        description="Closing less opening, money in and money out; null where no balance is stated."
    )
    days: list[ProvenDays] = Field(description="What is known of its days; empty where it was taken back.")

    @property
    def adds_up(self) -> bool | None:
        """Whether opening + money in - money out = closing; None where a balance is not stated."""
        return None if self.imbalance is None else self.imbalance.minor == 0

    @property
    def is_proven(self) -> bool:
        """Whether each of its days is."""
        return {each.state for each in self.days} == {DayState.PROVEN}

    @property
    def proven_until(self) -> date | None:
        """The last day that is proven with every one before it; None where the first is not."""
        first = next(iter(self.days), None)
        return first.last_day if first is not None and first.state is DayState.PROVEN else None


class PurposeSums(View):
    """What was for one purpose."""

    purpose: Purpose
    count: int
    totals: list[Money] = Field(description="Without direction, one for each currency.")


class AskedView(View):
    """A payment that waits for an answer."""

    payment: int | None = Field(description="Its number; null of one that is only just coming.")
    booked_on: date
    name: str = Field(description="The other side's; empty where the bank gives none.")
    money: Money = Field(description="Money in is positive, money out negative.")
    text: Written


class ImportEffectView(View):
    """What stands in the books because of an import."""

    payments: int = Field(description="That no earlier import shows.")
    known: int = Field(description="Lines that an earlier import shows too, or the file itself shows twice.")
    purposes: list[PurposeSums]
    donors: int = Field(description="Who gave what came with it.")
    new_donors: int = Field(description="Of these, whom no earlier import shows a gift of.")
    questions: int = Field(description="Payments with money that has no purpose yet.")
    asked: list[AskedView] = Field(description="The first ten of them.")
    closed_months: list[str] = Field(description="Closed ones into which it brings payments: these become corrections.")

    @property
    def more_asked(self) -> int:
        """Questions that are counted only."""
        return self.questions - len(self.asked)

    def of(self, purpose: str) -> PurposeSums:
        """Return what was for this purpose."""
        found = (each for each in self.purposes if each.purpose == purpose)
        return next(found, PurposeSums(purpose=Purpose(purpose), count=0, totals=[]))


class ImportContentView(ImportView):
    """An import with everything that people ask of it."""

    statements: tuple[StatementContentView, ...]
    effect: ImportEffectView
    notices: list[ProblemView] = Field(description="Worth saying, as it was then.")

    @property
    def lines(self) -> int:
        """How many lines its statements have."""
        return sum(each.lines for each in self.statements)


class ImportedStatementView(StatementContentView):
    """One statement of a file that came, and what is new of it."""

    proof: Proof
    new: int = Field(description="Lines that no earlier file has.")
    known: int = Field(description="Lines that are in the books already.")


class AskedAccountView(View):
    """An account of which a person has to say whether it is the organisation's."""

    number: str
    bank: str | None
    owner: str = Field(description="Of the account, as the bank writes the name; empty where the file does not say.")


class ImportResultView(View):
    """What a file came to."""

    is_preview: bool = Field(description="Whether nothing was kept.")
    status: FileStatus
    id: int | None = Field(description="The import's number; null in a preview of a new one.")
    name: str
    path: str | None = Field(default=None, description="Where it was, for the terminal; null for a program's file.")
    format: str | None
    imported_at: datetime | None = Field(description="When the very same file came before; null where none did.")
    imported_by: str | None
    statements: tuple[ImportedStatementView, ...]
    new: int = Field(description="Lines that no earlier file has.")
    known: int = Field(description="Lines that are in the books already.")
    gifts: int = Field(description="Gifts booked now.")
    totals: list[Money] = Field(description="The sum of these gifts, one for each currency.")
    questions: int = Field(description="New payments that wait for a person.")
    effect: ImportEffectView | None = Field(description="Null where nothing would be imported.")
    asks: tuple[AskedAccountView, ...] = Field(description="Of a file that waits: its accounts that nobody registered.")
    notices: list[ProblemView] = Field(description="Worth saying; of a refused file everything that is wrong.")
    digest: str = Field(description="Of what the file comes to: send it as `promised` to import exactly this.")

    @property
    def more_gifts(self) -> int:
        """Gifts on payments that earlier imports show, of which this file says more."""
        return 0 if self.effect is None else max(0, self.gifts - self.effect.of(Purpose.GIFT).count)

    @property
    def has_mismatch(self) -> bool:
        """Whether its balances do not add up, which a person may accept."""
        return any(each.code is ProblemCode.BALANCE_MISMATCH for each in self.notices)


class ImportSums(View):
    """What several files came to, together."""

    files: int
    imported: int
    waiting: int = Field(description="Until somebody says that their accounts are the organisation's.")
    refused: int
    new: int
    known: int
    gifts: int
    totals: list[Money] = Field(description="The sum of these gifts, one for each currency.")
    questions: int
    donors: int = Field(description="Who gave what came with any of them.")
    new_donors: int


class ImportResultsView(View):
    """What became of several files."""

    items: list[ImportResultView]
    sums: ImportSums
    digest: str = Field(description="Of all they come to together: the terminal takes it, or its beginning, as a mark.")

    @property
    def asked(self) -> list[tuple[AskedAccountView, int]]:
        """The accounts for which files wait, each with how many files; an owner that any of them names."""
        files = Counter(each.number for item in self.items for each in item.asks)
        known: dict[str, AskedAccountView] = {}
        for each in (each for item in self.items for each in item.asks):
            if each.number not in known or not known[each.number].owner:
                known[each.number] = each
        return [(each, files[number]) for number, each in known.items()]


class UndoneView(View):
    """What taking an import back does."""

    is_preview: bool = Field(description="Whether nothing was changed.")
    id: int
    name: str
    lines: int = Field(description="Lines that stop counting.")
    payments: int = Field(description="Payments that no other import shows: they leave the books.")
    gifts: int = Field(description="Gifts on these payments.")
    totals: list[Money] = Field(description="The sum of these gifts, one for each currency.")
    decisions: int = Field(description="Answers of people on these payments, which are reversed too.")
    digest: str = Field(description="Of these consequences: send it as `promised` to take back exactly this.")


def import_view(file: ImportedFile, numbers: Mapping[int, str]) -> ImportView:
    """Return an import; `numbers` are the own accounts' by id."""
    return ImportView.made_of(
        file,
        statements=tuple(
            StatementView.made_of(
                each,
                account=numbers[each.ledger.account_id],
                currency=each.ledger.currency,
                opening=stated_money(each.opening, each.ledger.currency),
                closing=stated_money(each.closing, each.ledger.currency),
            )
            for each in file.statements
        ),
    )


def results_view(files: Sequence[ImportResultView], *, donors: int, new_donors: int, digest: str) -> ImportResultsView:
    """Return what several files came to, with their sums; who gave with several of them is one donor."""
    totals: Counter[str] = Counter()
    for each in files:
        totals.update({money.currency: money.minor for money in each.totals})
    return ImportResultsView(
        items=list(files),
        sums=ImportSums(
            files=len(files),
            imported=sum(each.status is FileStatus.IMPORTED for each in files),
            waiting=sum(each.status is FileStatus.WAITS for each in files),
            refused=sum(each.status is FileStatus.REFUSED for each in files),
            new=sum(each.new for each in files),
            known=sum(each.known for each in files),
            gifts=sum(each.gifts for each in files),
            totals=money_by_currency(sorted(totals.items())),
            questions=sum(each.questions for each in files),
            donors=donors,
            new_donors=new_donors,
        ),
        digest=digest,
    )


def undone_view(result: UndoResult, *, is_preview: bool) -> UndoneView:
    """Return what taking an import back does."""
    return UndoneView.made_of(
        result,
        is_preview=is_preview,
        id=result.file_id,
        totals=money_by_currency(result.gift_totals),
        digest=promise_of(result),
    )


def stated_money(minor: Minor | None, currency: str) -> Money | None:
    """Return a balance as the bank states it, None where it states none."""
    return None if minor is None else money(minor, currency)
