"""What is being collected for, as it is shown."""

from __future__ import annotations

from pydantic import Field

from donations.store.donors import people
from donations.store.session import ReadSession
from donations.views.value import ListOf, View


class AppealView(View):
    """A campaign, or the general fund."""

    id: int
    name: str
    keywords: list[str] = Field(description="The words that donors write, folded: small letters without accents.")
    references: list[str] = Field(description="The reference numbers that name it.")


def appeals_view(session: ReadSession) -> ListOf[AppealView]:
    """Return the appeals with their keywords."""
    return ListOf(items=list(map(AppealView.made_of, people.appeals(session))))
