"""`donations questions`, `answer`, `why`, `identity`: what needs a person, the person's word, and all reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from donations.acts.answering import answer_alike, other_purpose, payment_with_id, take_back
from donations.acts.offering import Answer, refuse_answered_by_another, taken
from donations.acts.pairing import apart, ask_again, bring_back, differ, leave_out, redated, same
from donations.acts.promise import mark_of
from donations.cli import context
from donations.cli.export import note_program
from donations.cli.importing import AsShown
from donations.cli.show import (
    Json,
    as_json,
    complain,
    money,
    money_text,
    other_account,
    print_translated,
    purpose_text,
    show_line,
    translated,
)
from donations.core.donor import Appeal
from donations.core.language import N_
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, BooksCode, RunningCode
from donations.core.typed import typed_amount, typed_donor
from donations.store.donors import people
from donations.store.kept_sums import unallocated_ids
from donations.store.session import ID_MAX, WriteSession, as_reader
from donations.store.statements.findings import Disagreement, parted_payments
from donations.views.decision import DecisionView, explained
from donations.views.formats import PLAIN_TELLER
from donations.views.payment import OtherSide, PaymentView, ReversedAnswerView, payment_view
from donations.views.question import (
    DisagreementView,
    QuestionsView,
    QuestionView,
    finding_views,
    left_out_views,
    question_views,
)

PaymentNumber = Annotated[int, typer.Argument(metavar="PAYMENT", min=1, max=ID_MAX)]
_PAYMENT = N_("Payment {number}")
_PURPOSES = {"gift": Purpose.GIFT, "refund": Purpose.REFUND, "transfer": Purpose.TRANSFER}


def questions_command(*, json: Json = False) -> None:
    """Show what needs a person, each with its reason and proposals."""
    with context.reader() as session:
        items = question_views(session, unallocated_ids(session), PLAIN_TELLER)
        found = QuestionsView(items=items, findings=finding_views(session, PLAIN_TELLER))
    if json:
        note_program("questions")
        as_json(found.document())
        return
    for finding in found.findings:
        _show_finding(finding)
    for question in sorted(found.items, key=lambda each: (each.payment.booked_on, each.payment.id)):
        _show_question(question)
    if found.items:
        print_translated(
            N_(
                "Questions: {count}. Answer with the number of a proposal: donations answer PAYMENT 1; or:"
                " donations answer PAYMENT gift --donor NAME"
            ),
            count=len(found.items),
        )
        print_translated(
            N_("What stands in [ ] is a proposal's mark: with --as-shown MARK it is taken only as shown here.")
        )
    elif not found.findings:
        print_translated(N_("No questions: everything is explained."))


def _show_question(question: QuestionView) -> None:
    payment = question.payment
    show_line(f"{_moved(payment)}, {_name(payment.counterparty)}, {other_account(payment.counterparty)}")
    show_line(f"  “{' '.join(payment.text.split())}”")
    for part in payment.details:
        amount = "" if part.money is None else f", {money_text(part.money)}"
        who = f"{_name(part.counterparty)}, {other_account(part.counterparty)}{amount}"
        print_translated(N_("  The bank shows a part: {part}"), part=who)
    show_line(f"  {question.words} ({question.reason})")
    if question.payment.parts:
        print_translated(N_("  Left to explain: {sum}"), sum=money_text(payment.unallocated))
    for each in question.proposals:
        show_line(f"  {each.number}. {each.words} [{mark_of(each.promised)}]")
    show_line("")


def _moved(payment: PaymentView) -> str:
    """Return the payment's number, its day and its amount."""
    return f"{translated(_PAYMENT, number=payment.id)}: {payment.booked_on}, {money_text(payment.money)}"


def _name(side: OtherSide) -> str:
    return side.name or translated(N_("no name"))


def _show_finding(found: DisagreementView) -> None:
    show_line(f"{_moved(found.payment)}: {found.words} {found.to_do} ({found.kind.value})")
    for command in _ways(found):
        show_line(f"  donations identity {command}")
    show_line("")


def _ways(found: DisagreementView) -> Iterator[str]:
    payment, other = found.payment, found.other
    if other is not None and found.kind is not Disagreement.ORPHAN:
        yield f"two {payment.id} {other.id}"
    if other is not None and other.money == payment.money and other.booked_on != payment.booked_on:
        yield f"redated {payment.id} {other.id}"
    yield f"leave-out {payment.id} --reason TEXT"


def answer_command(  # noqa: PLR0913 - each is an option
    payment: PaymentNumber,
    what: Annotated[
        str, typer.Argument(metavar="gift|refund|transfer|other|N", help=N_("What it was, or a proposal's number."))
    ],
    *,
    donor: Annotated[
        str | None, typer.Option(metavar="NUMBER|NAME|anonymous", help=N_("Who gave, or got the refund."))
    ] = None,
    appeal: Annotated[str | None, typer.Option(metavar="NUMBER|NAME")] = None,
    amount: Annotated[str | None, typer.Option(help=N_("Only this part of the payment, like 12.50."))] = None,
    returns: Annotated[
        int | None, typer.Option(metavar="PAYMENT", min=1, max=ID_MAX, help=N_("Which gift a refund takes back."))
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help=N_("Why; needed for all but gifts."))] = None,
    anew: Annotated[bool, typer.Option("--anew", help=N_("In place of what somebody else answered."))] = False,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Say what a payment was; what stood on it before is reversed, never erased."""
    payment_id, is_number = PaymentId(payment), what.isascii() and what.isdigit()
    if not is_number and what not in {*_PURPOSES, "other"}:
        raise Refusal(AnswerCode.UNKNOWN_ANSWER)
    if as_shown is not None and not is_number:
        raise Refusal(RunningCode.BAD_USAGE, what=translated(N_("only a proposal has a mark")))
    with context.writer() as session:
        reader = as_reader(session)
        asked = payment_with_id(reader, payment_id)
        if not is_number and not anew:
            refuse_answered_by_another(reader, asked, by=context.person())
        before = payment_view(reader, payment_id)
        given = (
            taken(reader, payment_id, int(what), promised=as_shown)
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
        amount_made = money(made.amount.minor, made.amount.currency)
        show_line(f"{translated(_PAYMENT, number=payment)}: {purpose_text(made.purpose)}, {amount_made}.")
        for each in before.parts if anew or not before.unallocated.minor else ():
            print_translated(
                N_("In place of: {before}."), before=f"{purpose_text(each.purpose)}, {money_text(each.money)}"
            )
    if beyond:
        more = money(beyond, made.amount.currency)
        complain("beyond", translated(N_("Mind: {sum} more went back than was left of this donor's gifts."), sum=more))


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
        as_json(ReversedAnswerView(taken_back=count, payment=found).document())
    else:
        print_translated(N_("Payment {number}: {count} answers taken back."), number=payment, count=count)


def why_command(payment: PaymentNumber, *, json: Json = False) -> None:
    """Explain a payment: which lines of which files attest it, and who or what decided what it was for."""
    with context.reader() as session:
        found = explained(session, PaymentId(payment), PLAIN_TELLER)
    if json:
        note_program(f"why {payment}")
        as_json(found.document())
        return
    show_line(_moved(found))
    show_line(f"  {_name(found.counterparty)}: “{' '.join(found.text.split())}”")
    for line in found.lines:
        attested = N_("  attested by line {line} of {file} (#{number})")
        print_translated(attested, line=line.line, file=line.file, number=line.import_id)
        if line.counterparty != found.counterparty and not line.is_total:
            who = f"{_name(line.counterparty)}, {other_account(line.counterparty)}"
            print_translated(N_("    which names: {who}"), who=who)
    for each in found.history:
        show_line(f"  {_decision_text(each)}")
        if each.taken_back is not None:
            print_translated(
                N_("  taken back by {person}: {reason}"), person=each.taken_back.by, reason=each.taken_back.words
            )
    if found.unallocated.minor:
        print_translated(N_("  open: {sum}"), sum=money_text(found.unallocated))
        show_line(f"  {found.why[0].words}")


def _decision_text(each: DecisionView) -> str:
    parts = [f"{purpose_text(each.purpose)} {money_text(each.money)}"]
    if each.donor is not None:
        parts.append(translated(N_("of {donor}"), donor=each.donor.name))
    if each.appeal is not None:
        parts.append(translated(N_("to {appeal}"), appeal=each.appeal.name))
    what = " ".join(parts)
    if each.returns is not None:
        what += translated(N_(", giving back payment {number}"), number=each.returns)
    by = N_("by the rule {rule}") if each.person is None else N_("decided by {person}")
    return f"{what}; {translated(by, rule=each.rule, person=each.person)}: {each.made.words}"


identity_app = typer.Typer(no_args_is_help=True)


@identity_app.command("same")
def same_command(
    payment: PaymentNumber, other: Annotated[int, typer.Argument(metavar="PAYMENT")], *, json: Json = False
) -> None:
    """Say that two payments of one day and amount are one."""
    with _deciding(
        json=json, done=translated(N_("Payments {one} and {other} are one."), one=payment, other=other)
    ) as session:
        same(session, PaymentId(payment), PaymentId(other), by=context.person(), now=context.now())


@identity_app.command("apart")
def apart_command(payment: PaymentNumber, *, json: Json = False) -> None:
    """Say that the lines which attest a payment are each a payment of their own."""
    with _deciding(
        json=json, done=translated(N_("The lines of payment {number} are counted apart."), number=payment)
    ) as session:
        apart(session, PaymentId(payment), by=context.person(), now=context.now())


@identity_app.command("two")
def two_command(
    payment: PaymentNumber,
    other: PaymentNumber,
    *,
    take_back: Annotated[
        bool, typer.Option("--take-back", help=N_("Take it back: the question is asked again."))
    ] = False,
    json: Json = False,
) -> None:
    """Say that two payments are two, whatever reference of the bank they share."""
    one, two = PaymentId(payment), PaymentId(other)
    by, now = context.person(), context.now()
    done = N_("Taken back.") if take_back else N_("Payments {one} and {other} are two.")
    with _deciding(json=json, done=translated(done, one=payment, other=other)) as session:
        if take_back:
            ask_again(session, one, two, by=by, now=now)
        else:
            differ(session, one, two, by=by, now=now)


@identity_app.command("redated")
def redated_command(payment: PaymentNumber, other: PaymentNumber, *, json: Json = False) -> None:
    """Say that two payments are one with another date: what the older statements show is left out."""
    done = translated(N_("What the older statements show is left out: donations identity list"))
    with _deciding(json=json, done=done) as session:
        redated(session, PaymentId(payment), PaymentId(other), by=context.person(), now=context.now())


@identity_app.command("leave-out")
def leave_out_command(
    payment: PaymentNumber, *, reason: Annotated[str, typer.Option(metavar="TEXT")], json: Json = False
) -> None:
    """Say that a payment is none, for instance because the bank shows it again with another date."""
    if not reason.strip():
        raise Refusal(AnswerCode.REASON_MISSING)
    done = translated(N_("Payment {number} is left out; see: donations identity list"), number=payment)
    with _deciding(json=json, done=done) as session:
        leave_out(session, PaymentId(payment), reason=reason, by=context.person(), now=context.now())


@identity_app.command("bring-back")
def bring_back_command(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=N_("As `identity list` shows it."))],
    *,
    json: Json = False,
) -> None:
    """Take leaving out back."""
    with _deciding(json=json, done=translated(N_("The line counts again."))) as session:
        bring_back(session, number, by=context.person(), now=context.now())


@identity_app.command("list")
def list_command(*, json: Json = False) -> None:
    """Show what is left out, and which payments a person said are two."""
    with context.reader() as session:
        two = sorted(sorted(pair) for pair in parted_payments(session))
        left_out = left_out_views(session)
    if json:
        as_json({"items": [each.document() for each in left_out], "two": two})
        return
    if not left_out:
        print_translated(N_("Nothing is left out."))
    for each in left_out:
        paid = translated(N_("payment {number}"), number=each.payment_id)
        show_line(f"{each.id}. {paid}: {each.reason} ({each.by})")
    for one, other in two:
        print_translated(
            N_("Payments {one} and {other} are two; take it back: donations identity two {one} {other} --take-back"),
            one=one,
            other=other,
        )


@contextmanager
def _deciding(*, json: bool, done: str) -> Iterator[WriteSession]:
    with context.writer() as session:
        yield session
    if json:
        as_json({"done": True})
    else:
        show_line(done)
