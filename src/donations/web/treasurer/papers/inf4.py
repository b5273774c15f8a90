"""The working list for form INF 4: what is ready today, what is missing, and lists that were taken along."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.documents.tax_list import as_csv, as_workbook
from donations.reports.inf4 import inf4, inf4_view, refuse_other_list, year_to_declare
from donations.reports.missing_codes import wanting_a_code
from donations.store.organisation import DecimalMark, Separator, Short, TaxColumn, TaxLayout, paper_settings, set_papers
from donations.store.papers import keep_list, kept_list, lines_of_list
from donations.store.session import ID_MAX, as_reader, reading, writing
from donations.store.statements.coverage import covered_days
from donations.views.inf4 import UNSAID_LIST, WHY_UNLISTED
from donations.web.access import VisitorHere, needs
from donations.web.own_name import name_given_out
from donations.web.pages import XLSX, Site, SiteHere, attachment, page

router = APIRouter(prefix="/inf4")

Year = Annotated[int, Path(ge=2000, le=2100)]
ListNumber = Annotated[int, Path(ge=1, le=ID_MAX)]


class ListKind(StrEnum):
    """As what a list can be taken along."""

    CSV = "csv"
    XLSX = "xlsx"


class LayoutForm(BaseModel):
    """The columns as the form gives them: each with its place (0: left out) and its heading."""

    year: int = Field(ge=2000, le=2100)
    code_at: int = Field(ge=0, le=4)
    code_heading: Short = ""
    name_at: int = Field(ge=0, le=4)
    name_heading: Short = ""
    kind_at: int = Field(ge=0, le=4)
    kind_heading: Short = ""
    sum_at: int = Field(ge=0, le=4)
    sum_heading: Short = ""
    header: bool = False
    separator: Separator
    decimal_mark: DecimalMark

    def layout(self) -> TaxLayout:
        """Return the layout; raises `ValidationError` where no column is left."""
        places = {
            TaxColumn.CODE: (self.code_at, self.code_heading),
            TaxColumn.NAME: (self.name_at, self.name_heading),
            TaxColumn.KIND: (self.kind_at, self.kind_heading),
            TaxColumn.SUM: (self.sum_at, self.sum_heading),
        }
        wanted = sorted((at, column, heading) for column, (at, heading) in places.items() if at)
        return TaxLayout(
            columns=tuple((column, heading) for _, column, heading in wanted),
            has_header=self.header,
            separator=self.separator,
            decimal_mark=self.decimal_mark,
        )


@router.get("")
@needs(Permission.SEE_NAMES)
def working_list(
    request: Request,
    site: SiteHere,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    kept: Annotated[int | None, Query(ge=1, le=ID_MAX)] = None,
    taken: ListKind | None = None,
    entered: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Show who can be listed today and who cannot, and what changed since the list before.

    `taken` has a list that was just kept come as a file by itself.
    """
    answer = list_page(request, site, year, kept=kept, entered=entered)
    if kept is not None and taken is not None:
        answer.headers["Refresh"] = f"0; url=/treasurer/inf4/lists/{kept}.{taken.value}"
    return answer


def list_page(request: Request, site: Site, year: int | None, *, status: int = 200, **said: Any) -> Response:
    """Return the page; `said` is what was just done, and of codes that were typed which are wrong."""
    today = site.today
    with reading(site.engine) as session:
        covered = covered_days(session)
        listed = site.found_by(session, inf4, year or year_to_declare(today))
        found = inf4_view(session, listed)
        layout = paper_settings(session, TaxLayout)
    first, last = covered.first_day or today, covered.last_day or today
    return page(
        request,
        "treasurer/papers/inf4.html",
        status=status,
        found=found,
        wanting=wanting_a_code(listed),
        code_ends={each.donor: each.code[-4:] for each in listed.lines},
        why_unlisted=WHY_UNLISTED,
        unsaid_list=UNSAID_LIST,
        layout=layout,
        places={column: at for at, (column, _) in enumerate(layout.columns, 1)},
        headings=dict(TaxLayout().columns) | dict(layout.columns),
        years=range(max(last.year, today.year), min(first.year, found.year) - 1, -1),
        **{"kept": None, "entered": 0, "wrong": {}, "wrong_names": {}, "typed": {}, **said},
    )


@router.post("/layout")
@needs(Permission.MANAGE_BOOKS)
def set_layout(site: SiteHere, visitor: VisitorHere, form: Annotated[LayoutForm, Form()]) -> Response:
    """Let the CSV look so from now on."""
    try:
        layout = form.layout()
    except ValidationError as error:
        raise Refusal(RequestCode.BAD_FORM) from error
    with writing(site.engine) as session:
        set_papers(session, layout, by=visitor.name, at=site.clock())
    return RedirectResponse(f"/treasurer/inf4?year={form.year}#layout", status_code=303)


@router.post("/{year}/keep")
@needs(Permission.CLOSE_MONTHS)
def keep(
    site: SiteHere,
    visitor: VisitorHere,
    year: Year,
    promised: Annotated[str, Form(max_length=64)],
    taken: Annotated[ListKind, Form()] = ListKind.XLSX,
) -> Response:
    """Keep the list as it was shown, to be compared with later, and let it come as a file to who may take codes."""
    with writing(site.engine) as session:
        name_given_out(session, site, by=visitor.name)
        found = inf4(as_reader(session), year)
        refuse_other_list(as_reader(session), found, promised=promised)
        number = keep_list(session, found.lines, year=year, by=visitor.name, at=site.clock())
    file = f"&taken={taken.value}" if visitor.may(Permission.TAKE_CODES) else ""
    return RedirectResponse(f"/treasurer/inf4?year={year}&kept={number}{file}", status_code=303)


@router.get("/lists/{number}.csv")
@needs(Permission.TAKE_CODES, fresh=True)
def list_csv(site: SiteHere, number: ListNumber) -> Response:
    """Return a kept list as CSV in the layout of now."""
    with reading(site.engine) as session:
        kept = kept_list(session, number)
        if kept is None:
            raise Refusal(RequestCode.UNKNOWN_PAGE)
        content = as_csv(lines_of_list(session, number), paper_settings(session, TaxLayout))
    return attachment(content, media_type="text/csv; charset=utf-8", name=f"inf4-{kept.year}-{number}.csv")


@router.get("/lists/{number}.xlsx")
@needs(Permission.TAKE_CODES, fresh=True)
def list_xlsx(site: SiteHere, number: ListNumber) -> Response:
    """Return a kept list as a workbook."""
    with reading(site.engine) as session:
        kept = kept_list(session, number)
        if kept is None:
            raise Refusal(RequestCode.UNKNOWN_PAGE)
        content = as_workbook(lines_of_list(session, number), kept.year)
    return attachment(content, media_type=XLSX, name=f"inf4-{kept.year}-{number}.xlsx")
