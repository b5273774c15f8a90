"""The cash box: two people count it, what they write becomes a statement of it, and the sheet that they sign."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.core.cash_count import (
    CASH_BOX,
    COUNTERS,
    PIECES,
    BadCountError,
    CashCount,
    CashEntry,
    CashKind,
    written,
)
from donations.core.money import EUR, Balance, Minor, decimal_text
from donations.core.provider import provider_of
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, RequestCode
from donations.core.statement import GivenFile
from donations.core.typed import DONOR_NAME_MAX, LINE_MAX, NAME_MAX, bounded, typed_amount, typed_balance, typed_day
from donations.documents.printed import Imprint
from donations.documents.proof import proof_paper
from donations.reports.cash_box import follows, kept_counts, sheet_facts, sheet_tables
from donations.store.donors import people
from donations.store.session import ReadSession, reading, writing
from donations.store.statements import imports
from donations.views.formats import TELLER
from donations.views.language import current_language, gettext
from donations.web.access import needs
from donations.web.own_name import name_for_paper
from donations.web.pages import Site, SiteHere, attachment, page
from donations.web.refused import status_of
from donations.web.treasurer.statements.imports import FileNumber

router = APIRouter(prefix="/cash")
ROWS = 10
"""Entries that fit on the form; one count may be entered in parts, each with a day of its own."""

Cell = Annotated[str, Field(max_length=LINE_MAX)]


class CountForm(BaseModel):
    """What was written on the form: entries are rows of columns of one length."""

    model_config = ConfigDict(str_strip_whitespace=True)

    last_day: str = Field(default="", max_length=20)
    first_day: str = Field(default="", max_length=20)
    """Of the first count alone; else the day after the last one."""
    opening: str = Field(default="", max_length=20)
    counted: str = Field(default="", max_length=20)
    by: list[Annotated[str, Field(max_length=NAME_MAX)]] = Field(default=[])
    pieces: list[Annotated[str, Field(max_length=6)]] = Field(default=[])
    kind: list[Annotated[str, Field(max_length=10)]] = Field(default=[])
    day: list[Annotated[str, Field(max_length=20)]] = Field(default=[])
    amount: list[Annotated[str, Field(max_length=20)]] = Field(default=[])
    name: list[Annotated[str, Field(max_length=DONOR_NAME_MAX)]] = Field(default=[])
    code: list[Annotated[str, Field(max_length=20)]] = Field(default=[])
    text: list[Cell] = Field(default=[])
    bank: str = Field(default="", max_length=60)
    anyway: bool = False
    """A difference was told, and stays."""

    def count(self, after: tuple[date | None, Minor], *, now: datetime, today: date) -> CashCount:
        """Return the count that follows on the last one. Raises `Refusal`."""
        last_day = typed_day(self.last_day)
        first_day = after[0] or typed_day(self.first_day or self.last_day)
        opening = after[1] if after[0] else _balance(self.opening)
        pieces, entries = self._pieces(), tuple(self._entries(last_day))
        counted = typed_balance(self.counted, EUR) if self.counted else sum(value * count for value, count in pieces)
        by = tuple(bounded(each, "by", NAME_MAX) for each in self.by)
        if len({each.casefold() for each in by} - {""}) != COUNTERS:
            raise Refusal(BooksCode.CASH_COUNTERS)
        if not first_day <= last_day <= today or any(not first_day <= each.day <= last_day for each in entries):
            raise Refusal(BooksCode.CASH_DAYS)
        if pieces and sum(value * count for value, count in pieces) != counted:
            raise Refusal(BooksCode.CASH_PIECES)
        try:
            return CashCount(
                currency=EUR,
                first_day=first_day,
                last_day=last_day,
                made_at=now,
                opening=opening,
                counted=counted,
                by=by,
                pieces=pieces,
                entries=entries,
            )
        except BadCountError:
            raise Refusal(RequestCode.BAD_FORM) from None

    def _pieces(self) -> tuple[tuple[Minor, int], ...]:
        if not all(each.isascii() and each.isdigit() for each in self.pieces if each):
            raise Refusal(BooksCode.CASH_PIECES)
        return tuple((value, int(each)) for value, each in zip(PIECES, self.pieces, strict=False) if int(each or 0))

    def _entries(self, last_day: date) -> list[CashEntry]:
        columns = (self.kind, self.day, self.amount, self.name, self.code, self.text)
        if len({*map(len, columns)}) != 1 or any(each not in set(CashKind) for each in self.kind):
            raise Refusal(RequestCode.BAD_FORM)
        return [
            CashEntry(
                kind=CashKind(kind),
                day=typed_day(day) if day else last_day,
                minor=typed_amount(amount, EUR),
                name=bounded(name, "name", DONOR_NAME_MAX),
                code=bounded(code, "code", LINE_MAX),
                text=bounded(text, "text", LINE_MAX),
                account=self.bank if kind == CashKind.BANKED else "",
            )
            for kind, day, amount, name, code, text in zip(*columns, strict=True)
            if amount
        ]


def _balance(text: str) -> Minor:
    return typed_balance(text, EUR) if text else 0


@router.get("")
@needs(Permission.IMPORT)
def cash_box(request: Request, site: SiteHere) -> Response:
    """Show the counts, and the form for the next one."""
    return _form_page(request, site, CountForm())


@router.post("")
@needs(Permission.IMPORT)
def count_box(request: Request, site: SiteHere, form: Annotated[CountForm, Form()]) -> Response:
    """Let the count wait as an uploaded statement does, and go to its preview; what is wrong stays on the form."""
    with reading(site.engine) as session:
        after = follows(kept_counts(session))
    try:
        count = form.count(after, now=site.clock(), today=site.today)
        _refuse_miscount(count, is_accepted=form.anyway)
    except Refusal as refusal:
        return _form_page(request, site, form, refusal=refusal)
    given = GivenFile(name=f"cash-{count.last_day}.json", content=written(count))
    with writing(site.engine) as session:
        token = imports.keep_upload(session, [given], now=site.clock())
    return RedirectResponse(f"/treasurer/upload/{token}", status_code=303)


@router.get("/{file_id}.pdf")
@needs(Permission.SEE_NAMES, fresh=True)
def sheet(site: SiteHere, file_id: FileNumber) -> Response:
    """Return a count as a paper with two lines to sign on."""
    with reading(site.engine) as session:
        found = next((each.count for each in kept_counts(session) if each.file_id == file_id), None)
        own_name = name_for_paper(session, site)
    if found is None:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    imprint = Imprint(organisation=own_name, language=current_language(), teller=TELLER, made_on=site.today)
    content = proof_paper(gettext("Count of the cash box"), sheet_facts(found), sheet_tables(found), imprint)
    return attachment(content, media_type="application/pdf", name=f"cash-{found.last_day}.pdf")


def _refuse_miscount(count: CashCount, *, is_accepted: bool) -> None:
    """Tell a difference once; the preview asks for its reason."""
    if count.difference and not is_accepted:
        counted, expected, difference = (
            Balance(minor, count.currency) for minor in (count.counted, count.expected, count.difference)
        )
        raise Refusal(BooksCode.CASH_MISCOUNT, counted=counted, expected=expected, difference=difference)


def _form_page(request: Request, site: Site, form: CountForm, *, refusal: Refusal | None = None) -> Response:
    with reading(site.engine) as session:
        kept = kept_counts(session)
        banks, keyword = _banks(session), _keyword(session)
    first_day, opening = follows(kept)
    columns = (form.kind, form.day, form.amount, form.name, form.code, form.text)
    rows = [*zip(*columns, strict=False)]
    return page(
        request,
        "treasurer/statements/cash_box.html",
        status=200 if refusal is None else status_of(refusal.code),
        refusal=refusal,
        is_miscount=refusal is not None and refusal.code is BooksCode.CASH_MISCOUNT,
        counts=[(each.file_id, each.count) for each in kept],
        first_day=first_day,
        opening=opening,
        form=form,
        today=site.today,
        by=[*form.by, *([""] * COUNTERS)][:COUNTERS],
        pieces=[(decimal_text(value, EUR), typed) for value, typed in zip(PIECES, _filled(form.pieces), strict=True)],
        rows=[*rows, *([("gift", "", "", "", "", keyword)] * (ROWS - len(rows)))],
        banks=banks,
        kinds=list(CashKind),
    )


def _filled(typed: list[str]) -> list[str]:
    return [*typed, *([""] * len(PIECES))][: len(PIECES)]


def _banks(session: ReadSession) -> list[tuple[str, str]]:
    """Return the own accounts at banks."""
    return [
        (row.number, row.name)
        for row in people.accounts(session)
        if row.number != CASH_BOX.text and provider_of(row.number) is None
    ]


def _keyword(session: ReadSession) -> str:
    """Return the word by which a gift is known, for the field that says what for."""
    return next((word for each in people.appeals(session) for word in each.keywords), "")
