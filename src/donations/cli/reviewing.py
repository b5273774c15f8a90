"""`donations questions`, `answer`, `why`: what needs a person, the person's answers, and the reasons for everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from donations.acts.answering import answer_alike, other_purpose, payment_with_id, take_back
from donations.acts.offering import Answer, taken
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import as_json, complain, money, money_text, other_account, say
from donations.cli.taking_along import note_program
from donations.core.donor import Appeal
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, BooksCode
from donations.core.typed import typed_amount, typed_donor
from donations.store.donors import people
from donations.store.ids import ID_MAX
from donations.store.payments.payments import unallocated_ids
from donations.store.session import as_reader
from donations.store.statements.findings import Disagreement
from donations.views.decision import DecisionView
from donations.views.disagreement import DisagreementView
from donations.views.explained import explained
from donations.views.payment import TakenBackView, payment_view
from donations.views.question import QuestionsView, QuestionView, finding_views, question_views
from donations.views.telling import PLAIN

PaymentNumber = Annotated[int, typer.Argument(metavar="PAYMENT", min=1, max=ID_MAX)]
_PURPOSES = {"gift": Purpose.GIFT, "refund": Purpose.REFUND, "transfer": Purpose.TRANSFER}


def questions_command(*, json: Json = False) -> None:
    """Show what needs a person, each with its reason and proposals."""
    with context.reader() as session:
        items = question_views(session, unallocated_ids(session), PLAIN)
        found = QuestionsView(items=items, findings=finding_views(session, PLAIN))
    if json:
        note_program("questions")
        as_json(found.document())
        return
    for finding in found.findings:
        _show_finding(finding)
    for question in sorted(found.items, key=lambda each: (each.payment.booked_on, each.payment.id)):
        _show_question(question)
    if found.items:
        say(
            f"{len(found.items)} questions. Answer with the number of a proposal: donations answer PAYMENT 1; or:"
            " donations answer PAYMENT gift --donor NAME"
        )
    elif not found.findings:
        say("No questions: everything is explained.")


def _show_question(question: QuestionView) -> None:
    payment = question.payment
    name = payment.counterparty.name or "no name"
    moved = money_text(payment.money)
    say(f"Payment {payment.id}: {payment.booked_on}, {moved}, {name}, {other_account(payment.counterparty)}")
    say(f"  “{' '.join(payment.text.split())}”")
    for part in payment.details:
        amount = "" if part.money is None else f", {money_text(part.money)}"
        said = f"{part.counterparty.name or 'no name'}, {other_account(part.counterparty)}{amount}"
        say(f"  The bank shows a part: {said}")
    say(f"  {question.words} ({question.reason})")
    if question.payment.parts:
        say(f"  Left to explain: {money_text(payment.unallocated)}")
    for each in question.proposals:
        say(f"  {each.number}. {each.words}")
    say("")


def _show_finding(found: DisagreementView) -> None:
    payment = found.payment
    moved = money_text(payment.money)
    say(f"Payment {payment.id}: {payment.booked_on}, {moved}: {found.words} {found.to_do} ({found.kind.value})")
    for command in _ways(found):
        say(f"  donations identity {command}")
    say("")


def _ways(found: DisagreementView) -> Iterator[str]:
    payment, other = found.payment, found.other
    if other is not None and found.kind is not Disagreement.ORPHAN:
        yield f"two {payment.id} {other.id}"
    if other is not None and other.money == payment.money and other.booked_on != payment.booked_on:
        yield f"redated {payment.id} {other.id}"
    yield f"leave-out {payment.id} --reason TEXT"


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
        raise Refusal(AnswerCode.UNKNOWN_ANSWER)
    with context.writer() as session:
        reader = as_reader(session)
        asked = payment_with_id(reader, payment_id)
        given = (
            taken(reader, payment_id, int(what))
            if is_number
            else _answer_of(
                asked,
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
        found = payment_view(reader, payment_id)
    made, beyond = answered.made[0], sum(answered.beyond.values())
    if json:
        as_json(found.document())
    else:
        say(f"Payment {payment}: {made.purpose.value}, {money(made.amount.minor, made.amount.currency)}.")
    if beyond:
        more = money(beyond, made.amount.currency)
        complain("beyond", f"Mind: {more} more went back than was left of this donor's gifts.")


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
        raise Refusal(AnswerCode.DONOR_NEEDED)
    if purpose is not Purpose.GIFT and not (reason or "").strip():
        raise Refusal(AnswerCode.REASON_MISSING)
    chosen = next((each.id for each in appeals if appeal in {str(each.id), each.name}), None)
    if appeal is not None and chosen is None:
        raise Refusal(BooksCode.UNKNOWN_APPEAL)
    return Answer(
        purpose=purpose,
        reason=reason or "answered",
        donor=None if donor is None else typed_donor(donor),
        appeal=chosen,
        returns=None if returns is None else PaymentId(returns),
        minor=None if amount is None else typed_amount(amount, payment.money.amount.currency),
    )


def unanswer_command(payment: PaymentNumber, *, json: Json = False) -> None:
    """Take your answers on a payment back: the rules have the word again, or it becomes a question."""
    with context.writer() as session:
        count = take_back(session, PaymentId(payment), by=context.person(), now=context.now())
        found = payment_view(as_reader(session), PaymentId(payment))
    if json:
        as_json(TakenBackView(taken_back=count, payment=found).document())
    else:
        say(f"Payment {payment}: {count} answers taken back.")


def why_command(payment: PaymentNumber, *, json: Json = False) -> None:
    """Explain a payment: which lines of which files attest it, and who or what decided what it was for."""
    with context.reader() as session:
        found = explained(session, PaymentId(payment), PLAIN)
    if json:
        note_program(f"why {payment}")
        as_json(found.document())
        return
    say(f"Payment {payment}: {found.booked_on}, {money_text(found.money)}")
    say(f"  {found.counterparty.name or 'no name'}: “{' '.join(found.text.split())}”")
    for line in found.lines:
        say(f"  attested by line {line.line} of {line.file} (#{line.import_id})")
    for each in found.history:
        say(f"  {_decision_text(each)}")
        if each.taken_back is not None:
            say(f"  taken back by {each.taken_back.by}: {each.taken_back.words}")
    if found.unallocated.minor:
        say(f"  open: {money_text(found.unallocated)}")
        say(f"  {found.why[0].words}")


def _decision_text(each: DecisionView) -> str:
    what = f"{each.purpose.value} {money_text(each.money)}"
    if each.donor is not None:
        what += f" of {each.donor.name}"
    if each.appeal is not None:
        what += f" to {each.appeal.name}"
    if each.returns is not None:
        what += f", giving back payment {each.returns}"
    by = f"by the rule {each.rule}" if each.person is None else f"decided by {each.person}"
    return f"{what}; {by}: {each.made.words}"
