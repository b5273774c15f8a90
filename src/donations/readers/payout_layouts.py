"""The reports of payment providers, as data; a new one is a new constant. Only layouts that somebody has described.

Stripe: *Balance history* (Dashboard, Balances, All activity, Export), as public importers read it; kinds of rows are
the types of balance transactions (docs.stripe.com/reports/balance-transaction-types). Its columns of metadata differ
from shop to shop and are not read.

PayPal: the *Activity download* and the *statement* as CSV in English (developer.paypal.com/reports: Activity Download,
Monthly and custom statements), as public importers read them; kinds are the descriptions of its T-codes.

Montonio gives its reports of payouts as Excel, and MakeCommerce its statement as XML, of neither of which a description
was found.
"""

from __future__ import annotations

import re

from donations.core.provider import Provider
from donations.readers.payout_report import ReportColumns, ReportLayout, RowMeaning

STRIPE = ReportLayout(
    provider=Provider.STRIPE,
    columns=ReportColumns(
        booked_on=("Created (UTC)",),
        currency=("Currency",),
        kind=("Type",),
        gross=("Amount",),
        fee=("Fee",),
        net=("Net",),
        balance=(),
        status=(),
        impact=(),
        number=("id",),
        payout=("Transfer",),
        source=("Source",),
        name=(),
        paid_from=(),
        paid_to=(),
        texts=("Description",),
        note=(),
        item=(),
    ),
    needed=ReportColumns(*(False,) * 18)._replace(
        booked_on=True, currency=True, kind=True, gross=True, fee=True, net=True, number=True, source=True
    ),
    meanings=(
        (RowMeaning.FEE, re.compile(r"\A(?:stripe_fee|stripe_fx_fee|tax_fee|application_fee|network_cost)\Z")),
        (RowMeaning.PAYOUT, re.compile(r"\A(?:payout|payout_cancel|payout_failure|topup|topup_reversal)\Z")),
        (
            RowMeaning.RETURNED,
            re.compile(
                r"\A(?:refund|refund_failure|payment_refund|payment_failure_refund|payment_reversal|adjustment)\Z"
            ),
        ),
    ),
    takes_fee_off=True,
)

PAYPAL = ReportLayout(
    provider=Provider.PAYPAL,
    columns=ReportColumns(
        booked_on=("Date",),
        currency=("Currency",),
        kind=("Type", "Description"),
        gross=("Gross",),
        fee=("Fee",),
        net=("Net",),
        balance=("Balance",),
        status=("Status",),
        impact=("Balance Impact",),
        number=("Transaction ID",),
        payout=(),
        source=(),
        name=("Name",),
        paid_from=("From Email Address",),
        paid_to=("To Email Address",),
        texts=("Subject",),
        note=("Note",),
        item=("Item Title",),
    ),
    needed=ReportColumns(*(False,) * 18)._replace(
        booked_on=True, currency=True, kind=True, gross=True, fee=True, net=True, number=True, name=True
    ),
    meanings=(
        (RowMeaning.FEE, re.compile(r"\bfees?\b")),
        (RowMeaning.PAYOUT, re.compile(r"\b(?:withdrawal|autosweep|bank deposit|card deposit)\b")),
        (RowMeaning.RETURNED, re.compile(r"\b(?:refund|reversal|chargeback|dispute|hold)\b")),
    ),
    takes_fee_off=False,
    waiting=frozenset({"pending", "unclaimed", "held", "processing"}),
    moved_nothing=frozenset({"memo", "denied", "canceled", "cancelled", "expired", "failed", "removed", "voided"}),
)

LAYOUTS = (PAYPAL, STRIPE)
