"""What nobody does alone: roles, own accounts, the payee's account and lowered terms wait for a second person.

Where several people may decide it, another one agrees; where nobody else may, it can be done a day after all were
told; where nobody else has an account, there is nobody to ask and nobody to tell. What stops somebody never waits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from donations.access import members
from donations.access.event import KEPT_FOR, Event, Origin
from donations.access.person import Permission, Person, Role, person_of, sign_in_key
from donations.acts.guarded import KINDS, NAMES, AccountWanted, EntryWanted, TermsWanted, Wanted, permission_for
from donations.core.calendar import TALLINN, day_of
from donations.core.canonical import canonical
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode, BooksCode
from donations.published.blocks import Rules
from donations.store import users, waiting_changes
from donations.store.publishing import PublishingTerms, set_terms, terms
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables.access import SignInEventRow, WaitingChangeRow

TOLD_FOR = timedelta(days=1)
"""So long all are told before one does alone what nobody else may decide."""
UNSETTLED_FOR = timedelta(days=14)
"""So long it counts that somebody was stopped or given a new way in: nobody becomes the only one, or two, by that."""
_STOPS = (Event.DISABLED, Event.ENABLED, Event.ROLES_CHANGED, Event.UNTIL_CHANGED)
"""Also that somebody was brought back: they are told from then on."""
_WAYS_IN = (Event.LINK_MADE, Event.FACTORS_RESET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who wishes, agrees or withdraws."""

    origin: Origin
    """With the name as `by`."""
    person_id: int | None
    """None where the terminal is used by a name that has no account, and in the demonstration."""

    @property
    def at(self) -> datetime:
        """When."""
        return self.origin.at


def asker_called(session: ReadSession, origin: Origin) -> Asker:
    """Return who types, by the name."""
    row = users.person_called(session, sign_in_key(origin.by))
    return Asker(origin=origin, person_id=None if row is None else row.id)


@dataclass(frozen=True, kw_only=True)
class WaitingChange:
    """A change that waits, with who may agree to it."""

    id: int
    wanted: Wanted
    by: str
    at: datetime
    agreeing: tuple[Person, ...]
    """Who may agree at once."""
    due: datetime
    """When who wished it may do it, where nobody may agree at once."""
    is_outdated: bool
    """Whether something changed since, so that nobody can agree any more."""
    by_id: int | None

    @property
    def kind(self) -> str:
        """A stable code."""
        return NAMES[type(self.wanted)]

    @property
    def permission(self) -> Permission:
        """Who may decide it."""
        return permission_for(self.wanted)

    def may_agree(self, person_id: int | None, *, now: datetime) -> bool:
        """Whether somebody who may decide it may agree now."""
        if self.is_outdated:
            return False
        return any(each.id == person_id for each in self.agreeing) or (not self.agreeing and now >= self.due)


@dataclass(frozen=True, slots=True)
class _Happened:
    """Somebody was stopped, or given a new way in."""

    person: Person
    kind: str
    at: datetime
    """When it took effect: a last day does when it is over."""
    by: str


class _House:
    """Who can come in now, and what happened to their accounts lately."""

    def __init__(self, session: ReadSession, now: datetime) -> None:
        today, after = day_of(now), now - UNSETTLED_FOR
        came_in = {each.id: each for each in map(person_of, users.all_people(session)) if each.has_password}
        self.people = [each for each in came_in.values() if not each.is_disabled and not each.has_left(today)]
        events = users.events_since(session, now - KEPT_FOR, kinds=(*_STOPS, *_WAYS_IN, Event.INVITED))
        invited = {(each.person_id, each.at) for each in events if each.kind == Event.INVITED}
        changes = waiting_changes.agreed_since(session, after)
        alone = [each for each in changes if each.ended_by == each.wished_by and KINDS[each.kind] is EntryWanted]
        own = [(each.ended_at, each.wished_by, *_before_and_after(each)) for each in alone]
        took = {at for at, _, before, wanted in own if before.permissions - wanted.permissions}
        agreed = {each.ended_at for each in changes} - took
        known = [(came_in[each.person_id], each) for each in events if each.person_id in came_in]
        self.lately = [
            _Happened(person, each.kind, at, each.by)
            for person, each in known
            if (at := _took_effect(each, person, today)) > after
            and each.kind != Event.INVITED
            and not (each.kind == Event.LINK_MADE and (person.id, each.at) in invited)
            and not (each.kind in _STOPS and each.at in agreed)
        ]
        self._ways = [
            *((each.person, each.by) for each in self.lately if each.kind in _WAYS_IN),
            *((came_in[to.person], by) for _, by, before, to in own if not before.roles and to.person in came_in),
        ]

    def others(self, person_id: int | None) -> list[Person]:
        """Everybody else."""
        return [each for each in self.people if each.id != person_id]

    def is_alone(self, person_id: int | None) -> bool:
        """Whether nobody else has an account, nor had one until lately."""
        return not self.others(person_id) and all(each.person.id == person_id for each in self.lately)

    def agreeing(self, permission: Permission, *, by: str, by_id: int | None) -> tuple[Person, ...]:
        """Who may agree at once to what somebody wished."""
        may = (each for each in self.others(by_id) if permission in each.permissions)
        wishing = self._hands(by)
        return tuple(each for each in may if wishing.isdisjoint(self._hands(each.name)))

    def _hands(self, name: str) -> set[str]:
        """Who may be behind an account: whose it is, whoever lately made another way into it, and who is behind them.

        Also who gave a new account its roles where nobody else agreed to that.
        """
        found = {sign_in_key(name)}
        while more := {sign_in_key(by) for person, by in self._ways if sign_in_key(person.name) in found} - found:
            found |= more
        return found

    def due(self, at: datetime, *, by: str, by_id: int | None) -> datetime:
        """When somebody may do alone what was wished at a time."""
        own = self._hands(by) == {sign_in_key(by)}
        happened = [each.at + UNSETTLED_FOR for each in self.lately if each.person.id != by_id or not own]
        return max([at + TOLD_FOR, *happened])


def _before_and_after(row: WaitingChangeRow) -> tuple[EntryWanted, EntryWanted]:
    return EntryWanted.read(json.loads(row.rests_on)), EntryWanted.read(json.loads(row.wanted))


def _took_effect(event: SignInEventRow, person: Person, today: date) -> datetime:
    if event.kind != Event.UNTIL_CHANGED or person.until is None or not person.has_left(today):
        return event.at
    return max(event.at, datetime.combine(person.until + timedelta(days=1), time.min, TALLINN))


def is_held(session: ReadSession, wanted: Wanted, asker: Asker) -> bool:
    """Whether this waits for somebody else. Raises `Refusal`."""
    if not wanted.is_guarded(session):
        return False
    house = _House(session, asker.at)
    if isinstance(wanted, EntryWanted) and _takes_back_own_stop(session, house, wanted, asker):
        return False
    return not house.is_alone(asker.person_id)


def is_alone(session: ReadSession, asker: Asker) -> bool:
    """Whether nobody else has an account, nor had one until lately: then nothing waits."""
    return _House(session, asker.at).is_alone(asker.person_id)


def refuse_held(session: ReadSession, wanted: Wanted, asker: Asker) -> None:
    """Refuse what waits for somebody else. Raises `Refusal`: `second_needed`."""
    if is_held(session, wanted, asker):
        raise Refusal(AccessCode.SECOND_NEEDED)


def _takes_back_own_stop(session: ReadSession, house: _House, wanted: EntryWanted, asker: Asker) -> bool:
    now = EntryWanted.now(session, wanted.person)
    stops = [each for each in house.lately if each.kind == Event.DISABLED and each.person.id == wanted.person]
    return replace(now, is_on=True) == wanted and bool(stops) and stops[-1].by == asker.origin.by


def change(session: WriteSession, wanted: Wanted, asker: Asker) -> WaitingChange | None:
    """Do it where that needs nobody else (None), else let it wait; wished twice, it waits once. Raises `Refusal`."""
    reader = as_reader(session)
    if isinstance(wanted, EntryWanted):
        if not wanted.roles:
            raise Refusal(AccessCode.NO_ROLE)
        if Role.ADMIN not in wanted.roles:
            members.keep_an_admin_besides(session, wanted.person)
    if not is_held(reader, wanted, asker):
        wanted.do(session, asker.origin)
        return None
    if isinstance(wanted, AccountWanted) and wanted.rests_on(reader)["is_registered"]:
        raise Refusal(BooksCode.ALREADY_REGISTERED)
    for each in waiting(reader, now=asker.at):
        if (each.wanted, each.by, each.is_outdated) == (wanted, asker.origin.by, False):
            return each
    row = waiting_changes.add_change(
        session,
        kind=NAMES[type(wanted)],
        wanted=wanted.written(),
        rests_on=wanted.rests_on(reader),
        by=asker.origin.by,
        by_id=asker.person_id,
        at=asker.at,
    )
    return _shown(reader, row, _House(reader, asker.at))


def change_terms(session: WriteSession, wanted: PublishingTerms, asker: Asker) -> WaitingChange | None:
    """Keep terms from now on; what nobody changes alone waits, and all else counts at once. Raises `Refusal`."""
    now = terms(as_reader(session))
    guarded = TermsWanted.of(wanted)
    if not is_held(as_reader(session), guarded, asker):
        set_terms(session, wanted, by=asker.origin.by, at=asker.at)
        return None
    careful = Rules(
        donors_min=max(now.rules.donors_min, wanted.rules.donors_min),
        percent=max(now.rules.percent, wanted.rules.percent),
    )
    at_once = replace(wanted, account_id=now.account_id, rules=careful)
    if at_once != now:
        set_terms(session, at_once, by=asker.origin.by, at=asker.at)
    return change(session, guarded, asker)


def invite(
    session: WriteSession,
    *,
    name: str,
    email: str,
    roles: frozenset[Role],
    sees_names: bool,
    until: date | None,
    asker: Asker,
) -> tuple[str, WaitingChange | None]:
    """Make an account, and return the secret of its link; where roles wait, the account has none until then.

    Raises `Refusal`: `no_role`, `bad_name`, `already_taken`.
    """
    alone = is_alone(as_reader(session), asker)
    secret, person_id = members.invite(
        session,
        name=name,
        email=email,
        roles=roles,
        sees_names=sees_names,
        until=until,
        origin=asker.origin,
        without_roles=not alone,
    )
    if alone:
        return secret, None
    entry = EntryWanted.now(as_reader(session), person_id)
    return secret, change(session, replace(entry, roles=roles, sees_names=sees_names), asker)


def waiting(session: ReadSession, *, now: datetime) -> list[WaitingChange]:
    """Return what waits, the oldest first."""
    rows = waiting_changes.open_changes(session)
    house = _House(session, now) if rows else None
    return [_shown(session, row, house) for row in rows if house is not None]


def agree(session: WriteSession, change_id: int, asker: Asker) -> WaitingChange:
    """Do what was wished, as who may agree to it. Raises `Refusal`."""
    row, house = _open(session, change_id), _House(as_reader(session), asker.at)
    found = _shown(as_reader(session), row, house)
    _refuse_who_may_not(house, found.permission, asker)
    if found.is_outdated:
        raise Refusal(AccessCode.CHANGE_OUTDATED)
    if not found.may_agree(asker.person_id, now=asker.at):
        if found.agreeing:
            raise Refusal(AccessCode.SECOND_NEEDED)
        raise Refusal(AccessCode.NOT_YET, day=day_of(found.due))
    waiting_changes.end_change(session, row, is_agreed=True, by=asker.origin.by, at=asker.at)
    found.wanted.do(session, replace(asker.origin, by=found.by))
    return found


def withdraw(session: WriteSession, change_id: int, asker: Asker) -> WaitingChange:
    """Let it wait no more: whoever may decide on accounts may object to each change. Raises `Refusal`."""
    row, house = _open(session, change_id), _House(as_reader(session), asker.at)
    found = _shown(as_reader(session), row, house)
    if asker.origin.by != found.by:
        _refuse_who_may_not(house, Permission.MANAGE_BOOKS, asker)
    waiting_changes.end_change(session, row, is_agreed=False, by=asker.origin.by, at=asker.at)
    return found


def _open(session: WriteSession, change_id: int) -> WaitingChangeRow:
    row = waiting_changes.change_with_id(as_reader(session), change_id)
    if row is None:
        raise Refusal(AccessCode.UNKNOWN_CHANGE)
    if row.ended_at is not None:
        raise Refusal(AccessCode.CHANGE_ENDED)
    return row


def _refuse_who_may_not(house: _House, permission: Permission, asker: Asker) -> None:
    own = next((each for each in house.people if each.id == asker.person_id), None)
    if own is None or permission not in own.permissions:
        raise Refusal(AccessCode.MAY_NOT_DECIDE)


def _shown(session: ReadSession, row: WaitingChangeRow, house: _House) -> WaitingChange:
    wanted: Wanted = KINDS[row.kind].read(json.loads(row.wanted))
    by_id, permission = row.wished_by_id, permission_for(wanted)
    may_still = by_id is None or any(each.id == by_id and permission in each.permissions for each in house.people)
    return WaitingChange(
        id=row.id,
        wanted=wanted,
        by=row.wished_by,
        by_id=by_id,
        at=row.wished_at,
        agreeing=house.agreeing(permission, by=row.wished_by, by_id=by_id),
        due=house.due(row.wished_at, by=row.wished_by, by_id=by_id),
        is_outdated=not may_still or canonical(wanted.rests_on(session)) != row.rests_on,
    )
