"""All routes under `/treasurer`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.headers import PRIVATE_PATH
from donations.web.treasurer import settings, start
from donations.web.treasurer.books import ledger, months, payments, spending
from donations.web.treasurer.donors import donor_letter, donor_merging, donor_rights, donor_words, donors
from donations.web.treasurer.papers import certificates, inf4, journal, reports
from donations.web.treasurer.publishing import publishing, publishing_report
from donations.web.treasurer.questions import answers, aside, questions, rules, sameness, splitting
from donations.web.treasurer.statements import coverage, imported, imports, upload, waiting

router = APIRouter()
for each in (
    start,
    upload,
    waiting,
    questions,
    payments,
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
    donor_words,
    donor_letter,
    donor_rights,
    imports,
    imported,
    imported,
    coverage,
    reports,
    inf4,
    certificates,
    certificates,
    journal,
    spending,
    publishing,
    publishing_report,
    publishing_report,
    settings,
    settings,
):
    router.include_router(each.router, prefix=PRIVATE_PATH)
