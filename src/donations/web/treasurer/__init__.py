"""The treasurer's pages: statements in, questions answered, the ledger looked at."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.treasurer import coverage, donors, imports, ledger, payments, questions, start, upload


def router(*, upload_bytes_max: int) -> APIRouter:
    """Return all routes under `/treasurer`; an upload may hold that many bytes in all."""
    whole = APIRouter(prefix="/treasurer")
    for each in (start, questions, payments, ledger, donors, imports, coverage):
        whole.include_router(each.router)
    whole.include_router(upload.router(bytes_max=upload_bytes_max))
    return whole
