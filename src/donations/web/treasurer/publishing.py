"""Publishing: what the public would see and why, one button that makes it so, and the terms of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.agreeing import change_terms
from donations.acts.describing import translate_name
from donations.acts.promise import promise_of
from donations.acts.publishing import WHY_STOPPED, PublishingProspect, closed_for_long, prospect, publish
from donations.core.iban import parse_iban
from donations.core.language import N_, Language
from donations.core.money import EUR, decimal_text
from donations.core.name import is_placeholder
from donations.core.reference import PAYEE_MAX
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, RequestCode
from donations.core.spending import CategoryId
from donations.core.typed import typed_amount, typed_day
from donations.published.blocks import WHY_FOLDED, BlockDraft, Rules
from donations.published.document import Goal
from donations.published.spending import Fold, Spent
from donations.reports.public import figures_of
from donations.store.association import NamesInLanguages, names_in_languages
from donations.store.donors import people
from donations.store.publishing import PublishingTerms, blocks, history_of_terms, terms
from donations.store.session import ReadSession, as_reader, reading, writing
from donations.store.spending import categories
from donations.views.formats import months
from donations.web.access import VisitorHere, needs
from donations.web.browser import home_reached, leads_nowhere
from donations.web.changes import WAITING_PATH, asker_of
from donations.web.going_on import long_step
from donations.web.long_steps import Phase
from donations.web.own_name import look_for_name, name_given_out, shown_name, why_not
from donations.web.pages import Site, SiteHere, page
from donations.web.public import shown
from donations.web.refused import status_of

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""No XML may hold these, and the card of the goal is XML."""

Promised = Annotated[str, Form(max_length=64)]


class TermsForm(BaseModel):
    """What the form holds."""

    donors_min: int
    percent: int
    account: int = 0
    """0: the first one with an IBAN."""
    payee: Annotated[str, Form(max_length=200)] = ""
    goal: Annotated[str, Form(max_length=20)] = ""
    goal_text: Annotated[str, Form(max_length=200)] = ""
    en: Annotated[str, Form(max_length=200)] = ""
    ru: Annotated[str, Form(max_length=200)] = ""
    """What the goal is for, in these languages."""
    goal_since: Annotated[str, Form(max_length=10)] = ""
    spending_since: Annotated[str, Form(max_length=10)] = ""
    """Empty: spending is not published."""

    @classmethod
    def of(cls, terms: PublishingTerms, *, organisation: str, names: NamesInLanguages) -> TermsForm:
        """Return the form filled in with what counts now."""
        goal = terms.goal
        return cls(
            donors_min=terms.rules.donors_min,
            percent=terms.rules.percent,
            account=terms.account_id or 0,
            payee="" if is_placeholder(payee := terms.payee or organisation) else payee,
            goal="" if goal is None else decimal_text(goal.minor, EUR).replace(".", ","),
            goal_text="" if goal is None else goal.text,
            **({} if goal is None else {each.value: word for each, word in names.get(goal.text, {}).items()}),
            goal_since="" if goal is None else goal.since.isoformat(),
            spending_since="" if terms.spending_since is None else terms.spending_since.isoformat(),
        )


TermsGiven = Annotated[TermsForm, Form()]


def wanted_terms(form: TermsForm, *, accounts: Collection[int], own: str) -> PublishingTerms:
    """Return what the form says; `accounts` are those with an IBAN, `own` is the organisation's name.

    Raises `Refusal`.
    """
    if form.account and form.account not in accounts:
        raise Refusal(BooksCode.UNKNOWN_ACCOUNT)
    payee = form.payee.strip()
    if len(payee) > PAYEE_MAX or not payee.isprintable():
        raise Refusal(BooksCode.BAD_PAYEE)
    return PublishingTerms(
        rules=Rules(donors_min=form.donors_min, percent=form.percent),
        account_id=form.account or None,
        payee="" if payee == own else payee,
        goal=_goal(form),
        spending_since=_spending_since(form),
    )


def _goal(form: TermsForm) -> Goal | None:
    if not form.goal.strip():
        return None
    try:
        minor, since = typed_amount(form.goal, EUR), typed_day(form.goal_since)
    except Refusal as error:
        raise Refusal(BooksCode.BAD_GOAL) from error
    return Goal(minor=minor, text=" ".join(_UNSEEN.sub(" ", form.goal_text).split()), since=since)


def _spending_since(form: TermsForm) -> date | None:
    if not form.spending_since.strip():
        return None
    try:
        since = typed_day(form.spending_since)
    except Refusal as error:
        raise Refusal(BooksCode.BAD_SPENDING_DAY) from error
    if since.day != 1:
        raise Refusal(BooksCode.BAD_SPENDING_DAY)
    return since


HISTORY = 20
_FOLDED = {
    Fold.FEW_PAYEES: N_("fewer than three were paid, so that somebody’s pay could be told"),
    Fold.DOMINATED: N_("one person’s pay would stand out of the sum"),
    Fold.COVER: N_("it hides the pay of others within the rest"),
    Fold.NO_CATEGORY: N_("some payees have no category yet"),
    Fold.NOTHING_SPENT: N_("nothing was spent"),
}

router = APIRouter(prefix="/publishing")


@router.get("")
@needs(Permission.SEE_FIGURES)
def publishing(request: Request, site: SiteHere, done: str = "") -> Response:
    """Show what would be published, what waits and why."""
    return _publishing_page(request, site, done=done)


@router.get("/preview")
@needs(Permission.SEE_FIGURES)
def preview(request: Request, site: SiteHere) -> Response:
    """Show the public page as it would be."""
    with reading(site.engine) as session:
        look_for_name(session, site)
        ahead = _prospect(session, site)
    home = home_reached(request)
    values = shown(figures_of(ahead.snapshot.written()), site.own, site.today) | {"is_preview": True}
    return page(request, "public/total.html", **values, linked=None, home=home, is_local=leads_nowhere(home))


@router.post("")
@needs(Permission.CLOSE_MONTHS)
def publish_now(request: Request, site: SiteHere, visitor: VisitorHere, promised: Promised) -> Response:
    """Publish exactly what was shown, or show it anew where it would be something else."""
    try:
        with long_step(request) as step, writing(site.engine) as session:
            publish(
                session,
                organisation=name_given_out(session, site, by=visitor.name),
                by=visitor.name,
                now=site.clock(),
                promised=promised,
                tell=step.at(Phase.CHECKING),
            )
    except Refusal as refusal:
        if refusal.code is RequestCode.PREVIEW_OUTDATED:
            return _publishing_page(request, site, is_outdated=True)
        if refusal.code is not BooksCode.NOTHING_NEW:
            raise
        return RedirectResponse("/treasurer/publishing", status_code=303)
    return RedirectResponse("/treasurer/publishing?done=published", status_code=303)


@router.post("/terms")
@needs(Permission.CLOSE_MONTHS, fresh=True)  # it says to which account everybody gives
def agree(request: Request, site: SiteHere, visitor: VisitorHere, form: TermsGiven) -> Response:
    """Keep the terms from now on; what is published stays as it is, and what one does not change alone waits."""
    try:
        with writing(site.engine) as session:
            accounts = [id_ for id_, _, _ in _accounts(as_reader(session))]
            own = shown_name(as_reader(session), site)
            wanted = wanted_terms(form, accounts=accounts, own=own)
            if wanted.goal is not None and wanted.goal.text:
                words = {Language.ENGLISH: form.en, Language.RUSSIAN: form.ru}
                translate_name(session, wanted.goal.text, words, by=visitor.name, at=site.clock())
            waits = change_terms(session, wanted, asker_of(request))
    except Refusal as refusal:
        return _publishing_page(request, site, form=form, refusal=refusal)
    return RedirectResponse(WAITING_PATH if waits else "/treasurer/publishing?done=terms", status_code=303)


def _prospect(session: ReadSession, site: Site) -> PublishingProspect:
    """Return what the public would see, found last where the books and what is ready in them are the same."""
    own, now = shown_name(session, site), site.clock()
    name = (prospect, own, closed_for_long(session, now=now))
    return site.once(session, name, lambda: prospect(session, organisation=own, now=now))


def _publishing_page(
    request: Request,
    site: Site,
    *,
    done: str = "",
    is_outdated: bool = False,
    form: TermsForm | None = None,
    refusal: Refusal | None = None,
) -> Response:
    with reading(site.engine) as session:
        own, nameless = shown_name(session, site), why_not(session, site)
        ahead = _prospect(session, site)
        kept = blocks(session)
        agreed, history = terms(session), history_of_terms(session, size=HISTORY)
        accounts, goal_names = _accounts(session), names_in_languages(session)
        names = {category.id: category.name for category in categories(session)}
    return page(
        request,
        "treasurer/publishing/publishing.html",
        status=409 if is_outdated else 200 if refusal is None else status_of(refusal.code),
        ahead=ahead,
        promised=promise_of(ahead),
        nameless=nameless,
        kept=kept,
        kept_back={each.block.number: _kept_back(each.draft) for each in ahead.new},
        waiting_held=_kept_back(ahead.plan.waiting),
        building_held=_kept_back(ahead.plan.building),
        folds=_folds(ahead, names),
        fold_words=_FOLDED,
        stopped=None if ahead.stop is None else WHY_STOPPED[ahead.stop.kind],
        form=form or TermsForm.of(agreed, organisation=own, names=goal_names),
        refusal=refusal,
        accounts=accounts,
        history=history,
        done=done,
        is_outdated=is_outdated,
    )


def _accounts(session: ReadSession) -> list[tuple[int, str, str]]:
    """Return the own accounts that gifts can be asked to."""
    return [(row.id, row.name, row.number) for row in people.accounts(session) if parse_iban(row.number)]


def _folds(ahead: PublishingProspect, names: Mapping[CategoryId, str]) -> dict[int, list[tuple[str, str]]]:
    """Return by block which categories are folded and why, to be translated; no name is what has no category."""
    return {
        each.block.number: [
            ("" if id_ is None else names[id_], _FOLDED[why]) for id_, why in each.spending.folded.items()
        ]
        for each in ahead.new
        if isinstance(each.spending, Spent)
    }


def _kept_back(draft: BlockDraft | None) -> list[tuple[date, str, str]]:
    """Return each month that did not end the block, with why, to be translated, and the months that it is too like."""
    return [
        (
            each.month.first_day,
            WHY_FOLDED[each.why],
            months(each.like[0].first_day, each.like[1].last_day) if each.like else "",
        )
        for each in (draft.kept_back if draft is not None else ())
    ]
