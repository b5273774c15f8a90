"""What donors are called: as a person said, else as the newest payment says that makes the donor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import ANONYMOUS, DonorId
from donations.core.name import NameKey, in_title_case, name_key
from donations.matching.standing_rules import PREFIX
from donations.store.donors import people
from donations.store.donors.restricted import restricted_ids
from donations.store.donors.surviving import all_behind, stands_for, surviving_id
from donations.store.given import gifts, with_payers
from donations.store.line_texts import line_texts
from donations.store.session import ReadSession, WriteSession, as_reader, in_runs
from donations.store.tables import DonorClaimRow, DonorRow
from donations.store.tables.donors import ClaimAssignmentRow, DonorMergeRow, DonorNameRow, DonorUnmergeRow

_PAYER = (line_texts.c.account, line_texts.c.name)
_CUT_FROM = 20
"""Banks cut no shorter names."""


@dataclass(frozen=True, slots=True, order=True)
class WrittenName:
    """A name as the bank wrote it last on a day."""

    day: date
    name: str

    @property
    def key(self) -> NameKey:
        """The name as it is compared."""
        return name_key(self.name)


def renew_names(session: WriteSession, donors: Iterable[DonorId]) -> None:
    """Let those who stand for these donors be called what is known now."""
    reader = as_reader(session)
    tops = _named_tops(reader, donors)
    said, written, called = corrected_names(reader, tops), names_written(reader, tops), people.donors(reader, tops)
    for donor in sorted(tops):
        known = written.get(donor)
        if donor not in said and known is None:
            continue  # nothing makes the donor any more: the name stays, for those who look the number up
        name = said.get(donor) or best_of(known or ())
        if called[donor].name != name:
            row = session.get_one(DonorRow, donor)
            row.name, row.name_key = name, name_key(name)
            session.add(row)
    session.flush()


def newer_name(session: ReadSession, donor: DonorId) -> str | None:
    """Return the name that the newest payments of a donor have, where the donor is called something else."""
    called = session.get(DonorRow, donor)
    known = names_written(session, {donor}, with_merged=True).get(donor, [])
    newest = best_of(known)
    is_same = called is None or not newest or name_key(newest) == called.name_key
    return None if is_same else newest


def names_right(session: ReadSession, donors: Collection[DonorId]) -> dict[DonorId, frozenset[NameKey]]:
    """Return the folded names under which a paper for these standing donors is right.

    A person's correction says that any other is wrong; else it is every name under which the donor ever gave, for who
    married is called otherwise and gave all the same.
    """
    said, written = corrected_names(session, donors), names_written(session, donors, with_merged=True)
    called = people.donors(session, donors)
    return {
        donor: frozenset({name_key(said[donor])})
        if donor in said
        else frozenset({name_key(called[donor].name), *(each.key for each in written.get(donor, ()) if each.name)})
        for donor in donors
    }


def corrected_names(session: ReadSession, donors: Collection[DonorId]) -> dict[DonorId, str]:
    """Return what people say that standing donors are called: of several corrections the latest."""
    latest: dict[DonorId, tuple[int, int, str]] = {}
    for run in in_runs(sorted(donors)):
        query = (
            sql_select(surviving_id(), col(DonorRow.id), col(DonorRow.said_name), func.max(col(DonorNameRow.id)))
            .outerjoin(DonorNameRow, col(DonorNameRow.donor_id) == col(DonorRow.id))
            .where(col(DonorRow.said_name).is_not(None))
            .where(stands_for(run))
            .group_by(col(DonorRow.id), col(DonorRow.merged_into_id), col(DonorRow.said_name))
        )
        for top, donor, name, correction in session.execute(query):
            # Of names that were never corrected, that of who stands counts, else the oldest donor's.
            age = (correction or 0, 1 if donor == top else -donor, name)
            latest[DonorId(top)] = max(age, latest.get(DonorId(top), age))
    return {donor: name for donor, (_, _, name) in latest.items()}


def names_written(
    session: ReadSession, donors: Collection[DonorId], *, with_merged: bool = False
) -> dict[DonorId, list[WrittenName]]:
    """Return the names of payments that make standing donors, each spelling with the last day that it came.

    A payment without a name has an empty one: it makes a donor too.
    Somebody else who pays for the donor by a person's word makes nobody's name; nor, unless asked for, do those whom
    a person merged into the donor.
    """
    by_word = _given(session)
    found: defaultdict[DonorId, list[WrittenName]] = defaultdict(list)
    goes = sql_select(col(DonorMergeRow.donor_id)).where(
        col(DonorMergeRow.id).not_in(sql_select(col(DonorUnmergeRow.merge_id)))
    )
    for run in in_runs(sorted(donors)):
        query = (
            sql_select(gifts.c.donor_id, *_PAYER, func.max(gifts.c.booked_on))
            .select_from(with_payers(gifts))
            .where(gifts.c.booked_for.in_(all_behind(run)))
            .where(gifts.c.rule.is_not(None), ~gifts.c.rule.startswith(PREFIX))
            .group_by(gifts.c.donor_id, gifts.c.booked_for, *_PAYER)
        )
        if not with_merged:
            query = query.where(or_(gifts.c.booked_for == gifts.c.donor_id, gifts.c.booked_for.not_in(goes)))
        for donor, account, name, day in session.execute(query):
            if (account, name_key(name)) not in by_word:
                found[DonorId(donor)].append(WrittenName(day, name))
    return dict(found)


def best_of(written: Iterable[WrittenName]) -> str:
    """Return the newest name as it is shown; where banks shorten it, as another payment has it whole."""
    known = sorted(
        (each for each in written if each.name), key=lambda each: (each.day, len(each.name), each.name), reverse=True
    )
    if not known:
        return ""
    newest = known[0]
    whole = next((each for each in known if _is_short_for(newest.name, each.name)), newest)
    # Capitals do not tell how a name is spelled: McCarthy, de la Cruz.
    spelled = next((each.name for each in known if each.key == whole.key and not each.name.isupper()), whole.name)
    return in_title_case(spelled)


def _is_short_for(name: str, whole: str) -> bool:
    """Whether a name has initials where the other has words, or is cut where the other goes on."""
    if len(name) >= _CUT_FROM and whole.casefold().startswith(name.casefold()):
        return len(whole) > len(name)
    one, other = name_key(name).split(), name_key(whole).split()
    initials = [word for word in one if len(word) == 1]
    words = [word for word in other if word not in one]
    is_rest_same = sorted(set(one) - set(initials)) == sorted(set(other) - set(words))
    return bool(initials) and is_rest_same and sorted(initials) == sorted(word[0] for word in words if len(word) > 1)


def _named_tops(session: ReadSession, donors: Iterable[DonorId]) -> set[DonorId]:
    """Return who stands for these donors, but not those who have no name to show."""
    found: set[DonorId] = set()
    for run in in_runs(sorted(set(donors))):
        query = sql_select(surviving_id()).where(col(DonorRow.id).in_(run), surviving_id().not_in(restricted_ids()))
        found |= set(map(DonorId, session.scalars(query)))
    return found - {ANONYMOUS}


def _given(session: ReadSession) -> set[tuple[str, str]]:
    query = sql_select(col(DonorClaimRow.iban), col(DonorClaimRow.name_key)).join(
        ClaimAssignmentRow, col(ClaimAssignmentRow.claim_id) == col(DonorClaimRow.id)
    )
    return {(iban, name) for iban, name in session.execute(query)}
