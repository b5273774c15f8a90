"""A page that shows what a step comes to: before it is taken, or anew where it would come to something else by now."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from donations.acts.promise import Shown
from donations.core.refusals import RequestCode
from donations.web.pages import page
from donations.web.refused import status_of


def step_page(request: Request, template: str, shown: Shown[Any] | None, **values: Any) -> Response:
    """Render what a step comes to, None where it cannot be taken now; the form on the page sends `promised`."""
    is_outdated = shown is not None and shown.is_outdated
    return page(
        request,
        template,
        status=status_of(RequestCode.PREVIEW_OUTDATED) if is_outdated else 200,
        result=None if shown is None else shown.result,
        promised="" if shown is None else shown.promised,
        outdated=is_outdated,
        **values,
    )
