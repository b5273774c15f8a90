"""All routes of signing in and of one's own account."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.sign_in import account, again, language, link, passkeys, second_step, sign_in

router = APIRouter()
for each in (language, sign_in, again, passkeys, link, account, second_step):
    router.include_router(each.router)
