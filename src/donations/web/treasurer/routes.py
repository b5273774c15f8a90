"""All routes under `/treasurer`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.headers import PRIVATE_PATH
from donations.web.treasurer import (
    answers,
    aside,
    certificates,
    coverage,
    donor_claims,
    donor_merging,
    donor_words,
    donors,
    imported,
    imports,
    inf4,
    journal,
    ledger,
    months,
    payments,
    publishing,
    publishing_cards,
    publishing_report,
    questions,
    reports,
    rules,
    sameness,
    settings,
    splitting,
    start,
    taking_back,
    upload,
    waiting,
)

router = APIRouter()
for each in (
    start,
    upload,
    waiting,
    questions,
    payments,
    answers,
    splitting,
    aside,
    rules,
    sameness,
    months,
    ledger,
    donor_merging,  # before the donors: `duplicates` is no number
    donors,
    donor_words,
    donor_claims,
    imports,
    imported,
    taking_back,
    coverage,
    reports,
    inf4,
    certificates,
    journal,
    publishing,
    publishing_cards,
    publishing_report,
    settings,
):
    router.include_router(each.router, prefix=PRIVATE_PATH)
