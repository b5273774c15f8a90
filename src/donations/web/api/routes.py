"""All routes under `/api/v1`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.api import accounts, appeals, donors, gifts, imports, payments, questions, reports

VERSION_PATH = "/api/v1"

router = APIRouter()
for each in (accounts, appeals, imports, payments, questions, donors, gifts, reports):
    router.include_router(each.router, prefix=VERSION_PATH)
