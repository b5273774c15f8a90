"""What was imported: a list to search, the newest first."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.store.session import reading
from donations.store.statements.imports import ImportFilter, count_imports, list_imports
from donations.views.account import accounts_view
from donations.web.access import needs
from donations.web.pages import SiteHere, page
from donations.web.paging import Paging

IMPORTS_AT_ONCE = 50

router = APIRouter(prefix="/imports")


@router.get("")
@needs(Permission.SEE_NAMES)
def imports(
    request: Request,
    site: SiteHere,
    name: Annotated[str, Query(max_length=120)] = "",
    account: str = "",
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    undone: int | None = None,
    at: Annotated[int, Query(alias="page", ge=1, le=10_000_000)] = 1,
) -> Response:
    """List the imports, or those of a name, an account or the days that their statements cover."""
    with reading(site.engine) as session:
        accounts = accounts_view(session).items
        wanted = ImportFilter(
            name=name.strip(),
            account_id=next((row.id for row in accounts if str(row.id) == account), None),
            first_day=first,
            last_day=last,
            # Who asks for days asks what covers them: an import that was undone does not.
            only_active=first is not None or last is not None,
        )
        asked = {"name": wanted.name, "account": wanted.account_id, "from": first, "to": last}
        paging = Paging(at=at, size=IMPORTS_AT_ONCE, total=count_imports(session, wanted))
        return page(
            request,
            "treasurer/statements/imports.html",
            imports=list_imports(session, wanted, start=paging.start, size=paging.size),
            paging=paging,
            wanted=wanted,
            query=urlencode({key: value for key, value in asked.items() if value}),
            accounts=accounts,
            names={row.id: row.name for row in accounts},
            undone=undone,
        )
