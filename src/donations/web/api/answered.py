"""What a program says a payment was for, read into the answer that a person could have given."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from donations.acts.offering import Answer
from donations.core.donor import ANONYMOUS, AppealId, DonorId
from donations.core.money import MINOR_MAX
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.web.api.values import PLAIN, Id, Name, SentByProgram

PARTS_MAX = 100

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000, pattern=PLAIN)]


class ProposalIn(SentByProgram):
    """Take a proposal."""

    proposal: int = Field(ge=1, le=4, description="Its number.")
    promised: str = Field(max_length=200, pattern=PLAIN, description="What the question said of it.")


class AmountIn(SentByProgram):
    """A part of a payment, without direction."""

    minor: int = Field(ge=1, le=MINOR_MAX, description="Whole minor units: cents for EUR.")
    currency: str = Field(pattern="^[A-Z]{3}$", description="The payment's own.")


class DonorIn(SentByProgram):
    """Who gave: one of the three."""

    id: Id | None = None
    name: Name | None = Field(default=None, min_length=1, description="A new name makes a new donor.")
    anonymous: bool = False

    @model_validator(mode="after")
    def _one_of_three(self) -> DonorIn:
        if [self.id is not None, self.name is not None, self.anonymous].count(True) != 1:
            raise ValueError("name the donor in one way: id, name or anonymous")
        return self


class PartIn(SentByProgram):
    """What a part of a payment was for."""

    purpose: Purpose = Field(strict=False)
    money: AmountIn
    donor: DonorIn | None = Field(default=None, description="Of a gift; of a refund where it is known.")
    appeal: Id | None = Field(default=None, description="Of a gift; without it the only appeal there is.")
    returns: Id | None = Field(default=None, description="Of a refund: the payment of the gift that it takes back.")


class AnswerIn(SentByProgram):
    """Say what it was for: all that is left, a part of it, or several parts that add up to what is left."""

    reason: Reason = Field(description="Kept with the decision.")
    purpose: Purpose | None = Field(default=None, strict=False)
    money: AmountIn | None = Field(default=None, description="Only a part of what is left.")
    donor: DonorIn | None = Field(default=None, description="Of a gift; of a refund where it is known.")
    appeal: Id | None = Field(default=None, description="Of a gift; without it the only appeal there is.")
    returns: Id | None = Field(default=None, description="Of a refund: the payment of the gift that it takes back.")
    replaces: list[Id] = Field(
        default_factory=list,
        max_length=PARTS_MAX,
        description="The numbers of all parts that stand, to take their place; needed where nothing is left.",
    )
    parts: list[PartIn] = Field(default_factory=list, max_length=PARTS_MAX)

    @model_validator(mode="after")
    def _whole_or_parts(self) -> AnswerIn:
        whole = self.purpose is not None
        if whole == bool(self.parts) or (self.parts and (self.money or self.donor or self.appeal or self.returns)):
            raise ValueError("say either purpose (with money, donor, appeal) or parts")
        return self


def answers_in(said: AnswerIn, payment: Payment) -> list[Answer]:
    """Return what is said of the payment and its parts; raises `Refusal`."""
    if said.purpose is not None:
        return [_answer(said.purpose, said.reason, said, payment)]
    return [_answer(part.purpose, said.reason, part, payment) for part in said.parts]


def _answer(purpose: Purpose, reason: str, said: AnswerIn | PartIn, payment: Payment) -> Answer:
    if said.money is not None and said.money.currency != payment.money.amount.currency:
        raise Refusal(AnswerCode.OTHER_CURRENCY)
    is_of_donor = purpose in {Purpose.GIFT, Purpose.REFUND}
    if said.donor is not None and not is_of_donor:
        raise Refusal(AnswerCode.NO_DONOR_HERE)
    return Answer(
        purpose=purpose,
        reason=reason,
        donor=_donor(said.donor) if is_of_donor else None,
        appeal=None if said.appeal is None else AppealId(said.appeal),
        returns=None if said.returns is None else PaymentId(said.returns),
        minor=None if said.money is None else said.money.minor,
    )


def _donor(said: DonorIn | None) -> DonorId | str | None:
    if said is None:
        return None
    if said.anonymous:
        return ANONYMOUS
    return DonorId(said.id) if said.id is not None else said.name
