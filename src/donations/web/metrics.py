"""`/metrics`, as Prometheus reads it: how the server is and how old the books' proofs are; no gift can be told from it.

Counts of payments, gifts and questions are left out: two readings would tell of the one that came in between. The size
of the database is told in whole MiB for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from hmac import compare_digest
from importlib.metadata import version
from itertools import accumulate

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.backing_up import last_backup
from donations.acts.proving import unproven_days
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.store.session import bytes_kept, reading
from donations.store.statements.files import count_active
from donations.web.access import needs
from donations.web.browser import never_leaves
from donations.web.pages import SiteHere
from donations.web.site import Site
from donations.web.traffic import SECONDS, Traffic

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_MIB = 1024 * 1024
_NAME = "/metrics"

router = APIRouter()


@router.get("/metrics")
@needs(Permission.PUBLIC)
def metrics(request: Request, site: SiteHere) -> Response:
    """Tell figures of the program to whoever watches it; to all others there is no such page."""
    if not _may_read(request, site):
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    lines = "".join(f"{line}\n" for line in (*_of_traffic(site.traffic.of_all_workers()), *_of_books(site)))
    return Response(lines, media_type=MEDIA_TYPE)


def _may_read(request: Request, site: Site) -> bool:
    settings = site.settings
    token = settings.metrics_token.get_secret_value()
    said = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and compare_digest(said.encode(), token.encode()):
        return True
    return settings.metrics and never_leaves(request, settings)


def _of_traffic(traffic: Traffic) -> Iterator[str]:
    yield from _metric("requests_total", "counter", "Requests answered since the start; status 0: broken off.")
    for (method, route, status), times in sorted(traffic.answered.copy().items()):
        yield _line("requests_total", times, method=method, route=route, status=str(status))
    yield from _metric("request_seconds", "histogram", "How long they took.")
    within, seconds = traffic.within.copy(), traffic.seconds.copy()
    edges = (*SECONDS, float("inf"))
    for route in sorted(seconds):
        upto = list(accumulate(within[route, edge] for edge in edges))
        for edge, times in zip(edges, upto, strict=True):
            shown = "+Inf" if edge == edges[-1] else f"{edge:g}"
            yield _line("request_seconds_bucket", times, route=route, le=shown)
        yield _line("request_seconds_sum", round(seconds[route], 6), route=route)
        yield _line("request_seconds_count", upto[-1], route=route)
    yield from _one("requests_in_progress", "Requests being answered now, this one too.", traffic.in_progress)


def _of_books(site: Site) -> Iterator[str]:
    with reading(site.engine) as session:
        backup, size, files = last_backup(session), bytes_kept(session), count_active(session)
        # Proofs look at all statements.
        unproven = site.once(session, _NAME, lambda: unproven_days(session, today=site.today))
    yield from _metric("build_info", "gauge", "The version, and the kind of database.")
    yield _line("build_info", 1, version=version("donations"), database=site.engine.dialect.name)
    yield from _one("files", "Statement files in the books.", files)
    yield from _one("database_bytes", "Size of the books, in whole MiB.", -(-size // _MIB) * _MIB)
    if backup is not None:
        yield from _one("last_backup_timestamp_seconds", "When the books were backed up last.", int(backup.timestamp()))
    if unproven is not None:
        yield from _one("unproven_days", "Days since the last one up to which all accounts are proven.", unproven)


def _one(name: str, said: str, value: int) -> Iterator[str]:
    yield from _metric(name, "gauge", said)
    yield _line(name, value)


def _metric(name: str, kind: str, said: str) -> Iterator[str]:
    yield f"# HELP donations_{name} {said}"
    yield f"# TYPE donations_{name} {kind}"


def _line(name: str, value: float, **labels: str) -> str:
    """Return one sample; labels are ours, and need no escaping."""
    said = ",".join(f'{label}="{text}"' for label, text in labels.items())
    return f"donations_{name}{{{said}}} {value}" if said else f"donations_{name} {value}"
