"""`donations questions`, `answer`, `why`: what needs a person, the person's answers, and the reasons for everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from donations.cli import context
from donations.cli.failing import MisuseError
from donations.cli.importing import Json
from donations.cli.show import as_json, money, other_account, payment_json, say
from donations.cli.taking_along import note_program
from donations.core.allocation import Allocation, Purpose
from donations.core.donor import ANONYMOUS, Appeal, Donor, DonorId
from donations.core.money import BadAmountError, parse_minor
from donations.core.payment import Payment, PaymentId
from donations.matching.explain import BECAUSE, explain
from donations.reports.day_words import sentences
from donations.reports.disagreement_words import said, to_do
from donations.review import (
    Answer,
    Question,
    Review,
    answer_alike,
    offers,
    other_purpose,
    payment_with_id,
    review,
    take_back,
    taken,
)
from donations.store.donors import people
from donations.store.ids import ID_MAX
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payments import attesting_lines
from donations.store.payments.shown import shown_payment
from donations.store.session import as_reader
from donations.store.statements.findings import Disagreed, Disagreement
from donations.views.telling import PLAIN

PaymentNumber = Annotated[int, typer.Argument(metavar="PAYMENT", min=1, max=ID_MAX)]
_PURPOSES = {"gift": Purpose.GIFT, "refund": Purpose.REFUND, "transfer": Purpose.TRANSFER}


def questions_command(*, json: Json = False) -> None:
    """Show what needs a person, each with its reason and proposals."""
    with context.reader() as session:
        found = review(session)
    if json:
        note_program("questions")
        as_json(_review_json(found))
        return
    for finding in found.findings:
        _show_finding(finding, found.payments)
    for question in found.questions:
        _show_question(question, found)
    if found.questions:
        say(
            f"{len(found.questions)} questions. Answer with the number of a proposal: donations answer PAYMENT 1; or:"
            " donations answer PAYMENT gift --donor NAME"
        )
    elif not found.findings:
        say("No questions: everything is explained.")


def _show_question(question: Question, found: Review) -> None:
    payment, outcome = question.payment, question.outcome
    moved = money(payment.money.signed_minor, payment.money.amount.currency)
    name = payment.counterparty.name or "no name"
    say(f"Payment {payment.id}: {payment.booked_on}, {moved}, {name}, {other_account(payment)}")
    say(f"  “{' '.join(payment.text.split())}”")
    for part in payment.details:
        amount = "" if part.amount is None else f", {money(part.amount.minor, part.amount.currency)}"
        say(f"  The bank shows a part: {part.counterparty.name or 'no name'}, {other_account(part)}{amount}")
    say(f"  {explain(outcome.reason.code, outcome.reason.evidence)} ({outcome.reason.code})")
    if question.unallocated != payment.money.amount.minor:
        say(f"  Left to explain: {money(question.unallocated, payment.money.amount.currency)}")
    for offer in offers(question, found):
        say(f"  {offer.number}. {offer.words()}")
    say("")


def _show_finding(found: Disagreed, payments: Mapping[PaymentId, Payment]) -> None:
    payment = payments[found.payment]
    shown = money(payment.money.signed_minor, payment.money.amount.currency)
    told = PLAIN.tell(sentences([*said(found), to_do(found)]))
    say(f"Payment {payment.id}: {payment.booked_on}, {shown}: {told} ({found.kind.value})")
    for command in _ways(found, payments):
        say(f"  donations identity {command}")
    say("")


def _ways(found: Disagreed, payments: Mapping[PaymentId, Payment]) -> Iterator[str]:
    payment, other = payments[found.payment], None if found.other is None else payments[found.other]
    if other is not None and found.kind is not Disagreement.ORPHAN:
        yield f"two {found.payment} {found.other}"
    if other is not None and other.money == payment.money and other.booked_on != payment.booked_on:
        yield f"redated {found.payment} {found.other}"
    yield f"leave-out {found.payment} --reason TEXT"


def _review_json(found: Review) -> dict[str, Any]:
    return {
        "findings": [
            {"kind": each.kind.value, "payment": each.payment, "other": each.other, "statement": each.statement}
            for each in found.findings
        ],
        "questions": [
            {
                **payment_json(question.payment),
                "unallocated": question.unallocated,
                "reason": question.outcome.reason.code,
                "explanation": explain(question.outcome.reason.code, question.outcome.reason.evidence),
                "proposals": [
                    {
                        "number": offer.number,
                        "purpose": offer.given.purpose.value,
                        "because": offer.because.value,
                        "donor": None if offer.donor is None else offer.donor.id,
                        "donor_name": offer.donor_name or None,
                        "new_donor": offer.is_new,
                        "appeal": offer.given.appeal,
                        "about": None if offer.about is None else offer.about.id,
                        "words": offer.words(),
                    }
                    for offer in offers(question, found)
                ],
            }
            for question in found.questions
        ],
    }


def answer_command(
    payment: PaymentNumber,
    what: Annotated[
        str, typer.Argument(metavar="gift|refund|transfer|other|N", help="What it was, or a proposal's number.")
    ],
    *,
    donor: Annotated[
        str | None, typer.Option(metavar="NUMBER|NAME|anonymous", help="Who gave, or got the refund.")
    ] = None,
    appeal: Annotated[str | None, typer.Option(metavar="NUMBER|NAME")] = None,
    amount: Annotated[str | None, typer.Option(help="Only this part of the payment, like 12.50.")] = None,
    returns: Annotated[
        int | None, typer.Option(metavar="PAYMENT", min=1, max=ID_MAX, help="Which gift a refund takes back.")
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; needed for all but gifts.")] = None,
    json: Json = False,
) -> None:
    """Say what a payment was; what stood on it before is reversed, never erased."""
    payment_id, is_number = PaymentId(payment), what.isascii() and what.isdigit()
    if not is_number and what not in {*_PURPOSES, "other"}:
        raise MisuseError("unknown_answer", "Answer gift, refund, transfer, other, or a proposal's number.")
    with context.writer() as session:
        reader = as_reader(session)
        given = (
            taken(reader, payment_id, int(what))
            if is_number
            else _answer_of(
                payment_with_id(reader, payment_id),
                people.appeals(reader),
                what=what,
                donor=donor,
                appeal=appeal,
                amount=amount,
                reason=reason,
                returns=returns,
            )
        )
        answered = answer_alike(session, [payment_id], given, by=context.person(), now=context.now())
    made, beyond = answered.made[0], sum(answered.beyond.values())
    if json:
        as_json({"payment": payment, **_allocation_json(made), "beyond": beyond})
        return
    say(f"Payment {payment}: {made.purpose.value}, {money(made.amount.minor, made.amount.currency)}.")
    if beyond:
        say(f"Mind: {money(beyond, made.amount.currency)} more went back than was left of this donor's gifts.")


def _answer_of(
    payment: Payment,
    appeals: Sequence[Appeal],
    *,
    what: str,
    donor: str | None,
    appeal: str | None,
    amount: str | None,
    reason: str | None,
    returns: int | None,
) -> Answer:
    purpose = other_purpose(payment) if what == "other" else _PURPOSES[what]
    if purpose is Purpose.GIFT and donor is None:
        raise MisuseError("donor_needed", "Say who gave: --donor NUMBER, a name, or anonymous.")
    if purpose is not Purpose.GIFT and not (reason or "").strip():
        raise MisuseError("reason_needed", "Say why: --reason TEXT.")
    chosen = next((each.id for each in appeals if appeal in {str(each.id), each.name}), None)
    if appeal is not None and chosen is None:
        raise MisuseError("unknown_appeal", "There is no such appeal: donations appeal list")
    try:
        minor = None if amount is None else parse_minor(amount, currency=payment.money.amount.currency, mark=".")
    except BadAmountError as error:
        raise MisuseError("bad_amount", "The amount cannot be read. Write it like 12.50.") from error
    return Answer(
        purpose=purpose,
        reason=reason or "answered",
        donor=_donor_of(donor),
        appeal=chosen,
        returns=None if returns is None else PaymentId(returns),
        minor=minor,
    )


def _donor_of(text: str | None) -> DonorId | str | None:
    if text is None:
        return None
    if text.lower() == "anonymous":
        return ANONYMOUS
    return DonorId(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else text


def unanswer_command(payment: PaymentNumber, *, json: Json = False) -> None:
    """Take your answers on a payment back: the rules have the word again, or it becomes a question."""
    with context.writer() as session:
        count = take_back(session, PaymentId(payment), by=context.person(), now=context.now())
    if json:
        as_json({"payment": payment, "taken_back": count})
    else:
        say(f"Payment {payment}: {count} answers taken back.")


def why_command(payment: PaymentNumber, *, json: Json = False) -> None:
    """Explain a payment: which lines of which files attest it, and who or what decided what it was for."""
    payment_id = PaymentId(payment)
    with context.reader() as session:
        found = shown_payment(session, payment_with_id(session, payment_id))
        lines = attesting_lines(session, payment_id)
        rows = allocations_of(session, [payment_id]).get(payment_id, [])
        donors = people.donors(session, [row.donor for row in rows if row.donor is not None])
        appeals = {each.id: each.name for each in people.appeals(session)}
        questions = review(session, only=[payment_id])
    open_now = [question for question in questions.questions if question.unallocated]
    if json:
        note_program(f"why {payment}")
        as_json(
            {
                **payment_json(found),
                "lines": [{"file_id": line.file_id, "file": line.file, "line": line.row} for line in lines],
                "allocations": [_allocation_json(row) for row in rows],
                "open": [explain(each.outcome.reason.code, each.outcome.reason.evidence) for each in open_now],
            }
        )
        return
    say(f"Payment {payment}: {found.booked_on}, {money(found.money.signed_minor, found.money.amount.currency)}")
    say(f"  {found.counterparty.name or 'no name'}: “{' '.join(found.text.split())}”")
    for line in lines:
        say(f"  attested by line {line.row} of {line.file} (#{line.file_id})")
    for row in rows:
        say(f"  {_allocation_text(row, donors, appeals)}")
    for each in open_now:
        say(f"  open: {money(each.unallocated, found.money.amount.currency)}")
        say(f"  {explain(each.outcome.reason.code, each.outcome.reason.evidence)}")


def _allocation_text(row: Allocation, donors: Mapping[DonorId, Donor], appeals: Mapping[Any, str]) -> str:
    what = f"{row.purpose.value} {money(row.amount.minor, row.amount.currency)}"
    if row.donor is not None and row.donor in donors:
        what += f" of {donors[row.donor].name}"
    if row.appeal is not None:
        what += f" to {appeals[row.appeal]}"
    if row.returns is not None:
        what += f", giving back payment {row.returns}"
    if row.reverses is not None:
        what = f"taken back: {what}"
    if row.decision.person is not None:
        return f"{what}; decided by {row.decision.person}: {BECAUSE.get(row.decision.reason, row.decision.reason)}"
    return f"{what}; by the rule {row.decision.rule}. {explained(row)}"


def explained(row: Allocation) -> str:
    """Return a rule's reason in words."""
    try:
        return explain(row.decision.reason, row.decision.evidence)
    except KeyError:
        return {
            "facts_changed": "What is known of the payment changed.",
            "withdrawn": "No import attests the payment any more.",
        }[row.decision.reason]


def _allocation_json(row: Allocation) -> dict[str, Any]:
    return {
        "allocation": row.id,
        "purpose": row.purpose.value,
        "minor": row.amount.minor,
        "currency": row.amount.currency,
        "donor": row.donor,
        "appeal": row.appeal,
        "reverses": row.reverses,
        "returns": row.returns,
        "rule": row.decision.rule,
        "person": row.decision.person,
        "reason": row.decision.reason,
        "evidence": [list(pair) for pair in row.decision.evidence],
    }
