"""All routes under `/staff`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.staff import dashboards

router = APIRouter()
for each in (dashboards, dashboards, dashboards, dashboards, dashboards, dashboards):
    router.include_router(each.router, prefix="/staff")
