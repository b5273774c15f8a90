"""The certificates of a year as one archive of PDFs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from donations.acts.certificate import Issued
from donations.acts.issuing import year_of_certificates
from donations.core.calendar import day_of
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.documents.archive import zipped
from donations.documents.certificate import content_of, logos_of, papers, to_set
from donations.jobs.kind import JobKind
from donations.store.jobs import Job
from donations.store.session import ReadSession, WriteSession, as_reader, reading


def certificates_to_set(session: ReadSession, year: int, *, now: datetime) -> list[Issued]:
    """Return the certificates of a year that can be given to donors."""
    return to_set(year_of_certificates(session, year, today=day_of(now)).issued)


def begin_certificates(session: WriteSession, year: int, *, now: datetime) -> None:
    """Have them set; what is set already stays, and of a year without any there is nothing to do."""
    found = certificates_to_set(as_reader(session), year, now=now)
    if found:
        CERTIFICATES.begin(session, {"year": year}, content=content_of(found), total=len(found), now=now)


def certificates_job(session: ReadSession, year: int, *, now: datetime) -> Job | None:
    """Return how far they are."""
    return CERTIFICATES.find(session, {"year": year}, now=now)


def _work(engine: Engine, job: Job, now: datetime) -> Iterator[tuple[int, bytes]]:
    with reading(engine) as session:
        found: Sequence[Issued] = certificates_to_set(session, job.arguments["year"], now=now)
        logos = logos_of(session, found)
    if content_of(found) != job.content:
        raise Refusal(RequestCode.PREVIEW_OUTDATED)
    for done, piece in enumerate(zipped(papers(found, logos)), 1):
        yield min(done, len(found)), piece


CERTIFICATES = JobKind("certificates", _work, kept_for=timedelta(hours=1), kept_most=4)
"""Archives hold names: no more are kept than somebody takes along."""
