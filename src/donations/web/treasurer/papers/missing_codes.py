"""Codes that the tax board's list still wants: filled in one column or pasted, and letters that ask for them."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Annotated

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.claiming import enter_codes
from donations.core.donor import DonorId
from donations.core.language import Language
from donations.core.name_order import name_order
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.typed import LINE_MAX
from donations.documents.code_letters import code_letters
from donations.reports.association import association
from donations.reports.code_letter import code_letter
from donations.reports.inf4 import inf4
from donations.reports.missing_codes import WHY_NOT_KEPT, pasted_list, wanting_a_code
from donations.store.donors import people
from donations.store.papers import languages_asked_for
from donations.store.session import ID_MAX, as_reader, reading, writing
from donations.web.access import VisitorHere, needs
from donations.web.own_name import name_for_paper
from donations.web.pages import SiteHere, page
from donations.web.refused import status_of
from donations.web.sent_file import SentFile
from donations.web.treasurer.papers.inf4 import Year, list_page

router = APIRouter(prefix="/inf4/{year}/codes")

PASTED_MAX = 100_000
"""Characters: some thousand lines."""


class CodesForm(BaseModel):
    """The column as it was filled in: a donor, or nobody, and a code, or nothing, in each row."""

    donor: list[Annotated[str, Field(pattern=r"^[0-9]{0,18}$")]] = Field(default=[])
    code: list[Annotated[str, Field(max_length=LINE_MAX)]] = Field(default=[])

    def typed(self) -> list[tuple[DonorId, str]]:
        """Return the rows that say something. Raises `Refusal`."""
        if len(self.donor) != len(self.code):
            raise Refusal(RequestCode.BAD_FORM)
        rows = zip(self.donor, self.code, strict=True)
        return [(DonorId(min(int(donor), ID_MAX)), code.strip()) for donor, code in rows if donor and code.strip()]


@router.post("")
@needs(Permission.DECIDE)
def enter(
    request: Request, site: SiteHere, visitor: VisitorHere, year: Year, form: Annotated[CodesForm, Form()]
) -> Response:
    """Keep what is right; what is not stays in its field, with what is wrong with it."""
    typed = form.typed()
    with writing(site.engine) as session:
        entered = enter_codes(session, typed, by=visitor.name, now=site.clock())
        named = people.donors(as_reader(session), [donor for donor, _ in entered.refused])
    if not entered.refused:
        return RedirectResponse(f"/treasurer/inf4?year={year}&entered={len(entered.kept)}", status_code=303)
    return list_page(
        request,
        site,
        year,
        status=status_of(entered.refused[0][1]),
        entered=len(entered.kept),
        wrong={donor: code.what for donor, code in entered.refused},
        wrong_names={donor: each.name for donor, each in named.items()},
        typed=dict(typed),
    )


@router.post("/pasted")
@needs(Permission.DECIDE)
def look_at_pasted(
    request: Request, site: SiteHere, year: Year, pasted: Annotated[str, Form(max_length=PASTED_MAX)] = ""
) -> Response:
    """Show which line gives whom which code; nothing is kept yet."""
    with reading(site.engine) as session:
        found = pasted_list(session, site.found_by(session, inf4, year), pasted)
    return page(
        request, "treasurer/papers/pasted_codes.html", year=year, found=found, why_not_kept=WHY_NOT_KEPT, pasted=pasted
    )


@router.get("/letters.pdf")
@needs(Permission.SEE_NAMES)
def letters(site: SiteHere, year: Year, donor: Annotated[int | None, Query(ge=1, le=ID_MAX)] = None) -> Response:
    """Return the letters to all whose code is wanted, or to one of them, in one file by name."""
    with reading(site.engine) as session:
        organisation = name_for_paper(session, site)
        sender = association(session, called=organisation)
        languages = languages_asked_for(session)
        wanting = sorted(
            wanting_a_code(site.found_by(session, inf4, year)).values(), key=lambda each: name_order(each.name)
        )
    written = [
        code_letter(each, languages.get(each.donor, Language.ESTONIAN), year=year, sender=sender, today=site.today)
        for each in wanting
        if donor in {None, each.donor}
    ]
    if not written:  # the codes came meanwhile
        return RedirectResponse(f"/treasurer/inf4?year={year}", status_code=303)
    content = code_letters(written, organisation=organisation, made_on=site.today)
    name = f"codes-{year}.pdf" if donor is None else f"code-{year}-donor-{donor}.pdf"
    file = TemporaryFile()  # noqa: SIM115 - `SentFile` closes it
    file.write(content)
    file.seek(0)
    return SentFile(file, name=name, size=len(content), media_type="application/pdf")
