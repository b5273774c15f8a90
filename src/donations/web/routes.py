"""Which pages there are for whoever signs in, for the staff and for the treasurer, and under which paths."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from donations.web import going_on, trends
from donations.web.evening_bar import look_at_evening
from donations.web.headers import PRIVATE_PATH
from donations.web.sign_in import account, proof, sign_in
from donations.web.staff import (
    amounts_router,
    donors_router,
    grid_router,
    lines_router,
    overview_router,
    unallocated_router,
)
from donations.web.treasurer import (
    appeal_pages,
    association,
    cash,
    evening,
    evidence,
    ledger,
    ledger_views,
    mail,
    mailings,
    months,
    payments,
    publishing,
    publishing_report,
    settings,
    spending,
    start,
    webhooks,
)
from donations.web.treasurer.donors import donor_facts, donor_merging, donor_rights, donors, thanking
from donations.web.treasurer.papers import certificates, inf4, journal, missing_codes, reports
from donations.web.treasurer.questions import answers, questions, rules
from donations.web.treasurer.statements import columns, coverage, imports, uploads

sign_in_pages = APIRouter()
for each in (
    sign_in.language_router,
    sign_in.router,
    proof.router,
    sign_in.passkeys_router,
    account.link_router,
    account.router,
    account.second_step_router,
):
    sign_in_pages.include_router(each)


staff_pages = APIRouter()
for each in (
    overview_router,
    trends.router,
    donors_router,
    grid_router,
    amounts_router,
    unallocated_router,
    lines_router,
):
    staff_pages.include_router(each, prefix="/staff")


treasurer_pages = APIRouter()
treasurer_pages.include_router(going_on.router, prefix=PRIVATE_PATH)  # asked every second, and no page
for each in (
    start.router,
    evening.router,
    uploads.router,
    uploads.waiting_router,
    columns.router,
    columns.layouts_router,
    cash.router,
    questions.router,
    payments.router,
    payments.payment_category_router,
    answers.router,
    answers.splitting_router,
    rules.teaching_router,
    payments.aside_router,
    rules.router,
    questions.sameness_router,
    months.router,
    ledger.router,
    ledger_views.router,
    donor_merging.router,  # before the donors: `duplicates` is no number
    thanking.router,  # nor is `thanks`
    mailings.router,
    donors.router,
    donor_facts.router,
    donor_facts.claims_router,
    donor_rights.donor_letter_router,
    donor_rights.router,
    imports.router,
    imports.imported_router,
    imports.taking_back_router,
    coverage.router,
    evidence.router,
    reports.router,
    inf4.router,
    missing_codes.router,
    certificates.router,
    mail.router,
    webhooks.router,
    mail.mail_message_router,
    certificates.certificate_batch_router,
    journal.router,
    spending.router,
    publishing.router,
    publishing_report.cards_router,
    publishing_report.router,
    settings.account_life_router,
    settings.router,
    appeal_pages.router,
    association.router,
):
    treasurer_pages.include_router(each, prefix=PRIVATE_PATH, dependencies=[Depends(look_at_evening)])
