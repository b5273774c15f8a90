"""What a person fills in to teach a rule: read from a form, first filled in as the payment at hand was answered."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_validator

from donations.core.allocation import Purpose
from donations.core.donor import ANONYMOUS, AppealId
from donations.core.iban import UnverifiedAccount
from donations.core.payment import Payment
from donations.ledger.booking import live
from donations.matching.standing import Condition, Direction, parse_words
from donations.review import Answer
from donations.store.donors import people
from donations.store.payments.allocations import allocations_of
from donations.store.session import ReadSession
from donations.web.treasurer.questions.answer_form import Kind, donor_written


class RuleForm(BaseModel):
    """What a person wants always to be done, for payments like one that is at hand.

    The account, the name and the amount are the payment's: the form only says which of them count.
    """

    model_config = ConfigDict(str_strip_whitespace=True)

    payment: int
    by_account: bool = False
    by_name: bool = False
    words: str = Field(default="", max_length=200)
    by_amount: bool = False
    last_day: date | None = None
    kind: Kind
    donor: str = Field(default="", max_length=140)
    anonymous: bool = False
    appeal: int | None = None
    label: str = Field(default="", max_length=140)

    @field_validator("last_day", mode="before")
    @classmethod
    def _empty_is_no_day(cls, value: object) -> object:
        return value or None

    def condition(self, payment: Payment) -> Condition:
        """Return what a payment must be; raises `BadRuleError` where that is anybody's."""
        account = payment.counterparty.account
        return Condition(
            direction=Direction.of(payment),
            iban=account if self.by_account and not isinstance(account, UnverifiedAccount) else None,
            name=payment.counterparty.name if self.by_name else "",
            words=parse_words(self.words),
            amount=payment.money.amount if self.by_amount else None,
            last_day=self.last_day,
        )

    def meaning(self, payment: Payment) -> Answer:
        """Return what the payments are."""
        purpose = self.kind.purpose_of(payment)
        return Answer(
            purpose=purpose,
            reason=self.label,
            donor=ANONYMOUS if self.anonymous else donor_written(purpose, self.donor),
            appeal=None if self.appeal is None else AppealId(self.appeal),
        )


class PromisedForm(RuleForm):
    """The rule with what its preview promised."""

    promised: str = Field(max_length=64)


def first_guess(session: ReadSession, payment: Payment) -> RuleForm:
    """Return the form as the payment was answered, else as the bank names the payer."""
    standing = live(allocations_of(session, [payment.id]).get(payment.id, []))
    booked = standing[0] if len(standing) == 1 else None
    purpose = None if booked is None else booked.purpose
    is_gift = purpose is Purpose.GIFT
    kind = Kind(purpose.value) if purpose in {Purpose.GIFT, Purpose.TRANSFER} else Kind.OTHER
    donor = people.donors(session, [booked.donor]) if booked is not None and booked.donor is not None else {}
    name = next((known.name for known in donor.values()), payment.counterparty.name)
    account = payment.counterparty.account
    has_account = isinstance(account, str)
    return RuleForm(
        payment=payment.id,
        by_account=has_account,
        by_name=not has_account and bool(payment.counterparty.name),
        kind=kind,
        donor=name[:140],
        anonymous=is_gift and booked is not None and booked.donor == ANONYMOUS,
        appeal=None if booked is None else booked.appeal,
        label="",
    )
