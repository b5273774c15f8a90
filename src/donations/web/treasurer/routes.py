"""All routes under `/treasurer`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.headers import PRIVATE_PATH
from donations.web.treasurer import coverage, donors, imports, ledger, payments, questions, sameness, start, upload

router = APIRouter()
for each in (start, upload, questions, payments, sameness, ledger, donors, imports, coverage):
    router.include_router(each.router, prefix=PRIVATE_PATH)
