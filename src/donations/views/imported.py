"""Imports as they are shown: what was imported, what an import did or would do, and what taking one back does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pydantic import Field

from donations.acts.importing import FileResult, FileStatus, StatementResult
from donations.acts.promise import promise_of
from donations.acts.undoing import UndoResult
from donations.core.money import Minor
from donations.core.statement import Proof
from donations.store.statements.imports import ImportedFile
from donations.views.phrases import ProblemView, Teller, problem_views
from donations.views.value import Money, View, money, money_by_currency


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
    statements: list[StatementView]


class ImportedStatementView(StatementView):
    """One statement of a file that came, and what is new of it."""

    proof: Proof
    lines: int
    new: int = Field(description="Lines that no earlier file has.")
    known: int = Field(description="Lines that are in the books already.")


class ImportResultView(View):
    """What a file came to."""

    is_preview: bool = Field(description="Whether nothing was kept.")
    status: FileStatus
    id: int | None = Field(description="The import's number; null in a preview of a new one.")
    name: str
    path: str | None = Field(default=None, description="Where it was, for the terminal; null for a program's file.")
    format: str | None
    statements: list[ImportedStatementView]
    new: int = Field(description="Lines that no earlier file has.")
    known: int = Field(description="Lines that are in the books already.")
    gifts: int = Field(description="Gifts booked now.")
    totals: list[Money] = Field(description="The sum of these gifts, one for each currency.")
    questions: int = Field(description="New payments that wait for a person.")
    notices: list[ProblemView] = Field(description="Worth saying; of a refused file everything that is wrong.")
    digest: str = Field(description="Of what the file comes to: send it as `promised` to import exactly this.")


class ImportSums(View):
    """What several files came to, together."""

    files: int
    imported: int
    refused: int
    new: int
    known: int
    gifts: int
    totals: list[Money] = Field(description="The sum of these gifts, one for each currency.")
    questions: int


class ImportResultsView(View):
    """What became of several files."""

    items: list[ImportResultView]
    sums: ImportSums


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
        statements=[
            StatementView.made_of(
                each,
                account=numbers[each.ledger.account_id],
                currency=each.ledger.currency,
                opening=_stated(each.opening, each.ledger.currency),
                closing=_stated(each.closing, each.ledger.currency),
            )
            for each in file.statements
        ],
    )


def taken_view(result: FileResult, teller: Teller, *, is_preview: bool, path: str | None = None) -> ImportResultView:
    """Return what a file came to."""
    is_new = result.status is not FileStatus.ALREADY_IMPORTED
    return ImportResultView.made_of(
        result,
        is_preview=is_preview,
        id=None if is_preview and is_new else result.file_id,
        path=path,
        statements=[_taken_statement(each) for each in result.statements],
        new=sum(each.new for each in result.statements),
        known=sum(each.known for each in result.statements),
        totals=money_by_currency(result.gift_totals),
        notices=problem_views(result.problems, teller),
        digest=promise_of(result),
    )


def all_taken(files: Sequence[ImportResultView]) -> ImportResultsView:
    """Return what several files came to, with their sums."""
    totals: Counter[str] = Counter()
    for each in files:
        totals.update({money.currency: money.minor for money in each.totals})
    return ImportResultsView(
        items=list(files),
        sums=ImportSums(
            files=len(files),
            imported=sum(each.status is FileStatus.IMPORTED for each in files),
            refused=sum(each.status is FileStatus.REFUSED for each in files),
            new=sum(each.new for each in files),
            known=sum(each.known for each in files),
            gifts=sum(each.gifts for each in files),
            totals=money_by_currency(sorted(totals.items())),
            questions=sum(each.questions for each in files),
        ),
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


def _stated(minor: Minor | None, currency: str) -> Money | None:
    return None if minor is None else money(minor, currency)


def _taken_statement(each: StatementResult) -> ImportedStatementView:
    return ImportedStatementView.made_of(
        each,
        opening=_stated(each.opening, each.currency),
        closing=_stated(each.closing, each.currency),
    )
