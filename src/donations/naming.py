"""What the organisation is called: said once, kept in the books, and the same on all that is given out.

The setting `DONATIONS_ORGANISATION` only says it first: a shell or a timetable of tasks without it changes no name.
"""

from __future__ import annotations

import json
from datetime import datetime

from donations.bookkeeping import judge_again
from donations.core.name import NameKey, name_key
from donations.core.organisation import PLACEHOLDER, is_placeholder
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.texts import NAME_MAX, bounded, text_refused
from donations.store.papers.paper_settings import OwnName, paper_settings, set_papers
from donations.store.payments.outgoing import payments_named
from donations.store.public.snapshots import newest
from donations.store.session import ReadSession, WriteSession, as_reader


def called(session: ReadSession, *, said: str) -> str:
    """Return what pages call the organisation; `said` is the setting, which counts where the books know no name."""
    return _known(session) or (PLACEHOLDER if is_placeholder(said) else said.strip())


def name_to_give_out(session: ReadSession, *, said: str) -> str:
    """Return the name for papers and publications. Raises `Refusal`."""
    known = _known(session)
    if known and not is_placeholder(said) and name_key(said) != name_key(known):
        raise Refusal(BooksCode.ORGANISATION_DIFFERS)
    return refuse_placeholder(known or said.strip())


def given_out(session: WriteSession, *, said: str, by: str, at: datetime) -> str:
    """Return the name for papers and publications, and keep it in the books. Raises `Refusal`."""
    name = name_to_give_out(as_reader(session), said=said)
    if name != _kept(as_reader(session)):
        call(session, name, by=by, at=at)
    return name


def call(session: WriteSession, name: str, *, by: str, at: datetime) -> None:
    """Let the organisation be called so from now on; what was given out stays.

    Raises `Refusal`.
    """
    line = bounded(refuse_placeholder(name), "name", NAME_MAX)
    if not line.isprintable():
        raise text_refused("name", NAME_MAX)
    names = {name_key(_kept(as_reader(session))), name_key(line)}
    set_papers(session, OwnName(called=line), by=by, at=at)
    if len(names) > 1:
        # Money to or from the organisation's own name is an own transfer.
        judge_again(session, payments_named(as_reader(session), names - {NameKey("")}), now=at)


def refuse_placeholder(name: str) -> str:
    """Return a name that may stand on what is given out. Raises `Refusal`."""
    if is_placeholder(name):
        raise Refusal(BooksCode.ORGANISATION_UNNAMED)
    return name.strip()


def _kept(session: ReadSession) -> str:
    return paper_settings(session, OwnName).called


def _known(session: ReadSession) -> str:
    """Return the name that was said, else the one that was published; empty without either."""
    kept = _kept(session)
    published = None if kept else newest(session)
    name: str = kept if published is None else json.loads(published.content)["organisation"]
    return "" if is_placeholder(name) else name
