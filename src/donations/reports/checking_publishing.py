"""Whether what the public sees holds: nobody changed a published block, and together they are the ledger's sums."""

from __future__ import annotations

import json
from collections.abc import Iterator

from donations.core.money import EUR
from donations.ledger.blocks import together
from donations.ledger.checks import Violation
from donations.ledger.published import complaints
from donations.store.public.public_sums import given_by_month
from donations.store.public.publishing import blocks
from donations.store.public.snapshots import newest
from donations.store.session import ReadSession
from donations.store.spending.costs import costs
from donations.store.spending.told import told_so_far


def published_blocks_chained(session: ReadSession) -> Iterator[Violation]:
    """Every published block is as it was made, names the one before, and is what the public sees."""
    kept, shown = blocks(session), newest(session)
    for each in kept:
        if each.digest != each.block.digest:
            yield Violation(f"block {each.block.number}", "was changed after it was published")
    if shown is None:
        return
    document = json.loads(shown.content)
    for said in complaints(document):
        yield Violation("the public page", said)
    if [each["sha256"] for each in document["blocks"]] != [each.digest for each in kept]:
        yield Violation("the public page", "shows other blocks than those that were published")


def published_blocks_add_up(session: ReadSession) -> Iterator[Violation]:
    """All published blocks together are what the ledger said of their months when the newest was made."""
    kept = blocks(session)
    if not kept or any(each.block.is_rounded for each in kept):
        return
    newest_block = kept[-1]
    last_day = newest_block.block.last_day
    now = together(given_by_month(session, last_day=last_day).values())
    later = together(given_by_month(session, last_day=last_day, after_allocation=newest_block.last_allocation).values())
    expected, found = sum(now.values()) - sum(later.values()), sum(each.block.minor for each in kept)
    if expected != found:
        yield Violation("the published blocks", f"are {found} cents, the ledger had {expected}")


def published_spending_adds_up(session: ReadSession) -> Iterator[Violation]:
    """The spending that blocks tell is what the ledger's costs were when the newest of them was made."""
    tellers = [(each.block.spending, each) for each in blocks(session) if each.block.spending is not None]
    if not tellers or any(each.block.is_rounded for _, each in tellers):
        return
    newest_told, teller = tellers[-1]
    found = costs(
        session,
        first_day=tellers[0][0].first_day,
        last_day=newest_told.last_day,
        after_allocation=teller.last_allocation,
    )
    expected = sum(each.minor - each.late for each in found if each.currency == EUR)
    public, kept = sum(told.minor for told, _ in tellers), told_so_far(session).total()
    if not expected == public == kept:
        yield Violation("the published spending", f"is {public} cents, {kept} by category, the ledger had {expected}")
