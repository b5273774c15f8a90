"""Mail that leaves, and whom to thank, as programs are shown it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from pydantic import Field

from donations.acts.promise import promise_of
from donations.acts.thanking import ToThank
from donations.core.donor import Donor, DonorId
from donations.core.language import Language
from donations.core.mail import MailKind, MailState
from donations.store.donors import people
from donations.store.mail import OutgoingMail
from donations.store.session import ReadSession
from donations.views.value import Money, Named, View, money_by_currency


class MailView(View):
    """A message of the outbox, without its text."""

    id: int
    kind: MailKind
    state: MailState = Field(description="`handed_over`: it may have arrived, and nobody sends it again by itself.")
    donor: Named | None = Field(description="Whom it is to; null where it is to somebody of the organisation.")
    address: str
    subject: str
    made_by: str
    made_at: datetime
    tries: int = Field(description="How often the server put it off.")
    tried_at: datetime | None
    reply: str = Field(description="What the mail server answered last.")


class MailingExample(View):
    """One of the messages."""

    address: str
    subject: str
    body: str


class NotMailedView(View):
    """A donor who gets none."""

    donor: Named
    why: str = Field(description="`no_address`, `wants_none`, or `no_word`: no account number could lock the PDF.")


class MailingView(View):
    """Messages to many donors: as they would be sent, or were put into the outbox."""

    is_preview: bool
    messages: int = Field(description="How many.")
    example: MailingExample | None
    not_mailed: list[NotMailedView]
    known: int = Field(description="How many got one before, or have one on its way.")
    promised: str = Field(description="Sent along, it lets just these messages be sent.")


class ToThankView(View):
    """A donor with gifts for which nobody thanked yet."""

    donor: Named
    gifts: int
    totals: list[Money]
    language: Language
    thanked_at: datetime | None = Field(description="When last; null: never.")
    promised: str = Field(description="What stands here; where the donor alone is thanked, send it along.")


class ToThankList(View):
    """Whom to thank; who gave last comes first."""

    since: date
    items: list[ToThankView]
    promised: str = Field(description="What stands here; where all are thanked, send it along.")


class ThankedView(View):
    """What was kept."""

    thanked: int = Field(description="How many donors.")


def mail_views(session: ReadSession, mails: Iterable[OutgoingMail]) -> list[MailView]:
    """Return messages of the outbox."""
    found = list(mails)
    names = people.donors(session, {each.donor for each in found if each.donor is not None})
    return [MailView.made_of(each, donor=_named(each.donor, names), subject=each.text.subject) for each in found]


def _named(donor: DonorId | None, names: Mapping[DonorId, Donor]) -> Named | None:
    return None if donor is None else Named(id=names[donor].id, name=names[donor].name)


def to_thank_view(found: list[ToThank], *, since: date) -> ToThankList:
    """Return whom to thank for gifts since a day."""
    items = [
        ToThankView(
            donor=Named(id=each.donor, name=each.name),
            gifts=len(each.gifts),
            totals=money_by_currency(each.sums),
            language=each.language,
            thanked_at=each.thanked_at,
            promised=promise_of([each]),
        )
        for each in found
    ]
    return ToThankList(since=since, items=items, promised=promise_of(found))
