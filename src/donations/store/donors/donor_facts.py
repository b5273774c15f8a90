"""What people noted of donors: notes, consents, declared fields, names before a correction. All can be erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.core.donor_field import DonorField
from donations.core.name import name_key
from donations.store.donors.surviving import donors_behind, surviving_id
from donations.store.session import ReadSession, WriteSession, next_ids
from donations.store.tables import DonorRow
from donations.store.tables.donors import DonorConsentRow, DonorFieldRow, DonorNameRow, DonorNoteRow


class ConsentKind(StrEnum):
    """What a donor is asked."""

    PUBLIC_NAME = "public_name"
    """Whether the name may be shown in public: `yes` or `no`; without a word it may not."""
    CERTIFICATE_LANGUAGE = "certificate_language"
    """A language by its code."""
    CONTACT = "contact"
    """Where and how the donor wants to be reached; `no` for not at all."""


class Consent(NamedTuple):
    """What a donor agreed to or asked for on a day."""

    id: int
    kind: ConsentKind
    value: str
    given_on: date
    source: str
    """How we know: a letter, an e-mail, a call."""
    recorded_by: str


class DonorNote(NamedTuple):
    """A note on a donor."""

    id: int
    text: str
    written_by: str
    written_at: datetime


class DonorFieldValue(NamedTuple):
    """What stands in a field of a donor."""

    field: str
    """The key of a declared field, or of one that was declared once."""
    value: str
    recorded_by: str
    recorded_at: datetime


class NameBefore(NamedTuple):
    """A name that a donor had until a person corrected it."""

    name: str
    corrected_by: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """The latest word of a donor in each matter, and all before it, the newest first."""

    latest: dict[ConsentKind, Consent]
    earlier: tuple[Consent, ...]


def consents_of(session: ReadSession, donor: DonorId) -> Consents:
    """Return what a standing donor and those behind it agreed to: the latest day counts, then what came last."""
    query = (
        select(DonorConsentRow)
        .where(col(DonorConsentRow.donor_id).in_(donors_behind(donor)))
        .order_by(col(DonorConsentRow.given_on).desc(), col(DonorConsentRow.id).desc())
    )
    found = [
        Consent(row.id, ConsentKind(row.kind), row.value, row.given_on, row.source, row.recorded_by)
        for row in session.exec(query)
    ]
    latest: dict[ConsentKind, Consent] = {}
    for each in found:
        latest.setdefault(each.kind, each)
    return Consents(latest=latest, earlier=tuple(each for each in found if each not in latest.values()))


def record_consent(
    session: WriteSession,
    donor: DonorId,
    kind: ConsentKind,
    value: str,
    *,
    given_on: date,
    source: str,
    by: str,
    at: datetime,
) -> None:
    """Keep what a donor said on a day and how we know."""
    number = next(next_ids(session, DonorConsentRow))
    session.add(
        DonorConsentRow(
            id=number,
            donor_id=donor,
            kind=kind.value,
            value=value,
            given_on=given_on,
            source=source,
            recorded_by=by,
            recorded_at=at,
        )
    )


def notes_of(session: ReadSession, donor: DonorId) -> list[DonorNote]:
    """Return the notes on a standing donor and those behind it, the newest first."""
    query = select(DonorNoteRow).where(col(DonorNoteRow.donor_id).in_(donors_behind(donor)))
    rows = session.exec(query.order_by(col(DonorNoteRow.id).desc()))
    return [DonorNote(row.id, row.text, row.written_by, row.written_at) for row in rows]


def write_note(session: WriteSession, donor: DonorId, text: str, *, by: str, at: datetime) -> None:
    """Keep a note."""
    number = next(next_ids(session, DonorNoteRow))
    session.add(DonorNoteRow(id=number, donor_id=donor, text=text, written_by=by, written_at=at))


def erase_note(session: WriteSession, donor: DonorId, note: int) -> None:
    """Erase a note on a standing donor; nothing of it is left."""
    behind = col(DonorNoteRow.donor_id).in_(donors_behind(donor))
    session.execute(delete(DonorNoteRow).where(col(DonorNoteRow.id) == note, behind))


def field_values_of(session: ReadSession, donor: DonorId) -> list[DonorFieldValue]:
    """Return what stands in the fields of a standing donor and those behind it, the newest first."""
    query = select(DonorFieldRow).where(col(DonorFieldRow.donor_id).in_(donors_behind(donor)))
    rows = session.exec(query.order_by(col(DonorFieldRow.recorded_at).desc(), col(DonorFieldRow.id).desc()))
    return [DonorFieldValue(row.field, row.value, row.recorded_by, row.recorded_at) for row in rows]


def newest_field_values(session: ReadSession, donor: DonorId) -> dict[str, DonorFieldValue]:
    """Return what counts in each field of a standing donor: of those who are one, the newest value."""
    return {each.field: each for each in reversed(field_values_of(session, donor))}


def values_of_field(session: ReadSession, key: str) -> dict[DonorId, str]:
    """Return what stands in a field of standing donors, of those who are one the newest value."""
    query = (
        sql_select(surviving_id(), col(DonorFieldRow.value))
        .join(DonorRow, col(DonorRow.id) == col(DonorFieldRow.donor_id))
        .where(col(DonorFieldRow.field) == key)
        .order_by(col(DonorFieldRow.recorded_at), col(DonorFieldRow.id))
    )
    return {DonorId(donor): value for donor, value in session.execute(query)}


def set_field(session: WriteSession, donor: DonorId, field: DonorField, typed: str, *, by: str, at: datetime) -> None:
    """Put another value into a field of a standing donor, or nothing; none from before is left. Raises `Refusal`.

    What stood there of donors behind it goes too, or an older value would come up again.
    """
    value = field.checked(typed) if typed.strip() else ""
    of_field = col(DonorFieldRow.donor_id).in_(donors_behind(donor)), DonorFieldRow.field == field.key
    rows = session.exec(select(DonorFieldRow).where(*of_field)).all()
    own = next((row for row in rows if row.donor_id == donor and value), None)
    for row in rows:
        if row is not own:
            session.delete(row)
    if own is not None and own.value != value:
        own.value, own.recorded_by, own.recorded_at = value, by, at
        session.add(own)
    elif own is None and value:
        row = DonorFieldRow(
            id=next(next_ids(session, DonorFieldRow)),
            donor_id=donor,
            field=field.key,
            value=value,
            recorded_by=by,
            recorded_at=at,
        )
        session.add(row)
    session.flush()


def names_before(session: ReadSession, donor: DonorId) -> list[NameBefore]:
    """Return the names that a standing donor and those behind it had before corrections, the newest first."""
    query = select(DonorNameRow).where(col(DonorNameRow.donor_id).in_(donors_behind(donor)))
    rows = session.exec(query.order_by(col(DonorNameRow.id).desc()))
    return [NameBefore(row.name, row.corrected_by, row.corrected_at) for row in rows]


def correct_name(session: WriteSession, donor: DonorId, name: str, *, by: str, at: datetime) -> None:
    """Give a donor another name and keep the one before; what the bank wrote stays with its lines."""
    row = session.get_one(DonorRow, donor)
    if row.name == name and row.said_name == name:
        return
    number = next(next_ids(session, DonorNameRow))
    session.add(DonorNameRow(id=number, donor_id=donor, name=row.name, corrected_by=by, corrected_at=at))
    row.name, row.name_key, row.said_name = name, name_key(name), name
    session.add(row)
    session.flush()
