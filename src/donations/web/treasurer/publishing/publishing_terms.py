"""The form of the terms of publishing: as they are, as somebody wrote them, and read again."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Annotated

from fastapi import Form
from pydantic import BaseModel

from donations.core.language import N_
from donations.core.money import EUR, BadAmountError, Minor, decimal_text, parse_minor
from donations.core.organisation import is_placeholder
from donations.core.transfer_code import PAYEE_MAX
from donations.core.typed import typed_day
from donations.ledger.blocks import BadRulesError, Rules
from donations.ledger.published import Goal
from donations.store.public.publishing import Terms

BAD_GOAL = N_("The goal cannot be read. Write euros, for example 20000 or 20000,00, and the day it counts from.")
BAD_PAYEE = N_("The payee’s name has at most 70 characters on one line, as banks take it.")
BAD_ACCOUNT = N_("There is no such account.")
BAD_SPENDING = N_("The day cannot be read. Write the first day of a month, for example 2026-01-01.")
BAD_RULES = N_("At least 5 donors, and a percentage from 15 to 50.")

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""No XML may hold these, and the card of the goal is XML."""

Promised = Annotated[str, Form(max_length=64)]


class BadTermsError(ValueError):
    """The terms cannot be used; `said` is to be translated."""

    def __init__(self, said: str) -> None:
        """Keep what is said of it."""
        self.said = said
        super().__init__(said)


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

    Raises `BadTermsError`.
    """
    if form.account and form.account not in accounts:
        raise BadTermsError(BAD_ACCOUNT)
    payee = form.payee.strip()
    if len(payee) > PAYEE_MAX or not payee.isprintable():
        raise BadTermsError(BAD_PAYEE)
    try:
        rules = Rules(donors_min=form.donors_min, percent=form.percent, is_rounded=form.is_rounded)
    except BadRulesError as error:
        raise BadTermsError(BAD_RULES) from error
    return Terms(
        rules=rules,
        account_id=form.account or None,
        payee="" if payee == own else payee,
        goal=_goal(form),
        spending_since=_spending_since(form),
    )


def _goal(form: TermsForm) -> Goal | None:
    if not form.goal.strip():
        return None
    try:
        minor, since = _minor(form.goal), typed_day(form.goal_since)
    except (BadAmountError, ValueError) as error:
        raise BadTermsError(BAD_GOAL) from error
    if minor <= 0:
        raise BadTermsError(BAD_GOAL)
    return Goal(minor=minor, text=" ".join(_UNSEEN.sub(" ", form.goal_text).split()), since=since)


def _spending_since(form: TermsForm) -> date | None:
    if not form.spending_since.strip():
        return None
    try:
        since = typed_day(form.spending_since)
    except ValueError as error:
        raise BadTermsError(BAD_SPENDING) from error
    if since.day != 1:
        raise BadTermsError(BAD_SPENDING)
    return since


def _minor(written: str) -> Minor:
    digits = "".join(written.split()).removesuffix("€")
    return parse_minor(digits, currency=EUR, mark="," if "," in digits else ".")
