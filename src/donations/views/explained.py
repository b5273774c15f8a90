"""A payment with all that it rests on: the bank's lines, the decisions ever made, and the rules that have a say."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from donations.acts.answering import payment_with_id
from donations.core.payment import PaymentId
from donations.store.payments.attesting import attesting_lines
from donations.store.session import ReadSession
from donations.views.decision import DecisionView, OutcomeView, decisions, outcomes
from donations.views.payment import OtherSide, PaymentView, other_side, payment_view
from donations.views.telling import Teller
from donations.views.value import Money, View, Written, money


class LineView(View):
    """One row of one statement, as the bank wrote it."""

    import_id: int
    file: str
    format: str
    line: int = Field(description="Counted from 1 in the file as text.")
    booked_on: date
    money: Money = Field(description="Money in is positive, money out negative.")
    is_total: bool = Field(description="Whether it is the batch entry whose part the payment is.")
    counterparty: OtherSide
    text: Written


class ExplainedPayment(PaymentView):
    """A payment with all that it rests on."""

    lines: list[LineView] = Field(description="The statement lines that attest it, in the order they were imported.")
    history: list[DecisionView] = Field(description="Everything ever decided, in the order it was made.")
    why: list[OutcomeView] = Field(description="Every rule that had a say, as things stand now.")


def explained(session: ReadSession, payment: PaymentId, teller: Teller) -> ExplainedPayment:
    """Return a payment explained. Raises `CannotAnswerError` where no line attests it."""
    known = payment_with_id(session, payment)
    return ExplainedPayment(
        **dict(payment_view(session, payment)),
        lines=line_views(session, payment),
        history=decisions(session, payment, teller),
        why=outcomes(session, known, teller),
    )


def line_views(session: ReadSession, payment: PaymentId) -> list[LineView]:
    """Return the lines that attest a payment, in the order they were imported."""
    return [
        LineView(
            import_id=each.file_id,
            file=each.file_name,
            format=each.format,
            line=each.line.row,
            booked_on=each.line.booked_on,
            money=money(each.line.money.signed_minor, each.line.money.amount.currency),
            is_total=each.is_total,
            counterparty=other_side(each.line.counterparty),
            text=each.line.text,
        )
        for each in attesting_lines(session, payment)
    ]
