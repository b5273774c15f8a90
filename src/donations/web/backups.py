"""The page on which whoever looks after the books takes all of them along, encrypted."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from donations.access.person import Permission
from donations.acts.backing_up import PASSPHRASE_MIN, Lock, back_up, name_of_backup
from donations.core.refusal import Refusal
from donations.core.refusals import BackupCode
from donations.jobs.backups import DAILY_BACKUP
from donations.reports.proof_of_books import backup_told
from donations.store.jobs import newest_job
from donations.store.log.backed_up import BackupTo, newest_backup
from donations.store.session import reading
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere, page
from donations.web.refused import status_of
from donations.web.site import Site

router = APIRouter(prefix="/admin/backup")


@router.get("")
@needs(Permission.BACK_UP)
def backup_page(request: Request, site: SiteHere) -> Response:
    """Say when the books were backed up last, and offer to do it."""
    return _page(request, site)


@router.post("")
@needs(Permission.BACK_UP, fresh=True)
def make_backup(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    *,
    passphrase: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Send the whole books as one encrypted file; the log says so before its first byte leaves."""
    if passphrase != again:
        return _page(request, site, Refusal(BackupCode.PASSPHRASES_DIFFER))
    if len(passphrase) < PASSPHRASE_MIN:
        return _page(request, site, Refusal(BackupCode.SHORT_PASSPHRASE, least=PASSPHRASE_MIN))
    folder, now = Path(mkdtemp(prefix="donations-")), site.clock()
    file = folder / name_of_backup(now)
    try:
        back_up(site.engine, file, Lock(passphrase=passphrase), by=visitor.name, now=now, to=BackupTo.DOWNLOAD)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return FileResponse(
        file,
        filename=file.name,
        media_type="application/octet-stream",
        background=BackgroundTask(shutil.rmtree, folder),
    )


def _page(request: Request, site: Site, refusal: Refusal | None = None) -> Response:
    with reading(site.engine) as session:
        last, daily = newest_backup(session), newest_job(session, DAILY_BACKUP)
    return page(
        request,
        "admin/backup.html",
        status=200 if refusal is None else status_of(refusal.code),
        refusal=refusal,
        last=None if last is None else backup_told(last),
        failed=None if daily is None else daily.failure,
        least=PASSPHRASE_MIN,
    )
