"""Whether the server lives, and whether it can serve: for what watches it, and for what shares requests out."""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from donations.access.person import Permission
from donations.store.opening import unpooled
from donations.store.readiness import why_not_ready
from donations.web.access import needs
from donations.web.site import SiteHere

_THREADS = CapacityLimiter(2)
"""Not those of public pages: a database that is silent is waited for here."""

router = APIRouter()


@router.get("/healthz")
@needs(Permission.PUBLIC)
async def healthz() -> Response:
    """Say that the process lives; nothing else is asked."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
@needs(Permission.PUBLIC)
async def readyz(site: SiteHere) -> Response:
    """Say that the books are open, of today's tables, with their key, and writable; or the code of what is wrong."""
    code = await to_thread.run_sync(why_not_ready, unpooled(site.engine), limiter=_THREADS)
    return PlainTextResponse("ready\n") if code is None else PlainTextResponse(f"{code}\n", status_code=503)
