"""What is being collected for, as it is shown."""

from __future__ import annotations

from pydantic import Field

from donations.core.donor import Appeal
from donations.store.donors import people
from donations.store.session import ReadSession
from donations.views.value import View


class AppealView(View):
    """A campaign, or the general fund."""

    id: int
    name: str
    keywords: list[str] = Field(description="The words that donors write, folded: small letters without accents.")
    references: list[str] = Field(description="The reference numbers that name it.")


class AppealsView(View):
    """All appeals; there are few."""

    items: list[AppealView]


def appeals_view(session: ReadSession) -> AppealsView:
    """Return the appeals with their keywords."""
    return AppealsView(items=list(map(_view, people.appeals(session))))


def _view(appeal: Appeal) -> AppealView:
    return AppealView(id=appeal.id, name=appeal.name, keywords=[*appeal.keywords], references=[*appeal.references])
