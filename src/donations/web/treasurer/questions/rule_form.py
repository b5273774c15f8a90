"""What a person fills in to teach a rule: read from a form, first filled in as the payment at hand was answered."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_validator

from donations.core.allocation import Purpose
from donations.core.donor import ANONYMOUS, AppealId, PayerClaim
from donations.core.iban import UnverifiedAccount
from donations.core.name import name_key
from donations.core.payment import Payment
from donations.matching.standing import Condition, Direction, parse_words
from donations.review import Answer
from donations.review.said import NewDonor
from donations.review.teaching import first_meaning
from donations.store.donors import people
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
        """Return what a payment must be; raises `Refusal` where that is anybody's."""
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
    """Return the form as the payment was answered, else as it is proposed first."""
    first = first_meaning(session, payment)
    is_gift = first.purpose is Purpose.GIFT
    account, name = payment.counterparty.account, payment.counterparty.name
    has_account = isinstance(account, str)
    return RuleForm(
        payment=payment.id,
        by_account=has_account,
        by_name=not has_account and bool(name),
        kind=Kind(first.purpose.value) if first.purpose in {Purpose.GIFT, Purpose.TRANSFER} else Kind.OTHER,
        donor=_donor_called(session, first, payment)[:140],
        anonymous=is_gift and first.donor == ANONYMOUS,
        appeal=first.appeal if is_gift else None,
        label="",
    )


def _donor_called(session: ReadSession, said: Answer, payment: Payment) -> str:
    """Return the name to write into the form: of a known donor, else as the bank calls who pays."""
    match said.donor:
        case NewDonor(name) | str(name):
            return name
        case int():
            return people.donors(session, [said.donor])[said.donor].name
        case PayerClaim(_, name) if name != name_key(payment.counterparty.name):
            return payment.counterparty.on_behalf_of
        case _:
            return payment.counterparty.name
