"""All routes under `/treasurer`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.headers import PRIVATE_PATH
from donations.web.treasurer import coverage, donors, imports, ledger, payments, questions, start, upload


def router(*, upload_bytes_max: int) -> APIRouter:
    """Return the treasurer's pages; an upload may hold that many bytes in all."""
    whole = APIRouter()
    for each in (start, questions, payments, ledger, donors, imports, coverage):
        whole.include_router(each.router, prefix=PRIVATE_PATH)
    whole.include_router(upload.router(bytes_max=upload_bytes_max), prefix=PRIVATE_PATH)
    return whole
