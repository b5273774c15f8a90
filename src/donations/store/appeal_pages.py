"""What an appeal says of itself to the public: whether it has a page, its goal, first day, colour and text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import and_
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import AppealId
from donations.core.money import Minor
from donations.store.association import InLanguages, OwnColour
from donations.store.organisation import PaperSettings, paper_settings
from donations.store.session import ReadSession
from donations.store.tables import AppealEndRow, AppealRow


class AppealPage(BaseModel):
    """What is said of one appeal."""

    model_config = ConfigDict(frozen=True)
    is_shown: bool = False
    """Whether it has a page of its own: nothing is public before somebody says so."""
    begins_on: date | None = None
    """Only said, and counted from: its keywords make gifts of earlier payments too."""
    goal_minor: Minor | None = None
    """Euro cents."""
    colour: OwnColour = ""
    text: InLanguages = InLanguages()
    former_names: tuple[str, ...] = ()
    """Published months keep the names that they were published with."""


class AppealPages(PaperSettings):
    """What is said of each appeal, by its number."""

    name: ClassVar[str] = "appeals"
    pages: dict[int, AppealPage] = Field(default_factory=dict)

    def of(self, appeal: int) -> AppealPage:
        """Return what is said of one."""
        return self.pages.get(appeal) or AppealPage()


class AppealState(StrEnum):
    """Where an appeal stands on a day."""

    AHEAD = "ahead"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAppeal:
    """An appeal with a page of its own."""

    id: AppealId
    name: str
    last_day: date | None
    page: AppealPage

    @property
    def names(self) -> frozenset[str]:
        """How published months may call it."""
        return frozenset({self.name, *self.page.former_names})

    def state(self, day: date) -> AppealState:
        """Return where it stands on a day."""
        if self.last_day is not None and self.last_day < day:
            return AppealState.ENDED
        is_ahead = self.page.begins_on is not None and day < self.page.begins_on
        return AppealState.AHEAD if is_ahead else AppealState.OPEN


def shown_appeals(session: ReadSession) -> tuple[ShownAppeal, ...]:
    """Return the appeals that have a page of their own, in the order in which they were added."""
    pages = {number: page for number, page in paper_settings(session, AppealPages).pages.items() if page.is_shown}
    if not pages:
        return ()
    end = and_(col(AppealEndRow.appeal_id) == col(AppealRow.id), col(AppealEndRow.word) == "")
    query = sql_select(col(AppealRow.id), col(AppealRow.name), col(AppealEndRow.last_day)).outerjoin(AppealEndRow, end)
    rows = session.execute(query.where(col(AppealRow.id).in_(pages)).order_by(col(AppealRow.id)))
    return tuple(
        ShownAppeal(id=AppealId(number), name=name, last_day=last_day, page=pages[number])
        for number, name, last_day in rows
    )
