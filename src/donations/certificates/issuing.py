"""Issuing certificates: who can get one for a year and who cannot, which became void, and the next numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from secrets import token_hex

from donations.certificates.became import became, replaced_by
from donations.certificates.value import (
    CannotGet,
    Issued,
    Ready,
    State,
    Sums,
    Why,
    YearOfCertificates,
    certificate_of,
)
from donations.core.canonical import canonical
from donations.core.donor import ANONYMOUS, AppealId, DonorId
from donations.core.language import Language
from donations.core.money import Currency, Minor
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, DonorCode
from donations.ledger.returned import Part
from donations.naming import refuse_placeholder
from donations.reports.year_given import parts_given, year_given
from donations.store.donors import people
from donations.store.donors.merges import merges
from donations.store.donors.names import names_right
from donations.store.donors.restricted import all_restricted
from donations.store.giving.donor_giving import booked_for
from donations.store.papers.certificates import (
    GivenPart,
    KeptCertificate,
    add_certificates,
    certificates_of,
    languages_wished,
    last_number,
    months_not_closed,
)
from donations.store.papers.paper_settings import Letterhead
from donations.store.session import ReadSession, WriteSession, as_reader


def year_of_certificates(session: ReadSession, year: int, *, today: date) -> YearOfCertificates:
    """Return what there is to issue for a year on this day (Europe/Tallinn), and what was issued."""
    now, names = _given(session, year)
    issued = _issued(session, year)
    settled = {each.donor for each in issued if each.state is State.STANDS}
    to_replace: defaultdict[DonorId, list[str]] = defaultdict(list)
    for each in issued:
        if each.state is State.VOID:
            to_replace[each.donor].append(each.certificate.number)
    languages = languages_wished(session)
    restricted = all_restricted(session)
    ready: list[Ready] = []
    cannot: list[CannotGet] = []
    for donor, sums in now.items():
        why = Why.RESTRICTED if donor in restricted else _why(donor, names[donor], sums)
        if why is not None:
            cannot.append(CannotGet(donor=donor, name=names[donor], sums=sums, why=why))
        elif donor not in settled:
            ready.append(
                Ready(
                    donor=donor,
                    name=names[donor],
                    sums=sums,
                    language=languages.get(donor, Language.ESTONIAN),
                    replaces=tuple(to_replace[donor]),
                )
            )
    return YearOfCertificates(
        year=year,
        is_over=year < today.year,
        open_months=tuple(months_not_closed(session, year)),
        ready=tuple(ready),
        cannot=tuple(cannot),
        issued=tuple(issued),
    )


def issue(
    session: WriteSession,
    year: int,
    *,
    donors: Collection[DonorId] | None,
    issuer: Letterhead,
    by: str,
    now: datetime,
    today: date,
) -> list[str]:
    """Issue certificates to these donors, by default to all who can get one, and return their numbers.

    Raises `Refusal`: `organisation_unnamed`, `year_not_final` before the year is over and all its months are closed,
    `unknown_donor`, `nothing_to_issue` where nobody of them can get one.
    """
    refuse_placeholder(issuer.organisation)
    reader = as_reader(session)
    found = year_of_certificates(reader, year, today=today)
    if not found.may_issue:
        raise Refusal(BooksCode.YEAR_NOT_FINAL)
    if donors is not None and not people.donors(reader, donors).keys() >= set(donors):
        raise Refusal(DonorCode.UNKNOWN_DONOR)
    wanted = [each for each in found.ready if donors is None or each.donor in donors]
    if not wanted:
        raise Refusal(BooksCode.NOTHING_TO_ISSUE)
    parts = parts_given(reader, year, {each.donor for each in wanted})
    givers = _givers(reader, parts)
    appeals = {each.id: each.name for each in people.appeals(reader)}
    first = last_number(reader, year) + 1
    made = [
        _made(
            replace(each, donor=givers[each.donor]),
            number,
            _named(parts[each.donor], appeals),
            year=year,
            issuer=issuer,
            by=by,
            now=now,
        )
        for number, each in enumerate(wanted, first)
    ]
    add_certificates(session, made)
    return [each.written_number for each in made]


def _given(session: ReadSession, year: int) -> tuple[dict[DonorId, Sums], dict[DonorId, str]]:
    """Return what standing donors gave in a year, and their names, in the order of these."""
    sums: defaultdict[DonorId, list[tuple[Currency, Minor]]] = defaultdict(list)
    names: dict[DonorId, str] = {}
    for each in year_given(session, year).given:
        if each.donor is not None:
            sums[each.donor].append((each.currency, each.minor))
            names[each.donor] = each.name
    return {donor: tuple(sorted(pairs)) for donor, pairs in sums.items()}, names


def _issued(session: ReadSession, year: int) -> list[Issued]:
    found = [certificate_of(kept) for kept in certificates_of(session, year)]
    standing = people.donors(session, {each.kept.donor for each in found})
    by_id = {donor: known.id for donor, known in standing.items()}
    tops = set(by_id.values())
    return became(
        found,
        standing=by_id,
        replaced=replaced_by(found),
        now=parts_given(session, year, tops),
        names=names_right(session, tops),
    )


def _givers(session: ReadSession, parts: Mapping[DonorId, Sequence[Part]]) -> dict[DonorId, DonorId]:
    """Return of each standing donor the one who has all of these parts with the fewest others merged into it.

    A certificate is that one's, as the gifts are: taken apart, it stays with them.
    """
    booked = booked_for(session, [part for own in parts.values() for part in own])
    into = merges(session)
    found: dict[DonorId, DonorId] = {}
    for top, own in parts.items():
        ways = [_way(booked[part.id], into) for part in own]
        shared = [each for each in ways[0] if all(each in way for way in ways)] if ways else []
        found[top] = next(iter(shared), top)
    return found


def _way(donor: DonorId, into: Mapping[DonorId, DonorId]) -> list[DonorId]:
    """Return a donor, the one it was merged into, the one that one was merged into ..."""
    way = [donor]
    while (following := into.get(way[-1])) is not None and following not in way:
        way.append(following)
    return way


def _why(donor: DonorId, name: str, sums: Sums) -> Why | None:
    if donor == ANONYMOUS:
        return Why.ANONYMOUS
    if all(minor <= 0 for _, minor in sums):
        return Why.NOTHING_LEFT
    return None if name.strip() else Why.NAME_MISSING


def _named(parts: Iterable[Part], appeals: Mapping[AppealId, str]) -> list[GivenPart]:
    return [
        GivenPart(part.day, part.minor, part.currency, "" if part.appeal is None else appeals[part.appeal])
        for part in parts
    ]


def _made(
    ready: Ready, number: int, parts: Sequence[GivenPart], *, year: int, issuer: Letterhead, by: str, now: datetime
) -> KeptCertificate:
    figures = {
        "language": ready.language.value,
        "issuer": issuer.model_dump(),
        "parts": [[part.day.isoformat(), part.minor, part.currency, part.appeal] for part in parts],
        "replaces": ready.replaces,
    }
    made = KeptCertificate(
        year=year,
        number=number,
        donor=ready.donor,
        name=ready.name,
        salt=token_hex(16),
        figures=canonical(figures),
        issued_by=by,
        issued_at=now,
        digest="",
    )
    return replace(made, digest=made.own_digest)
