"""Imports as the API shows them: what was imported, what an import did, and what taking one back does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from pydantic import Field

from donations.core.money import Minor
from donations.intake import FileResult, FileStatus
from donations.store.statements.imports import ImportedFile
from donations.undo import UndoResult
from donations.web.api.problems import Wrong, said_of_file
from donations.web.api.values import Money, Shown, money
from donations.web.promised import digest_of


class StatementOut(Shown):
    """One account's rows and balances for a period, as the file states them."""

    account: str = Field(description="The own account's number.")
    currency: str
    first_day: date
    last_day: date
    opening: Money | None = Field(description="As the bank states it; null where it states none.")
    closing: Money | None = Field(description="As the bank states it; null where it states none.")


class ImportOut(Shown):
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
    statements: list[StatementOut]


class ImportsOut(Shown):
    """A page of imports."""

    items: list[ImportOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class NoticeOut(Shown):
    """Something worth saying about a file that was imported all the same."""

    code: str
    line: int | None = Field(description="Of the file, counted from 1; null where it is about all of it.")
    what: str
    remedy: str


class TakenOut(Shown):
    """What a file came to."""

    is_preview: bool = Field(description="Whether nothing was kept.")
    status: FileStatus
    id: int | None = Field(description="The import's number; null in a preview of a new one.")
    name: str
    format: str | None
    new: int = Field(description="Lines that no earlier file has.")
    known: int = Field(description="Lines that are in the books already.")
    gifts: int = Field(description="Gifts booked now.")
    totals: list[Money] = Field(description="The sum of these gifts, one for each currency.")
    questions: int = Field(description="New payments that wait for a person.")
    notices: list[NoticeOut]
    digest: str = Field(description="Of what the file comes to: send it as `promised` to import exactly this.")


class UndoneOut(Shown):
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


def import_out(file: ImportedFile, numbers: Mapping[int, str]) -> ImportOut:
    """Return an import; `numbers` are the own accounts' by id."""
    return ImportOut(
        id=file.id,
        name=file.name,
        sha256=file.sha256,
        format=file.format,
        imported_at=file.imported_at,
        imported_by=file.imported_by,
        accepted_imbalance=file.accepted_imbalance,
        withdrawn_at=file.withdrawn_at,
        withdrawn_by=file.withdrawn_by,
        statements=[
            StatementOut(
                account=numbers[each.ledger.account_id],
                currency=each.ledger.currency,
                first_day=each.first_day,
                last_day=each.last_day,
                opening=_stated(each.opening, each.ledger.currency),
                closing=_stated(each.closing, each.ledger.currency),
            )
            for each in file.statements
        ],
    )


def taken_out(result: FileResult, *, is_preview: bool) -> TakenOut:
    """Return what a file that was not refused came to."""
    is_new = result.status is not FileStatus.ALREADY_IMPORTED
    return TakenOut(
        is_preview=is_preview,
        status=result.status,
        id=None if is_preview and is_new else result.file_id,
        name=result.name,
        format=result.format,
        new=sum(each.new for each in result.statements),
        known=sum(each.known for each in result.statements),
        gifts=result.gifts,
        totals=_totals(result.gift_totals),
        questions=result.questions,
        notices=[_notice(each) for each in said_of_file(result.problems)],
        digest=digest_of(replace(result, file_id=None)),  # others may take the number meanwhile
    )


def undone_out(result: UndoResult, *, is_preview: bool) -> UndoneOut:
    """Return what taking an import back does."""
    return UndoneOut(
        is_preview=is_preview,
        id=result.file_id,
        name=result.name,
        lines=result.lines,
        payments=result.payments,
        gifts=result.gifts,
        totals=_totals(result.gift_totals),
        decisions=result.decisions,
        digest=digest_of(result),
    )


def _stated(minor: Minor | None, currency: str) -> Money | None:
    return None if minor is None else money(minor, currency)


def _totals(totals: Iterable[tuple[str, Minor]]) -> list[Money]:
    return [money(minor, currency) for currency, minor in totals]


def _notice(said: Wrong) -> NoticeOut:
    return NoticeOut(code=said.code, line=said.line, what=said.what, remedy=said.remedy)
