"""Messages to many donors as programs ask for them: one way to plan, show and send each kind, for API and terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from donations.acts.issuing import year_of_certificates
from donations.acts.promise import promise_of
from donations.core.calendar import day_of
from donations.jobs.mailing import (
    MailingPlan,
    certificates_to_mail,
    code_requests_to_mail,
    mail_thanks,
    send_planned,
    thanks_to_mail,
)
from donations.reports.inf4 import inf4
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.views.mail import MailingExample, MailingView, NotMailedView
from donations.views.value import Named

THANKED_BACK = timedelta(days=92)
"""How far back gifts are looked at for thanks where nobody says it."""


class MailingKind(StrEnum):
    """What is sent to many."""

    CERTIFICATES = "certificates"
    CODES = "codes"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """One that is asked for."""

    kind: MailingKind
    year: int
    """Of certificates and of the list for the tax board."""
    since: date
    """For gifts from this day on is thanked."""
    organisation: str
    now: datetime

    def plan(self, session: ReadSession) -> MailingPlan:
        """Return what sending comes to."""
        today = day_of(self.now)
        match self.kind:
            case MailingKind.CERTIFICATES:
                return certificates_to_mail(session, year_of_certificates(session, self.year, today=today))
            case MailingKind.CODES:
                found = inf4(session, self.year)
                return code_requests_to_mail(session, found, organisation=self.organisation, today=today)
            case MailingKind.THANKS:
                return thanks_to_mail(session, since=self.since, organisation=self.organisation)

    def shown(self, session: ReadSession) -> MailingView:
        """Return what sending comes to, with one of the messages."""
        return _shown(self.plan(session), is_preview=True)

    def send(self, session: WriteSession, *, promised: str | None, by: str) -> MailingView:
        """Put the messages into the outbox, and have them sent. Raises as `send_planned`."""
        plan = self.plan(as_reader(session))
        if self.kind is MailingKind.THANKS:
            since, organisation = self.since, self.organisation
            mail_thanks(session, since=since, organisation=organisation, promised=promised, by=by, now=self.now)
        else:
            send_planned(session, plan, promised=promised, by=by, now=self.now)
        return _shown(plan, is_preview=False)


def _shown(plan: MailingPlan, *, is_preview: bool) -> MailingView:
    first = next(iter(plan.mails), None)
    return MailingView(
        is_preview=is_preview,
        messages=len(plan.mails),
        example=None
        if first is None
        else MailingExample(address=first.address, subject=first.text.subject, body=first.text.body),
        not_mailed=[
            NotMailedView(donor=Named(id=each.donor, name=each.name), why=each.why) for each in plan.not_mailed
        ],
        known=plan.known,
        promised=promise_of(plan),
    )
