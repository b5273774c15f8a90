"""The form of the terms of publishing: as they are, as somebody wrote them, and read again."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Annotated

from fastapi import Form
from pydantic import BaseModel

from donations.core.money import EUR, decimal_text
from donations.core.organisation import is_placeholder
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.transfer_code import PAYEE_MAX
from donations.core.typed import typed_amount, typed_day
from donations.ledger.blocks import Rules
from donations.ledger.published import Goal
from donations.store.public.publishing import Terms

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""No XML may hold these, and the card of the goal is XML."""

Promised = Annotated[str, Form(max_length=64)]


class TermsForm(BaseModel):
    """What the form holds."""

    donors_min: int
    percent: int
    is_rounded: bool = False
    account: int = 0
    """0: the first one with an IBAN."""
    payee: Annotated[str, Form(max_length=200)] = ""
    goal: Annotated[str, Form(max_length=20)] = ""
    goal_text: Annotated[str, Form(max_length=200)] = ""
    goal_since: Annotated[str, Form(max_length=10)] = ""
    spending_since: Annotated[str, Form(max_length=10)] = ""
    """Empty: spending is not published."""

    @classmethod
    def of(cls, terms: Terms, *, organisation: str) -> TermsForm:
        """Return the form filled in with what counts now."""
        goal = terms.goal
        return cls(
            donors_min=terms.rules.donors_min,
            percent=terms.rules.percent,
            is_rounded=terms.rules.is_rounded,
            account=terms.account_id or 0,
            payee="" if is_placeholder(payee := terms.payee or organisation) else payee,
            goal="" if goal is None else decimal_text(goal.minor, EUR).replace(".", ","),
            goal_text="" if goal is None else goal.text,
            goal_since="" if goal is None else goal.since.isoformat(),
            spending_since="" if terms.spending_since is None else terms.spending_since.isoformat(),
        )


TermsGiven = Annotated[TermsForm, Form()]


def wanted_terms(form: TermsForm, *, accounts: Collection[int], own: str) -> Terms:
    """Return what the form says; `accounts` are those with an IBAN, `own` is the organisation's name.

    Raises `Refusal`.
    """
    if form.account and form.account not in accounts:
        raise Refusal(BooksCode.UNKNOWN_ACCOUNT)
    payee = form.payee.strip()
    if len(payee) > PAYEE_MAX or not payee.isprintable():
        raise Refusal(BooksCode.BAD_PAYEE)
    return Terms(
        rules=Rules(donors_min=form.donors_min, percent=form.percent, is_rounded=form.is_rounded),
        account_id=form.account or None,
        payee="" if payee == own else payee,
        goal=_goal(form),
        spending_since=_spending_since(form),
    )


def _goal(form: TermsForm) -> Goal | None:
    if not form.goal.strip():
        return None
    try:
        minor, since = typed_amount(form.goal, EUR), typed_day(form.goal_since)
    except Refusal as error:
        raise Refusal(BooksCode.BAD_GOAL) from error
    return Goal(minor=minor, text=" ".join(_UNSEEN.sub(" ", form.goal_text).split()), since=since)


def _spending_since(form: TermsForm) -> date | None:
    if not form.spending_since.strip():
        return None
    try:
        since = typed_day(form.spending_since)
    except Refusal as error:
        raise Refusal(BooksCode.BAD_SPENDING_DAY) from error
    if since.day != 1:
        raise Refusal(BooksCode.BAD_SPENDING_DAY)
    return since
