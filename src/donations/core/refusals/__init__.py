"""Every refusal by its stable code, from the files of this folder."""

from __future__ import annotations

from donations.core.refusal import RefusalCode
from donations.core.refusals.access import AccessCode
from donations.core.refusals.answers import AnswerCode, DonorCode
from donations.core.refusals.books import BooksCode
from donations.core.refusals.keys import KeyCode
from donations.core.refusals.mail import MailCode
from donations.core.refusals.requests import BackupCode, RequestCode, RunningCode

__all__ = [
    "CODES",
    "AccessCode",
    "AnswerCode",
    "BackupCode",
    "BooksCode",
    "DonorCode",
    "KeyCode",
    "MailCode",
    "RequestCode",
    "RunningCode",
]

_SUBJECTS: tuple[type[RefusalCode], ...] = (
    *(AnswerCode, DonorCode, BooksCode, AccessCode),
    *(RequestCode, RunningCode, BackupCode, KeyCode, MailCode),
)

CODES: dict[str, RefusalCode] = {str(code): code for subject in _SUBJECTS for code in subject}
"""What pages, programs and the terminal can be told."""
