"""`donations organisation`: what it is called, its registry code, and what the law's pages and papers follow."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any

import typer

from donations.acts.describing import Described, contact, describe, listed
from donations.acts.registering import NewOwnCode, call, called, register
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import as_json, print_translated, show_line, translated
from donations.core.language import N_
from donations.core.person_code import RegistryCode, parse_code
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.matching.payer import is_registry_code
from donations.reports.association import UNSAID, Unsaid, association
from donations.store.organisation import (
    Beliefs,
    BeliefsGround,
    Contact,
    FinancialYear,
    IncentiveList,
    own_codes,
    paper_settings,
)
from donations.store.session import as_reader


class BeliefsTold(StrEnum):
    """Whether gifts tell what somebody believes, and by which rule that may be kept."""

    NO = "no"
    YES = "yes"
    CONSENT = "consent"
    OWN_BODY = "own_body"

    @property
    def beliefs(self) -> Beliefs:
        """As the books keep it."""
        has_ground = self.value in set(BeliefsGround)
        return Beliefs(gifts_tell=self is not BeliefsTold.NO, ground=BeliefsGround(self.value) if has_ground else None)


NEVER = "never"


def organisation_command(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help=N_("Your own registry code."))] = None,
    *,
    name: Annotated[str | None, typer.Option(metavar="NAME", help=N_("What it is called, as the bank has it."))] = None,
    year_begins: Annotated[
        int | None, typer.Option(min=1, max=12, metavar="MONTH", help=N_("First month of your financial year."))
    ] = None,
    incentives: Annotated[
        str | None,
        typer.Option(
            metavar="DAY[..DAY]",
            help=N_("When you are on the tax board's list of associations with income tax incentives, or `never`."),
        ),
    ] = None,
    beliefs: Annotated[
        BeliefsTold | None,
        typer.Option(
            help=N_("Whether gifts tell what somebody believes; `consent` and `own_body`: GDPR Art. 9 (2) (a), (d).")
        ),
    ] = None,
    email: Annotated[str | None, typer.Option(metavar="TEXT", help=N_("At which address people reach you."))] = None,
    security: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help=N_("Where weak points are told: an e-mail address or an https page.")),
    ] = None,
    json: Json = False,
) -> None:
    """Show or say what your organisation is: its name, its registry code, and what the law asks of it."""
    given = {"email": email, "security": security}
    changed = {field: value for field, value in given.items() if value is not None}
    wanted = Described(
        year=None if year_begins is None else FinancialYear(first_month=year_begins),
        incentives=None if incentives is None else _listed(incentives),
        beliefs=None if beliefs is None else beliefs.beliefs,
    )
    if name is not None or changed or wanted != Described():
        with context.writer() as session:
            if name is not None:
                call(session, name, by=context.person(), at=context.now())
            known = paper_settings(as_reader(session), Contact).model_dump()
            reached = contact(**known | changed) if changed else None
            describe(session, replace(wanted, contact=reached), by=context.person(), at=context.now())
    if code is not None:
        _register_code(code, json=json)
    elif json:
        as_json(_own())
    else:
        _show()


def _listed(text: str) -> IncentiveList:
    if text == NEVER:
        return IncentiveList()
    since, _, until = text.partition("..")
    return listed(since=since, until=until)


def _show() -> None:
    with context.reader() as session:
        name = called(session, configured=context.settings().organisation)
        own, codes = association(session, called=name), sorted(own_codes(session))
    show_line(f"{name}, {', '.join(codes) or translated(N_('no registry code'))}")
    for each in own.unsaid:
        if each is not Unsaid.NAME:
            print_translated(N_("  Not said yet: {what}."), what=translated(UNSAID[each]))


def _own() -> dict[str, Any]:
    with context.reader() as session:
        name = called(session, configured=context.settings().organisation)
        own = association(session, called=name)
        return {
            "name": name,
            "own_codes": sorted(own_codes(session)),
            "financial_year_begins": own.first_month,
            "incentive_list": None if own.incentives is None else own.incentives.model_dump(mode="json"),
            "beliefs": None if own.beliefs is None else own.beliefs.model_dump(mode="json"),
            "contact": own.contact.model_dump(),
            "unsaid": list(own.unsaid),
        }


def _register_code(code: str, *, json: bool) -> None:
    parsed = parse_code(code)
    if not isinstance(parsed, str) or not is_registry_code(parsed):
        raise Refusal(DonorCode.BAD_CODE)
    with context.writer() as session:
        register(session, NewOwnCode(code=RegistryCode(parsed)), now=context.now())
        known = sorted(own_codes(as_reader(session)))
    if json:
        as_json({"own_codes": known})
    else:
        print_translated(N_("Kept, and all payments were judged again with it."))
