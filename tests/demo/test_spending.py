"""The demo's treasurer gives every payee a category, but for the newest stamps, and it is published."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine
from tests.web.browsing import engine

from donations.core.calendar import Month, Period
from donations.demo.evenings import Evenings
from donations.demo.story import Plot, tell
from donations.reports.spending import spending_of
from donations.store.publishing import blocks
from donations.store.session import reading

__all__ = ["engine"]  # one database: it is the demonstration that is looked at


def test_most_has_a_category_and_the_end_of_a_year_tells_it(engine: Engine) -> None:
    story = tell(Plot(last=Month(2027, 4), months=9, donors=60, seed=3))
    list(Evenings(engine, story, now=datetime(2027, 5, 5, 12, tzinfo=UTC)).all(first=1))
    with reading(engine) as session:
        found, published = spending_of(session, Period()), blocks(session)
    assert {each.newest.text for each in found.without} <= {"Margid"}
    assert len(found.categories) == 5
    told = [each.block.spending for each in published if each.block.spending is not None]
    assert told
    assert all(len(each.categories) >= 4 for each in told)
