"""Somebody who may see everything, signed in over the books that are measured, with an upload that waits."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from fastapi import FastAPI
from pydantic import SecretStr
from sqlmodel import select
from starlette.testclient import TestClient

from benchmarks.books import NOW, LargeBooks
from benchmarks.counting import InPieces
from donations.access.event import Origin
from donations.access.link import add_person
from donations.access.members import new_link
from donations.access.person import Role
from donations.access.session import Lifetime, begin
from donations.access.tokens import Scope, make_token
from donations.acts.claiming import recognise
from donations.acts.issuing import issue, letterhead, year_of_certificates
from donations.acts.registering import called
from donations.core.calendar import day_of
from donations.core.donor import DonorId, PayerClaim
from donations.core.iban import ValidIban
from donations.core.language import Language
from donations.core.mail import MailKind, MailText
from donations.core.name import name_key
from donations.core.statement import GivenFile
from donations.demo.people import estonian_iban
from donations.demo.story import Folder
from donations.reports.inf4 import inf4
from donations.settings import Settings
from donations.store.mail import NewMail, put_into_outbox
from donations.store.months import closed_months
from donations.store.papers import keep_list, last_number
from donations.store.session import WriteSession, as_reader, reading, writing
from donations.store.statements import imports
from donations.store.tables.donors import ClaimAssignmentRow
from donations.store.users import person_called
from donations.web import create_app
from donations.web.browser import COOKIE

_NAME = "benchmark"
_CERTIFICATES = 5
"""So many are issued: an archive of all that stand is measured too."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The application as somebody sees it, and the parts of addresses that came with the visit."""

    app: FastAPI
    pieces: InPieces
    client: TestClient
    values: Mapping[str, str]


@contextmanager
def visit(books: LargeBooks) -> Iterator[Visit]:
    """Come in and look around; the books are the same afterwards but for the person, papers, and what waits."""
    cookie, bearer, values = _come_in(books)
    with reading(books.engine) as session:
        organisation = called(session, configured=_NAME)
    settings = Settings(organisation=organisation, metrics_token=SecretStr(bearer.removeprefix("Bearer ")))
    app = create_app(settings, books.engine, clock=lambda: NOW)
    gc.collect()
    gc.freeze()  # as the server does when it begins (cli/server.py)
    headers = {"sec-fetch-site": "same-origin", "accept-language": "en", "cookie": cookie, "authorization": bearer}
    pieces = InPieces(app)
    with TestClient(
        pieces,
        base_url="https://localhost",
        client=("127.0.0.1", 50_000),
        headers=headers,
        raise_server_exceptions=False,
    ) as client:
        yield Visit(app, pieces, client, values)


def _come_in(books: LargeBooks) -> tuple[str, str, dict[str, str]]:
    """Sign in as a browser and as a program; return the cookie, the program's token, and what was made."""
    origin = Origin(address="127.0.0.1", browser=_NAME, at=NOW)
    month = next(Folder(books.story).to_upload())
    lifetime = Lifetime(idle=timedelta(days=1), absolute=timedelta(days=1))
    with writing(books.engine) as session:
        person = person_called(as_reader(session), _NAME) or add_person(
            session, name=_NAME, email="", roles=frozenset(Role), origin=origin
        )
        secret = begin(session, person.id, origin, lifetime=lifetime).secret
        _, token = make_token(session, owner_id=person.id, name=_NAME, scopes=Scope, days=1, origin=origin)
        if not session.exec(select(ClaimAssignmentRow)).first():  # the story has nobody whose account pays for another
            claim = PayerClaim(ValidIban(estonian_iban("42", 1)), name_key(_NAME))
            recognise(session, DonorId(2), claim, by=_NAME, now=NOW)
        _give_out_papers(session)
        waiting = imports.keep_upload(session, [GivenFile(name=month.name, content=month.content)], now=NOW)
        values = {"person_id": str(person.id), "secret": new_link(session, person.id, origin), "token": waiting}
    return f"{COOKIE}={secret}", f"Bearer {token}", values


def _give_out_papers(session: WriteSession) -> None:
    """Issue certificates for the last year whose months are all closed, and keep its list for the tax board."""
    reader, today = as_reader(session), day_of(NOW)
    year = max(closed_months(reader)).year - 1
    if last_number(reader, year):
        return
    ready = year_of_certificates(reader, year, today=today).ready
    issuer = letterhead(reader, organisation=_NAME)
    donors = {each.donor for each in ready[:_CERTIFICATES]}
    issue(session, year, donors=donors, issuer=issuer, by=_NAME, now=NOW, today=today)
    keep_list(session, inf4(reader, year).lines, year=year, by=_NAME, at=NOW)
    said = NewMail(
        occasion="test:benchmark",
        kind=MailKind.TEST,
        language=Language.ENGLISH,
        address="treasurer@example.org",
        text=MailText(_NAME, _NAME),
    )
    put_into_outbox(session, [said], by=_NAME, now=NOW)
