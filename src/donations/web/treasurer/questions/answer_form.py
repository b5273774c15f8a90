"""What a person fills in to answer: read from a form, and made into an answer to a payment."""

from __future__ import annotations

import re
from contextlib import suppress
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from donations.core.allocation import Purpose
from donations.core.donor import ANONYMOUS, AppealId, DonorId
from donations.core.money import Minor
from donations.core.payment import Payment, PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.typed import typed_amount, typed_donor
from donations.review import Answer, other_purpose

_NUMBER = re.compile(r"[0-9]{1,9}")


class Kind(StrEnum):
    """What a person may call a payment; `OTHER` is income or a cost by its direction."""

    GIFT = "gift"
    REFUND = "refund"
    TRANSFER = "transfer"
    OTHER = "other"

    @classmethod
    def of(cls, purpose: Purpose) -> Kind:
        """Return what a person calls a purpose."""
        return cls.OTHER if purpose in {Purpose.INCOME, Purpose.COST} else cls(purpose.value)

    def purpose_of(self, payment: Payment) -> Purpose:
        """Return the purpose that is meant."""
        return other_purpose(payment) if self is Kind.OTHER else Purpose(self.value)


class AnswerForm(BaseModel):
    """What a person filled in."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: Kind
    reason: str = Field(min_length=1, max_length=1_000)
    donor: str = Field(default="", max_length=140)
    anonymous: bool = False
    appeal: int | None = None
    returns: str = Field(default="", max_length=12)
    """Of a refund: the number of the gift's payment."""
    part: str = Field(default="", max_length=20)

    def answer_to(self, payment: Payment) -> Answer:
        """Return the answer; raises `Refusal` where the part of the payment cannot be read."""
        purpose = self.kind.purpose_of(payment)
        return Answer(
            purpose=purpose,
            reason=self.reason,
            donor=ANONYMOUS if self.anonymous else donor_written(purpose, self.donor),
            appeal=None if self.appeal is None else AppealId(self.appeal),
            returns=_gift_written(self.returns) if purpose is Purpose.REFUND else None,
            minor=_part(self.part, payment),
        )


def donor_written(purpose: Purpose, text: str) -> DonorId | str | None:
    """Return who is meant: a donor's number, or a name; a refund may be to nobody known."""
    if purpose not in {Purpose.GIFT, Purpose.REFUND} or (not text and purpose is Purpose.REFUND):
        return None
    return typed_donor(text)


def _gift_written(text: str) -> PaymentId | None:
    """Read a payment's number, None where none is written; raises `Refusal` where it is no number."""
    if not text:
        return None
    if _NUMBER.fullmatch(text) is None:
        raise Refusal(RequestCode.BAD_FORM)
    return PaymentId(int(text))


def minor_written(text: str, payment: Payment) -> Minor | None:
    """Read a part of a payment, in its currency; None where it is none."""
    with suppress(Refusal):
        minor = typed_amount(text, payment.money.amount.currency)
        return minor if minor <= payment.money.amount.minor else None
    return None


def _part(text: str, payment: Payment) -> Minor | None:
    """Read a part of the payment, None for all of it. Raises `Refusal`."""
    return typed_amount(text, payment.money.amount.currency) if text.strip() else None
