"""A rule that a person made, as it is shown: its sentence, what it booked, and who switched it."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from donations.store.payments.rules import rule_rows, rules_of, uses
from donations.store.session import ReadSession
from donations.views.rule_words import sentences
from donations.views.telling import Teller
from donations.views.value import Money, View, money


class UseView(View):
    """What a rule booked in one currency, as far as it stands."""

    payments: int
    money: Money
    last_day: date = Field(description="The newest booking date.")


class RuleView(View):
    """A rule that a person made."""

    id: int
    words: str | None = Field(description="The rule as a sentence; null where it was erased with a donor's data.")
    uses: list[UseView]
    made_by: str
    made_at: datetime
    switched_off_by: str | None
    switched_off_at: datetime | None = Field(description="Null while it counts.")


def rule_views(session: ReadSession, teller: Teller) -> list[RuleView]:
    """Return all rules in the order they were made."""
    rows = rule_rows(session)
    words, used = sentences(session, rules_of(rows.values()), teller), uses(session)
    return [
        RuleView.made_of(
            row,
            words=words.get(number),
            uses=[UseView.made_of(each, money=money(each.minor, each.currency)) for each in used.get(number, ())],
        )
        for number, row in rows.items()
    ]
