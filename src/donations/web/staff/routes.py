"""All routes under `/staff`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.staff import amounts, donors, grid, lines, overview, unallocated

router = APIRouter()
for each in (overview, donors, grid, amounts, unallocated, lines):
    router.include_router(each.router, prefix="/staff")
