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
    start.router,
    upload.router,
    waiting.router,
    questions.router,
    payments.router,
    payments.payment_category_router,
    answers.router,
    splitting.router,
    aside.router,
    rules.router,
    sameness.router,
    months.router,
    ledger.router,
    donor_merging.router,  # before the donors: `duplicates` is no number
    donors.router,
    donor_words.router,
    donor_words.claims_router,
    donor_letter.router,
    donor_rights.router,
    imports.router,
    imported.router,
    imported.taking_back_router,
    coverage.router,
    reports.router,
    inf4.router,
    certificates.router,
    certificates.certificate_batch_router,
    journal.router,
    spending.router,
    publishing.router,
    publishing_report.cards_router,
    publishing_report.router,
    settings.account_life_router,
    settings.router,
):
    router.include_router(each, prefix=PRIVATE_PATH)
