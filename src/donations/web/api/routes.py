"""All routes under `/api/v1`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.api import imports, papers, payments, questions, reports
from donations.web.api.lists import accounts_router, appeals_router, donors_router, gifts_router

VERSION_PATH = "/api/v1"

router = APIRouter()
for each in (
    *(accounts_router, appeals_router, imports.router, payments.router, questions.router),
    *(donors_router, gifts_router, reports.router, papers.router),
):
    router.include_router(each, prefix=VERSION_PATH)
