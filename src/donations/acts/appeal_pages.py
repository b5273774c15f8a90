"""What is said of an appeal: what the public is told, what it is called, and what its money may be spent on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from donations.acts.describing import refuse_other_account, translate_name
from donations.acts.registering import rename
from donations.core.donor import AppealId
from donations.core.language import Language
from donations.core.money import EUR, decimal_text
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.spending import CategoryId
from donations.core.typed import text_refused, typed_amount, typed_day
from donations.store.appeal_pages import AppealPage, AppealPages
from donations.store.association import WORDS_MAX, InLanguages
from donations.store.donors import people
from donations.store.organisation import paper_settings, set_papers
from donations.store.restricted import RestrictedMoney
from donations.store.session import WriteSession, as_reader
from donations.store.spending import categories as known_categories


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfAppeal:
    """What a person says of an appeal, as typed; what is empty is said no more."""

    is_shown: bool = False
    begins_on: str = ""
    goal: str = ""
    """Euros."""
    colour: str = ""
    text: Mapping[Language, str]

    @classmethod
    def of(cls, page: AppealPage) -> SaidOfAppeal:
        """Return what was said, as a person would type it."""
        return cls(
            is_shown=page.is_shown,
            begins_on="" if page.begins_on is None else page.begins_on.isoformat(),
            goal="" if page.goal_minor is None else decimal_text(page.goal_minor, EUR).replace(".", ","),
            colour=page.colour,
            text={each: getattr(page.text, each) for each in Language},
        )


def say_of_appeal(session: WriteSession, appeal: AppealId, said: SaidOfAppeal, *, by: str, at: datetime) -> None:
    """Keep what the public is told of an appeal.

    Raises `Refusal`: `unknown_appeal`, `bad_day`, `bad_amount`, `bad_colour`, `account_in_text`, and where the text is
    too long.
    """
    if appeal not in {each.id for each in people.appeals(as_reader(session))}:
        raise Refusal(BooksCode.UNKNOWN_APPEAL)
    known = paper_settings(as_reader(session), AppealPages)
    page = _page(said, former=known.of(appeal).former_names)
    refuse_other_account(as_reader(session), page.text.all)
    _keep(session, known, appeal, page, by=by, at=at)


def _page(said: SaidOfAppeal, *, former: tuple[str, ...]) -> AppealPage:
    try:
        text = InLanguages.model_validate({language.value: words for language, words in said.text.items()})
    except ValidationError as error:
        raise text_refused("text", WORDS_MAX) from error
    begins_on = typed_day(said.begins_on) if said.begins_on else None
    goal = typed_amount(said.goal, EUR) if said.goal.strip() else None
    try:
        return AppealPage(
            is_shown=said.is_shown,
            begins_on=begins_on,
            goal_minor=goal,
            colour=said.colour,
            text=text,
            former_names=former,
        )
    except ValidationError as error:
        raise Refusal(BooksCode.BAD_COLOUR) from error


def call_appeal(
    session: WriteSession, appeal: AppealId, name: str, words: Mapping[Language, str], *, by: str, at: datetime
) -> None:
    """Call an appeal otherwise, also in other languages; under its former names its published sums are still found.

    Raises `Refusal`.
    """
    before = {each.id: each.name for each in people.appeals(as_reader(session))}.get(appeal, name)
    rename(session, name=name, appeal=appeal)
    translate_name(session, name, words, by=by, at=at)
    known = paper_settings(as_reader(session), AppealPages)
    page = known.of(appeal)
    if before != name:
        former = tuple(dict.fromkeys(each for each in (*page.former_names, before) if each != name))
        _keep(session, known, appeal, page.model_copy(update={"former_names": former}), by=by, at=at)


def restrict_money(
    session: WriteSession, appeal: AppealId, categories: Iterable[CategoryId] | None, *, by: str, at: datetime
) -> None:
    """Say that gifts to an appeal may be spent on nothing else, and which costs are paid from them; None: on anything.

    A category that was another appeal's is so no more. Raises `Refusal`: `unknown_appeal`, `unknown_category`.
    """
    reader = as_reader(session)
    if appeal not in {each.id for each in people.appeals(reader)}:
        raise Refusal(BooksCode.UNKNOWN_APPEAL)
    wanted = None if categories is None else tuple(sorted(set(categories)))
    if not {*(wanted or ())} <= {each.id for each in known_categories(reader)}:
        raise Refusal(BooksCode.UNKNOWN_CATEGORY)
    known = paper_settings(reader, RestrictedMoney)
    said = known.saying(appeal, wanted)
    if said != known:
        set_papers(session, said, by=by, at=at)


def _keep(
    session: WriteSession, known: AppealPages, appeal: AppealId, page: AppealPage, *, by: str, at: datetime
) -> None:
    if page != known.of(appeal):
        set_papers(session, AppealPages(pages={**known.pages, appeal: page}), by=by, at=at)
