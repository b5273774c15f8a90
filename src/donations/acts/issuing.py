"""Issuing certificates: who can get one, which became void, and the next numbers.

One is void only where its gifts are not all there any more, or the sum or the name is another now: gifts are compared
by day and amount, for which row of the books they stand in, and which number their donor has, is nothing that it says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from secrets import token_hex
from typing import Protocol

from donations.acts.certificate import (
    CannotGet,
    Certificate,
    CertificateState,
    Issued,
    NoCertificateReason,
    Ready,
    Sums,
    YearOfCertificates,
    certificate_of,
    counted_parts_of_year,
    giving_of_year,
)
from donations.acts.promise import refuse_outdated
from donations.acts.registering import refuse_placeholder
from donations.core.canonical import canonical
from donations.core.donor import ANONYMOUS, AppealId, DonorId
from donations.core.language import Language
from donations.core.money import Currency, Minor, totals
from donations.core.name import NameKey, is_placeholder, name_key
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, DonorCode
from donations.ledger.returned import DonorPart
from donations.store.association import Presence, called_in, names_in_languages
from donations.store.donors import people
from donations.store.donors.merges import merges
from donations.store.donors.names import names_right
from donations.store.donors.restricted import all_restricted
from donations.store.giving.donor_giving import booked_for
from donations.store.organisation import Letterhead, own_registry_code, paper_settings
from donations.store.papers import (
    GivenPart,
    KeptCertificate,
    add_certificates,
    certificates_of,
    languages_asked_for,
    last_number,
    months_not_closed,
)
from donations.store.session import ReadSession, WriteSession, as_reader


def letterhead(session: ReadSession, *, organisation: str) -> Letterhead:
    """Return who issues, as the association says it of itself now."""
    given = paper_settings(session, Letterhead)
    return given.model_copy(
        update={
            "organisation": organisation,
            "registry_code": given.registry_code or own_registry_code(session),
            "logo": paper_settings(session, Presence).logo,
        }
    )


class CertifiedGift(Protocol):
    """A gift, or what went back (negative)."""

    @property
    def day(self) -> date:
        """When."""

    @property
    def minor(self) -> Minor:
        """How much."""

    @property
    def currency(self) -> Currency:
        """In which currency."""


def replaced_by(found: Iterable[Certificate]) -> dict[str, str]:
    """Return the numbers that were replaced, each with the one that stands for it."""
    return {number: each.number for each in found for number in each.replaces}


def became(
    found: Sequence[Certificate],
    *,
    standing: Mapping[DonorId, DonorId],
    replaced: Mapping[str, str],
    now: Mapping[DonorId, Sequence[CertifiedGift]],
    names: Mapping[DonorId, frozenset[NameKey]],
) -> list[Issued]:
    """Return certificates of one year with their state.

    `standing` says who stands for their donors, `now` what these gave, `names` under which names a paper is right.
    Donors who were merged may each have one of the same gifts: then only the newest may be shown to anybody.
    One that was issued under no real name is void whatever it says.
    """

    def is_true(each: Certificate, donor: DonorId) -> bool:
        name, parts = each.kept.name, now.get(donor, ())
        is_named = name is None or donor not in names or name_key(name) in names[donor]
        return is_named and _left(each.parts) == _left(parts) and _gifts(each.parts) <= _gifts(parts)

    true = {
        donor: each.number
        for each in found
        if each.number not in replaced
        and not is_placeholder(each.issuer.organisation)
        and is_true(each, donor := standing[each.kept.donor])
    }
    issued = []
    for each in found:
        donor = standing[each.kept.donor]
        state = CertificateState.STANDS if true.get(donor) == each.number else CertificateState.VOID
        issued.append(
            Issued(
                certificate=each,
                state=CertificateState.REPLACED if each.number in replaced else state,
                donor=donor,
                now=totals(now.get(donor, ())),
                replaced_by=replaced.get(each.number),
            )
        )
    return issued


def _left(parts: Sequence[CertifiedGift]) -> list[tuple[Currency, Minor]]:
    """A currency of which all went back is as good as one in which nothing was given."""
    return [(currency, minor) for currency, minor in totals(parts) if minor]


def _gifts(parts: Sequence[CertifiedGift]) -> Counter[tuple[date, Minor, Currency]]:
    return Counter((part.day, part.minor, part.currency) for part in parts if part.minor > 0)


def year_of_certificates(session: ReadSession, year: int, *, today: date) -> YearOfCertificates:
    """Return what there is to issue for a year on this day (Europe/Tallinn), and what was issued."""
    now, names = _given(session, year)
    issued = _issued(session, year)
    settled = {each.donor for each in issued if each.state is CertificateState.STANDS}
    to_replace: defaultdict[DonorId, list[str]] = defaultdict(list)
    for each in issued:
        if each.state is CertificateState.VOID:
            to_replace[each.donor].append(each.certificate.number)
    languages, thanks = languages_asked_for(session), paper_settings(session, Presence).thanks
    restricted = all_restricted(session)
    ready: list[Ready] = []
    cannot: list[CannotGet] = []
    for donor, sums in now.items():
        why = NoCertificateReason.RESTRICTED if donor in restricted else _why(donor, names[donor], sums)
        if why is not None:
            cannot.append(CannotGet(donor=donor, name=names[donor], sums=sums, why=why))
        elif donor not in settled:
            language = languages.get(donor, Language.ESTONIAN)
            ready.append(
                Ready(
                    donor=donor,
                    name=names[donor],
                    sums=sums,
                    language=language,
                    thanks=thanks.read(language),
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
    promised: str | None = None,
) -> list[str]:
    """Issue certificates to these donors, by default to all who can get one, and return their numbers.

    Raises `Refusal`: `organisation_unnamed`, `year_not_final` before the year is over and all its months are closed,
    `unknown_donor`, `nothing_to_issue` where nobody of them can get one, and `preview_outdated` where they would say
    something else than `to_issue` of what was shown.
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
    refuse_outdated(promised, to_issue(wanted, issuer))
    parts = counted_parts_of_year(reader, year, {each.donor for each in wanted})
    givers = _givers(reader, parts)
    appeals = {each: appeals_called(reader, each) for each in {each.language for each in wanted}}
    first = last_number(reader, year) + 1
    made = [
        make_certificate(
            replace(each, donor=givers[each.donor]),
            number,
            named_parts(parts[each.donor], appeals[each.language]),
            year=year,
            issuer=issuer,
            by=by,
            now=now,
        )
        for number, each in enumerate(wanted, first)
    ]
    add_certificates(session, made)
    return [each.written_number for each in made]


def to_issue(wanted: Sequence[Ready], issuer: Letterhead) -> object:
    """Return what issuing promises: what is shown of each certificate, and who issues."""
    return tuple(wanted), issuer.model_dump()


def _given(session: ReadSession, year: int) -> tuple[dict[DonorId, Sums], dict[DonorId, str]]:
    """Return what standing donors gave in a year, and their names, in the order of these."""
    sums: defaultdict[DonorId, list[tuple[Currency, Minor]]] = defaultdict(list)
    names: dict[DonorId, str] = {}
    for each in giving_of_year(session, year).given:
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
        now=counted_parts_of_year(session, year, tops),
        names=names_right(session, tops),
    )


def _givers(session: ReadSession, parts: Mapping[DonorId, Sequence[DonorPart]]) -> dict[DonorId, DonorId]:
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


def _why(donor: DonorId, name: str, sums: Sums) -> NoCertificateReason | None:
    if donor == ANONYMOUS:
        return NoCertificateReason.ANONYMOUS
    if all(minor <= 0 for _, minor in sums):
        return NoCertificateReason.NOTHING_LEFT
    return None if name.strip() else NoCertificateReason.NAME_MISSING


def named_parts(parts: Iterable[DonorPart], appeals: Mapping[AppealId, str]) -> list[GivenPart]:
    """Return what was given with the names of what it was for."""
    return [
        GivenPart(part.day, part.minor, part.currency, "" if part.appeal is None else appeals[part.appeal])
        for part in parts
    ]


def appeals_called(session: ReadSession, language: Language) -> dict[AppealId, str]:
    """Return what appeals are called in a language."""
    names = names_in_languages(session)
    return {each.id: called_in(names, each.name, language) for each in people.appeals(session)}


def make_certificate(
    ready: Ready, number: int, parts: Sequence[GivenPart], *, year: int, issuer: Letterhead, by: str, now: datetime
) -> KeptCertificate:
    """Return what is kept of a certificate."""
    figures = {
        "language": ready.language.value,
        "issuer": issuer.model_copy(update={"thanks": ready.thanks}).model_dump(),
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
