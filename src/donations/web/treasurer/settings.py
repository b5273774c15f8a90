"""Own accounts, appeals, what names them, and own registry codes: added with the change shown first, and renamed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.accounts import begin_account, end_account, reopen_account
from donations.acts.agreeing import Asker, change, refuse_held
from donations.acts.guarded import AccountWanted
from donations.acts.promise import Shown
from donations.acts.registering import (
    LastDay,
    NewAccount,
    NewForms,
    NewNames,
    NewOwnCode,
    Registered,
    RegisteringChange,
    register,
    rename,
)
from donations.core.donor import AppealId
from donations.core.iban import UnverifiedAccount, national_check_fails, parse_iban
from donations.core.keyword import parse_keyword
from donations.core.own_account import parse_own_account
from donations.core.person_code import RegistryCode, parse_code
from donations.core.progress import Tell
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode, BooksCode, DonorCode
from donations.core.typed import typed_reference
from donations.matching.payer import is_registry_code
from donations.matching.wordlist import is_ordinary
from donations.reports.imports import bank_of
from donations.store.appeal_pages import AppealPages
from donations.store.association import WORDS_MAX, names_in_languages
from donations.store.donors import people
from donations.store.organisation import own_codes, paper_settings
from donations.store.restricted import RestrictedMoney
from donations.store.session import ID_MAX, WriteSession, as_reader, reading, writing
from donations.store.spending import categories
from donations.views.account import accounts_view
from donations.web.access import needs
from donations.web.changes import WAITING_PATH, asker_of
from donations.web.going_on import ToldAct, do_long, show_long
from donations.web.pages import Site, SiteHere, page
from donations.web.refused import status_of
from donations.web.treasurer.appeal_form import AppealForm
from donations.web.treasurer.step_page import step_page


class AddedKind(StrEnum):
    """What is added."""

    ACCOUNT = "account"
    APPEAL = "appeal"
    NAMES = "names"
    FORMS = "forms"
    CODE = "code"
    END = "end"


class AdditionForm(BaseModel):
    """What a person filled in."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: AddedKind
    name: str = Field(default="", max_length=80)
    """What it is called; of forms and of an end, their keyword."""
    number: str = Field(default="", max_length=60)
    """Of an account, or the registry code."""
    appeal: int | None = None
    keywords: str = Field(default="", max_length=500)
    references: str = Field(default="", max_length=500)
    last_day: date | Literal[""] = ""
    """Of an appeal or a keyword; empty: it goes on."""
    promised: str = Field(default="", max_length=64)
    """Digest of the consequences that were shown."""


def addition_of(form: AdditionForm) -> Registered:
    """Return what is to be added; raises `Refusal`."""
    if form.kind is AddedKind.ACCOUNT:
        number = parse_own_account(form.number)
        if number is None:
            raise Refusal(BooksCode.IBAN_INVALID)
        return NewAccount(number=number, name=form.name)
    if form.kind is AddedKind.CODE:
        code = parse_code(form.number)
        if not isinstance(code, str) or not is_registry_code(code):
            raise Refusal(DonorCode.BAD_CODE)
        return NewOwnCode(code=RegistryCode(code))
    if form.kind is AddedKind.END:
        keyword = parse_keyword(form.name) if form.name else None
        return LastDay(appeal=AppealId(form.appeal or 0), keyword=keyword, last_day=form.last_day or None)
    keywords = tuple(dict.fromkeys(map(parse_keyword, _parts(form.keywords))))
    if form.kind is AddedKind.FORMS:
        if not keywords:
            raise Refusal(BooksCode.FORM_NEEDED)
        return NewForms(keyword=parse_keyword(form.name), forms=keywords)
    references = tuple(dict.fromkeys(map(typed_reference, _parts(form.references))))
    if form.kind is AddedKind.APPEAL:
        if not form.name:
            raise Refusal(BooksCode.NAME_NEEDED)
        return NewNames(appeal=form.name, keywords=keywords, references=references)
    if not keywords and not references:
        raise Refusal(BooksCode.KEYWORD_NEEDED)
    return NewNames(appeal=AppealId(form.appeal or 0), keywords=keywords, references=references)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


account_life_router = APIRouter(prefix="/settings/accounts/{account_id}")


@account_life_router.post("/begin")
@needs(Permission.MANAGE_BOOKS)
def begin(
    request: Request, site: SiteHere, account_id: Number, first_day: Annotated[date | Literal[""], Form()] = ""
) -> Response:
    """Let the account begin with a day; without one, with what statements and transfers tell."""
    wanted = first_day or None
    return _done(request, site, lambda session: begin_account(session, account_id, wanted), SettingsDone.BEGUN)


@account_life_router.post("/end")
@needs(Permission.MANAGE_BOOKS)
def end(
    request: Request,
    site: SiteHere,
    account_id: Number,
    last_day: Annotated[date, Form()],
    became: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Let the account end with a day, empty or as another account."""
    other = parse_iban(became)
    if became.strip() and other is None:
        return settings_page(request, site, refusal=Refusal(BooksCode.IBAN_INVALID))
    return _done(
        request,
        site,
        lambda session: end_account(session, account_id, last_day, became=other, today=site.today),
        SettingsDone.ENDED,
    )


@account_life_router.post("/reopen")
@needs(Permission.MANAGE_BOOKS)
def reopen(request: Request, site: SiteHere, account_id: Number) -> Response:
    """Take the end back."""
    return _done(request, site, lambda session: reopen_account(session, account_id), SettingsDone.REOPENED)


def _done(request: Request, site: Site, act: Callable[[WriteSession], None], done: SettingsDone) -> Response:
    try:
        with writing(site.engine) as session:
            act(session)
    except Refusal as refusal:
        return settings_page(request, site, refusal=refusal)
    return RedirectResponse(f"/treasurer/settings?done={done}", status_code=303)


router = APIRouter(prefix="/settings")


class SettingsDone(StrEnum):
    """What was done just now."""

    ADDED = "added"
    KEPT = "kept"
    RENAMED = "renamed"
    BEGUN = "begun"
    ENDED = "ended"
    REOPENED = "reopened"
    TOLD = "told"
    RESTRICTED = "restricted"


Number = Annotated[int, Path(ge=1, le=ID_MAX)]
Name = Annotated[str, Form(min_length=1, max_length=80)]
Wish = Registered


@router.get("")
@needs(Permission.MANAGE_BOOKS)
def settings(request: Request, site: SiteHere, done: SettingsDone | None = None) -> Response:
    """Show what the books are about."""
    return settings_page(request, site, done=done)


@router.post("")
@needs(Permission.MANAGE_BOOKS)
def consider(request: Request, site: SiteHere, form: Annotated[AdditionForm, Form()]) -> Response:
    """Show what adding it would change in the books, by adding it and rolling back."""
    try:
        shown = show_long(request, _add(site, addition_of(form)))
    except Refusal as refusal:
        return settings_page(request, site, refusal=refusal, form=form)
    return _change_page(request, site, form, shown)


@router.post("/add")
@needs(Permission.MANAGE_BOOKS)
def add(request: Request, site: SiteHere, form: Annotated[AdditionForm, Form()]) -> Response:
    """Add it exactly as shown, or show the new consequences where they would differ; an account may wait."""
    try:
        wish = addition_of(form)
        shown = do_long(request, _add(site, wish, asker=asker_of(request)), promised=form.promised)
    except Refusal as refusal:
        if refusal.code is not AccessCode.SECOND_NEEDED or not isinstance(wish, NewAccount):
            return settings_page(request, site, refusal=refusal, form=form)
        with writing(site.engine) as session:
            change(session, AccountWanted.of(wish), asker_of(request))
        return RedirectResponse(WAITING_PATH, status_code=303)
    if shown.is_outdated:
        return _change_page(request, site, form, shown)
    done = SettingsDone.KEPT if form.kind is AddedKind.END else SettingsDone.ADDED
    return RedirectResponse(f"/treasurer/settings?done={done}", status_code=303)


@router.post("/accounts/{account_id}")
@needs(Permission.MANAGE_BOOKS)
def rename_account(request: Request, site: SiteHere, account_id: Number, name: Name) -> Response:
    """Call an own account otherwise."""
    return _done(
        request, site, lambda session: rename(session, name=name.strip(), account=account_id), SettingsDone.RENAMED
    )


def _add(site: Site, wish: Wish, *, asker: Asker | None = None) -> ToldAct[tuple[Wish, RegisteringChange]]:
    def act(session: WriteSession, tell: Tell) -> tuple[Wish, RegisteringChange]:
        if asker is not None and isinstance(wish, NewAccount):
            refuse_held(as_reader(session), AccountWanted.of(wish), asker)
        return wish, register(session, wish, now=site.clock(), tell=tell)

    return act


def settings_page(
    request: Request,
    site: Site,
    *,
    done: SettingsDone | None = None,
    refusal: Refusal | None = None,
    form: AdditionForm | None = None,
    told: dict[int, AppealForm] | None = None,
) -> Response:
    """Show the settings, with what was done or why it was not; `told` of appeals as it was filled in."""
    with reading(site.engine) as session:
        own = accounts_view(session).items
        accounts = [(each.id, each.number, each.name, bank_of(each.number)) for each in own]
        appeals = people.appeals(session)
        codes, names = sorted(own_codes(session)), names_in_languages(session)
        pages, restricted = paper_settings(session, AppealPages), paper_settings(session, RestrictedMoney)
        known_categories = categories(session)
    return page(
        request,
        "treasurer/settings.html",
        status=200 if refusal is None else status_of(refusal.code),
        accounts=accounts,
        lives={each.id: each for each in own},
        yesterday=site.today - timedelta(days=1),
        appeals=appeals,
        told={each.id: AppealForm.of(pages.of(each.id)) for each in appeals} | (told or {}),
        shown=[each.id for each in appeals if pages.of(each.id).is_shown],
        opened=told or {},
        restricted=restricted,
        categories=known_categories,
        words_max=WORDS_MAX,
        codes=codes,
        names=names,
        done=done,
        refusal=refusal,
        form=form,
    )


def _change_page(
    request: Request, site: Site, form: AdditionForm, shown: Shown[tuple[Wish, RegisteringChange]]
) -> Response:
    wish, change = shown.result
    with reading(site.engine) as session:
        ends = wish.appeal if isinstance(wish, LastDay) else None
        ended = next((each for each in people.appeals(session) if each.id == ends), None)
    number = wish.number if isinstance(wish, NewAccount) else None
    return step_page(
        request,
        "treasurer/registering.html",
        shown,
        form=form,
        wish=wish,
        ended=ended,
        change=change,
        ordinary=[each for each in wish.keywords if is_ordinary(each)] if isinstance(wish, NewNames) else [],
        is_odd=number is not None and not isinstance(number, UnverifiedAccount) and national_check_fails(number),
    )
