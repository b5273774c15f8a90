"""All routes under `/treasurer`."""

from __future__ import annotations

from fastapi import APIRouter

from donations.web.headers import PRIVATE_PATH
from donations.web.treasurer import account_life, settings, start
from donations.web.treasurer.books import ledger, months, payment_category, payments, spending
from donations.web.treasurer.donors import (
    donor_claims,
    donor_letter,
    donor_merging,
    donor_rights,
    donor_words,
    donors,
)
from donations.web.treasurer.papers import certificate_batch, certificates, inf4, journal, reports
from donations.web.treasurer.publishing import publishing, publishing_cards, publishing_report
from donations.web.treasurer.questions import answers, aside, questions, rules, sameness, splitting
from donations.web.treasurer.statements import coverage, imported, imports, taking_back, upload, waiting

router = APIRouter()
for each in (
    start,
    upload,
    waiting,
    questions,
    payments,
    payment_category,
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
    donor_letter,
    donor_rights,
    imports,
    imported,
    taking_back,
    coverage,
    reports,
    inf4,
    certificates,
    certificate_batch,
    journal,
    spending,
    publishing,
    publishing_cards,
    publishing_report,
    settings,
    account_life,
):
    router.include_router(each.router, prefix=PRIVATE_PATH)
