"""Standing rules: "always do this", shown with all that it would change before it is kept, and switched off as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.answering import payment_with_id
from donations.acts.asking import QuestionKind, review
from donations.acts.offering import Answer, NewDonor, taken
from donations.acts.promise import Shown
from donations.acts.teaching import Fate, Replay, first_meaning, lesson, make_rule, switch_rule
from donations.core.donor import ANONYMOUS, AppealId, PayerClaim
from donations.core.iban import UnverifiedAccount
from donations.core.language import N_
from donations.core.money import Currency, Minor
from donations.core.name import name_key
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.progress import Tell
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, DonorCode
from donations.matching.standing_rules import Condition, Direction, RuleNumber, parse_words
from donations.store.donors import people
from donations.store.payments.shown import shown_payments, unnamed_payers
from donations.store.session import ReadSession, WriteSession, as_reader, reading
from donations.views.formats import TELLER
from donations.views.rule import rule_views, sentences
from donations.web.access import VisitorHere, needs
from donations.web.going_on import ToldAct, do_long, kept_as, show_long
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.questions.answers import booked_as_seen
from donations.web.treasurer.questions.question_page import (
    AcceptedProposalForm,
    AnswerKind,
    Back,
    Whence,
    donor_written,
    go_on,
)
from donations.web.treasurer.step_page import step_page


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
    kind: AnswerKind
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
            donor=donor_written(purpose, self.donor, anonymous=self.anonymous),
            appeal=None if self.appeal is None else AppealId(self.appeal),
        )


class RuleWhenceForm(RuleForm):
    """The rule, and where the person came from: without a place all rules are shown."""

    back: Back | None = None
    of_kind: QuestionKind | None = None


class PromisedForm(RuleWhenceForm):
    """The rule with what its preview promised."""

    promised: str = Field(max_length=64)


def first_guess(
    session: ReadSession, payment: Payment, first: Answer, when: Condition | None = None, whence: Whence | None = None
) -> RuleWhenceForm:
    """Return the form filled in with an answer and, where they are given, what the payments must be."""
    is_gift = first.purpose is Purpose.GIFT
    account, name = payment.counterparty.account, payment.counterparty.name
    has_account = isinstance(account, str)
    return RuleWhenceForm(
        payment=payment.id,
        back=None if whence is None else whence.back,
        of_kind=None if whence is None else whence.of_kind,
        by_account=has_account,
        by_name=bool(name) and (when is not None or not has_account),
        words="" if when is None else ", ".join(when.words),
        kind=AnswerKind(first.purpose.value) if first.purpose in {Purpose.GIFT, Purpose.TRANSFER} else AnswerKind.OTHER,
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


SHOWN_MAX = 50
"""Of each fate; the counts and sums are of all."""

_HEADINGS = {
    Fate.BOOKED: N_("Booked anew: they had no purpose until now"),
    Fate.CHANGED: N_("Changed: the rules booked them otherwise until now"),
    Fate.OPENED: N_("Become questions again"),
    Fate.SAME: N_("Stay what they are; only the rule that says so changes"),
    Fate.AGAINST: N_("Not touched: the payment itself, or another rule, says something else"),
    Fate.DECIDED: N_("Not touched: a person decided them"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FateView:
    """The payments that share a fate."""

    heading: str
    """English; translated where it is shown."""
    count: int
    totals: tuple[tuple[Currency, Minor], ...]
    first: tuple[Payment, ...]
    """The newest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayView:
    """A rule with all that it would change."""

    replay: Replay
    """Of all payments; what is shown of them follows."""
    sentence: str
    fates: tuple[FateView, ...]
    beside: tuple[Payment, ...]


def replay_view(session: ReadSession, replay: Replay) -> ReplayView:
    """Return the replay with its words; to be asked inside the transaction that made it."""
    return ReplayView(
        replay=replay,
        sentence=sentences(session, [replay.rule], TELLER)[replay.rule.number],
        fates=tuple(
            FateView(
                heading=_HEADINGS[shared.fate],
                count=len(shared.payments),
                totals=shared.totals,
                first=_newest(shown_payments(session, shared.payments[-SHOWN_MAX:])),
            )
            for shared in replay.fates
        ),
        beside=_newest(shown_payments(session, replay.beside[:SHOWN_MAX])),
    )


def _newest(payments: list[Payment]) -> tuple[Payment, ...]:
    return tuple(sorted(payments, key=lambda each: (each.booked_on, each.id), reverse=True))


router = APIRouter(prefix="/rules")


class Switch(StrEnum):
    """Which way a rule is switched."""

    ON = "on"
    OFF = "off"


@router.get("")
@needs(Permission.SEE_NAMES)
def all_rules(request: Request, site: SiteHere, made: int | None = None, switched: int | None = None) -> Response:
    """List the rules with what each of them booked."""
    with reading(site.engine) as session:
        found = rule_views(session, TELLER)
        return page(
            request,
            "treasurer/questions/rules.html",
            rules=[each for each in found if each.switched_off_at is None],
            ended=[each for each in found if each.switched_off_at is not None],
            made=made,
            switched=switched,
        )


@router.get("/new")
@needs(Permission.DECIDE)
def new_rule(
    request: Request,
    site: SiteHere,
    payment_id: Annotated[int, Query(alias="payment")],
    back: Back | None = None,
    kind: QuestionKind | None = None,
) -> Response:
    """Show the form for payments like this one, filled in as it was answered."""
    with reading(site.engine) as session:
        payment = _payment(session, payment_id)
        said = first_guess(
            session,
            payment,
            first_meaning(session, payment),
            whence=None if back is None else Whence(back=back, of_kind=kind),
        )
    return _rule_page(request, site, said, payment_id)


@router.post("/preview")
@needs(Permission.DECIDE)
def preview(
    request: Request, site: SiteHere, visitor: VisitorHere, said: Annotated[RuleWhenceForm, Form()]
) -> Response:
    """Show what the rule would do to all payments of all years, by doing it and rolling back."""
    return _rule_page(request, site, said, said.payment, show_long(request, _make(site, said, by=visitor.name)))


@router.post("")
@needs(Permission.DECIDE)
def make(request: Request, site: SiteHere, visitor: VisitorHere, said: Annotated[PromisedForm, Form()]) -> Response:
    """Keep the rule exactly as shown, or show what it would do now where that is something else."""
    outcome = do_long(request, _make(site, said, by=visitor.name), promised=said.promised)
    if outcome.is_outdated:
        return _rule_page(request, site, said, said.payment, outcome)
    number = outcome.result.replay.rule.number
    if said.back is not None:
        with reading(site.engine) as session:
            payment = _payment(session, said.payment)
            return go_on(session, site, payment, Whence(back=said.back, of_kind=said.of_kind), taught=number)
    return RedirectResponse(f"/treasurer/rules?made={number}#rule-{number}", status_code=303)


teaching_router = APIRouter()


@teaching_router.post("/payments/{payment_id}/always")
@needs(Permission.DECIDE)
def teach(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    payment_id: int,
    form: Annotated[AcceptedProposalForm, Form()],
) -> Response:
    """Keep a rule behind a proposal; where it would change more than the payments shown, show all of that first."""
    wanted = PaymentId(payment_id)

    def keep(session: WriteSession) -> Response:
        reader = as_reader(session)
        given = taken(reader, wanted, form.number, promised=form.promised)
        (question,) = review(reader, only=[wanted]).questions
        when, payment = lesson(question, given), _payment(reader, payment_id)
        if when is None:
            raise Refusal(AnswerCode.RULE_DOES_NOT_FIT)
        replay = make_rule(session, when, given, label="", payment=payment, by=visitor.name, now=site.clock())
        if replay.changed != {wanted, *form.also}:
            raise _MoreChangesError(first_guess(reader, payment, given, when, form))
        return go_on(reader, site, payment, form, taught=replay.rule.number)

    try:
        return booked_as_seen(request, site, wanted, keep)
    except _MoreChangesError as more:
        said = more.said
    return _rule_page(request, site, said, payment_id, show_long(request, _make(site, said, by=visitor.name)))


class _MoreChangesError(Exception):
    """Rolls a rule back that would change more than was shown."""

    def __init__(self, said: RuleWhenceForm) -> None:
        super().__init__()
        self.said = said


@router.get("/{number}/{switch}")
@needs(Permission.DECIDE)
def consequences(request: Request, site: SiteHere, visitor: VisitorHere, number: int, switch: Switch) -> Response:
    """Show what switching a rule would do."""
    kept = kept_as(site, "switch", number, switch, visitor.name)
    return _switch_page(request, switch, show_long(request, _switch(site, number, switch, by=visitor.name), kept=kept))


@router.post("/{number}/{switch}")
@needs(Permission.DECIDE)
def switch_over(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    number: int,
    switch: Switch,
    promised: Annotated[str, Form(max_length=64)],
) -> Response:
    """Switch a rule exactly as shown, or show the new consequences where they would differ."""
    outcome = do_long(request, _switch(site, number, switch, by=visitor.name), promised=promised)
    if outcome.is_outdated:
        return _switch_page(request, switch, outcome)
    return RedirectResponse(f"/treasurer/rules?switched={number}#rule-{number}", status_code=303)


def _make(site: Site, said: RuleForm, *, by: str) -> ToldAct[ReplayView]:
    def act(session: WriteSession, tell: Tell) -> ReplayView:
        payment = _payment(as_reader(session), said.payment)
        when, meant = said.condition(payment), said.meaning(payment)
        replay = make_rule(session, when, meant, label=said.label, payment=payment, by=by, now=site.clock(), tell=tell)
        return replay_view(as_reader(session), replay)

    return act


def _payment(session: ReadSession, payment_id: int) -> Payment:
    """Return the payment that a rule is made from; raises `Refusal`, for of a restricted donor nothing is taught."""
    if unnamed_payers(session, [PaymentId(payment_id)]):
        raise Refusal(DonorCode.RESTRICTED_DONOR)
    return payment_with_id(session, PaymentId(payment_id))


def _switch(site: Site, number: int, switch: Switch, *, by: str) -> ToldAct[ReplayView]:
    def act(session: WriteSession, tell: Tell) -> ReplayView:
        replay = switch_rule(session, RuleNumber(number), on=switch is Switch.ON, by=by, now=site.clock(), tell=tell)
        return replay_view(as_reader(session), replay)

    return act


def _rule_page(
    request: Request, site: Site, said: RuleWhenceForm, payment_id: int, outcome: Shown[ReplayView] | None = None
) -> Response:
    """Show the form as it is filled in, with what the rule would do."""
    with reading(site.engine) as session:
        payment = _payment(session, payment_id)
        return step_page(
            request,
            "treasurer/questions/rule.html",
            outcome,
            payment=payment,
            appeals=people.appeals(session),
            said=said,
        )


def _switch_page(request: Request, switch: Switch, outcome: Shown[ReplayView]) -> Response:
    return step_page(request, "treasurer/questions/switch.html", outcome, switch=switch)
