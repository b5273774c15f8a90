"""What a treasurer does besides answering: rules for what comes again, donors merged, notes, months published."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from donations.closing import close
from donations.core.allocation import Purpose
from donations.core.donor import DonorId
from donations.core.iban import ValidIban
from donations.core.money import EUR, Amount, Minor
from donations.core.month import Month
from donations.core.name import name_key
from donations.demo.answers import Knowledge, answer_of
from donations.demo.giving import STANDING_ORDER
from donations.demo.movement import Movement
from donations.demo.running import MEMBERSHIP_FEE
from donations.knowing.merging import merge
from donations.ledger.published import Goal
from donations.matching.standing import Condition, Direction
from donations.publishing import blocks_ready, publish
from donations.review import Answer, review
from donations.review.teaching import make_rule
from donations.store.donors import people
from donations.store.donors.donor_facts import ConsentKind, record_consent, write_note
from donations.store.public.publishing import Terms, set_terms
from donations.store.session import WriteSession, as_reader

_WHY_CLOSED = "What is open is small, and an answer that comes later corrects the month."


def make_rules(session: WriteSession, known: Knowledge, *, by: str, now: datetime) -> bool:
    """Make a rule for the membership fee, and one for a standing order that never says the keyword.

    Returns whether; not before both are asked about.
    """
    found = review(as_reader(session))
    asked = [(question, truth) for question in found.questions if (truth := known.about(question.payment)) is not None]
    fees = [question for question, _ in asked if question.payment.text.startswith("Liikmemaks")]
    orders = [(question, truth) for question, truth in asked if truth.why == STANDING_ORDER]
    if not fees or not orders:
        return False
    fee, (order, truth) = fees[0].payment, orders[0]
    amount = Amount(MEMBERSHIP_FEE, EUR)
    make_rule(
        session,
        Condition(direction=Direction.IN, words=("liikmemaks",), amount=amount),
        Answer(purpose=Purpose.INCOME, reason="Membership fee."),
        label="Membership fees",
        payment=fee,
        by=by,
        now=now,
    )
    iban = order.payment.counterparty.account
    make_rule(
        session,
        Condition(direction=Direction.IN, iban=ValidIban(str(iban)), words=("toetus",)),
        answer_of(as_reader(session), order, truth, found),
        label="A standing order that says Toetus",
        payment=order.payment,
        by=by,
        now=now,
    )
    return True


def merge_moved(session: WriteSession, movements: Sequence[Movement], *, left: int, by: str, now: datetime) -> int:
    """Merge donors who changed banks and whom no code recognises, but for some at the end; return how many."""
    accounts: defaultdict[str, set[str]] = defaultdict(set)
    for each in movements:
        if each.truth.purpose is Purpose.GIFT and each.truth.is_plain and not each.party.code:
            accounts[name_key(each.truth.donor)].add(each.party.iban)
    moved = [name for name, ibans in sorted(accounts.items()) if len(ibans) > 1]
    merged = 0
    for name in moved[: -left or None]:
        donors = sorted(_named(session, name))
        for goes in donors[1:]:
            reason = "The same person with a new account."
            merge(session, goes, into=donors[0], reason=reason, by=by, now=now)
            merged += 1
    return merged


def remember(session: WriteSession, movements: Sequence[Movement], *, by: str, now: datetime) -> None:
    """Note what those told who give most often, and whether their names may be shown."""
    often = Counter(each.truth.donor for each in movements if each.truth.purpose is Purpose.GIFT and each.truth.donor)
    told = (
        "Wants the certificate by post.",
        "Gives in memory of grandmother.",
        "Works at the library.",
    )
    for at, (name, _) in enumerate(often.most_common(12)):
        donor = min(_named(session, name), default=None)
        if donor is None:
            continue
        if at < len(told):
            write_note(session, donor, told[at], by=by, at=now)
        said, day = "yes" if at % 3 else "no", now.date() - timedelta(days=7)
        kind, source = ConsentKind.PUBLIC_NAME, "Answered our letter of thanks."
        record_consent(session, donor, kind, said, given_on=day, source=source, by=by, at=now)


def close_months(session: WriteSession, months: Sequence[Month], *, by: str, now: datetime) -> None:
    """Close months in their order; what is still asked is no hindrance, with a reason."""
    for month in months:
        close(session, month, by=by, now=now, today=now.date(), reasons=lambda _: _WHY_CLOSED)


def set_goal(
    session: WriteSession, *, minor: Minor, since: Month, spending_since: Month, by: str, now: datetime
) -> None:
    """Hope for a sum, counted from a month on, and publish what is spent from another on."""
    goal = Goal(minor=minor, text="Mobiilne looduskool", since=since.first_day)
    set_terms(session, Terms(goal=goal, spending_since=spending_since.first_day), by=by, at=now)


def publish_months(session: WriteSession, *, organisation: str, by: str, now: datetime) -> None:
    """Publish what may be published by now."""
    if blocks_ready(as_reader(session), now=now):
        publish(session, organisation=organisation, by=by, now=now)


def _named(session: WriteSession, name: str) -> frozenset[DonorId]:
    key = name_key(name)
    return people.donors_named(as_reader(session), [key]).get(key, frozenset())
