"""What the association says of itself: who it is, how to reach it, what it shows, and what the law asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from donations.acts.registering import NewOwnCode, call, register
from donations.core.iban import ibans_readable_in
from donations.core.language import Language
from donations.core.person_code import RegistryCode, parse_code
from donations.core.progress import Tell, silent
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, DonorCode
from donations.core.typed import LINE_MAX, NAME_MAX, bounded, text_refused, typed_day
from donations.matching.payer import is_registry_code
from donations.store.association import THANKS_MAX, WORDS_MAX, Logo, Presence, call_in_languages, keep_logo
from donations.store.donors import people
from donations.store.organisation import (
    AskingByAccount,
    Beliefs,
    Contact,
    FinancialYear,
    IncentiveList,
    Letterhead,
    OwnName,
    PaperSettings,
    own_codes,
    paper_settings,
    said,
    set_papers,
)
from donations.store.publishing import terms
from donations.store.session import ReadSession, WriteSession, as_reader


def listed(*, since: str, until: str) -> IncentiveList:
    """Return since when and, if it ends, until when it is on the list, as typed. Raises `Refusal`."""
    try:
        return IncentiveList(since=typed_day(since), until=typed_day(until) if until.strip() else None)
    except (Refusal, ValidationError) as error:
        raise Refusal(BooksCode.BAD_LISTED_DAYS) from error


def contact(*, email: str, security: str) -> Contact:
    """Return how to reach it. Raises `Refusal`."""
    try:
        return Contact(email=email, security=security)
    except ValidationError as error:
        raise Refusal(BooksCode.BAD_CONTACT) from error


def letterhead(said: Mapping[str, str]) -> Letterhead:
    """Return who issues papers. Raises `Refusal`."""
    try:
        return Letterhead.model_validate(said)
    except ValidationError as error:
        raise text_refused(str(error.errors()[0]["loc"][0]), NAME_MAX) from error


_WRONG = {
    "phone": BooksCode.BAD_PHONE_SHOWN,
    "colour": BooksCode.BAD_COLOUR,
    **dict.fromkeys(("web", "statutes", "board"), BooksCode.BAD_WEB_ADDRESS),
}


def presence(known: Presence, said: Mapping[str, Any]) -> Presence:
    """Return what it shows, with what is said now in place of what was known. Raises `Refusal`."""
    try:
        found = Presence.model_validate({**known.model_dump(), **said})
    except ValidationError as error:
        field = "_".join(map(str, error.errors()[0]["loc"]))
        raise Refusal(_WRONG[field]) if field in _WRONG else text_refused(field, WORDS_MAX) from error
    if max(map(len, found.thanks.all)) > THANKS_MAX:
        raise text_refused("thanks", THANKS_MAX)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What is said now; None leaves a matter as it is."""

    name: str | None = None
    """As the bank has it."""
    letterhead: Letterhead | None = None
    """Its registry code becomes an own code."""
    presence: Presence | None = None
    year: FinancialYear | None = None
    incentives: IncentiveList | None = None
    contact: Contact | None = None
    beliefs: Beliefs | None = None
    asking: AskingByAccount | None = None


def describe(session: WriteSession, wanted: Described, *, by: str, at: datetime, tell: Tell = silent) -> None:
    """Keep what is said. A contact that is said again holds anew; of the rest only what changed is written.

    Raises `Refusal`: `beliefs_asked`, `bad_code`, `account_in_text`, and what names are refused for.
    """
    reader = as_reader(session)
    beliefs = wanted.beliefs or paper_settings(reader, Beliefs)
    asking = wanted.asking or paper_settings(reader, AskingByAccount)
    if beliefs.gifts_tell and asking.is_on:
        raise Refusal(BooksCode.BELIEFS_ASKED)
    refuse_other_account(reader, (wanted.name or "", *(wanted.presence.texts if wanted.presence else ())))
    if wanted.letterhead is not None:
        refuse_other_account(reader, (wanted.letterhead.address, wanted.letterhead.signer, wanted.letterhead.role))
        _register_code(session, wanted.letterhead.registry_code, at=at, tell=tell)
    if wanted.name is not None and wanted.name.strip() != (paper_settings(reader, OwnName).called or None):
        call(session, wanted.name, by=by, at=at)
    every: tuple[PaperSettings | None, ...] = (
        *(wanted.letterhead, wanted.presence, wanted.year, wanted.incentives, wanted.contact),
        *(wanted.beliefs, wanted.asking),
    )
    for each in every:
        if each is not None and (isinstance(each, Contact) or each != said(reader, type(each))):
            set_papers(session, each, by=by, at=at)


def _register_code(session: WriteSession, written: str, *, at: datetime, tell: Tell) -> None:
    """Let donors' texts that hold the code name nobody, if it is not known yet. Raises `Refusal`."""
    code = parse_code(written) if written else None
    if code is None or code in own_codes(as_reader(session)):
        return
    if not isinstance(code, str) or not is_registry_code(code):
        raise Refusal(DonorCode.BAD_CODE)
    register(session, NewOwnCode(code=RegistryCode(code)), now=at, tell=tell)


def refuse_other_account(session: ReadSession, texts: Iterable[str]) -> None:
    """Refuse texts by which the public is asked to give to another account: no second person agreed to these."""
    asked = people.payee_account(session, terms(session).account_id)
    for text in texts:
        if ibans_readable_in(text) - {asked}:
            raise Refusal(BooksCode.ACCOUNT_IN_TEXT, word=text)


def show_logo(session: WriteSession, logo: Logo | None, *, by: str, at: datetime) -> None:
    """Show a logo from now on, or none; papers that were issued keep theirs."""
    if logo is not None:
        keep_logo(session, logo, by=by, at=at)
    known = paper_settings(as_reader(session), Presence)
    if known.logo != (shown := logo.sha256 if logo else ""):
        set_papers(session, known.model_copy(update={"logo": shown}), by=by, at=at)


def translate_name(session: WriteSession, name: str, words: Mapping[Language, str], *, by: str, at: datetime) -> None:
    """Let a name of ours be called so in other languages; empty: as it is. Raises `Refusal`."""
    said = {language: " ".join(bounded(word, "name", LINE_MAX).split()) for language, word in words.items()}
    refuse_other_account(as_reader(session), said.values())
    call_in_languages(session, name, said, by=by, at=at)
