"""All routes under `/api/v1`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.api import imports, lists, payments, questions, reports

VERSION_PATH = "/api/v1"

router = APIRouter()
for each in (lists, lists, imports, payments, questions, lists, lists, reports):
    router.include_router(each.router, prefix=VERSION_PATH)
