"""The demo's treasurer gives every payee a category, but for the newest stamps, and it is published."""

from __future__ import annotations

from tests.demo.conftest import Kept

from donations.core.period import Period
from donations.reports.spending import spending_of
from donations.store.public.publishing import blocks
from donations.store.session import reading


def test_most_has_a_category_and_months_tell_their_spending(kept: Kept) -> None:
    with reading(kept.engine) as session:
        found, published = spending_of(session, Period()), blocks(session)
    assert {each.newest.text for each in found.without} <= {"Margid"}
    assert len(found.categories) == 5
    told = [each.block.spending for each in published if each.block.spending is not None]
    assert told
    assert all(len(each.categories) >= 4 for each in told)
