"""All routes under `/staff`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.staff.dashboards import (
    amounts_router,
    donors_router,
    grid_router,
    lines_router,
    overview_router,
    unallocated_router,
)

router = APIRouter()
for each in (overview_router, donors_router, grid_router, amounts_router, unallocated_router, lines_router):
    router.include_router(each, prefix="/staff")
