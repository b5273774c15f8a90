"""Thanking: who gave since they were last thanked, and that somebody did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from donations.acts.promise import refuse_outdated
from donations.core.donor import DonorId
from donations.core.language import Language
from donations.core.money import Currency, Minor, totals
from donations.store.donors import people
from donations.store.donors.thanks import UnthankedGift, keep_thanks, last_thanked, unthanked_gifts
from donations.store.papers import languages_asked_for
from donations.store.session import ReadSession, WriteSession, as_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class ToThank:
    """A donor with new gifts."""

    donor: DonorId
    name: str
    gifts: tuple[UnthankedGift, ...]
    """The newest first."""
    language: Language
    thanked_at: datetime | None
    """When last; None: never."""

    @property
    def sums(self) -> tuple[tuple[Currency, Minor], ...]:
        """What is new, by currency."""
        return totals(self.gifts)

    @property
    def promises(self) -> object:
        """What thanking is promised for."""
        return self.donor, [each.payment for each in self.gifts]


def to_thank(session: ReadSession, *, since: date) -> list[ToThank]:
    """Return whom to thank for gifts since a day; who gave last comes first."""
    gifts: defaultdict[DonorId, list[UnthankedGift]] = defaultdict(list)
    for each in unthanked_gifts(session, since=since):
        gifts[each.donor].append(each)
    names, languages, before = people.donors(session, gifts), languages_asked_for(session), last_thanked(session, gifts)
    return [
        ToThank(
            donor=donor,
            name=names[donor].name,
            gifts=tuple(own),
            language=languages.get(donor, Language.ESTONIAN),
            thanked_at=before.get(donor),
        )
        for donor, own in gifts.items()
    ]


def thank(
    session: WriteSession,
    donors: Collection[DonorId] | None,
    *,
    since: date,
    by: str,
    now: datetime,
    promised: str | None = None,
) -> int:
    """Keep that these donors, or all, were thanked for their new gifts since a day, and return how many they are.

    Raises `Refusal`, `preview_outdated`, where these are other gifts than those of `promised`.
    """
    wanted = [each for each in to_thank(as_reader(session), since=since) if donors is None or each.donor in donors]
    refuse_outdated(promised, wanted)
    keep_thanks(session, {each.donor: [gift.payment for gift in each.gifts] for each in wanted}, by=by, at=now)
    return len(wanted)
