"""Words for what reports say again and again; the codes are stable, people read them in their language."""

from __future__ import annotations

from donations.core.calendar import Month
from donations.core.language import N_
from donations.core.payment import Purpose
from donations.core.statement import Proof
from donations.identity.proof import DayState
from donations.identity.witnesses import BalanceSource
from donations.reports.day_words import DAYS
from donations.reports.said import Said

PROOFS = {
    Proof.PROVEN: DAYS[DayState.PROVEN],
    Proof.UNPROVEN: DAYS[DayState.UNPROVEN],
    Proof.BROKEN: Said(N_("contradiction"), code="broken"),
}
POINTS = {
    BalanceSource.OPENING: Said(N_("opening balance"), code="opening"),
    BalanceSource.CLOSING: Said(N_("closing balance"), code="closing"),
    BalanceSource.INTERIM: Said(N_("interim balance"), code="interim"),
    BalanceSource.ENTERED: Said(N_("entered by hand"), code="entered"),
    BalanceSource.ENDED: Said(N_("the account ended"), code="ended"),
}
PURPOSES = {
    Purpose.GIFT: Said(N_("Gift"), code="gift"),
    Purpose.REFUND: Said(N_("Refund"), code="refund"),
    Purpose.TRANSFER: Said(N_("Own transfer"), code="transfer"),
    Purpose.INCOME: Said(N_("Other income"), code="income"),
    Purpose.COST: Said(N_("Cost"), code="cost"),
}
WITHOUT_PURPOSE = Said(N_("Without a purpose"), code="unallocated")


def month_word(month: Month) -> Said:
    """Return a month; its code is `2026-03`."""
    return Said("{month}", ("month", month), code=str(month))
