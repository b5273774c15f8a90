"""`donations organisation`: what it says of itself: its name and codes, what it shows, and what the law asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from donations.acts.describing import Described, contact, describe, letterhead, listed, presence, show_logo
from donations.acts.registering import NewOwnCode, called, register
from donations.cli import context
from donations.cli.show import Json, as_json, print_translated, show_line, translated
from donations.core.language import N_, Language
from donations.core.name import PLACEHOLDER, is_owner
from donations.core.person_code import RegistryCode, parse_code
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode, RunningCode
from donations.documents.logo import checked_logo
from donations.matching.payer import is_registry_code
from donations.reports.association import UNSAID, Unsaid, association, association_view
from donations.store.association import LOGO_BYTES_MAX, Presence
from donations.store.organisation import (
    Beliefs,
    BeliefsGround,
    Contact,
    FinancialYear,
    IncentiveList,
    Letterhead,
    own_codes,
    paper_settings,
)
from donations.store.session import ReadSession, as_reader
from donations.views.association import AssociationView


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
NONE = "none"
_NAMED = ("address", "signer", "role")
_SHOWN = ("phone", "web", "statutes", "board", "colour")
_REACHED = ("email", "security")
_TEXTS = ("about", "deeds", "thanks")


OwnName = Annotated[str | None, typer.Option(metavar="NAME", help=N_("What it is called, as the bank has it."))]
YearBegins = Annotated[
    int | None, typer.Option(min=1, max=12, metavar="MONTH", help=N_("First month of your financial year."))
]
Incentives = Annotated[
    str | None,
    typer.Option(
        metavar="DAY[..DAY]",
        help=N_("When you are on the tax board's list of associations with income tax incentives, or `never`."),
    ),
]
TellsBeliefs = Annotated[
    BeliefsTold | None,
    typer.Option(
        help=N_("Whether gifts tell what somebody believes; `consent` and `own_body`: GDPR Art. 9 (2) (a), (d).")
    ),
]
Reached = Annotated[str | None, typer.Option(metavar="TEXT", help=N_("At which address people reach you."))]
WeakPoints = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help=N_("Where weak points are told: an e-mail address or an https page.")),
]
Say = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WHAT=TEXT",
        help=N_(
            "What else you say, such as `phone=+372 5555 5555` or `about.et=Oleme …`; empty takes it back. May be "
            "repeated: phone, web, statutes, board, address, signer, role, colour; and with .et, .en or .ru: "
            "about, deeds, thanks."
        ),
    ),
]
Picture = Annotated[
    str | None, typer.Option(metavar="FILE", help=N_("Show this PNG, JPEG or WebP of at most 200 kB, or `none`."))
]


def organisation_command(  # noqa: PLR0913 - each is an option that people type
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help=N_("Your own registry code."))] = None,
    *,
    name: OwnName = None,
    year_begins: YearBegins = None,
    incentives: Incentives = None,
    beliefs: TellsBeliefs = None,
    email: Reached = None,
    security: WeakPoints = None,
    say: Say = None,
    logo: Picture = None,
    json: Json = False,
) -> None:
    """Show or say what your organisation is: its name and codes, what it shows, and what the law asks of it."""
    typed = {"email": email, "security": security}
    told = dict(map(_told, say or ())) | {what: text for what, text in typed.items() if text is not None}
    picture = None if logo in {None, NONE} else checked_logo(_start_of(Path(str(logo))))
    with context.reader() as session:
        wanted = replace(
            _said(told, session),
            name=name,
            year=None if year_begins is None else FinancialYear(first_month=year_begins),
            incentives=None if incentives is None else _listed(incentives),
            beliefs=None if beliefs is None else beliefs.beliefs,
        )
    if wanted != Described() or logo is not None:
        with context.writer() as session:
            describe(session, wanted, by=context.person(), at=context.now())
            if logo is not None:
                show_logo(session, picture, by=context.person(), at=context.now())
    if code is not None:
        _register_code(code, json=json)
    elif json:
        as_json(_own().document())
    else:
        _show()


def _told(written: str) -> tuple[str, str]:
    """Return what is said and how. Raises `Refusal`."""
    what, is_said, text = written.partition("=")
    texts = {f"{each}.{language}" for each in _TEXTS for language in Language}
    if not is_said or what not in {*_NAMED, *_SHOWN, *texts}:
        raise Refusal(RunningCode.BAD_USAGE, what=translated(N_("nothing is said of “{what}”")).format(what=what))
    return what, text


def _said(told: Mapping[str, str], session: ReadSession) -> Described:
    """Return what was told; of a matter of which a part was told, the rest stays as it is. Raises `Refusal`."""
    named, shown, reached = (
        {each: told[each] for each in names if each in told} for names in (_NAMED, _SHOWN, _REACHED)
    )
    known = paper_settings(session, Presence)
    texts = {each: getattr(known, each).model_dump() for each in _TEXTS}
    for what, text in told.items():
        each, _, language = what.partition(".")
        if language:
            texts[each][language] = text
    return Described(
        letterhead=letterhead(paper_settings(session, Letterhead).model_dump() | named) if named else None,
        presence=presence(known, shown | texts) if shown or any("." in what for what in told) else None,
        contact=contact(**paper_settings(session, Contact).model_dump() | reached) if reached else None,
    )


def _start_of(file: Path) -> bytes:
    """Return a file, or so much of it that it is too large for a logo."""
    with file.open("rb") as opened:
        return opened.read(LOGO_BYTES_MAX + 1)


def _listed(text: str) -> IncentiveList:
    if text == NEVER:
        return IncentiveList()
    since, _, until = text.partition("..")
    return listed(since=since, until=until)


def _show() -> None:
    own = _own()
    show_line(f"{own.name or PLACEHOLDER}, {', '.join(own.own_codes) or translated(N_('no registry code'))}")
    reached = (own.address, own.contact.email, own.contact.phone, own.contact.web)
    if any(reached):
        show_line("  " + ", ".join(filter(None, reached)))
    for owner in own.owners:
        if own.name and not is_owner(owner, own.name):
            print_translated(N_("  Your statements name another owner of the account: {owner}."), owner=owner)
    for each in own.unsaid:
        if each != Unsaid.NAME:
            print_translated(N_("  Not said yet: {what}."), what=translated(UNSAID[Unsaid(each)]))


def _own() -> AssociationView:
    with context.reader() as session:
        own = association(session, called=called(session, configured=context.settings().organisation))
        return association_view(session, own)


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
